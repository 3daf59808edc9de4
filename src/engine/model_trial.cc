#include "footfall/engine/model_trial.h"

#include <algorithm>

namespace footfall::engine {
namespace {

using models::Blend;
using models::BlendWeights;
using models::CaseMetrics;
using models::NextBasketSplit;
using models::Wanted;

// One model's figures, a case after the other.
struct CaseFigures {
  std::vector<std::array<double, kFigureCount>> all;
  std::vector<std::array<double, kFigureCount>> new_items;  // Of cases that want any.
};

std::vector<std::array<double, kFigureCount>> figures_of(const std::vector<CaseMetrics>& cases) {
  std::vector<std::array<double, kFigureCount>> figures;
  for (const CaseMetrics& one : cases) {
    if (one.counted) figures.push_back({one.metrics.hr, one.metrics.ndcg, one.metrics.recall});
  }
  return figures;
}

class Measure {
 public:
  Measure(const NextBasketSplit& split, const TrialOptions& options)
      : split_(split), options_(options) {}

  CaseFigures measure(const Blend& blend) const {
    std::vector<models::BlendScores> scores(options_.threads,
                                            models::BlendScores(blend.item_count()));
    const auto score = [&](std::size_t worker, models::History history, std::vector<double>& into) {
      blend.score(history, split_.cut, scores[worker]);
      into = scores[worker].values;
    };
    const auto run = [&](Wanted wanted) {
      return figures_of(
          models::evaluate_next_basket(split_, wanted, kTrialK, options_.threads, score));
    };
    return {run(Wanted::kAll), run(Wanted::kNew)};
  }

  // Intervals of several lists of figures over the same cases, all from the same draws.
  std::vector<Figures> intervals(
      const std::vector<std::vector<std::array<double, kFigureCount>>>& lists) const {
    const std::size_t cases = lists.front().size();
    const std::size_t columns = lists.size() * kFigureCount;
    std::vector<double> table;
    table.reserve(cases * columns);
    for (std::size_t i = 0; i < cases; ++i) {
      for (const auto& list : lists) table.insert(table.end(), list[i].begin(), list[i].end());
    }
    const auto means = models::bootstrap_means(table, columns, {options_.seed, 2'000, 0.95});
    std::vector<Figures> figures(lists.size());
    for (std::size_t i = 0; i < columns; ++i) {
      figures[i / kFigureCount][i % kFigureCount] = means[i];
    }
    return figures;
  }

 private:
  const NextBasketSplit& split_;
  const TrialOptions& options_;
};

std::vector<std::array<double, kFigureCount>> minus(
    const std::vector<std::array<double, kFigureCount>>& a,
    const std::vector<std::array<double, kFigureCount>>& b) {
  auto difference = a;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t f = 0; f < kFigureCount; ++f) difference[i][f] -= b[i][f];
  }
  return difference;
}

double mean_ndcg(const CaseFigures& figures) {
  double sum = 0.0;
  for (const auto& one : figures.all) sum += one[1];
  return figures.all.empty() ? 0.0 : sum / static_cast<double>(figures.all.size());
}

models::NextBasketOptions split_options(base::TimeMs cut, std::uint64_t seed) {
  models::NextBasketOptions options;
  options.cut = cut;
  options.window = kTrialWindow;
  options.offered_window = kCatalogueWindow;
  options.seed = seed;
  return options;
}

// The stronger of all-time and recent popularity, judged on the test itself: that favours it.
CaseFigures measure_baseline(const Measure& measure, const NextBasketSplit& split, Blend& blend,
                             std::string& name) {
  blend.set_weights(weights_of("popularity", {}));
  const models::Popularity kept = blend.popularity();
  blend.set_popularity(models::Popularity::fit(split.past, split.cut, {0, 0}));
  CaseFigures all_time = measure.measure(blend);
  blend.set_popularity(models::Popularity::fit(split.past, split.cut, {kTrialWindow, 0}));
  CaseFigures recent = measure.measure(blend);
  blend.set_popularity(kept);
  const bool recent_wins = mean_ndcg(recent) > mean_ndcg(all_time);
  name = recent_wins ? "popularity (28 days)" : "popularity (all time)";
  return recent_wins ? recent : all_time;
}

base::Status measure_models(const NextBasketSplit& split, const TrialOptions& options,
                            ModelTrial& trial) {
  const Measure measure(split, options);
  Blend blend = Blend::fit(split.past, split.cut, trial.choice.settings, options.threads);
  const CaseFigures baseline = measure_baseline(measure, split, blend, trial.baseline);
  trial.new_item_cases = baseline.new_items.size();

  std::vector<CaseFigures> measured;
  for (ModelFigures& model : trial.models) {
    if (options.interrupted()) return interrupted_learning();
    const double start = options.clock();
    blend.set_weights(weights_of(model.name, trial.choice.settings.weights));
    measured.push_back(measure.measure(blend));
    model.seconds = options.clock() - start;
  }
  const CaseFigures& repeat = measured[models::kRepeatPart];
  std::vector<std::vector<std::array<double, kFigureCount>>> lists{baseline.all};
  std::vector<std::vector<std::array<double, kFigureCount>>> new_lists{baseline.new_items};
  for (const CaseFigures& figures : measured) {
    lists.push_back(figures.all);
    lists.push_back(minus(figures.all, baseline.all));
    lists.push_back(minus(figures.all, repeat.all));
    new_lists.push_back(figures.new_items);
  }
  const std::vector<Figures> all = measure.intervals(lists);
  const std::vector<Figures> new_items = measure.intervals(new_lists);
  trial.baseline_test = all[0];
  trial.baseline_new_items = new_items[0];
  for (std::size_t i = 0; i < trial.models.size(); ++i) {
    trial.models[i].test = all[1 + 3 * i];
    trial.models[i].above_baseline = all[2 + 3 * i];
    trial.models[i].above_repeat = all[3 + 3 * i];
    trial.models[i].new_items = new_items[1 + i];
  }
  return base::Ok{};
}

}  // namespace

const std::vector<std::string>& model_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (std::size_t part = 0; part < models::kBlendParts; ++part) {
      list.emplace_back(models::blend_part_name(part));
    }
    list.emplace_back("blend");
    return list;
  }();
  return names;
}

