// Prices and quantities of order files as people write them, with groups and currencies.
#include <gmock/gmock.h>

#include "footfall/events/test_files.h"

namespace footfall::events {
namespace {

using test::adds_up;
using test::describe;
using test::Files;
using test::interpret;
using test::property;
using test::reasons;
using testing::ElementsAre;

TEST(OrderAmounts, AmountsAsPeopleWriteThem) {
  const auto harvest = interpret(
      {{"order_id;date;user_id;sku;quantity;price\n"
        "1;2021-01-01;u;A;1 000;1\u202F234,50\n2;2021-01-01;u;A;1;12,50 €\n"
        "3;2021-01-01;u;A;1;USD 3,20\n4;2021-01-01;u;A;1;$3,20\n5;2021-01-01;u;A;1 EUR;3\n"
        "6;2021-01-01;u;A;1;1 23,50\n"}});
  ASSERT_TRUE(harvest.ok()) << harvest.error().message;
  EXPECT_THAT(describe(**harvest),
              ElementsAre("purchase user:u A 1 2021-01-01T00:00:00Z SIPR [A x1000 @1234.5 #1]",
                          "purchase user:u A 2 2021-01-01T00:00:00Z SIPR [A x1 @12.5 #1]",
                          "purchase user:u A 3 2021-01-01T00:00:00Z SIPR [A x1 @3.2 #1]"));
  EXPECT_EQ(property(**harvest, 1, "currency"), "") << "the shop's own";
  EXPECT_EQ(property(**harvest, 2, "currency"), "USD");
  EXPECT_EQ(reasons((*harvest)->ledger.quarantined), "bad_currency 1, bad_number 2");
  EXPECT_TRUE(adds_up(**harvest));
}

TEST(OrderAmounts, ACurrencyBesideTheAmountMayNotContradictTheRow) {
  const std::string header = "order_id;date;user_id;sku;price;currency\n";
  const auto harvest =
      interpret({{header + "1;2021-01-01;u;A;$3,20;USD\n2;2021-01-01;u;A;€3,20;USD\n"
                           "3;2021-01-01;u;A;£3,20;\n"}});
  ASSERT_TRUE(harvest.ok()) << harvest.error().message;
  ASSERT_EQ((*harvest)->batch.size(), 2u);
  EXPECT_EQ(property(**harvest, 0, "currency"), "USD");
  EXPECT_EQ(property(**harvest, 1, "currency"), "GBP");
  EXPECT_EQ(reasons((*harvest)->ledger.quarantined), "bad_currency 1");
  Files constant{{"order_id;date;user_id;sku;price\n1;2021-01-01;u;A;$3,20\n"}};
  constant.mapping = recognise(test::read_csv(constant.texts[0]), std::nullopt).mapping;
  constant.mapping->column(Field::kCurrency) = "EUR";
  const auto held = interpret(constant);
  ASSERT_TRUE(held.ok()) << held.error().message;
  EXPECT_EQ(reasons((*held)->ledger.quarantined), "bad_currency 1") << "also of the shop's own";
}

}  // namespace
}  // namespace footfall::events
