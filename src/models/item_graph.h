// ItemGraph: for every item the items it leads to, strongest first, as sparse rows.
//
// Transitions and co-purchase differ only in how rows are filled; scoring is the same walk:
// score(j) = sum over events (i, t) of the history of fading(at - t) * weight(i, j).
#pragma once

#include <functional>
#include <vector>

#include "footfall/models/ranker.h"

namespace footfall::models {

/// Immutable; threads may share one.
class ItemGraph {
 public:
  struct Edge {
    ItemIndex item = 0;
    double weight = 0.0;        // > 0
    std::uint32_t support = 0;  // Times the pair was seen.
  };

  /// Gathers one row. Made once a thread and used again.
  class Row {
   public:
    explicit Row(std::size_t item_count) : weights_(item_count, 0.0), supports_(item_count, 0) {}
    void add(ItemIndex item, double weight) {
      if (supports_[item]++ == 0) touched_.push_back(item);
      weights_[item] += weight;
    }

   private:
    friend class ItemGraph;
    std::vector<double> weights_;
    std::vector<std::uint32_t> supports_;
    std::vector<ItemIndex> touched_;
  };

  /// How rows come about. Both functions are called from several threads at once, for different
  /// sources.
  struct Recipe {
    std::function<void(ItemIndex source, Row& row)> gather;
    /// The final weight of an edge from its gathered one; edges of weight <= 0 are dropped.
    std::function<double(ItemIndex source, ItemIndex target, double weight)> finish;
    std::size_t edges_max = 50;  // The strongest are kept; equal weights by item number.
  };

  ItemGraph() = default;
  /// Rows are independent of each other, so the result does not depend on `threads`.
  static ItemGraph build(std::size_t item_count, const Recipe& recipe, std::size_t threads);

  std::size_t item_count() const { return starts_.size() - 1; }
  std::size_t edge_count() const { return targets_.size(); }
  /// Edges of a source by falling weight, then item number.
  std::vector<Edge> edges(ItemIndex source) const;

  void score(History history, TimeMs at, TimeMs half_life, Scores& scores) const;
  void contributions(History history, TimeMs at, TimeMs half_life, ItemIndex item,
                     std::span<double> by_event) const;
  void save(ModelWriter& writer) const;
  static ItemGraph load(ModelReader& reader);
  /// Whether the rows fit together; looked at after load.
  bool sound() const;

 private:
  // Weights are kept as floats: an edge takes 12 bytes.
  std::vector<std::uint64_t> starts_{0};
  std::vector<ItemIndex> targets_;
  std::vector<float> weights_;
  std::vector<std::uint32_t> supports_;
};

}  // namespace footfall::models
