#include "footfall/analytics/sales_periods.h"

#include <gtest/gtest.h>

#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

TEST(LocalDays, EqualTheZonesDays) {
  base::Random random(1);
  const base::TimeMs last = 1'600'000'000'000;
  const std::size_t instants = test_histories();
  for (const char* name : {"UTC", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia",
                           "America/St_Johns", "Africa/Cairo", "Pacific/Kwajalein"}) {
    const base::Zone zone = *base::Zone::open(name);
    const LocalDays laid_out(zone, {}, last);
    const LocalDays bounded(zone, {last - 400 * base::kDayMs, last - 40 * base::kDayMs}, last);
    for (std::size_t i = 0; i < instants; ++i) {
      // Within 25 years before and 2 after the last instant, often at full hours.
      base::TimeMs instant = last - random.between(-730, 9'000) * base::kDayMs;
      instant += random.between(0, 23) * base::kHourMs;
      if (random.chance(0.5)) instant += random.between(-1, 1);
      ASSERT_EQ(laid_out.day(instant), zone.day(instant)) << name << " " << instant;
      ASSERT_EQ(bounded.day(instant), zone.day(instant)) << name << " " << instant;
    }
  }
}

TEST(LocalDays, ClockChangesFallOnTheirInstant) {
  const base::Zone zone = *base::Zone::open("Europe/London");
  const LocalDays days(zone, {}, 1'400'000'000'000);
  // 2011-03-27 01:00Z: the clock went from 01:00 to 02:00; that local day ended at 23:00Z.
  const base::TimeMs midnight = 1'301'184'000'000;  // 2011-03-27 00:00Z
  EXPECT_EQ(days.day(midnight), 15'060);
  EXPECT_EQ(days.day(midnight + 23 * base::kHourMs - 1), 15'060);
  EXPECT_EQ(days.day(midnight + 23 * base::kHourMs), 15'061);
}

TEST(SalesPeriods, AreLocalAndNamedByTheirBeginning) {
  const base::DayNumber wednesday = *base::parse_date("2011-08-31");
  struct Case {
    const char* why;
    SalesPeriod period;
    int week_start;
    const char* label;
  };
  const Case cases[] = {
      {"a day is itself", SalesPeriod::kDay, 1, "2011-08-31"},
      {"a week is named by its Monday", SalesPeriod::kWeek, 1, "2011-08-29"},
      {"or by its Sunday", SalesPeriod::kWeek, 7, "2011-08-28"},
      {"a month has no day", SalesPeriod::kMonth, 1, "2011-08"},
      {"no period has no name", SalesPeriod::kNone, 1, ""},
  };
  for (const Case& c : cases) {
    const std::int32_t index = period_index(c.period, wednesday, c.week_start);
    EXPECT_EQ(period_label(c.period, index, c.week_start), c.label) << c.why;
    if (c.period == SalesPeriod::kNone) continue;
    const base::DayNumber first = period_first_day(c.period, index, c.week_start);
    EXPECT_EQ(period_index(c.period, first, c.week_start), index) << c.why;
    EXPECT_EQ(period_index(c.period, first - 1, c.week_start), index - 1) << c.why;
  }
}

TEST(SalesPeriods, AreReadFromTheirWords) {
  EXPECT_EQ(period_of("week"), SalesPeriod::kWeek);
  EXPECT_EQ(period_of("none"), SalesPeriod::kNone);
  EXPECT_EQ(period_of("Week"), std::nullopt);
  EXPECT_EQ(period_of("year"), std::nullopt);
}

}  // namespace
}  // namespace footfall::analytics
