// Ranking metrics at k: how well a full ranking of the candidates puts the relevant ones on top.
//
// All candidates are ranked (never a sample), and ties are pessimistic: of equal scores the
// irrelevant come first, so a model that scores everything alike gets nothing for it.
// With R the relevant items (also those that are no candidate, which can never be met), and
// hits the relevant candidates among the first k:
//   hr         1 if there is a hit, else 0
//   recall     hits / |R|             precision  hits / k
//   mrr        1 / rank of the first hit, or 0
//   ndcg       sum over hits of 1 / log2(rank + 1), divided by the same sum for
//              ranks 1 .. min(k, |R|)
//   map        sum over hits of precision at their rank, divided by min(k, |R|)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace footfall::models {

struct RankingMetrics {
  double hr = 0.0;
  double recall = 0.0;
  double precision = 0.0;
  double ndcg = 0.0;
  double mrr = 0.0;
  double map = 0.0;
};

/// Ranks (from 1, rising) of the relevant candidates among the first k. `relevant` has one flag a
/// score. One pass; k >= 1. No score is NaN.
std::vector<std::size_t> hit_ranks(std::span<const double> scores,
                                   std::span<const std::uint8_t> relevant, std::size_t k);

/// Metrics of rising hit ranks <= k; `relevant_count` is |R| >= 1.
RankingMetrics ranking_metrics(std::span<const std::size_t> hit_ranks, std::size_t relevant_count,
                               std::size_t k);

}  // namespace footfall::models
