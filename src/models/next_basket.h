// NextBasket: evaluation by time: what a user took first after a cut, foretold from before it.
//
// A user is a case when they took something at or before the cut and something in
// (cut, cut + window]. Their target is their first basket there. What is offered are the items
// that anybody took in (cut - offered_window, cut]; targets that are not offered stay in the
// target and can never be met. Everything learnt is from at or before the cut.
//
// Takings may be undone later. So a split is made from the takings as they were known at the cut,
// which is all that may be learnt from, and as they were known later, which the targets are of.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "footfall/models/interactions.h"
#include "footfall/models/ranking.h"

namespace footfall::models {

struct NextBasketOptions {
  TimeMs cut = 0;
  TimeMs window = 28 * base::kDayMs;
  TimeMs offered_window = 90 * base::kDayMs;
  std::size_t cases_max = 50'000;  // More users: this many, drawn with `seed`; the rest is counted.
  std::uint64_t seed = 1;
};

struct NextBasketCase {
  std::uint32_t user = 0;
  std::vector<ItemIndex> target;  // Rising; at least one.
};

struct NextBasketSplit {
  TimeMs cut = 0;
  Interactions past;
  std::vector<NextBasketCase> cases;  // By user.
  std::vector<ItemIndex> offered;     // Rising.
  std::size_t cases_left_out = 0;     // Users beyond cases_max.
  std::uint64_t targets = 0;          // Target items of all cases.
  std::uint64_t targets_not_offered = 0;
};

/// Both have the same users and items. Of `known_at_cut` the events at or before the cut are read,
/// of `known_later` those after it.
NextBasketSplit split_next_basket(const Interactions& known_at_cut, const Interactions& known_later,
                                  const NextBasketOptions& options);
/// Where nothing is ever undone.
inline NextBasketSplit split_next_basket(const Interactions& interactions,
                                         const NextBasketOptions& options) {
  return split_next_basket(interactions, interactions, options);
}

/// Fills one score an item, >= 0, for a history as seen at the split's cut. Called from several
/// threads at once; `worker` numbers them.
using ScoreFunction =
    std::function<void(std::size_t worker, History history, std::vector<double>& scores)>;

enum class Wanted : std::uint8_t {
  kAll,  // Every item that is offered is ranked; the target is the whole basket.
  kNew,  // Items the user took before are neither ranked nor in the target.
};

/// One user's figures. `counted` is false when nothing is wanted of this user (only with kNew).
struct CaseMetrics {
  RankingMetrics metrics;
  bool counted = false;
};

/// One element a case, in order. Full ranking of what is offered, pessimistic ties.
std::vector<CaseMetrics> evaluate_next_basket(const NextBasketSplit& split, Wanted wanted,
                                              std::size_t k, std::size_t threads,
                                              const ScoreFunction& score);

}  // namespace footfall::models
