#include "footfall/events/written_number.h"

#include <gmock/gmock.h>

#include "footfall/base/random.h"
#include "footfall/events/currency_mark.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

std::string taken_apart(std::string_view text) {
  const auto written = written_number(text);
  if (!written) return "bad";
  return written->digits + (written->currency.empty() ? "" : " in " + written->currency);
}

TEST(WrittenNumber, TakesGroupsAndCurrenciesOff) {
  struct Case {
    const char* why;
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"a blank", "1 234,50", "1234,50"},
      {"a no-break space", "1\u00A0234,50", "1234,50"},
      {"a narrow no-break space", "1\u202F234\u202F567,5", "1234567,5"},
      {"Swiss", "1'234.50", "1234.50"},
      {"Swiss, typographer's apostrophe", "1’234’567", "1234567"},
      {"two marks", "1 234'567", "bad"},
      {"a group of two", "1 23,50", "bad"},
      {"a group of four", "1 2345", "bad"},
      {"four digits before the first group", "1234 567", "bad"},
      {"two blanks", "1  234", "bad"},
      {"groups among the decimals", "1,234 567", "bad"},
      {"a code behind", "12,50 EUR", "12,50 in EUR"},
      {"a code in small letters, without a blank", "12.50usd", "12.50 in usd"},
      {"a code before", "EUR 12,50", "12,50 in EUR"},
      {"a sign before", "$1,234.50", "1,234.50 in $"},
      {"a sign before and a blank", "€ 12,50", "12,50 in €"},
      {"a sign behind a no-break space", "1 234,50\u00A0€", "1234,50 in €"},
      {"pounds", "£3.20", "3.20 in £"},
      {"kroner with a point", "kr. 12,50", "12,50 in kr."},
      {"minus before the sign", "-€12.50", "-12.50 in €"},
      {"minus behind the sign", "€ -12.50", "-12.50 in €"},
      {"a typographer's minus", "−12,50 €", "-12,50 in €"},
      {"nothing before the point", "$.50", ".50 in $"},
      {"two signs", "--5 EUR", "bad"},
      {"a currency on both sides", "$12 USD", "bad"},
      {"no currency", "12 pcs", "bad"},
      {"a code of no currency", "12 XYZ", "bad"},
      {"two numbers", "12 EUR 5", "bad"},
      {"a range", "10-20", "bad"},
      {"percent", "12%", "bad"},
      {"no digits", "EUR", "bad"},
      {"empty", "", "bad"},
  };
  for (const Case& c : cases) EXPECT_EQ(taken_apart(c.text), c.expected) << c.why;
}

TEST(ParseWritten, HoldsToTheStyleOfTheColumn) {
  const auto read = [](std::string_view text, NumberStyle style) {
    const auto written = parse_written(text, style);
    return written ? base::format_price(written->amount.micros) : "bad";
  };
  EXPECT_EQ(read("1 234,50", NumberStyle::kComma), "1234.5");
  EXPECT_EQ(read("1 234,50", NumberStyle::kPoint), "bad");
  EXPECT_EQ(read("1 234.500", NumberStyle::kComma), "bad") << "the point is no group any more";
  EXPECT_EQ(read("1 234,500", NumberStyle::kGroupedPoint), "bad");
  EXPECT_EQ(read("1.234,50 €", NumberStyle::kComma), "1234.5");
  EXPECT_EQ(read("$1,234.50", NumberStyle::kGroupedPoint), "1234.5");
  EXPECT_EQ(read("CHF 1'234.5", NumberStyle::kPoint), "1234.5");
}

TEST(ParseWritten, VotesForAStyleAsPlainNumbersDo) {
  const auto style = [](std::string_view cell) {
    NumberVotes votes;
    votes.see(cell);
    return std::pair(votes.style(), votes.undecided());
  };
  EXPECT_EQ(style("1 234,50"), std::pair(NumberStyle::kComma, false));
  EXPECT_EQ(style("1'234.50"), std::pair(NumberStyle::kPoint, false));
  EXPECT_EQ(style("$1,234.50"), std::pair(NumberStyle::kGroupedPoint, false));
  EXPECT_EQ(style("12,50 EUR"), std::pair(NumberStyle::kComma, false));
  EXPECT_EQ(style("1 234,500"), std::pair(NumberStyle::kComma, false)) << "a blank groups already";
  EXPECT_TRUE(style("1,250 EUR").second);
}

// The definition: what is written with groups and a currency is read back.
TEST(ParseWritten, ReadsBackWhatIsWritten) {
  base::Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t minor = random.between(-99'999'999'999, 99'999'999'999);
    std::string text;
    for (const char c : base::format_money_grouped(minor, 2)) {
      text += c == ',' ? std::string("\u202F") : std::string(1, c == '.' ? ',' : c);
    }
    const auto written = parse_written(text + "\u00A0€", NumberStyle::kComma);
    ASSERT_TRUE(written) << text;
    ASSERT_EQ(written->amount.micros, minor * 10'000) << text;
    ASSERT_EQ(written->currency, "€");
  }
}

TEST(CurrencyOfMark, NeverTurnsOneCurrencyIntoAnother) {
  struct Case {
    const char* why;
    const char* mark;
    const char* stated;
    const char* shop;
    const char* expected;
  };
  const Case cases[] = {
      {"the shop's own", "€", "", "EUR", "EUR"},
      {"another currency stays one", "£", "", "EUR", "GBP"},
      {"a code", "usd", "", "EUR", "USD"},
      {"a sign of several is the shop's", "$", "", "CAD", "CAD"},
      {"or what the row says", "$", "USD", "CAD", "USD"},
      {"or tells nothing", "$", "", "EUR", "bad"},
      {"yen or yuan", "¥", "", "CNY", "CNY"},
      {"yen or yuan of a shop in euros", "¥", "", "EUR", "bad"},
      {"the row says otherwise", "€", "USD", "EUR", "bad"},
      {"the row says otherwise, by codes", "EUR", "USD", "USD", "bad"},
      {"a dollar of one country", "A$", "", "USD", "AUD"},
  };
  for (const Case& c : cases) {
    const auto code = currency_of_mark(c.mark, c.stated, c.shop);
    EXPECT_EQ(code.ok() ? *code : "bad", c.expected) << c.why;
    if (!code.ok()) {
      EXPECT_THAT(code.error().message, testing::EndsWith(std::string(": ") + c.mark)) << c.why;
    }
  }
}

}  // namespace
}  // namespace footfall::events