BlendWeights weights_of(const std::string& name, const BlendWeights& blended) {
  BlendWeights weights{};
  for (std::size_t part = 0; part < models::kBlendParts; ++part) {
    if (models::blend_part_name(part) != name) continue;
    weights[part] = 1.0;
    return weights;
  }
  return blended;
}

base::Error interrupted_learning() {
  return {base::ErrorCode::kInterrupted, "stopped before anything was published"};
}

base::Result<ModelTrial> try_models(const KnownPurchases& known, const TrialOptions& options) {
  const auto [validation_cut, cut, end] = trial_moments(options.end);
  ModelTrial trial;
  trial.cut = cut;
  const NextBasketSplit validation = models::split_next_basket(
      known.at_validation_cut, known.at_cut, split_options(validation_cut, options.seed));
  trial.validation_cases = validation.cases.size();
  models::BlendSearch search;
  search.k = kTrialK;
  search.threads = options.threads;
  search.stop = [&] { return options.interrupted() || (options.stop && options.stop()); };
  if (options.interrupted()) return interrupted_learning();
  trial.choice = models::choose_blend(validation, search);
  if (options.interrupted()) return interrupted_learning();

  for (const std::string& name : model_names()) {
    ModelFigures model;
    model.name = name;
    const std::size_t part = trial.models.size();
    model.validation_ndcg =
        part < models::kBlendParts ? trial.choice.part_ndcg[part] : trial.choice.blend_ndcg;
    trial.models.push_back(std::move(model));
  }
  const NextBasketSplit test =
      models::split_next_basket(known.at_cut, known.at_end, split_options(cut, options.seed));
  trial.cases = test.cases.size();
  trial.cases_left_out = test.cases_left_out;
  trial.offered = test.offered.size();
  trial.targets = test.targets;
  trial.targets_not_offered = test.targets_not_offered;
  if (trial.cases > 0) FOOTFALL_RETURN_IF_ERROR(measure_models(test, options, trial));
  return trial;
}

}  // namespace footfall::engine
