#include "footfall/analytics/baskets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "footfall/analytics/random_orders.h"
#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

using store::BuilderEvent;
using Pair = std::pair<store::ItemCode, store::ItemCode>;

BuilderEvent basket(store::UserNumber user, const std::vector<store::ItemCode>& items) {
  BuilderEvent event;
  event.user = user;
  event.type = events::kPurchase;
  for (const store::ItemCode item : items) event.lines.push_back({item});
  return event;
}

BasketFold folded(const std::vector<std::vector<store::ItemCode>>& baskets) {
  std::vector<BuilderEvent> events;
  for (const auto& items : baskets) {
    events.push_back(basket(static_cast<store::UserNumber>(events.size()), items));
  }
  const store::OwnedBlock owned = store::build_block(std::move(events));
  BasketFold fold{BasketRule{}};
  fold.fold(owned.block, {0, owned.block.user_count()});
  return fold;
}

ItemPairs mined(const BasketFold& fold, const PairRule& rule) {
  base::Result<ItemPairs> found = mine_pairs(fold, rule);
  EXPECT_TRUE(found.ok());
  return *found;
}

TEST(Baskets, AreSetsOfMerchandise) {
  BuilderEvent event = basket(1, {3, 1, 3});
  event.lines.push_back({9, 1, 0, events::kBookkeeping});
  BuilderEvent postage = basket(2, {});
  postage.lines.push_back({9, 1, 0, events::kBookkeeping});
  BuilderEvent refund = basket(3, {1, 3});
  refund.type = events::kRefund;
  const store::OwnedBlock owned = store::build_block({event, postage, refund, basket(4, {5})});
  BasketRule rule;
  rule.items_min = 2;
  BasketFold fold(rule);
  fold.fold(owned.block, {0, 4});
  ASSERT_EQ(fold.size(), 1u);
  EXPECT_THAT(fold.items(0), testing::ElementsAre(1, 3));
  EXPECT_EQ(fold.counts().orders, 3);
  EXPECT_EQ(fold.counts().bookkeeping_lines, 2);
  EXPECT_EQ(fold.counts().empty, 1);
  EXPECT_EQ(fold.counts().small, 1);
  rule.with_bookkeeping = true;
  BasketFold all(rule);
  all.fold(owned.block, {0, 4});
  EXPECT_THAT(all.items(0), testing::ElementsAre(1, 3, 9));
}

TEST(Baskets, PairsEqualACountOverAllBaskets) {
  base::Random random(11);
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    MadeOrdersShape shape;
    shape.items = 6;
    shape.lines_max = 6;
    shape.refund_share = 0.1;
    const std::vector<BuilderEvent> all = made_orders(random, shape);
    BasketRule basket_rule;
    basket_rule.items_min = static_cast<std::uint32_t>(1 + random.below(2));
    basket_rule.with_bookkeeping = random.chance(0.3);
    basket_rule.range = {0, random.between(1, 12) * shape.instant_ms};
    PairRule rule;
    rule.support_min = 1 + random.below(3);
    rule.with = random.chance(0.4) ? static_cast<store::ItemCode>(1 + random.below(6)) : 0;
    rule.false_discovery_rate = 1;

    std::map<store::ItemCode, std::uint64_t> supports;
    std::map<Pair, std::uint64_t> together;
    std::uint64_t n = 0;
    for (const BuilderEvent& event : all) {
      if (event.type != events::kPurchase || !basket_rule.range.holds(event.time)) continue;
      std::set<store::ItemCode> items;
      for (const store::BuilderLine& line : lines_of(event)) {
        if (line.marks == 0 || basket_rule.with_bookkeeping) items.insert(line.item);
      }
      if (items.empty() || items.size() < basket_rule.items_min) continue;
      ++n;
      for (const store::ItemCode a : items) {
        ++supports[a];
        for (const store::ItemCode b : items) {
          if (a < b) ++together[{a, b}];
        }
      }
    }
    std::map<Pair, std::array<std::uint64_t, 3>> expected;
    for (const auto& [pair, count] : together) {
      if (count < rule.support_min) continue;
      if (rule.with != 0 && pair.first != rule.with && pair.second != rule.with) continue;
      expected[pair] = {count, supports[pair.first], supports[pair.second]};
    }

    std::vector<BasketFold> parts;
    for (const store::OwnedBlock& owned : dealt_blocks(random, all)) {
      parts.emplace_back(basket_rule);
      parts.back().fold(owned.block, {0, owned.block.user_count()});
    }
    parts[0].merge(parts[1]);
    const ItemPairs found = mined(parts[0], rule);
    ASSERT_EQ(found.baskets, n);
    std::map<Pair, std::array<std::uint64_t, 3>> counted;
    for (const ItemPair& pair : found.pairs) {
      ASSERT_TRUE(counted
                      .try_emplace({pair.a, pair.b},
                                   std::array{pair.together, pair.support_a, pair.support_b})
                      .second);
    }
    ASSERT_EQ(counted, expected) << "history " << i;
  }
}

