#include "footfall/models/ranking.h"

#include <algorithm>
#include <cmath>

#include "footfall/base/check.h"

namespace footfall::models {

std::vector<std::size_t> hit_ranks(std::span<const double> scores,
                                   std::span<const std::uint8_t> relevant, std::size_t k) {
  FOOTFALL_CHECK(scores.size() == relevant.size() && k >= 1);
  struct Place {
    double score;
    bool relevant;
  };
  const auto before = [](const Place& a, const Place& b) {
    if (a.score != b.score) return a.score > b.score;
    return !a.relevant && b.relevant;
  };
  // The best k so far, in ranking order.
  std::vector<Place> top;
  top.reserve(std::min(k, scores.size()) + 1);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Place place{scores[i], relevant[i] != 0};
    if (top.size() == k && !before(place, top.back())) continue;
    top.insert(std::upper_bound(top.begin(), top.end(), place, before), place);
    if (top.size() > k) top.pop_back();
  }
  std::vector<std::size_t> ranks;
  for (std::size_t i = 0; i < top.size(); ++i) {
    if (top[i].relevant) ranks.push_back(i + 1);
  }
  return ranks;
}

RankingMetrics ranking_metrics(std::span<const std::size_t> hit_ranks, std::size_t relevant_count,
                               std::size_t k) {
  FOOTFALL_CHECK(relevant_count >= 1 && k >= 1);
  RankingMetrics metrics;
  if (hit_ranks.empty()) return metrics;
  const auto hits = static_cast<double>(hit_ranks.size());
  const std::size_t reachable = std::min(k, relevant_count);
  double gain = 0.0;
  double precisions = 0.0;
  for (std::size_t hit = 0; hit < hit_ranks.size(); ++hit) {
    const auto rank = static_cast<double>(hit_ranks[hit]);
    gain += 1.0 / std::log2(rank + 1.0);
    precisions += static_cast<double>(hit + 1) / rank;
  }
  double ideal = 0.0;
  for (std::size_t rank = 1; rank <= reachable; ++rank) {
    ideal += 1.0 / std::log2(static_cast<double>(rank) + 1.0);
  }
  metrics.hr = 1.0;
  metrics.recall = hits / static_cast<double>(relevant_count);
  metrics.precision = hits / static_cast<double>(k);
  metrics.mrr = 1.0 / static_cast<double>(hit_ranks.front());
  metrics.ndcg = gain / ideal;
  metrics.map = precisions / static_cast<double>(reachable);
  return metrics;
}

}  // namespace footfall::models
