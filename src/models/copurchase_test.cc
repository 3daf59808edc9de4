#include "footfall/models/copurchase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

TEST(Copurchase, EqualsItsDefinitionOnRandomHistories) {
  base::Random random(8);
  for (std::uint64_t round = 0; round < random_rounds(10); ++round) {
    const RandomShape shape;
    const auto events = random_events(random, shape);
    CopurchaseOptions options;
    options.normalisation = static_cast<Normalisation>(random.below(3));
    options.shrinkage = static_cast<double>(random.below(3));
    options.basket_items_max = 1 + random.below(5);

    std::map<std::pair<std::uint32_t, TimeMs>, std::set<ItemIndex>> baskets;
    for (const Interaction& event : events) baskets[{event.user, event.time}].insert(event.item);
    std::map<ItemIndex, double> single;
    std::map<std::pair<ItemIndex, ItemIndex>, double> pairs;
    double n = 0;
    for (const auto& [key, items] : baskets) {
      if (items.size() > options.basket_items_max) continue;
      n += 1;
      for (const ItemIndex i : items) {
        single[i] += 1;
        for (const ItemIndex j : items) {
          if (i != j) pairs[{i, j}] += 1;
        }
      }
    }
    const Copurchase model =
        Copurchase::fit(Interactions(events, shape.users, shape.items), options, 1);
    ASSERT_EQ(model.baskets_left_out(), baskets.size() - static_cast<std::size_t>(n));
    ASSERT_EQ(model.graph().edge_count(), pairs.size());
    for (ItemIndex i = 0; i < shape.items; ++i) {
      ASSERT_EQ(static_cast<double>(model.baskets_with(i)), single[i]);
      for (const auto& edge : model.graph().edges(i)) {
        const double pair = pairs.at({i, edge.item});
        const double a = single[i] + options.shrinkage;
        const double b = single[edge.item] + options.shrinkage;
        const double expected = options.normalisation == Normalisation::kConditional ? pair / a
                                : options.normalisation == Normalisation::kCosine
                                    ? pair / std::sqrt(a * b)
                                    : pair * n / (a * b);
        ASSERT_NEAR(edge.weight, expected, 1e-6 * expected) << round;
        ASSERT_EQ(edge.support, pair);
      }
    }
  }
}

TEST(Copurchase, ShrinkageKeepsAPairSeenOnceFromWinning) {
  // Items 1 and 0 meet in three baskets of four; item 2 is seen once, with 0.
  const Interactions data({{0, 0, 0},
                           {0, 1, 0},
                           {1, 0, 0},
                           {1, 1, 0},
                           {2, 0, 0},
                           {2, 1, 0},
                           {3, 1, 0},
                           {4, 1, 0},
                           {5, 1, 0},
                           {6, 1, 0},
                           {7, 0, 0},
                           {7, 2, 0}},
                          8, 3);
  CopurchaseOptions options;
  options.normalisation = Normalisation::kLift;
  options.shrinkage = 0.0;
  EXPECT_EQ(Copurchase::fit(data, options, 1).graph().edges(0)[0].item, 2u);
  options.shrinkage = 10.0;
  EXPECT_EQ(Copurchase::fit(data, options, 1).graph().edges(0)[0].item, 1u);
}

}  // namespace
}  // namespace footfall::models
