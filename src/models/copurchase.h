// Copurchase: which items are taken together, in one basket.
//
// With n(i, j) the baskets that hold both and n(i) those that hold i, and s a shrinkage that keeps
// rare pairs from winning by chance:
//   conditional  n(i, j) / (n(i) + s)
//   cosine       n(i, j) / sqrt((n(i) + s) (n(j) + s))
//   lift         n(i, j) * baskets / ((n(i) + s) (n(j) + s))
// An item does not lead to itself.
#pragma once

#include "footfall/models/item_graph.h"

namespace footfall::models {

enum class Normalisation : std::uint8_t { kConditional, kCosine, kLift };

struct CopurchaseOptions {
  Normalisation normalisation = Normalisation::kCosine;
  double shrinkage = 20.0;
  std::size_t basket_items_max = 1'000;  // Larger baskets are left out (and counted).
  std::size_t edges_max = 50;
  TimeMs half_life = 120 * base::kDayMs;  // Of the history when scoring.
};

class Copurchase final : public Ranker {
 public:
  Copurchase() = default;
  static Copurchase fit(const Interactions& interactions, const CopurchaseOptions& options,
                        std::size_t threads);

  /// The half-life is read when scoring: changing it needs no new fit.
  void set_half_life(TimeMs half_life) { options_.half_life = half_life; }

  std::string_view name() const override { return "copurchase"; }
  void score(History history, TimeMs at, Scores& scores) const override;
  void contributions(History history, TimeMs at, ItemIndex item,
                     std::span<double> by_event) const override;
  void save(ModelWriter& writer) const override;
  static Copurchase load(ModelReader& reader);

  const ItemGraph& graph() const { return graph_; }
  const CopurchaseOptions& options() const { return options_; }
  /// Baskets that hold the item.
  std::uint64_t baskets_with(ItemIndex item) const { return baskets_with_[item]; }
  bool sound() const { return graph_.sound() && baskets_with_.size() == graph_.item_count(); }
  /// Baskets that were left out because they were too large.
  std::uint64_t baskets_left_out() const { return baskets_left_out_; }

 private:
  CopurchaseOptions options_;
  ItemGraph graph_;
  std::vector<std::uint32_t> baskets_with_;
  std::uint64_t baskets_left_out_ = 0;
};

}  // namespace footfall::models
