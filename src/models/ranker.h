// Ranker: what every recommending model can do: score items for a history, and say why.
#pragma once

#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "footfall/models/interactions.h"
#include "footfall/models/model_bytes.h"

namespace footfall::models {

/// Scores of items, most of them 0. Made once and used again for many histories.
class Scores {
 public:
  explicit Scores(std::size_t item_count) : values_(item_count, 0.0) {}

  /// `value` > 0.
  void add(ItemIndex item, double value) {
    if (values_[item] == 0.0) touched_.push_back(item);
    values_[item] += value;
  }
  void clear() {
    for (const ItemIndex item : touched_) values_[item] = 0.0;
    touched_.clear();
  }
  /// One value an item; >= 0.
  std::span<const double> values() const { return values_; }
  /// Items with a score above 0, in no order.
  std::span<const ItemIndex> touched() const { return touched_; }
  /// The greatest score; 0 when all are 0.
  double greatest() const {
    double most = 0.0;
    for (const ItemIndex item : touched_) most = values_[item] > most ? values_[item] : most;
    return most;
  }

 private:
  std::vector<double> values_;
  std::vector<ItemIndex> touched_;
};

/// What an event that is `age` old still counts: 2^(-age / half_life). A half-life of 0 means that
/// nothing fades; the future (age < 0) counts as now.
inline double fading(TimeMs age, TimeMs half_life) {
  if (half_life <= 0 || age <= 0) return 1.0;
  return std::exp2(-static_cast<double>(age) / static_cast<double>(half_life));
}

/// Immutable while it is used; threads may share one.
class Ranker {
 public:
  virtual ~Ranker() = default;

  virtual std::string_view name() const = 0;
  /// Adds a score for every item this history speaks for, as seen at an instant.
  virtual void score(History history, TimeMs at, Scores& scores) const = 0;
  /// Adds to by_event[e] what event e of the history gave to the score of `item`. What is left of
  /// the score owes nothing to the history. by_event.size() == history.size().
  virtual void contributions(History history, TimeMs at, ItemIndex item,
                             std::span<double> by_event) const = 0;
  virtual void save(ModelWriter& writer) const = 0;
};

}  // namespace footfall::models
