#include "footfall/models/interactions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Interactions, AreOrderedByUserTimeAndItemWithoutRepeats) {
  const Interactions data({{1, 2, 50}, {1, 0, 50}, {0, 3, 9}, {1, 1, 20}, {1, 0, 50}}, 3, 4);
  EXPECT_THAT(data.history(0).items, ElementsAre(3));
  EXPECT_THAT(data.history(1).items, ElementsAre(1, 0, 2));
  EXPECT_THAT(data.history(1).times, ElementsAre(20, 50, 50));
  EXPECT_TRUE(data.history(2).empty());
  EXPECT_EQ(data.size(), 4u);
  EXPECT_THAT(data.history(1).latest(2).items, ElementsAre(0, 2));
}

TEST(Interactions, WithinIsHalfOpen) {
  const Interactions data({{0, 0, 10}, {0, 1, 20}, {0, 2, 30}, {1, 0, 5}}, 2, 3);
  const Interactions kept = data.within(10, 30);
  EXPECT_THAT(kept.history(0).items, ElementsAre(0, 1));
  EXPECT_TRUE(kept.history(1).empty());
  EXPECT_EQ(kept.user_count(), 2u);
  EXPECT_EQ(kept.item_count(), 3u);
}

TEST(Baskets, AreTheSetsOfOneUserAtOneInstant) {
  base::Random random(2);
  for (std::uint64_t round = 0; round < random_rounds(10); ++round) {
    const RandomShape shape;
    const auto events = random_events(random, shape);
    std::map<std::pair<std::uint32_t, TimeMs>, std::set<ItemIndex>> expected;
    for (const Interaction& event : events) expected[{event.user, event.time}].insert(event.item);

    const Interactions data(events, shape.users, shape.items);
    const Baskets baskets(data);
    ASSERT_EQ(baskets.size(), expected.size());
    std::size_t number = 0;
    for (const auto& [key, items] : expected) {
      ASSERT_EQ(baskets.user(number), key.first);
      ASSERT_EQ(baskets.time(number), key.second);
      const auto found = baskets.items(number);
      ASSERT_EQ(std::set<ItemIndex>(found.begin(), found.end()), items);
      ++number;
    }
    for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
      const std::size_t end = baskets.user_end(basket);
      ASSERT_EQ(baskets.user(end - 1), baskets.user(basket));
      ASSERT_TRUE(end == baskets.size() || baskets.user(end) != baskets.user(basket));
    }
    for (ItemIndex item = 0; item < shape.items; ++item) {
      std::vector<std::uint32_t> holders;
      for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
        const auto items = baskets.items(basket);
        if (std::find(items.begin(), items.end(), item) != items.end()) {
          holders.push_back(static_cast<std::uint32_t>(basket));
        }
      }
      ASSERT_THAT(baskets.with_item(item), testing::ElementsAreArray(holders));
    }
  }
}

TEST(Baskets, OfNobodyAreNone) {
  const Interactions data({}, 0, 0);
  EXPECT_EQ(Baskets(data).size(), 0u);
  EXPECT_THAT(Baskets(Interactions({}, 2, 1)).with_item(0), IsEmpty());
}

}  // namespace
}  // namespace footfall::models
