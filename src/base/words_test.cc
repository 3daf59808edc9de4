#include "footfall/base/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "footfall/base/random.h"

namespace footfall::base {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kNames = {"funnel", "retention", "sessions", "sales", "rfm"};

TEST(NearestWords, OffersWhatATypingSlipAwayStands) {
  EXPECT_THAT(nearest_words("funel", kNames), ElementsAre("funnel"));
  EXPECT_THAT(nearest_words("FUNNEL", kNames), ElementsAre("funnel"));
  EXPECT_THAT(nearest_words("slaes", kNames), ElementsAre("sales"));
  EXPECT_THAT(nearest_words("rf", kNames), ElementsAre("rfm"));
  EXPECT_THAT(nearest_words("umbrella", kNames), IsEmpty());
  EXPECT_THAT(nearest_words("", kNames), IsEmpty());
  EXPECT_THAT(nearest_words(std::string(10'000, 'a'), kNames), IsEmpty());
}

TEST(NearestWords, TheNearestComesFirstAndTiesGoByName) {
  const std::vector<std::string> names = {"cart", "card", "care", "cards"};
  EXPECT_THAT(nearest_words("card", names), ElementsAre("card", "cards", "care"));
  EXPECT_THAT(nearest_words("card", names, 1), ElementsAre("card"));
}

TEST(NearestWords, AWordTypedInPartIsNear) {
  const std::vector<std::string> zones = {"Europe/London", "Europe/Lisbon"};
  EXPECT_THAT(nearest_words("london", zones), ElementsAre("Europe/London"));
  EXPECT_EQ(nearest_words_hint("london", zones), "did you mean Europe/London?");
  EXPECT_EQ(nearest_words_hint("xyz", zones), "");
}

TEST(ValidUtf8, AcceptsExactlyUnicode) {
  struct Case {
    const char* why;
    std::string text;
    bool valid;
  };
  const Case cases[] = {
      {"empty", "", true},
      {"ASCII", "plain", true},
      {"two bytes", "\xC2\xA3", true},
      {"three bytes", "\xE2\x82\xAC", true},
      {"four bytes", "\xF0\x9F\x9B\x92", true},
      {"the last code point", "\xF4\x8F\xBF\xBF", true},
      {"beyond the last code point", "\xF4\x90\x80\x80", false},
      {"a lone continuation", "\x80", false},
      {"cut off", "a\xE2\x82", false},
      {"a two-byte form of a slash", "\xC0\xAF", false},
      {"a three-byte form of a slash", "\xE0\x80\xAF", false},
      {"a surrogate", "\xED\xA0\x80", false},
      {"Latin-1", "caf\xE9", false},
      {"no lead byte", "\xFF", false},
      {"a lead where a continuation must be", "\xC2\xC2\xA3", false},
  };
  for (const Case& c : cases) EXPECT_EQ(valid_utf8(c.text), c.valid) << c.why;
}

TEST(Latin1, BecomesValidUtf8) {
  EXPECT_EQ(latin1_to_utf8("caf\xE9 \xA3"), "café £");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_TRUE(valid_utf8(latin1_to_utf8(all)));
  EXPECT_EQ(latin1_to_utf8(all).size(), 128u + 2 * 128u);
}

TEST(DisplayWidth, CountsColumnsOfATerminal) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("£é"), 2u);
  EXPECT_EQ(display_width("店舗"), 4u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u) << "a combining accent takes no column";
  EXPECT_EQ(display_width("🛒"), 2u);
}

TEST(Shorten, CutsByColumnsAndSaysSo) {
  EXPECT_EQ(shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten("abcdef", 5), "abcd…");
  EXPECT_EQ(shorten("店舗店舗", 5), "店舗…");
  EXPECT_EQ(shorten("店舗店舗", 4), "店…") << "a wide letter is not cut in half";
  EXPECT_EQ(shorten("abc", 1), "…");
  EXPECT_EQ(shorten("abc", 0), "");
  Random random(7);
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(12); n > 0; --n) {
      const char* const letters[] = {"a", "é", "店", "🛒", "e\xCC\x81"};
      text += letters[random.below(5)];
    }
    const std::size_t width = random.below(14);
    const std::string cut = shorten(text, width);
    ASSERT_LE(display_width(cut), width) << text;
    ASSERT_TRUE(valid_utf8(cut)) << text;
  }
}

TEST(Printable, IsSafeToShow) {
  EXPECT_EQ(printable("plain £"), "plain £");
  EXPECT_EQ(printable("a\nb\x1B[31m"), "a\\x0ab\\x1b[31m");
  EXPECT_EQ(printable("caf\xE9"), "caf\\xe9");
  EXPECT_EQ(printable(std::string("nul\0", 4)), "nul\\x00");
  EXPECT_EQ(printable(std::string(100, 'x'), 10), std::string(10, 'x') + "…");
  EXPECT_EQ(printable("\x7F"), "\\x7f");
  EXPECT_EQ(printable("a\u202Eb\u2066\u200F\u061C"), "a\\u202eb\\u2066\\u200f\\u061c");
  Random random(8);
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(40); n > 0; --n) {
      text += static_cast<char>(random.below(256));
    }
    const std::string shown = printable(text, 30);
    ASSERT_TRUE(valid_utf8(shown));
    for (const char c : shown) ASSERT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7F);
  }
}

TEST(Trim, TakesBlanksOffBothEnds) {
  EXPECT_EQ(trim("  a b\t\r\n"), "a b");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(ascii_lower("AbZ-É"), "abz-É");
}

TEST(SystemReason, IsNeverThatAllWentWell) {
  EXPECT_EQ(system_reason(0), "the system gave no reason");
  EXPECT_EQ(system_reason(2), "No such file or directory");
}

}  // namespace
}  // namespace footfall::base
