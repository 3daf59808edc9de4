#include "footfall/models/blend_search.h"

#include <algorithm>

#include "footfall/base/parallel.h"

namespace footfall::models {
namespace {

constexpr std::array<TimeMs, 4> kHalfLives{30 * base::kDayMs, 60 * base::kDayMs, 120 * base::kDayMs,
                                           240 * base::kDayMs};
// 0 = all history.
constexpr std::array<TimeMs, 4> kWindows{14 * base::kDayMs, 28 * base::kDayMs, 56 * base::kDayMs,
                                         0};
constexpr std::array<double, 7> kWeights{0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0};
constexpr int kRoundsMax = 4;

std::string weights_text(const BlendWeights& weights) {
  std::string text = "weights";
  for (const double weight : weights) {
    std::string number = std::to_string(weight);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
    text += " " + number;
  }
  return text;
}

// A case's candidates with the score that each part gives them, divided by the part's greatest.
struct Candidates {
  std::vector<std::array<double, kBlendParts>> parts;
  std::vector<std::uint8_t> relevant;
  std::size_t target_size = 0;
};

class Search {
 public:
  Search(const NextBasketSplit& split, const BlendSearch& search)
      : split_(split),
        search_(search),
        blend_(Blend::fit(split.past, split.cut, search.start, search.threads)) {
    choice_.settings = search.start;
    if (split_.cases.size() > search_.cases_max) {
      shorter_ = split_;
      shorter_.cases.resize(search_.cases_max);
    }
  }

  BlendChoice run() {
    choose_window();
    for (const std::size_t part : {kRepeatPart, kTransitionsPart, kCopurchasePart}) {
      choose_half_life(part);
    }
    gather();
    choose_weights();
    choice_.settings.popularity = blend_.settings().popularity;
    choice_.settings.repeat = blend_.settings().repeat;
    choice_.settings.transitions = blend_.settings().transitions;
    choice_.settings.copurchase = blend_.settings().copurchase;
    return std::move(choice_);
  }

 private:
  const NextBasketSplit& cases() const { return shorter_.cases.empty() ? split_ : shorter_; }
  bool stopped() {
    choice_.stopped = choice_.stopped || (search_.stop && search_.stop());
    return choice_.stopped;
  }

  double part_ndcg(std::size_t part) const {
    std::vector<Scores> scores(search_.threads, Scores(split_.past.item_count()));
    const auto score = [&](std::size_t worker, History history, std::vector<double>& into) {
      blend_.score_part(part, history, split_.cut, scores[worker]);
      into.assign(scores[worker].values().begin(), scores[worker].values().end());
    };
    double sum = 0.0;
    for (const CaseMetrics& one :
         evaluate_next_basket(cases(), Wanted::kAll, search_.k, search_.threads, score)) {
      sum += one.metrics.ndcg;
    }
    return sum / static_cast<double>(cases().cases.size());
  }

  void choose_window() {
    Popularity best = blend_.popularity();
    double best_ndcg = -1.0;
    for (const TimeMs window : kWindows) {
      if (best_ndcg >= 0.0 && stopped()) break;
      blend_.set_popularity(Popularity::fit(split_.past, split_.cut, {window, 0}));
      const double ndcg = part_ndcg(kPopularityPart);
      choice_.tried.push_back(
          {"popularity window " + (window == 0 ? "all" : base::format_duration(window)), ndcg});
      if (ndcg <= best_ndcg) continue;
      best_ndcg = ndcg;
      best = blend_.popularity();
    }
    blend_.set_popularity(std::move(best));
    choice_.part_ndcg[kPopularityPart] = best_ndcg;
  }

  void choose_half_life(std::size_t part) {
    TimeMs best = kHalfLives[0];
    double best_ndcg = -1.0;
    for (const TimeMs half_life : kHalfLives) {
      if (best_ndcg >= 0.0 && stopped()) break;
      blend_.set_half_life(part, half_life);
      const double ndcg = part_ndcg(part);
      choice_.tried.push_back(
          {std::string(blend_part_name(part)) + " half-life " + base::format_duration(half_life),
           ndcg});
      if (ndcg <= best_ndcg) continue;
      best_ndcg = ndcg;
      best = half_life;
    }
    blend_.set_half_life(part, best);
    choice_.part_ndcg[part] = best_ndcg;
  }

  // The strongest offered items of each part, and all parts' scores of their union.
  void gather() {
    const auto& all = cases().cases;
    candidates_.resize(all.size());
    base::parallel_for(search_.threads, all.size(), 16,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         std::vector<Scores> parts(kBlendParts, Scores(split_.past.item_count()));
                         for (std::size_t i = begin; i < end; ++i) gather_case(i, parts);
                       });
  }

