#include "footfall/engine/learn_cards.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/decimal.h"
#include "footfall/engine/model_trial.h"

namespace footfall::engine {
namespace {

using decisions::ItemIndex;

constexpr std::size_t kNdcg = 1;  // In Figures.
constexpr const char* kPopularity = "popularity";
// Of fewer persons the drawing of persons says too little about the others.
constexpr std::uint64_t kTestPersonsMin = 20;

// Four digits are all that so few persons can tell apart.
double rounded(double value) {
  return std::round(value * 10'000.0) / 10'000.0;
}

Json metrics_of(const Figures& figures) {
  Json metrics = Json::object();
  for (std::size_t i = 0; i < kFigureCount; ++i) {
    metrics[kFigureNames[i]] = rounded(figures[i].mean);
  }
  return metrics;
}

Json intervals_of(const Figures& figures) {
  Json intervals = Json::object();
  for (std::size_t i = 0; i < kFigureCount; ++i) {
    intervals[kFigureNames[i]] = {rounded(figures[i].low), rounded(figures[i].high)};
  }
  return intervals;
}

std::string with_interval(const models::Interval& figure) {
  return fmt::format("{:.4f} [{:.4f}, {:.4f}]", figure.mean, figure.low, figure.high);
}

std::string window_text(base::TimeMs window) {
  return window == 0 ? "all time" : fmt::format("{} days", window / base::kDayMs);
}

// The model named popularity, as its baseline is named: by the window it counts in.
std::string popularity_name(const ModelTrial& trial) {
  return fmt::format("popularity ({})", window_text(trial.choice.settings.popularity.window));
}

std::string protocol_of(const ModelTrial& trial) {
  const auto count = [](std::uint64_t number) {
    return base::format_grouped(static_cast<std::int64_t>(number));
  };
  std::string text = fmt::format(
      "by time: the four weeks after {} are the test, and nothing later than that was learnt from; "
      "{} persons who bought before and in them, target = all items of the person's first basket "
      "in them; full ranking of the {} items sold in the 90 days before, items bought before "
      "included, ties count against the model; {} of {} target items were not on sale before and "
      "count as missed; a purchase that was cancelled in full counts as not made from its "
      "cancellation on: cancellations after that moment were not known to what was learnt, and a "
      "target is what still stood at the end of the four weeks; settings chosen on the four weeks "
      "before the test ({} persons), their cancellations likewise; 95 % intervals by drawing "
      "persons; the baseline is popularity over all time or over 28 days, whichever did better on "
      "the test; the published model has then learnt again from everything",
      base::format_instant(trial.cut), count(trial.cases), count(trial.offered),
      count(trial.targets_not_offered), count(trial.targets), count(trial.validation_cases));
  if (trial.cases_left_out > 0) {
    text += fmt::format("; {} more persons were not drawn", count(trial.cases_left_out));
  }
  return text;
}

Json settings_of(const models::BlendSettings& settings, const models::BlendWeights& weights,
                 const LearnWish& wish, std::size_t tried) {
  Json document = Json::object();
  for (std::size_t part = 0; part < models::kBlendParts; ++part) {
    if (weights[part] <= 0.0) continue;
    document[fmt::format("{}_weight", models::blend_part_name(part))] = weights[part];
  }
  const auto used = [&](std::size_t part) { return weights[part] > 0.0; };
  const auto days = [](base::TimeMs length) { return base::format_duration(length); };
  if (used(models::kPopularityPart)) {
    document["popularity_window"] = window_text(settings.popularity.window);
  }
  if (used(models::kRepeatPart)) {
    document["repeat_half_life"] = days(settings.repeat.half_life);
  }
  if (used(models::kTransitionsPart)) {
    document["transitions_half_life"] = days(settings.transitions.half_life);
    document["transitions_gap_half_life"] = days(settings.transitions.gap_half_life);
    document["transitions_baskets"] = settings.transitions.baskets_max;
  }
  if (used(models::kCopurchasePart)) {
    document["copurchase_half_life"] = days(settings.copurchase.half_life);
    document["copurchase_normalisation"] = "cosine";
    document["copurchase_shrinkage"] = settings.copurchase.shrinkage;
  }
  document["settings_tried"] = tried;
  document["seed"] = wish.seed;
  return document;
}

// What was sold in the last days before the end.
std::vector<std::uint8_t> catalogue_of(const LearnData& data) {
  std::vector<std::uint8_t> in_catalogue(data.items.size(), 0);
  for (std::size_t user = 0; user < data.known.at_end.user_count(); ++user) {
    const models::History history = data.known.at_end.history(user);
    for (std::size_t event = 0; event < history.size(); ++event) {
      if (history.times[event] <= data.end - kCatalogueWindow) continue;
      in_catalogue[history.items[event]] = 1;
    }
  }
  return in_catalogue;
}

struct Verdict {
  std::string published;  // Name of the model.
  std::string why;        // Of the published one, and of the candidate that failed.
  std::string candidate;  // Best of the wished on the validation.
};

const ModelFigures& figures_named(const ModelTrial& trial, const std::string& name) {
  return *std::find_if(trial.models.begin(), trial.models.end(),
                       [&](const ModelFigures& model) { return model.name == name; });
}

Verdict judge(const ModelTrial& trial, const LearnWish& wish) {
  Verdict verdict;
  // Without validation the list's last stands: the blend, if it was wished.
  double best = -1.0;
  for (const ModelFigures& model : trial.models) {
    if (std::find(wish.models.begin(), wish.models.end(), model.name) == wish.models.end()) {
      continue;
    }
    if (trial.validation_cases > 0 && model.validation_ndcg <= best) continue;
    best = model.validation_ndcg;
    verdict.candidate = model.name;
  }
  verdict.published = kPopularity;
  if (trial.cases == 0) {
    verdict.why =
        "no person bought both in the last four weeks and before: nothing can be measured, so "
        "what is popular stands";
    return verdict;
  }
  if (trial.cases < kTestPersonsMin) {
    verdict.why = fmt::format(
        "only {} {} in the test, fewer than {}: nothing can be concluded, so what is popular "
        "stands",
        trial.cases, trial.cases == 1 ? "person is" : "persons are", kTestPersonsMin);
    return verdict;
  }
  const models::Interval& above = figures_named(trial, verdict.candidate).above_baseline[kNdcg];
  if (verdict.candidate == kPopularity) {
    verdict.why = "it is the baseline, and no better model was asked for or found";
    if (popularity_name(trial) != trial.baseline) {
      verdict.why = fmt::format(
          "no better model was asked for or found; {} was chosen before the test; its difference "
          "to {} in NDCG@10 is {}",
          popularity_name(trial), trial.baseline, with_interval(above));
    }
  } else if (above.low > 0.0) {
    verdict.published = verdict.candidate;
    verdict.why =
        fmt::format("its NDCG@10 is above that of {} by {}", trial.baseline, with_interval(above));
  } else {
    verdict.why = fmt::format("{} does not beat {}: difference in NDCG@10 {}{}", verdict.candidate,
                              trial.baseline, with_interval(above),
                              above.high >= 0.0 ? ", which holds 0: nothing can be concluded" : "");
    if (popularity_name(trial) != trial.baseline) {
      verdict.why += fmt::format("; {}, chosen before the test, stands", popularity_name(trial));
    }
  }
  return verdict;
}

std::string why_not(const ModelTrial& trial, const Verdict& verdict, const ModelFigures& model) {
  if (trial.cases < kTestPersonsMin || model.name == verdict.candidate) return verdict.why;
  if (trial.validation_cases == 0) {
    return fmt::format("no validation weeks to choose by; {} is taken by default",
                       verdict.candidate);
  }
  return fmt::format("{} was better on the validation weeks: NDCG@10 {:.4f} against {:.4f}",
                     verdict.candidate, figures_named(trial, verdict.candidate).validation_ndcg,
                     model.validation_ndcg);
}

Json baseline_of(const ModelTrial& trial) {
  Json baseline = Json::object();
  baseline["model"] = trial.baseline;
  baseline["metrics"] = metrics_of(trial.baseline_test);
  baseline["interval"] = intervals_of(trial.baseline_test);
  return baseline;
}

Json difference_to(const std::string& other, const Figures& figures) {
  Json difference = Json::object();
  difference["to"] = other;
  difference["metrics"] = metrics_of(figures);
  difference["interval"] = intervals_of(figures);
  return difference;
}

void add_figures(Json& card, const ModelTrial& trial, const ModelFigures& model) {
  if (trial.cases == 0) {
    card["metrics"] = Json::object();
    card["interval"] = Json::object();
    card["baseline"] = nullptr;
    return;
  }
  card["metrics"] = metrics_of(model.test);
  card["interval"] = intervals_of(model.test);
  card["baseline"] = baseline_of(trial);
  card["difference"] = Json::array({difference_to(trial.baseline, model.above_baseline)});
  if (model.name != "repeat") {
    card["difference"].push_back(difference_to("repeat", model.above_repeat));
  }
  if (trial.new_item_cases == 0) return;
  Json fresh = Json::object();
  fresh["what"] = "the same, counting only items that the person never bought before";
  fresh["persons"] = trial.new_item_cases;
  fresh["metrics"] = metrics_of(model.new_items);
  fresh["interval"] = intervals_of(model.new_items);
  fresh["baseline"] = metrics_of(trial.baseline_new_items);
  card["new_items"] = std::move(fresh);
}

Json warnings_of(const ModelTrial& trial, const models::Blend& blend, const LearnWish& wish) {
  Json warnings = Json::array();
  if (trial.choice.stopped) {
    warnings.push_back(
        fmt::format("the budget of {:.0f} s ended after {} settings; the best of them was taken",
                    wish.budget_seconds, trial.choice.tried.size()));
  }
  const std::uint64_t skipped = blend.copurchase().baskets_left_out();
  if (skipped > 0) {
    warnings.push_back(fmt::format("{} baskets of more than {} items were left out of co-purchase",
                                   skipped, blend.settings().copurchase.basket_items_max));
  }
  return warnings;
}

}  // namespace

base::Result<Learned> learn_models(const LearnData& data, const LearnWish& wish) {
  const double start = wish.clock();
  const auto stop = [&] { return wish.clock() - start > wish.budget_seconds; };
  FOOTFALL_TRY(const ModelTrial trial,
               try_models(data.known,
                          {data.end, wish.seed, wish.threads, wish.clock, stop, wish.interrupted}));
  const Verdict verdict = judge(trial, wish);

  decisions::ShopModel shop;
  shop.items = data.items;
  shop.names = data.names;
  shop.in_catalogue = catalogue_of(data);
  shop.trained_to = data.end;
  shop.catalogue_window = kCatalogueWindow;
  shop.blend = models::Blend::fit(data.known.at_end, data.end, trial.choice.settings, wish.threads);
  double shared_seconds = wish.clock() - start;
  for (const ModelFigures& model : trial.models) shared_seconds -= model.seconds;

  Learned learned;
  learned.published = verdict.published;
  const std::string protocol = protocol_of(trial);
  for (const ModelFigures& model : trial.models) {
    const bool published = model.name == verdict.published;
    const bool wished =
        std::find(wish.models.begin(), wish.models.end(), model.name) != wish.models.end();
    if (!wished && !published) continue;
    if (wish.interrupted()) return interrupted_learning();
    const double began = wish.clock();
    const models::BlendWeights weights = weights_of(model.name, trial.choice.settings.weights);
    shop.name = model.name;
    shop.blend.set_weights(weights);
    std::string bytes = shop.save();

    Json card = Json::object();
    card["model"] = model.name;
    card["version"] = decisions::model_version(bytes);
    card["trained_to"] = base::format_instant(data.end);
    card["protocol"] = protocol;
    add_figures(card, trial, model);
    card["published"] = published;
    card["why"] = published ? verdict.why : why_not(trial, verdict, model);
    card["settings"] = settings_of(trial.choice.settings, weights, wish, trial.choice.tried.size());
    card["seconds"] = rounded(shared_seconds + model.seconds + wish.clock() - began);
    if (published) {
      learned.version = card["version"].get<std::string>();
      learned.bytes = std::move(bytes);
    }
    learned.cards.push_back(std::move(card));
  }
  learned.warnings = warnings_of(trial, shop.blend, wish);
  return learned;
}

}  // namespace footfall::engine
