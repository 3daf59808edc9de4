#include "footfall/events/values.h"

#include <gtest/gtest.h>

#include <limits>

#include "footfall/base/random.h"

namespace footfall::events {
namespace {

constexpr NumberStyle kPoint = NumberStyle::kPoint;
constexpr NumberStyle kGrouped = NumberStyle::kGroupedPoint;
constexpr NumberStyle kComma = NumberStyle::kComma;

std::string read(std::string_view text, NumberStyle style) {
  const auto amount = parse_amount(text, style);
  if (!amount) return "bad";
  return base::format_price(amount->micros) + (amount->rounded ? " rounded" : "");
}

TEST(ParseAmount, HoldsToTheStyleOfTheColumn) {
  struct Case {
    const char* why;
    const char* text;
    NumberStyle style;
    const char* expected;
  };
  const Case cases[] = {
      {"plain", "2.55", kPoint, "2.55"},
      {"negative", "-11062.06", kPoint, "-11062.06"},
      {"blanks around", " 2.55 ", kPoint, "2.55"},
      {"European in a plain column", "1.234,50", kPoint, "bad"},
      {"European", "1.234,50", kComma, "1234.5"},
      {"European without groups", "1234,50", kComma, "1234.5"},
      {"European thousands", "1.234", kComma, "1234"},
      {"European millions", "-1.234.567,8", kComma, "-1234567.8"},
      {"a point that is no group in a European column", "12.5", kComma, "bad"},
      {"whole numbers are of every style", "7", kComma, "7"},
      {"groups", "1,234.50", kGrouped, "1234.5"},
      {"groups without decimals", "1,234,567", kGrouped, "1234567"},
      {"a group of two", "1,23.50", kGrouped, "bad"},
      {"groups in a plain column", "1,234.50", kPoint, "bad"},
      {"plain in a grouped column", "1234.50", kGrouped, "1234.5"},
      {"exponents are no amounts", "1e308", kPoint, "bad"},
      {"NaN", "NaN", kPoint, "bad"},
      {"infinity", "inf", kPoint, "bad"},
      {"empty", "", kPoint, "bad"},
      {"a sign alone", "-", kPoint, "bad"},
      {"too large", "9000000000001", kPoint, "bad"},
      {"float residue goes to the sixth decimal", "85.64999999999999", kPoint, "85.65 rounded"},
      {"half to even, down", "0.0000005", kPoint, "0 rounded"},
      {"half to even, up", "0.0000015", kPoint, "0.000002 rounded"},
      {"above half", "0.00000051", kPoint, "0.000001 rounded"},
      {"negative residue", "-0.00000151", kPoint, "-0.000002 rounded"},
      {"zeros beyond are no residue", "2.5500000000", kPoint, "2.55"},
      {"sixty-five digits", "00000000000000000000000000000000000000000000000000000000000000001",
       kPoint, "bad"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.text, c.style), c.expected) << c.why;
}

TEST(NumberVotes, DecideTheStyle) {
  const auto style = [](std::vector<const char*> cells) {
    NumberVotes votes;
    for (const char* cell : cells) votes.see(cell);
    return std::pair(votes.style(), votes.mixed());
  };
  EXPECT_EQ(style({"1.5", "2"}), std::pair(kPoint, false));
  EXPECT_EQ(style({"1.234,50", "2,5"}), std::pair(kComma, false));
  EXPECT_EQ(style({"1,234.50", "2.5"}), std::pair(kGrouped, false));
  EXPECT_EQ(style({"1.234", "5,25"}), std::pair(kComma, false)) << "1.234 is of both";
  EXPECT_EQ(style({"1.5", "2.5", "5,25"}), std::pair(kPoint, true));
  EXPECT_EQ(style({"1,234", "3.50"}), std::pair(kGrouped, false)) << "1,234 is of both";
  EXPECT_EQ(style({"1,234", "3,50"}), std::pair(kComma, false));
  EXPECT_EQ(style({}), std::pair(kPoint, false));
  NumberVotes votes;
  votes.see("abc");
  EXPECT_EQ(votes.readable(), 0u);
}

TEST(ParseWhole, TakesWholeNumbersOnly) {
  EXPECT_EQ(parse_whole("-74215", kPoint), -74215);
  EXPECT_EQ(parse_whole("6.0", kPoint), 6);
  EXPECT_EQ(parse_whole("6.5", kPoint), std::nullopt);
  EXPECT_EQ(parse_whole("1.234", kComma), 1234);
  EXPECT_EQ(parse_whole("2.0000000001", kPoint), std::nullopt);
  EXPECT_EQ(whole_of(6.5), std::nullopt);
  EXPECT_EQ(whole_of(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
  EXPECT_EQ(amount_of(2.55)->micros, 2'550'000);
  EXPECT_FALSE(amount_of(std::numeric_limits<double>::infinity()).has_value());
  EXPECT_FALSE(amount_of(1e308).has_value());
}

TEST(CellText, ReadsBackEveryKind) {
  RawColumn instants{"t", CellKind::kInstant, {}, {-1, 1'430'623'510'001'002, 0}, {}, {}};
  EXPECT_EQ(cell_text(instants, 0), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(cell_text(instants, 1), "2015-05-03T03:25:10.001002Z");
  EXPECT_EQ(cell_text(instants, 2), "1970-01-01T00:00:00Z");
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  RawColumn ends{
      "t", CellKind::kInstant, {}, {-62'305'459'200'000'000, kMost, -kMost, -kMost - 1}, {}, {}};
  EXPECT_EQ(cell_text(ends, 0), "-0005-08-15T00:00:00Z");
  EXPECT_EQ(cell_text(ends, 1), "infinity");
  EXPECT_EQ(cell_text(ends, 2), "-infinity");
  EXPECT_EQ(cell_text(ends, 3), "-infinity");
  RawColumn reals{"r", CellKind::kReal, {}, {}, {2.55, 17850}, {0, 1}};
  EXPECT_EQ(cell_text(reals, 0), "2.55");
  EXPECT_EQ(cell_text(reals, 1), "") << "absent";
}

TEST(SnakeCase, MakesPropertyNames) {
  const std::pair<const char*, const char*> cases[] = {{"InvoiceNo", "invoice_no"},
                                                       {"CustomerID", "customer_id"},
                                                       {"Lineitem sku", "lineitem_sku"},
                                                       {"user_id:token", "user_id"},
                                                       {"SKUCode", "sku_code"},
                                                       {"geo.country", "geo_country"},
                                                       {"TX_AMOUNT", "tx_amount"},
                                                       {"Email (Billing)", "email_billing"},
                                                       {"2nd", "c_2nd"},
                                                       {"£", ""},
                                                       {"__x__", "x"}};
  for (const auto& [name, expected] : cases) EXPECT_EQ(snake_case(name), expected);
  EXPECT_LE(snake_case(std::string(500, 'a')).size(), 64u);
}

TEST(IsFloatId, WantsDigitsAndPointZero) {
  EXPECT_TRUE(is_float_id("17850.0"));
  EXPECT_FALSE(is_float_id("17850.5"));
  EXPECT_FALSE(is_float_id("17850"));
  EXPECT_FALSE(is_float_id("a.0"));
  EXPECT_FALSE(is_float_id(".0"));
}

// The definition of the styles: an amount written in one is read back in that one.
TEST(ParseAmount, ReadsBackWhatIsWritten) {
  base::Random random(2);
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t minor = random.between(-99'999'999'999, 99'999'999'999);
    const std::string plain = base::format_money(minor, 2);
    const std::string grouped = base::format_money_grouped(minor, 2);
    std::string european = grouped;
    for (char& c : european) c = c == ',' ? '.' : c == '.' ? ',' : c;
    ASSERT_EQ(parse_amount(plain, kPoint)->micros, minor * 10'000) << plain;
    ASSERT_EQ(parse_amount(grouped, kGrouped)->micros, minor * 10'000) << grouped;
    ASSERT_EQ(parse_amount(european, kComma)->micros, minor * 10'000) << european;
  }
}

}  // namespace
}  // namespace footfall::events
