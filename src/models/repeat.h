// Repeat: people buy again what they bought; how likely is learnt item by item.
//
// rate(i) = share of the takings of i that the same user repeats within the next
// `following_baskets` baskets, pulled to the mean rate m by `prior_weight` pseudo-takings:
// (again + prior_weight * m) / (taken + prior_weight). A user's last basket has nothing after it
// and is not counted.
// score(i) = rate(i) * sum over the user's takings of i of 2^(-age / half_life).
#pragma once

#include <vector>

#include "footfall/models/ranker.h"

namespace footfall::models {

struct RepeatOptions {
  int following_baskets = 3;  // >= 1
  double prior_weight = 5.0;  // > 0
  TimeMs half_life = 120 * base::kDayMs;
};

class Repeat final : public Ranker {
 public:
  Repeat() = default;
  static Repeat fit(const Interactions& interactions, const RepeatOptions& options);

  /// The half-life is read when scoring: changing it needs no new fit.
  void set_half_life(TimeMs half_life) { options_.half_life = half_life; }

  std::string_view name() const override { return "repeat"; }
  void score(History history, TimeMs at, Scores& scores) const override;
  void contributions(History history, TimeMs at, ItemIndex item,
                     std::span<double> by_event) const override;
  void save(ModelWriter& writer) const override;
  static Repeat load(ModelReader& reader);

  const std::vector<double>& rates() const { return rates_; }
  const RepeatOptions& options() const { return options_; }

 private:
  RepeatOptions options_;
  std::vector<double> rates_;
};

}  // namespace footfall::models
