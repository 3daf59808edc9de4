// Popularity: items by how many baskets held them lately; the baseline of every recommender.
//
// score(item) = sum over baskets b that hold it, cut - window < time(b) <= cut, of
// 2^(-(cut - time(b)) / half_life). The same for every user.
#pragma once

#include <vector>

#include "footfall/models/ranker.h"

namespace footfall::models {

struct PopularityOptions {
  TimeMs window = 0;     // Only baskets younger than this at the cut; 0 = all.
  TimeMs half_life = 0;  // 0 = every basket counts 1.
};

class Popularity final : public Ranker {
 public:
  Popularity() = default;
  /// `cut`: the instant the counts are taken at; later events are not looked at.
  static Popularity fit(const Interactions& interactions, TimeMs cut,
                        const PopularityOptions& options);

  std::string_view name() const override { return "popularity"; }
  void score(History history, TimeMs at, Scores& scores) const override;
  /// Nothing: popularity owes nothing to a history.
  void contributions(History history, TimeMs at, ItemIndex item,
                     std::span<double> by_event) const override;
  void save(ModelWriter& writer) const override;
  static Popularity load(ModelReader& reader);

  /// One weight an item.
  const std::vector<double>& weights() const { return weights_; }
  const PopularityOptions& options() const { return options_; }

 private:
  PopularityOptions options_;
  std::vector<double> weights_;
};

}  // namespace footfall::models
