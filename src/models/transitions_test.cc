#include "footfall/models/transitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

using Matrix = std::map<std::pair<ItemIndex, ItemIndex>, double>;

Matrix by_definition(const Interactions& data, const TransitionOptions& o) {
  Matrix sums;
  std::map<ItemIndex, double> takings;
  for (std::size_t user = 0; user < data.user_count(); ++user) {
    std::map<TimeMs, std::set<ItemIndex>> by_time;
    const History history = data.history(user);
    for (std::size_t e = 0; e < history.size(); ++e) {
      by_time[history.times[e]].insert(history.items[e]);
    }
    const std::vector<std::pair<TimeMs, std::set<ItemIndex>>> baskets(by_time.begin(),
                                                                      by_time.end());
    for (std::size_t b = 0; b < baskets.size(); ++b) {
      const double share = 1.0 / std::sqrt(static_cast<double>(baskets[b].second.size()));
      for (const ItemIndex i : baskets[b].second) takings[i] += share;
      for (std::size_t q = 1; q <= static_cast<std::size_t>(o.baskets_max); ++q) {
        if (b + q >= baskets.size()) break;
        const TimeMs gap = baskets[b + q].first - baskets[b].first;
        if (gap > o.horizon) continue;
        const double w =
            share * std::pow(0.5, static_cast<double>(gap) / static_cast<double>(o.gap_half_life)) *
            std::pow(o.step_decay, static_cast<double>(q - 1));
        for (const ItemIndex i : baskets[b].second) {
          for (const ItemIndex j : baskets[b + q].second) sums[{i, j}] += w;
        }
      }
    }
  }
  for (auto& [pair, sum] : sums) {
    sum /= std::pow(takings[pair.first] + o.shrinkage, o.source_exponent);
  }
  return sums;
}

Matrix edges_of(const ItemGraph& graph) {
  Matrix edges;
  for (ItemIndex i = 0; i < graph.item_count(); ++i) {
    for (const auto& edge : graph.edges(i)) edges[{i, edge.item}] = edge.weight;
  }
  return edges;
}

TEST(Transitions, EqualTheirDefinitionOnRandomHistories) {
  base::Random random(9);
  for (std::uint64_t round = 0; round < random_rounds(10); ++round) {
    const Interactions data = random_interactions(random);
    TransitionOptions options;
    options.baskets_max = 1 + static_cast<int>(random.below(3));
    options.horizon = random.between(1, 9) * base::kDayMs;
    options.gap_half_life = random.between(1, 5) * base::kDayMs;
    options.source_exponent = random.chance(0.5) ? 1.0 : 0.5;
    options.shrinkage = random.chance(0.5) ? 0.0 : 2.0;
    const Matrix expected = by_definition(data, options);
    const Matrix found = edges_of(Transitions::fit(data, options, 1).graph());
    ASSERT_EQ(found.size(), expected.size()) << round;
    for (const auto& [pair, weight] : expected) {
      ASSERT_NEAR(found.at(pair), weight, 1e-6 * weight) << round;
    }
  }
}

TEST(Transitions, TheHorizonsLastInstantIsInside) {
  TransitionOptions options;
  options.horizon = 10;
  EXPECT_EQ(Transitions::fit(Interactions({{0, 0, 0}, {0, 1, 10}}, 1, 2), options, 1)
                .graph()
                .edge_count(),
            1u);
  EXPECT_EQ(Transitions::fit(Interactions({{0, 0, 0}, {0, 1, 11}}, 1, 2), options, 1)
                .graph()
                .edge_count(),
            0u);
}

TEST(Transitions, KeepTheStrongestEdgesTiesByItem) {
  // From item 0 to 1, 2, 3 once each and to 2 twice.
  const Interactions data({{0, 0, 0}, {0, 1, 1}, {0, 2, 1}, {0, 3, 1}, {1, 0, 0}, {1, 2, 1}}, 2, 4);
  TransitionOptions options;
  options.edges_max = 2;
  const auto edges = Transitions::fit(data, options, 1).graph().edges(0);
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(edges[0].item, 2u);
  EXPECT_EQ(edges[0].support, 2u);
  EXPECT_EQ(edges[1].item, 1u);
}

TEST(Transitions, ThreadsChangeNothing) {
  base::Random random(4);
  const Interactions data = random_interactions(random, {60, 200, 40, 20, base::kDayMs});
  ModelWriter one;
  ModelWriter three;
  Transitions::fit(data, {}, 1).save(one);
  Transitions::fit(data, {}, 3).save(three);
  EXPECT_EQ(one.frame("t", 1), three.frame("t", 1));
}

TEST(Transitions, ContributionsAddUpToTheScore) {
  base::Random random(6);
  for (std::uint64_t round = 0; round < random_rounds(50); ++round) {
    const Interactions data = random_interactions(random);
    const Transitions model = Transitions::fit(data, {}, 1);
    const History history = data.history(0);
    const TimeMs at = 12 * base::kDayMs;
    Scores scores(data.item_count());
    model.score(history, at, scores);
    for (ItemIndex item = 0; item < data.item_count(); ++item) {
      std::vector<double> by_event(history.size(), 0.0);
      model.contributions(history, at, item, by_event);
      double sum = 0.0;
      for (const double part : by_event) sum += part;
      ASSERT_NEAR(sum, scores.values()[item], 1e-12);
    }
  }
}

}  // namespace
}  // namespace footfall::models
