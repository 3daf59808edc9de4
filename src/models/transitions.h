// Transitions: what people take next after an item, learnt from baskets that follow each other.
//
// Each taking of i in a basket b at time t(b) leads to the items of the user's next `baskets_max`
// baskets. The q-th basket after b, no later than `horizon` after it, gives every item j in it
//   2^(-(t(b') - t(b)) / gap_half_life) * step_decay^(q - 1) / sqrt(items of b):
// near in time and in position counts more, and a large basket says less about each of its items.
// weight(i, j) = sum / (sum over the takings of i of 1 / sqrt(items of their basket)
//                       + shrinkage)^source_exponent.
// With source_exponent 1 and no shrinkage that is a mean over takings; below 1 items that are
// often taken speak louder. j = i is kept: people do buy again.
#pragma once

#include "footfall/models/item_graph.h"

namespace footfall::models {

struct TransitionOptions {
  int baskets_max = 3;  // >= 1
  TimeMs horizon = 180 * base::kDayMs;
  TimeMs gap_half_life = 90 * base::kDayMs;
  double step_decay = 0.5;
  double shrinkage = 5.0;
  double source_exponent = 0.5;
  std::size_t edges_max = 50;
  TimeMs half_life = 60 * base::kDayMs;  // Of the history when scoring.
};

class Transitions final : public Ranker {
 public:
  Transitions() = default;
  static Transitions fit(const Interactions& interactions, const TransitionOptions& options,
                         std::size_t threads);

  /// The half-life is read when scoring: changing it needs no new fit.
  void set_half_life(TimeMs half_life) { options_.half_life = half_life; }

  std::string_view name() const override { return "transitions"; }
  void score(History history, TimeMs at, Scores& scores) const override;
  void contributions(History history, TimeMs at, ItemIndex item,
                     std::span<double> by_event) const override;
  void save(ModelWriter& writer) const override;
  static Transitions load(ModelReader& reader);

  const ItemGraph& graph() const { return graph_; }
  const TransitionOptions& options() const { return options_; }

 private:
  TransitionOptions options_;
  ItemGraph graph_;
};

}  // namespace footfall::models
