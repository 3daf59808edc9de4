#include "footfall/analytics/order_walk.h"

#include <gtest/gtest.h>

#include "footfall/analytics/random_orders.h"
#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

struct Met {
  std::size_t user_index;
  std::size_t event;
  store::EventCode type;
  std::uint32_t line_begin;
  std::uint32_t line_end;
  bool operator==(const Met&) const = default;
};

// The definition: every event of the range with one of the types, in block order.
std::vector<Met> all_of(const store::Block& block, UserRange users, store::EventCode type,
                        store::EventCode other) {
  std::vector<Met> met;
  for (std::size_t user = users.begin; user < users.end; ++user) {
    for (std::size_t event = block.offsets[user]; event < block.offsets[user + 1]; ++event) {
      if (block.types[event] != type && block.types[event] != other) continue;
      Met found{user, event, block.types[event], 0, 0};
      for (std::size_t group = 0; group < block.lines.events.size(); ++group) {
        if (block.lines.events[group] != event) continue;
        found.line_begin = block.lines.starts[group];
        found.line_end = block.lines.starts[group + 1];
      }
      met.push_back(found);
    }
  }
  return met;
}

TEST(OrderWalk, MeetsEveryEventOfItsTypesWithItsLines) {
  base::Random random(1);
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    MadeOrdersShape shape;
    shape.events_max = 1 + random.below(30);
    const store::OwnedBlock owned = store::build_block(made_orders(random, shape));
    const store::Block& block = owned.block;
    const std::size_t end = random.below(block.user_count() + 1);
    const UserRange users{random.below(end + 1), end};
    const store::EventCode other = random.chance(0.5) ? events::kRefund : events::kPurchase;
    std::vector<Met> met;
    OrderWalk walk(block, users, {events::kPurchase, other});
    OrderEvent order;
    while (walk.next(order)) {
      met.push_back({order.user_index, order.event, order.type, order.line_begin, order.line_end});
    }
    ASSERT_EQ(met, all_of(block, users, events::kPurchase, other)) << "history " << i;
  }
}

TEST(OrderWalk, AnEmptyBlockHasNoOrders) {
  const store::Block block;
  OrderWalk walk(block, {0, 0}, {events::kPurchase});
  OrderEvent order;
  EXPECT_FALSE(walk.next(order));
}

TEST(OrderWalk, AnEventWithoutLinesImpliesOneOfItsItem) {
  store::BuilderEvent named;
  named.type = events::kPurchase;
  named.item = 7;
  store::BuilderEvent bare;
  bare.type = events::kPurchase;
  bare.time = 1;
  const store::OwnedBlock owned = store::build_block({named, bare});
  OrderWalk walk(owned.block, {0, 1}, {events::kPurchase});
  OrderEvent order;
  ASSERT_TRUE(walk.next(order));
  ASSERT_EQ(line_count(owned.block, order), 1u);
  const OrderLine line = line_of(owned.block, order, 0);
  EXPECT_EQ(line.item, 7u);
  EXPECT_EQ(line.quantity, 1);
  EXPECT_EQ(line.price, 0);
  ASSERT_TRUE(walk.next(order));
  EXPECT_EQ(line_count(owned.block, order), 0u);
}

TEST(LineAmounts, AreRoundedHalfToEvenOnce) {
  struct Case {
    const char* why;
    std::int64_t quantity;
    base::PriceMicros price;
    int decimals;
    base::MoneyMinor amount;
  };
  const Case cases[] = {
      {"whole minor units stay", 3, 2'550'000, 2, 765},
      {"a half goes down to an even unit", 1, 1'005'000, 2, 100},
      {"a half goes up to an even unit", 1, 1'015'000, 2, 102},
      {"rounded after the product, not before it", 3, 1'005'000, 2, 302},
      {"above a half goes up", 1, 1'005'001, 2, 101},
      {"negative halves go to even as well", 1, -1'015'000, 2, -102},
      {"a currency without decimals", 1, 2'500'000, 0, 2},
      {"a currency with three", 1, 2'500'500, 3, 2500},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(LineAmounts(c.decimals).of(c.quantity, c.price), c.amount) << c.why;
  }
}

TEST(LineAmounts, EqualTheExactOnesOrRefuse) {
  base::Random random(2);
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    const auto wide = static_cast<int>(random.below(63));
    const std::int64_t quantity = static_cast<std::int64_t>(random() >> 1 >> random.below(63));
    const base::PriceMicros price =
        static_cast<std::int64_t>(random() >> 1 >> wide) * (random.chance(0.2) ? -1 : 1);
    const int decimals = static_cast<int>(random.below(4));
    const auto exact = base::line_amount(quantity, price, decimals);
    const auto found = LineAmounts(decimals).of(quantity, price);
    ASSERT_EQ(found.has_value(), exact.ok()) << quantity << " x " << price;
    if (exact.ok()) {
      ASSERT_EQ(*found, *exact) << quantity << " x " << price << " " << decimals;
    }
  }
}

TEST(CurrencyChoice, AbsentMeansTheShopsCurrency) {
  const CurrencyChoice own{1, true, 2};
  const CurrencyChoice other{2, false, 2};
  const CurrencyChoice unknown{0, false, 2};
  EXPECT_TRUE(own.takes(0));
  EXPECT_TRUE(own.takes(1));
  EXPECT_FALSE(own.takes(2));
  EXPECT_FALSE(other.takes(0));
  EXPECT_TRUE(other.takes(2));
  EXPECT_FALSE(unknown.takes(0)) << "a currency that no event names has no events";
}

TEST(ClampSum, StopsAtTheEndsOf64Bits) {
  const ExactSum most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(clamp_sum(most), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(clamp_sum(most + 1), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(clamp_sum(-most - 2), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(clamp_sum(-5), -5);
}

}  // namespace
}  // namespace footfall::analytics
