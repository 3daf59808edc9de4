#include "footfall/models/blend_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

constexpr TimeMs kDay = base::kDayMs;

// A shop of habits: each user buys their own three items again and again, and item 0 is in every
// second basket of everybody.
Interactions habits(std::uint64_t seed) {
  base::Random random(seed);
  std::vector<Interaction> events;
  for (std::uint32_t user = 0; user < 60; ++user) {
    const auto first = static_cast<ItemIndex>(1 + random.below(37));
    for (TimeMs day = static_cast<TimeMs>(random.below(7)); day < 120; day += 7) {
      for (ItemIndex i = 0; i < 3; ++i) {
        if (random.chance(0.7)) events.push_back({user, first + i, day * kDay});
      }
      if (random.chance(0.5)) events.push_back({user, 0, day * kDay});
    }
  }
  return {events, 60, 40};
}

TEST(BlendSearch, FindsThatHabitsBeatPopularity) {
  const Interactions data = habits(1);
  const NextBasketSplit split = split_next_basket(data, {90 * kDay});
  const BlendChoice choice = choose_blend(split, {});
  EXPECT_GT(choice.part_ndcg[kRepeatPart], choice.part_ndcg[kPopularityPart] + 0.2);
  EXPECT_GT(choice.settings.weights[kRepeatPart], 0.0);
  for (const double part : choice.part_ndcg) EXPECT_GE(choice.blend_ndcg, part - 1e-12);
  EXPECT_FALSE(choice.stopped);
}

TEST(BlendSearch, ItsNdcgIsThatOfTheFullRanking) {
  const Interactions data = habits(2);
  const NextBasketSplit split = split_next_basket(data, {90 * kDay});
  const BlendChoice choice = choose_blend(split, {});
  const Blend blend = Blend::fit(split.past, split.cut, choice.settings, 1);
  BlendScores scores(data.item_count());
  double sum = 0.0;
  for (const CaseMetrics& one :
       evaluate_next_basket(split, Wanted::kAll, 10, 1,
                            [&](std::size_t, History history, std::vector<double>& into) {
                              blend.score(history, split.cut, scores);
                              into = scores.values;
                            })) {
    sum += one.metrics.ndcg;
  }
  EXPECT_NEAR(choice.blend_ndcg, sum / static_cast<double>(split.cases.size()), 1e-9);
}

TEST(BlendSearch, ThreadsAndRepetitionChangeNothing) {
  const NextBasketSplit split = split_next_basket(habits(3), {90 * kDay});
  BlendSearch two;
  two.threads = 2;
  const BlendChoice first = choose_blend(split, {});
  const BlendChoice again = choose_blend(split, two);
  EXPECT_EQ(first.settings.weights, again.settings.weights);
  EXPECT_EQ(first.blend_ndcg, again.blend_ndcg);
  EXPECT_EQ(first.tried.size(), again.tried.size());
}

TEST(BlendSearch, StopsWhenToldAndKeepsTheBestSoFar) {
  const NextBasketSplit split = split_next_basket(habits(4), {90 * kDay});
  BlendSearch search;
  search.stop = [] { return true; };
  const BlendChoice choice = choose_blend(split, search);
  EXPECT_TRUE(choice.stopped);
  EXPECT_LE(choice.tried.size(), 5u);
  EXPECT_EQ(choice.settings.weights[kRepeatPart], 1.0);
}

TEST(BlendSearch, WithoutCasesTheStartComesBack) {
  const NextBasketSplit split = split_next_basket(Interactions({{0, 0, 0}}, 1, 1), {0});
  BlendSearch search;
  search.start.weights = {9, 8, 7, 6};
  EXPECT_EQ(choose_blend(split, search).settings.weights, search.start.weights);
}

}  // namespace
}  // namespace footfall::models
