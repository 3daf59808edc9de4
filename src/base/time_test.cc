#include "footfall/base/time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "footfall/base/random.h"

namespace footfall::base {
namespace {

using testing::EndsWith;

TEST(DayOf, CountsFromTheEpochByTheGregorianCalendar) {
  struct Case {
    const char* why;
    CivilDate date;
    DayNumber day;
    int weekday;
  };
  const Case cases[] = {
      {"the epoch was a Thursday", {1970, 1, 1}, 0, 4},
      {"the day before", {1969, 12, 31}, -1, 3},
      {"the sample's first day, a Wednesday", {2010, 12, 1}, 14'944, 3},
      {"a leap day of a century that is one", {2000, 2, 29}, 11'016, 2},
      {"a century that is none", {1900, 3, 1}, -25'508, 4},
      {"the first day that can be stored", {0, 1, 1}, -719'528, 6},
      {"the last day that can be stored", {9999, 12, 31}, 2'932'896, 5},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(day_of(c.date), c.day) << c.why;
    EXPECT_EQ(date_of(c.day), c.date) << c.why;
    EXPECT_EQ(weekday_of(c.day), c.weekday) << c.why;
  }
  EXPECT_EQ(TimeMs{day_of({0, 1, 1})} * kDayMs, kTimeMin);
  EXPECT_EQ(TimeMs{day_of({9999, 12, 31}) + 1} * kDayMs, kTimeEnd);
}

// The definition: one day after another, with the lengths of the months written down.
TEST(DayOf, EqualsAWalkOverAllDays) {
  const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  DayNumber day = day_of({0, 1, 1});
  for (int year = 0; year <= 9999; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; ++month) {
      const int length = lengths[month - 1] + (month == 2 && leap ? 1 : 0);
      for (int of_month = 1; of_month <= length; ++of_month, ++day) {
        const CivilDate date{year, month, of_month};
        if (day_of(date) != day || date_of(day) != date || !valid_date(date)) {
          FAIL() << year << "-" << month << "-" << of_month;
        }
      }
      ASSERT_FALSE(valid_date({year, month, length + 1}));
    }
  }
}

TEST(ValidDate, RefusesDaysThatDoNotExist) {
  const CivilDate bad[] = {{2011, 2, 29},
                           {2011, 0, 1},
                           {2011, 13, 1},
                           {2011, 1, 0},
                           {2011, 4, 31},
                           {-1, 1, 1},
                           {10'000, 1, 1},
                           {2011, 1, 32},
                           {1900, 2, 29},
                           {2011, 1, -5},
                           {2011, 12, 1'000'000'000}};
  for (const CivilDate& date : bad) {
    EXPECT_FALSE(valid_date(date)) << date.year << "-" << date.month << "-" << date.day;
  }
}

TEST(ParseDuration, ReadsUnitsAndRefusesTheRest) {
  struct Case {
    const char* why;
    const char* text;
    std::optional<TimeMs> duration;
  };
  const Case cases[] = {
      {"minutes", "30m", 30 * kMinuteMs},
      {"days", "7d", 7 * kDayMs},
      {"weeks", "2w", 14 * kDayMs},
      {"milliseconds are not minutes", "500ms", 500},
      {"several units", "1h30m", 90 * kMinuteMs},
      {"zero needs no unit", "0", 0},
      {"zero with one", "0s", 0},
      {"the greatest", "100000d", 100'000 * kDayMs},
      {"one more", "100001d", std::nullopt},
      {"too great by its sum", "100000d1ms", std::nullopt},
      {"beyond 64 bits", "99999999999999999999d", std::nullopt},
      {"beyond 64 bits once multiplied", "9223372036854775807w", std::nullopt},
      {"a number alone", "30", std::nullopt},
      {"a unit alone", "m", std::nullopt},
      {"an unknown unit", "7x", std::nullopt},
      {"a sign", "-1d", std::nullopt},
      {"a plus", "+1d", std::nullopt},
      {"a fraction", "1.5h", std::nullopt},
      {"a blank", "7 d", std::nullopt},
      {"capitals", "7D", std::nullopt},
      {"empty", "", std::nullopt},
      {"ends in a number", "1h30", std::nullopt},
  };
  for (const Case& c : cases) {
    const auto duration = parse_duration(c.text);
    EXPECT_EQ(duration.ok(), c.duration.has_value()) << c.why;
    if (!duration.ok()) {
      EXPECT_THAT(duration.error().message, EndsWith(std::string(": ") + c.text)) << c.why;
    } else if (c.duration) {
      EXPECT_EQ(*duration, *c.duration) << c.why;
    }
  }
}

TEST(FormatDuration, IsReadBackExactly) {
  EXPECT_EQ(format_duration(90 * kMinuteMs), "1h30m");
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(7 * kDayMs), "7d");
  EXPECT_EQ(format_duration(14 * kDayMs), "2w");
  EXPECT_EQ(format_duration(30 * kDayMs), "30d");
  EXPECT_EQ(format_duration(1'500), "1s500ms");
  Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    const TimeMs duration = random.between(0, std::int64_t{1} << random.between(0, 42));
    ASSERT_EQ(*parse_duration(format_duration(duration)), duration);
  }
}

TEST(FormatInstant, ShowsMillisecondsOnlyWhereThereAreAny) {
  struct Case {
    TimeMs instant;
    const char* text;
  };
  const Case cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {1'314'812'700'000, "2011-08-31T17:45:00Z"},
      {1'314'812'700'007, "2011-08-31T17:45:00.007Z"},
      {kTimeMin, "0000-01-01T00:00:00Z"},
      {kTimeEnd - 1, "9999-12-31T23:59:59.999Z"},
      {kTimeMin - 1, "-0001-12-31T23:59:59.999Z"},
      {kTimeMin - 1600 * kDayMs, "-0005-08-15T00:00:00Z"},
  };
  for (const Case& c : cases) EXPECT_EQ(format_instant(c.instant), c.text);
}

TEST(FormatDate, HasFourDigitsBeforeTheYear0Too) {
  EXPECT_EQ(format_date(day_of({0, 1, 1}) - 1), "-0001-12-31");
}

TEST(ParseDate, ReadsIsoDatesAlone) {
  EXPECT_EQ(*parse_date("2011-08-31"), day_of({2011, 8, 31}));
  EXPECT_EQ(*parse_date("0000-01-01"), day_of({0, 1, 1}));
  EXPECT_EQ(format_date(*parse_date("2012-02-29")), "2012-02-29");
  for (const char* bad : {"", "2011-8-31", "2011-02-29", "2011/08/31", "31-08-2011", "2011-08-31 ",
                          "-011-08-31", "2011-0a-31", "2011-08-3", "+211-08-31"}) {
    const auto date = parse_date(bad);
    ASSERT_FALSE(date.ok()) << bad;
    EXPECT_THAT(date.error().message, EndsWith(std::string(": ") + bad));
  }
}

}  // namespace
}  // namespace footfall::base
