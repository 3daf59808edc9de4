#include "footfall/base/zone_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace footfall::base {
namespace {

TimeMs utc(int year, int month, int day, int hour = 0, int minute = 0) {
  return day_of({year, month, day}) * kDayMs + hour * kHourMs + minute * kMinuteMs;
}

TEST(ZoneRule, GivesTheChangesOfAYear) {
  struct Case {
    const char* why;
    const char* text;
    std::int32_t standard;
    std::vector<ZoneChange> of_2050;
  };
  const Case cases[] = {
      {"no summer time", "JST-9", 32'400, {}},
      {"a name of signs and digits", "<+0545>-5:45", 20'700, {}},
      {"last Sundays",
       "GMT0BST,M3.5.0/1,M10.5.0",
       0,
       {{utc(2050, 3, 27, 1), 3'600}, {utc(2050, 10, 30, 1), 0}}},
      {"two o'clock unless said",
       "EST5EDT,M3.2.0,M11.1.0",
       -18'000,
       {{utc(2050, 3, 13, 7), -14'400}, {utc(2050, 11, 6, 6), -18'000}}},
      {"south of the equator, half an hour",
       "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
       37'800,
       {{utc(2050, 4, 2, 15), 37'800}, {utc(2050, 10, 1, 15, 30), 39'600}}},
      {"a time after the day's end",
       "IST-2IDT,M3.4.4/26,M10.5.0",
       7'200,
       {{utc(2050, 3, 25), 10'800}, {utc(2050, 10, 29, 23), 7'200}}},
      {"a time before the day",
       "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
       -7'200,
       {{utc(2050, 3, 27, 1), -3'600}, {utc(2050, 10, 30, 1), -7'200}}},
      {"days of the year without 29 February",
       "AAA0BBB,J60/0,J365/23",
       0,
       {{utc(2050, 3, 1), 3'600}, {utc(2050, 12, 31, 22), 0}}},
      {"days of the year from 0",
       "AAA0BBB,0/0,59",
       0,
       {{utc(2050, 1, 1), 3'600}, {utc(2050, 3, 1, 1), 0}}},
  };
  for (const Case& c : cases) {
    const auto rule = ZoneRule::parse(c.text);
    ASSERT_TRUE(rule.ok()) << c.why;
    EXPECT_EQ(rule->standard_offset_seconds(), c.standard) << c.why;
    EXPECT_EQ(rule->changes(2050, 2050), c.of_2050) << c.why;
  }
}

TEST(ZoneRule, CountsLeapDaysOrNot) {
  const auto without = ZoneRule::parse("AAA0BBB,J60/0,J365");
  const auto with = ZoneRule::parse("AAA0BBB,60/0,300");
  EXPECT_EQ(without->changes(2048, 2048)[0].from, utc(2048, 3, 1));
  EXPECT_EQ(with->changes(2048, 2048)[0].from, utc(2048, 3, 1));
  EXPECT_EQ(with->changes(2049, 2049)[0].from, utc(2049, 3, 2));
}

TEST(ZoneRule, RefusesOtherTexts) {
  for (const char* text :
       {"", "G", "GMT", "GMT0BST", "GMT0BST,M3.5.0", "GMT0BST,M13.5.0,M10.5.0", "<>0",
        "GMT0BST,M3.6.0,M10.5.0", "GMT0BST,M3.5.7,M10.5.0", "GMT0BST,M0.5.0,M10.5.0", "<+01",
        "GMT0BST,J0,J10", "GMT0BST,J366,J10", "GMT0BST,366,10", "GMT25", "GMT0:60",
        "GMT0BST,M3.5.0/168,M10.5.0", "GMT0BST,M3.5.0/1,M10.5.0x", "GMT99999999999"}) {
    const auto rule = ZoneRule::parse(text);
    ASSERT_FALSE(rule.ok()) << text;
    EXPECT_THAT(rule.error().message, testing::EndsWith(std::string(": ") + text));
  }
}

}  // namespace
}  // namespace footfall::base
