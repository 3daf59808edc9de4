#include "footfall/models/next_basket.h"

#include <algorithm>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/base/random.h"

namespace footfall::models {
namespace {

// Keeps `most` of the cases, each as likely as the others, in their order.
void draw_cases(NextBasketSplit& split, std::size_t most, std::uint64_t seed) {
  if (split.cases.size() <= most) return;
  base::Random random(seed);
  std::vector<NextBasketCase> kept;
  std::size_t left = split.cases.size();
  for (NextBasketCase& one : split.cases) {
    if (random.below(left--) < most - kept.size()) kept.push_back(std::move(one));
  }
  split.cases_left_out = split.cases.size() - kept.size();
  split.cases = std::move(kept);
}

CaseMetrics evaluate_case(const NextBasketSplit& split, const NextBasketCase& one, Wanted wanted,
                          std::size_t k, const std::vector<double>& scores) {
  std::vector<ItemIndex> taken;
  if (wanted == Wanted::kNew) {
    const History history = split.past.history(one.user);
    taken.assign(history.items.begin(), history.items.end());
    std::sort(taken.begin(), taken.end());
  }
  const auto is_taken = [&](ItemIndex item) {
    return std::binary_search(taken.begin(), taken.end(), item);
  };
  const auto wanted_count = static_cast<std::size_t>(std::count_if(
      one.target.begin(), one.target.end(), [&](ItemIndex item) { return !is_taken(item); }));
  if (wanted_count == 0) return {};
  std::vector<double> candidates;
  std::vector<std::uint8_t> relevant;
  candidates.reserve(split.offered.size());
  relevant.reserve(split.offered.size());
  auto next = one.target.begin();  // Both lists rise, so one walk finds the targets.
  for (const ItemIndex item : split.offered) {
    if (is_taken(item)) continue;
    while (next != one.target.end() && *next < item) ++next;
    candidates.push_back(scores[item]);
    relevant.push_back(next != one.target.end() && *next == item ? 1 : 0);
  }
  return {ranking_metrics(hit_ranks(candidates, relevant, k), wanted_count, k), true};
}

}  // namespace

NextBasketSplit split_next_basket(const Interactions& known_at_cut, const Interactions& known_later,
                                  const NextBasketOptions& options) {
  FOOTFALL_CHECK(known_at_cut.user_count() == known_later.user_count() &&
                 known_at_cut.item_count() == known_later.item_count());
  NextBasketSplit split;
  split.cut = options.cut;
  split.past = known_at_cut.within(base::kTimeMin, options.cut + 1);
  std::vector<std::uint8_t> offered(split.past.item_count(), 0);
  for (std::size_t user = 0; user < split.past.user_count(); ++user) {
    const History before = split.past.history(user);
    for (std::size_t event = 0; event < before.size(); ++event) {
      if (before.times[event] > options.cut - options.offered_window) {
        offered[before.items[event]] = 1;
      }
    }
    const History all = known_later.history(user);
    const auto after = std::upper_bound(all.times.begin(), all.times.end(), options.cut);
    if (before.empty() || after == all.times.end()) continue;
    if (*after > options.cut + options.window) continue;
    NextBasketCase one{static_cast<std::uint32_t>(user), {}};
    for (auto event = static_cast<std::size_t>(after - all.times.begin());
         event < all.size() && all.times[event] == *after; ++event) {
      one.target.push_back(all.items[event]);
    }
    split.cases.push_back(std::move(one));
  }
  for (std::size_t item = 0; item < offered.size(); ++item) {
    if (offered[item] != 0) split.offered.push_back(static_cast<ItemIndex>(item));
  }
  draw_cases(split, options.cases_max, options.seed);
  for (const NextBasketCase& one : split.cases) {
    split.targets += one.target.size();
    for (const ItemIndex item : one.target) split.targets_not_offered += offered[item] == 0 ? 1 : 0;
  }
  return split;
}

std::vector<CaseMetrics> evaluate_next_basket(const NextBasketSplit& split, Wanted wanted,
                                              std::size_t k, std::size_t threads,
                                              const ScoreFunction& score) {
  std::vector<CaseMetrics> results(split.cases.size());
  std::vector<std::vector<double>> scores(std::max<std::size_t>(threads, 1));
  base::parallel_for(scores.size(), split.cases.size(), 16,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       scores[worker].resize(split.past.item_count());
                       for (std::size_t i = begin; i < end; ++i) {
                         const NextBasketCase& one = split.cases[i];
                         const History history = split.past.history(one.user);
                         score(worker, history.latest(kHistoryEventsMax), scores[worker]);
                         results[i] = evaluate_case(split, one, wanted, k, scores[worker]);
                       }
                     });
  return results;
}

}  // namespace footfall::models