TEST(Baskets, ShareOfSupportIsRoundedUp) {
  EXPECT_EQ(support_of_share(0.01, 12'494), 125u);
  EXPECT_EQ(support_of_share(0.07, 100), 7u) << "0.07 x 100 is 7.000000000000001 in binary";
  EXPECT_EQ(support_of_share(0.0701, 100), 8u);
  EXPECT_EQ(support_of_share(0, 100), 1u);
  EXPECT_EQ(support_of_share(0.5, 0), 1u);
}

TEST(Baskets, MeasuresAreThoseOfTheDefinition) {
  // 4 of 10 baskets hold A, 5 hold B, 3 both.
  const PairMeasures measures = measure_pair(3, 4, 5, 10);
  EXPECT_DOUBLE_EQ(measures.support, 0.3);
  EXPECT_DOUBLE_EQ(measures.confidence, 0.75);
  EXPECT_DOUBLE_EQ(measures.lift, 1.5);
  EXPECT_DOUBLE_EQ(measures.leverage, 0.1);
  EXPECT_DOUBLE_EQ(measures.conviction, 2.0);
  EXPECT_NEAR(measures.confidence_interval.first, 0.3006, 1e-4);
  EXPECT_NEAR(measures.confidence_interval.second, 0.9544, 1e-4);
  EXPECT_TRUE(std::isinf(measure_pair(4, 4, 5, 10).conviction)) << "confidence 1";
}

// The tail as exact integers: binomials of up to 60 fit 128 bits.
double tail_by_definition(std::uint64_t together, std::uint64_t a, std::uint64_t b,
                          std::uint64_t n) {
  const auto choose = [](std::uint64_t from, std::uint64_t k) {
    if (k > from) return static_cast<__uint128_t>(0);
    __uint128_t ways = 1;
    for (std::uint64_t i = 0; i < k; ++i) ways = ways * (from - i) / (i + 1);
    return ways;
  };
  long double sum = 0;
  for (std::uint64_t k = together; k <= std::min(a, b); ++k) {
    if (b - k > n - a) continue;
    sum += static_cast<long double>(choose(a, k)) * static_cast<long double>(choose(n - a, b - k));
  }
  return static_cast<double>(sum / static_cast<long double>(choose(n, b)));
}

TEST(Baskets, FishersChanceIsTheUpperTail) {
  base::Random random(12);
  for (int i = 0; i < 5'000; ++i) {
    const std::uint64_t n = 1 + random.below(60);
    const std::uint64_t a = 1 + random.below(n);
    const std::uint64_t b = 1 + random.below(n);
    const std::uint64_t least = a + b > n ? a + b - n : 0;
    const std::uint64_t together = least + random.below(std::min(a, b) - least + 1);
    const double expected = tail_by_definition(together, a, b, n);
    const double found = fisher_one_sided(together, a, b, n);
    ASSERT_NEAR(found, expected, 1e-12 + 1e-9 * expected)
        << together << " of " << a << ", " << b << " in " << n;
  }
}

TEST(Baskets, FishersChanceOfALargeShop) {
  struct Case {
    const char* why;
    std::uint64_t together;
    double p;  // From exact fractions of binomials.
  };
  const Case cases[] = {
      {"as many as chance gives", 30, 0.5255619248182466},
      {"twice as many", 60, 5.391318095983982e-07},
      {"ten times as many", 300, 4.428399357055567e-205},
      {"far fewer", 5, 1 - 2.4174856351782506e-09},
  };
  for (const Case& c : cases) {
    EXPECT_NEAR(fisher_one_sided(c.together, 1'500, 2'000, 100'000), c.p, 1e-8 * c.p) << c.why;
  }
}

TEST(Baskets, FalseDiscoveriesAreHeldToTheirRate) {
  // Items 1 and 2 always together, 3 and 4 as often as chance has it.
  std::vector<std::vector<store::ItemCode>> baskets;
  for (int i = 0; i < 40; ++i) {
    std::vector<store::ItemCode> items;
    if (i % 2 == 0) items.insert(items.end(), {1, 2});
    if (i % 4 < 2) items.push_back(3);
    if (i % 8 < 4) items.push_back(4);
    items.push_back(5);
    baskets.push_back(items);
  }
  const BasketFold fold = folded(baskets);
  PairRule rule;
  const ItemPairs kept = mined(fold, rule);
  EXPECT_EQ(kept.tested, 10u);
  ASSERT_EQ(kept.pairs.size(), 1u);
  EXPECT_EQ(Pair(kept.pairs[0].a, kept.pairs[0].b), Pair(1, 2));
  EXPECT_EQ(kept.not_significant, 9u);
  EXPECT_DOUBLE_EQ(kept.p_limit, kept.pairs[0].p);
  rule.false_discovery_rate = 1;
  EXPECT_EQ(mined(fold, rule).pairs.size(), 10u);
  rule.false_discovery_rate = 0;
  EXPECT_EQ(mined(fold, rule).pairs.size(), 0u);
}

// Benjamini and Hochberg by their words: the greatest k with p(k) <= k / m q, and all before it.
TEST(Baskets, KeepsTheGreatestRankThatHolds) {
  base::Random random(13);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::vector<store::ItemCode>> baskets(30);
    for (auto& items : baskets) {
      for (store::ItemCode item = 1; item <= 5; ++item) {
        const bool follows = item > 1 && !items.empty() && items.back() == item - 1;
        if (random.chance(follows ? 0.6 : 0.35)) items.push_back(item);
      }
      items.push_back(9);
    }
    const BasketFold fold = folded(baskets);
    PairRule rule;
    rule.false_discovery_rate = 1;
    const ItemPairs all = mined(fold, rule);
    rule.false_discovery_rate = 0.2;
    const ItemPairs kept = mined(fold, rule);
    std::vector<double> p;
    for (const ItemPair& pair : all.pairs) p.push_back(pair.p);
    std::sort(p.begin(), p.end());
    double limit = -1;
    for (std::size_t k = 1; k <= p.size(); ++k) {
      if (p[k - 1] <= static_cast<double>(k) * 0.2 / static_cast<double>(p.size())) {
        limit = p[k - 1];
      }
    }
    std::size_t expected = 0;
    for (const double one : p) expected += one <= limit;
    ASSERT_EQ(kept.pairs.size(), expected);
  }
}

TEST(Baskets, TooLargeAResultIsRefusedWithItsEstimate) {
  // One basket of 5,000 items: 12,497,500 pairs of support 1.
  std::vector<store::ItemCode> items(5'000);
  for (store::ItemCode i = 0; i < items.size(); ++i) items[i] = i + 1;
  const BasketFold fold = folded({items, items});
  PairRule rule;
  const auto refused = mine_pairs(fold, rule);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kMemory);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("12497500 pairs"));
  rule.with = 17;
  EXPECT_EQ(mined(fold, rule).tested, 4'999u) << "one item's pairs are few";
  rule.with = 0;
  rule.support_min = 3;
  EXPECT_EQ(mined(fold, rule).tested, 0u) << "no item reaches the support";
}

}  // namespace
}  // namespace footfall::analytics
