#include "footfall/base/decimal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

#include "footfall/base/random.h"

namespace footfall::base {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(ParsePrice, ReadsExactDecimalsAlone) {
  struct Case {
    const char* why;
    const char* text;
    std::optional<PriceMicros> price;
  };
  const Case cases[] = {
      {"plain", "2.55", 2'550'000},
      {"no decimals", "17", 17'000'000},
      {"a sign", "-0.001", -1'000},
      {"a plus", "+3", 3'000'000},
      {"minus zero is zero", "-0", 0},
      {"nothing before the point", ".5", 500'000},
      {"nothing after the point", "5.", 5'000'000},
      {"six decimals", "0.000001", 1},
      {"more decimals that are zeros change nothing", "1.2300000000", 1'230'000},
      {"a seventh decimal would be lost", "0.0000001", std::nullopt},
      {"leading zeros", "0002.50", 2'500'000},
      {"the sample's greatest amount", "38970.0", 38'970'000'000},
      {"the limit itself", "9000000000000", 9'000'000'000'000'000'000},
      {"a millionth above the limit", "9000000000000.000001", std::nullopt},
      {"a millionth below minus the limit", "-9000000000000.000001", std::nullopt},
      {"one unit above the limit", "9000000000001", std::nullopt},
      {"far above 64 bits", "99999999999999999999999", std::nullopt},
      {"empty", "", std::nullopt},
      {"a sign alone", "-", std::nullopt},
      {"a point alone", ".", std::nullopt},
      {"two signs", "--1", std::nullopt},
      {"two points", "1.2.3", std::nullopt},
      {"a blank before", " 1", std::nullopt},
      {"a blank after", "1 ", std::nullopt},
      {"an exponent", "1e308", std::nullopt},
      {"not a number", "NaN", std::nullopt},
      {"infinity", "inf", std::nullopt},
      {"hexadecimal", "0x10", std::nullopt},
      {"grouped", "1,234.50", std::nullopt},
      {"a comma for the point", "2,55", std::nullopt},
      {"a currency sign", "£2", std::nullopt},
  };
  for (const Case& c : cases) {
    const auto price = parse_price(c.text);
    EXPECT_EQ(price.ok(), c.price.has_value()) << c.why;
    if (!price.ok()) {
      EXPECT_EQ(price.error().code, ErrorCode::kInvalidArgument) << c.why;
      EXPECT_THAT(price.error().message, EndsWith(std::string(": ") + c.text)) << c.why;
    } else if (c.price) {
      EXPECT_EQ(*price, *c.price) << c.why;
    }
  }
}

TEST(ParsePrice, SaysWhichStyleItExpects) {
  EXPECT_THAT(parse_price("1.234,50").error().message, HasSubstr("a point before the decimals"));
  EXPECT_THAT(parse_price("0.1234567").error().message, HasSubstr("at most six decimals"));
}

TEST(FormatPrice, IsReadBackExactly) {
  EXPECT_EQ(format_price(2'550'000), "2.55");
  EXPECT_EQ(format_price(-1), "-0.000001");
  EXPECT_EQ(format_price(0), "0");
  EXPECT_EQ(format_price(1'000'000), "1");
  Random random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t bits = random.between(0, 62);
    const PriceMicros price = random.between(-(std::int64_t{1} << bits), std::int64_t{1} << bits);
    const auto again = parse_price(format_price(price));
    ASSERT_TRUE(again.ok()) << price;
    ASSERT_EQ(*again, price);
  }
}

TEST(CurrencyDecimals, FollowsIso4217) {
  EXPECT_EQ(*currency_decimals("JPY"), 0);
  EXPECT_EQ(*currency_decimals("GBP"), 2);
  EXPECT_EQ(*currency_decimals("EUR"), 2);
  EXPECT_EQ(*currency_decimals("BHD"), 3);
  for (const char* unknown : {"", "GB", "gbp", "XXX", "EURO", " EU", "R B"}) {
    EXPECT_THAT(currency_decimals(unknown).error().message, EndsWith(unknown));
  }
}

TEST(LineAmount, RoundsHalfToEvenOnce) {
  struct Case {
    const char* why;
    std::int64_t quantity;
    const char* price;
    int decimals;
    MoneyMinor amount;
  };
  const Case cases[] = {
      {"exact", 3, "8.00", 2, 2'400},
      {"the half goes down to an even cent", 1, "0.125", 2, 12},
      {"the half goes up to an even cent", 1, "0.135", 2, 14},
      {"just above the half goes up", 1, "0.125001", 2, 13},
      {"just below the half goes down", 1, "0.134999", 2, 13},
      {"a negative half is rounded to even as well", -1, "0.125", 2, -12},
      {"away from zero above the half", -1, "0.135001", 2, -14},
      {"the line is rounded, not the unit", 3, "0.125", 2, 38},
      {"no decimals, half to even", 1, "2.5", 0, 2},
      {"no decimals, half to even upwards", 1, "3.5", 0, 4},
      {"three decimals", 1, "0.0005", 3, 0},
      {"three decimals, upwards", 3, "0.0005", 3, 2},
      {"nothing of it", 0, "12.34", 2, 0},
  };
  for (const Case& c : cases) {
    const auto amount = line_amount(c.quantity, *parse_price(c.price), c.decimals);
    ASSERT_TRUE(amount.ok()) << c.why;
    EXPECT_EQ(*amount, c.amount) << c.why;
  }
}

TEST(LineAmount, RefusesWhatDoesNotFit) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(line_amount(most, *parse_price("1"), 2).error().message, EndsWith("x 1"));
  EXPECT_FALSE(line_amount(-most, *parse_price("9000000000000"), 3).ok());
  EXPECT_EQ(*line_amount(most, *parse_price("0.01"), 2), most);
  EXPECT_EQ(*line_amount(-most - 1, *parse_price("0.01"), 2), -most - 1);
}

// The definition: whole minor units, then the rest compared with one half in exact integers.
TEST(LineAmount, EqualsItsDefinitionOnRandomLines) {
  Random random(2);
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t quantity = random.between(-500, 500);
    const PriceMicros price = random.between(0, 4'000) * 2'500;
    const int decimals = static_cast<int>(random.below(4));
    const std::int64_t unit = decimals == 0   ? 1'000'000
                              : decimals == 1 ? 100'000
                              : decimals == 2 ? 10'000
                                              : 1'000;
    const std::int64_t exact = quantity * price;
    std::int64_t below = exact / unit;
    if (exact < 0 && exact % unit != 0) --below;
    const std::int64_t rest = exact - below * unit;
    const bool up = rest * 2 > unit || (rest * 2 == unit && below % 2 != 0);
    ASSERT_EQ(*line_amount(quantity, price, decimals), below + (up ? 1 : 0))
        << quantity << " x " << price << " decimals " << decimals;
  }
}

TEST(LineFits, HasEighteenDigits) {
  constexpr PriceMicros kUnit = kMicrosPerUnit;
  EXPECT_TRUE(line_fits(1, 999'999'999'999 * kUnit, 2));
  EXPECT_FALSE(line_fits(1, 1'000'000'000'000 * kUnit, 2)) << "a price of 10^12";
  EXPECT_FALSE(line_fits(-1, -1'000'000'000'000 * kUnit, 2));
  EXPECT_TRUE(line_fits(9'999'999'999'999, 1'000 * kUnit, 2));
  EXPECT_FALSE(line_fits(10'000'000'000'000, 1'000 * kUnit, 2)) << "an amount of 10^16";
  EXPECT_TRUE(line_fits(10'000'000'000'000, 1'000 * kUnit, 0));
  EXPECT_FALSE(line_fits(-10'000'000'000'000, 1'000 * kUnit, 2));
  EXPECT_FALSE(line_fits(999'999'999'999, 999'999'999 * kUnit, 0)) << "beyond 64 bits";
}

TEST(FormatMoney, PutsThePointWhereTheCurrencyHasIt) {
  EXPECT_EQ(format_money(576'193'138, 2), "5761931.38");
  EXPECT_EQ(format_money(-5, 2), "-0.05");
  EXPECT_EQ(format_money(0, 2), "0.00");
  EXPECT_EQ(format_money(1'234, 0), "1234");
  EXPECT_EQ(format_money(7, 3), "0.007");
  EXPECT_EQ(format_money(std::numeric_limits<MoneyMinor>::min(), 2), "-92233720368547758.08");
}

TEST(FormatMoneyGrouped, SeparatesThousandsForPeople) {
  EXPECT_EQ(format_money_grouped(576'193'138, 2), "5,761,931.38");
  EXPECT_EQ(format_money_grouped(-99'999, 2), "-999.99");
  EXPECT_EQ(format_money_grouped(-100'000, 2), "-1,000.00");
  EXPECT_EQ(format_money_grouped(1'234'567, 0), "1,234,567");
  EXPECT_EQ(format_grouped(1'234'567), "1,234,567");
  EXPECT_EQ(format_grouped(999), "999");
  EXPECT_EQ(format_grouped(-1'000), "-1,000");
  EXPECT_EQ(format_grouped(0), "0");
}

}  // namespace
}  // namespace footfall::base