  void gather_case(std::size_t index, std::vector<Scores>& parts) {
    const NextBasketCase& one = cases().cases[index];
    const History history = split_.past.history(one.user).latest(kHistoryEventsMax);
    std::array<double, kBlendParts> greatest{};
    std::vector<ItemIndex> wanted;
    for (std::size_t part = 0; part < kBlendParts; ++part) {
      blend_.score_part(part, history, split_.cut, parts[part]);
      greatest[part] = parts[part].greatest();
      const auto values = parts[part].values();
      std::vector<ItemIndex> strongest;
      for (const ItemIndex item : parts[part].touched()) {
        if (std::binary_search(split_.offered.begin(), split_.offered.end(), item)) {
          strongest.push_back(item);
        }
      }
      const std::size_t kept = std::min(search_.candidates_a_part, strongest.size());
      const auto middle = strongest.begin() + static_cast<std::ptrdiff_t>(kept);
      std::partial_sort(strongest.begin(), middle, strongest.end(), [&](ItemIndex a, ItemIndex b) {
        return values[a] != values[b] ? values[a] > values[b] : a < b;
      });
      wanted.insert(wanted.end(), strongest.begin(), middle);
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    Candidates& candidates = candidates_[index];
    candidates.target_size = one.target.size();
    for (const ItemIndex item : wanted) {
      std::array<double, kBlendParts> shares{};
      for (std::size_t part = 0; part < kBlendParts; ++part) {
        if (greatest[part] > 0.0) shares[part] = parts[part].values()[item] / greatest[part];
      }
      candidates.parts.push_back(shares);
      candidates.relevant.push_back(
          std::binary_search(one.target.begin(), one.target.end(), item) ? 1 : 0);
    }
  }

  double weights_ndcg(const BlendWeights& weights) const {
    std::vector<double> by_case(candidates_.size());
    base::parallel_for(search_.threads, candidates_.size(), 64,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         std::vector<double> scores;
                         for (std::size_t i = begin; i < end; ++i) {
                           const Candidates& candidates = candidates_[i];
                           scores.clear();
                           for (const auto& parts : candidates.parts) {
                             double sum = 0.0;
                             for (std::size_t part = 0; part < kBlendParts; ++part) {
                               sum += weights[part] * parts[part];
                             }
                             scores.push_back(sum);
                           }
                           const auto ranks = hit_ranks(scores, candidates.relevant, search_.k);
                           by_case[i] =
                               ranking_metrics(ranks, candidates.target_size, search_.k).ndcg;
                         }
                       });
    double sum = 0.0;
    for (const double ndcg : by_case) sum += ndcg;
    return sum / static_cast<double>(by_case.size());
  }

  void choose_weights() {
    BlendWeights best{};
    const auto strongest = std::max_element(choice_.part_ndcg.begin(), choice_.part_ndcg.end()) -
                           choice_.part_ndcg.begin();
    best[static_cast<std::size_t>(strongest)] = 1.0;
    double best_ndcg = weights_ndcg(best);
    choice_.tried.push_back({weights_text(best), best_ndcg});
    bool better = true;
    for (int round = 0; round < kRoundsMax && better; ++round) {
      better = false;
      for (std::size_t part = 0; part < kBlendParts; ++part) {
        BlendWeights weights = best;
        for (const double weight : kWeights) {
          weights[part] = weight;
          const bool empty =
              std::all_of(weights.begin(), weights.end(), [](double one) { return one == 0.0; });
          if (empty || weights == best || stopped()) continue;
          const double ndcg = weights_ndcg(weights);
          choice_.tried.push_back({weights_text(weights), ndcg});
          if (ndcg <= best_ndcg) continue;
          best_ndcg = ndcg;
          best = weights;
          better = true;
        }
      }
    }
    choice_.settings.weights = best;
    choice_.blend_ndcg = best_ndcg;
  }

  const NextBasketSplit& split_;
  const BlendSearch& search_;
  Blend blend_;
  NextBasketSplit shorter_;
  std::vector<Candidates> candidates_;
  BlendChoice choice_;
};

}  // namespace

BlendChoice choose_blend(const NextBasketSplit& validation, const BlendSearch& search) {
  if (validation.cases.empty()) {
    BlendChoice choice;
    choice.settings = search.start;
    return choice;
  }
  return Search(validation, search).run();
}

}  // namespace footfall::models
