#include "footfall/models/ranking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

#include "footfall/base/random.h"

namespace footfall::models {
namespace {

std::uint64_t histories() {
  const char* text = std::getenv("FOOTFALL_TEST_HISTORIES");
  return text == nullptr ? 10'000 : std::strtoull(text, nullptr, 10);
}

// Tries every order that the ties allow and keeps, for each metric, what the order with the
// irrelevant first gives: written from the header alone, candidate by candidate.
RankingMetrics by_definition(const std::vector<double>& scores,
                             const std::vector<std::uint8_t>& relevant, std::size_t outside,
                             std::size_t k) {
  const std::size_t n = scores.size();
  std::size_t all = outside;
  for (const std::uint8_t flag : relevant) all += flag;
  std::vector<std::uint8_t> ranking(n, 0);  // Flag at each place.
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t place = 0;
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      const bool ahead = scores[j] > scores[i] ||
                         (scores[j] == scores[i] && relevant[j] == 0 && relevant[i] != 0) ||
                         (scores[j] == scores[i] && relevant[j] == relevant[i] && j < i);
      if (ahead) ++place;
    }
    ranking[place] = relevant[i];
  }
  RankingMetrics m;
  double ideal = 0.0;
  double hits = 0.0;
  for (std::size_t place = 0; place < k; ++place) {
    const double discount = std::log(2.0) / std::log(static_cast<double>(place) + 2.0);
    if (place < all) ideal += discount;
    if (place >= n || ranking[place] == 0) continue;
    hits += 1.0;
    m.ndcg += discount;
    m.map += hits / static_cast<double>(place + 1);
    if (m.mrr == 0.0) m.mrr = 1.0 / static_cast<double>(place + 1);
  }
  m.hr = hits > 0.0 ? 1.0 : 0.0;
  m.recall = hits / static_cast<double>(all);
  m.precision = hits / static_cast<double>(k);
  m.ndcg /= ideal;
  m.map /= static_cast<double>(std::min(k, all));
  return m;
}

TEST(Ranking, WorkedCases) {
  struct Case {
    const char* why;
    std::vector<double> scores;
    std::vector<std::uint8_t> relevant;
    std::size_t outside;
    std::size_t k;
    RankingMetrics expected;  // hr, recall, precision, ndcg, mrr, map
  };
  const double third = 1.0 / std::log2(3.0);
  const Case cases[] = {
      {"the best is first", {3, 2, 1}, {1, 0, 0}, 0, 2, {1, 1, .5, 1, 1, 1}},
      {"second place", {3, 2, 1}, {0, 1, 0}, 0, 2, {1, 1, .5, third, .5, .5}},
      {"just below k is no hit", {3, 2, 1}, {0, 0, 1}, 0, 2, {0, 0, 0, 0, 0, 0}},
      {"all scores alike: the irrelevant come first", {1, 1, 1}, {1, 0, 0}, 0, 2, {}},
      {"a relevant item that is no candidate counts against recall and the ideal",
       {3, 2},
       {1, 0},
       1,
       2,
       {1, .5, .5, 1.0 / (1.0 + third), 1, .5}},
      {"fewer candidates than k", {1}, {1}, 0, 10, {1, 1, .1, 1, 1, 1}},
      {"no candidates", {}, {}, 1, 10, {}},
  };
  for (const Case& c : cases) {
    const auto ranks = hit_ranks(c.scores, c.relevant, c.k);
    const std::size_t all =
        std::accumulate(c.relevant.begin(), c.relevant.end(), std::size_t{0}) + c.outside;
    const RankingMetrics m = ranking_metrics(ranks, all, c.k);
    EXPECT_DOUBLE_EQ(m.hr, c.expected.hr) << c.why;
    EXPECT_DOUBLE_EQ(m.recall, c.expected.recall) << c.why;
    EXPECT_DOUBLE_EQ(m.precision, c.expected.precision) << c.why;
    EXPECT_DOUBLE_EQ(m.ndcg, c.expected.ndcg) << c.why;
    EXPECT_DOUBLE_EQ(m.mrr, c.expected.mrr) << c.why;
    EXPECT_DOUBLE_EQ(m.map, c.expected.map) << c.why;
  }
}

TEST(Ranking, EqualsItsDefinitionOnRandomCases) {
  base::Random random(1);
  for (std::uint64_t round = 0; round < histories(); ++round) {
    const std::size_t n = 1 + random.below(12);
    const std::size_t k = 1 + random.below(6);
    std::vector<double> scores;
    std::vector<std::uint8_t> relevant;
    for (std::size_t i = 0; i < n; ++i) {
      scores.push_back(static_cast<double>(random.below(4)));  // Many ties.
      relevant.push_back(random.chance(0.3) ? 1 : 0);
    }
    std::size_t all = std::accumulate(relevant.begin(), relevant.end(), std::size_t{0});
    const std::size_t outside = all == 0 ? 1 : random.below(3);
    all += outside;
    const RankingMetrics m = ranking_metrics(hit_ranks(scores, relevant, k), all, k);
    const RankingMetrics expected = by_definition(scores, relevant, outside, k);
    ASSERT_NEAR(m.hr, expected.hr, 1e-12) << "round " << round;
    ASSERT_NEAR(m.recall, expected.recall, 1e-12) << "round " << round;
    ASSERT_NEAR(m.precision, expected.precision, 1e-12) << "round " << round;
    ASSERT_NEAR(m.ndcg, expected.ndcg, 1e-12) << "round " << round;
    ASSERT_NEAR(m.mrr, expected.mrr, 1e-12) << "round " << round;
    ASSERT_NEAR(m.map, expected.map, 1e-12) << "round " << round;
  }
}

}  // namespace
}  // namespace footfall::models
