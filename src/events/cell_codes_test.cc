#include "footfall/events/cell_codes.h"

#include <gtest/gtest.h>

#include <map>

#include "footfall/base/random.h"
#include "footfall/events/schema.h"

namespace footfall::events {
namespace {

TEST(CellCodes, NumberAndTextOfItShareACode) {
  StringTable table;
  CellCodes codes(table, {"user:", kIdBytesMax, true, false, true});
  const auto code = codes.integer(17850);
  EXPECT_EQ(table.text(code), "user:17850");
  EXPECT_EQ(codes.text("17850"), code);
  EXPECT_EQ(codes.text(" 17850\t"), code);
  EXPECT_EQ(codes.text("17850.0"), code);
  EXPECT_EQ(codes.real(17850.0), code);
  EXPECT_NE(codes.text("017850"), code) << "a leading zero is another id";
  EXPECT_EQ(table.text(codes.real(1.5)), "user:1.5");
  EXPECT_EQ(table.text(codes.integer(INT64_MIN)), "user:-9223372036854775808");
}

TEST(CellCodes, LongNumbersKeepTheirDigits) {
  StringTable table;
  CellCodes codes(table, {"", kIdBytesMax, true, false, false});
  for (const char* digits : {"999999999999999999", "1000000000000000000", "9223372036854775807",
                             "9223372036854775808", "18446744073709551615"}) {
    const auto code = codes.text(digits);
    EXPECT_EQ(table.text(code), digits);
    EXPECT_EQ(codes.text(digits), code);
  }
  EXPECT_EQ(codes.integer(INT64_MAX), codes.text("9223372036854775807"));
  EXPECT_EQ(codes.integer(1'000'000'000'000'000'000), codes.text("1000000000000000000"));
}

TEST(CellCodes, RefusesWhatNamesNobody) {
  StringTable table;
  CellCodes codes(table, {"", kIdBytesMax, true, false, false});
  for (const char* bad : {"0", "null", "UNDEFINED", "n/a", "00", "guest", "0000000000", "-0",
                          "false", "True", "00000000-0000-0000-0000-000000000000", "-"}) {
    EXPECT_EQ(codes.text(bad), CellCodes::kBadId) << bad;
  }
  EXPECT_EQ(codes.text(""), CellCodes::kAbsent);
  EXPECT_EQ(codes.text("  "), CellCodes::kAbsent);
  EXPECT_EQ(codes.text(std::string(kIdBytesMax, 'x')), 1u);
  EXPECT_EQ(codes.text(std::string(kIdBytesMax + 1, 'x')), CellCodes::kTooLong);
  EXPECT_EQ(codes.text("\xff\xfe"), CellCodes::kInvalidUtf8);
  codes.rules().zero_is_valid = true;
  EXPECT_LT(codes.text("0"), CellCodes::kFirstProblem);
  codes.rules().zero_is_valid = false;
  EXPECT_EQ(codes.integer(0), CellCodes::kBadId) << "the rule of the file in hand counts";
}

// Definition: a code for each distinct text, by a map.
TEST(CellCodes, EqualsAMap) {
  base::Random random(3);
  StringTable table;
  CellCodes codes(table, {"p:", kIdBytesMax, false, false, false});
  std::map<std::string, StringTable::Code> expected;
  for (int i = 0; i < 50'000; ++i) {
    // Small dense numbers, with some that are large or below 0.
    const auto value = random.chance(0.1) ? static_cast<std::int64_t>(random.below(3'000)) *
                                                1'000'000'007 % (1 << 26)
                                          : static_cast<std::int64_t>(random.below(9'000)) - 1'000;
    const bool word = random.chance(0.5);
    const std::string text = word ? "w" + std::to_string(value) : std::to_string(value);
    const auto code = !word && random.chance(0.5) ? codes.integer(value) : codes.text(text);
    const auto [entry, added] = expected.emplace(text, code);
    ASSERT_EQ(entry->second, code) << text;
    ASSERT_EQ(table.text(code), "p:" + text);
  }
  EXPECT_EQ(table.size(), expected.size() + 1);
}

}  // namespace
}  // namespace footfall::events
