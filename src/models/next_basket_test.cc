#include "footfall/models/next_basket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

using testing::ElementsAre;

TEST(NextBasket, SplitsAtTheCut) {
  const Interactions data({{0, 0, 50},
                           {0, 1, 100},
                           {0, 2, 101},
                           {0, 3, 101},
                           {0, 4, 150},  //
                           {1, 4, 120},  // No history: no case.
                           {2, 4, 50},   // Nothing after: no case.
                           {3, 0, 100},
                           {3, 1, 201},  // Too late: no case.
                           {4, 0, 100},
                           {4, 1, 200}},  // The window's last instant.
                          5, 5);
  const NextBasketSplit split = split_next_basket(data, {100, 100, 50, 10, 1});
  ASSERT_EQ(split.cases.size(), 2u);
  EXPECT_EQ(split.cases[0].user, 0u);
  EXPECT_THAT(split.cases[0].target, ElementsAre(2, 3));
  EXPECT_EQ(split.cases[1].user, 4u);
  EXPECT_THAT(split.past.history(0).items, ElementsAre(0, 1));
  // Offered: taken in (50, 100]; item 4, taken at 50 exactly, is not.
  EXPECT_THAT(split.offered, ElementsAre(0, 1));
  EXPECT_EQ(split.targets, 3u);
  EXPECT_EQ(split.targets_not_offered, 2u);
}

TEST(NextBasket, WhatIsUndoneLaterWasThereAtTheCutAndIsNoTarget) {
  const Interactions at_cut({{0, 0, 50}, {0, 1, 100}, {1, 2, 80}, {2, 3, 90}}, 3, 5);
  // Undone after the cut: item 1 of user 0, all of user 1's past, and user 2's first basket.
  const Interactions later({{0, 0, 50}, {0, 4, 120}, {1, 2, 130}, {2, 3, 90}, {2, 4, 140}}, 3, 5);
  const NextBasketSplit split = split_next_basket(at_cut, later, {100, 100, 50, 10, 1});
  EXPECT_THAT(split.past.history(0).items, ElementsAre(0, 1)) << "as it was known at the cut";
  EXPECT_THAT(split.offered, ElementsAre(1, 2, 3));
  ASSERT_EQ(split.cases.size(), 3u);
  EXPECT_THAT(split.cases[0].target, ElementsAre(4));
  EXPECT_THAT(split.cases[1].target, ElementsAre(2));
  EXPECT_THAT(split.cases[2].target, ElementsAre(4)) << "the first basket that stood";
}

TEST(NextBasket, NothingAfterTheCutIsEverSeenByTheScorer) {
  base::Random random(12);
  const Interactions data = random_interactions(random, {50, 20, 30, 40, 1});
  const NextBasketSplit split = split_next_basket(data, {20, 10, 40, 1000, 1});
  ASSERT_FALSE(split.cases.empty());
  for (std::size_t user = 0; user < split.past.user_count(); ++user) {
    for (const TimeMs time : split.past.history(user).times) ASSERT_LE(time, 20);
  }
}

TEST(NextBasket, PerfectAndConstantScoresGetOneAndZero) {
  base::Random random(13);
  const Interactions data = random_interactions(random, {80, 30, 30, 40, 1});
  const NextBasketSplit split = split_next_basket(data, {20, 20, 40, 1000, 1});
  ASSERT_GT(split.cases.size(), 20u);
  ASSERT_EQ(split.targets_not_offered, 0u);
  std::size_t asked = 0;
  const auto perfect = evaluate_next_basket(split, Wanted::kAll, 10, 1,
                                            [&](std::size_t, History, std::vector<double>& scores) {
                                              std::fill(scores.begin(), scores.end(), 0.0);
                                              for (const ItemIndex item : split.cases[asked].target)
                                                scores[item] = 1.0;
                                              ++asked;
                                            });
  const auto constant = evaluate_next_basket(
      split, Wanted::kAll, 10, 1, [&](std::size_t, History, std::vector<double>& scores) {
        std::fill(scores.begin(), scores.end(), 1.0);
      });
  for (const CaseMetrics& one : perfect) EXPECT_DOUBLE_EQ(one.metrics.ndcg, 1.0);
  for (const CaseMetrics& one : constant) EXPECT_DOUBLE_EQ(one.metrics.hr, 0.0);
}

TEST(NextBasket, NewItemsAloneLeavesOutWhatTheUserTookBefore) {
  const Interactions data({{0, 0, 10}, {0, 0, 30}, {0, 1, 30}, {1, 1, 10}, {1, 1, 30}}, 2, 2);
  const NextBasketSplit split = split_next_basket(data, {20, 20, 40, 10, 1});
  const auto results = evaluate_next_basket(
      split, Wanted::kNew, 1, 1, [](std::size_t, History, std::vector<double>& scores) {
        scores = {5.0, 1.0};  // Item 0 would win, but user 0 has had it.
      });
  EXPECT_TRUE(results[0].counted);
  EXPECT_DOUBLE_EQ(results[0].metrics.hr, 1.0);
  EXPECT_DOUBLE_EQ(results[0].metrics.recall, 1.0);
  EXPECT_FALSE(results[1].counted);
}

TEST(NextBasket, DrawsCasesWithTheSeedAndCountsTheRest) {
  std::vector<Interaction> events;
  for (std::uint32_t user = 0; user < 100; ++user) {
    events.push_back({user, 0, 10});
    events.push_back({user, 1, 30});
  }
  const Interactions data(events, 100, 2);
  const auto first = split_next_basket(data, {20, 20, 40, 30, 1});
  const auto again = split_next_basket(data, {20, 20, 40, 30, 1});
  const auto other = split_next_basket(data, {20, 20, 40, 30, 2});
  EXPECT_EQ(first.cases.size(), 30u);
  EXPECT_EQ(first.cases_left_out, 70u);
  const auto users = [](const NextBasketSplit& split) {
    std::vector<std::uint32_t> list;
    for (const auto& one : split.cases) list.push_back(one.user);
    return list;
  };
  EXPECT_EQ(users(first), users(again));
  EXPECT_NE(users(first), users(other));
}

}  // namespace
}  // namespace footfall::models
