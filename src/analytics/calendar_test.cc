#include "footfall/analytics/calendar.h"

#include <gtest/gtest.h>

#include "footfall/base/random.h"

namespace footfall::analytics {
namespace {

base::TimeMs at(const char* date, base::TimeMs hours) {
  return base::TimeMs{base::parse_date(date).value()} * base::kDayMs + hours * base::kHourMs;
}

// The definition: the greatest period that begins at or before the instant.
Period period_by_starts(const Calendar& calendar, base::TimeMs instant) {
  Period period = calendar.period_of(instant) - 3;
  while (calendar.start(period + 1) <= instant) ++period;
  return period;
}

TEST(Calendar, DaysSurviveClockChanges) {
  const Calendar london{base::Zone::open("Europe/London").value(), PeriodUnit::kDay, 1};
  const Period day = base::parse_date("2011-03-27").value();
  EXPECT_EQ(london.start(day + 1) - london.start(day), 23 * base::kHourMs);
  EXPECT_EQ(london.period_of(at("2011-03-27", 22)), day) << "23:00 in summer time";
  EXPECT_EQ(london.period_of(at("2011-03-27", 23)), day + 1) << "midnight in summer time";
}

TEST(Calendar, WeeksBeginOnTheirDay) {
  Calendar calendar{base::Zone::utc(), PeriodUnit::kWeek, 1};
  EXPECT_EQ(base::format_date(calendar.first_day(calendar.period_of(at("2011-08-31", 5)))),
            "2011-08-29");
  calendar.week_start = 7;
  EXPECT_EQ(base::format_date(calendar.first_day(calendar.period_of(at("2011-08-31", 5)))),
            "2011-08-28");
}

TEST(PeriodTable, EqualsTheCalendar) {
  for (const char* name : {"UTC", "Europe/London", "Pacific/Apia", "America/Sao_Paulo",
                           "America/St_Johns", "Pacific/Kwajalein", "Asia/Kathmandu"}) {
    const base::Zone zone = base::Zone::open(name).value();
    for (const PeriodUnit unit : {PeriodUnit::kDay, PeriodUnit::kWeek, PeriodUnit::kMonth}) {
      const Calendar calendar{zone, unit, 3};
      for (const base::TimeMs tick_ms : {base::TimeMs{1}, base::TimeMs{1000}, base::TimeMs{86},
                                         base::kHourMs, base::kDayMs, 9 * base::kDayMs}) {
        base::Random random(static_cast<std::uint64_t>(tick_ms));
        const store::TickScale scale{at("1993-06-01", 7) + random.between(0, 99), tick_ms};
        PeriodTable<std::uint64_t> table(calendar, scale);
        const auto last = static_cast<std::uint64_t>(20 * 366 * base::kDayMs / tick_ms);
        for (int i = 0; i < 2000; ++i) {
          const std::uint64_t tick = random.below(last);
          table.cover(tick);
          ASSERT_EQ(table.period(tick), period_by_starts(calendar, scale.time(tick)))
              << name << " " << base::format_instant(scale.time(tick));
        }
        // Both sides of every border.
        for (Period period = table.first() + 1; period < table.first() + 60; ++period) {
          const std::uint64_t border = scale.first_tick_at(calendar.start(period));
          for (std::uint64_t tick = border - (border > 0 ? 1 : 0); tick <= border; ++tick) {
            table.cover(tick);
            ASSERT_EQ(table.period(tick), period_by_starts(calendar, scale.time(tick)));
          }
        }
      }
    }
  }
}

TEST(PeriodTable, MakesCellsShorterWhereTwoPeriodsBeginInOne) {
  const Calendar calendar{base::Zone::open("Europe/London").value(), PeriodUnit::kDay, 1};
  const store::TickScale scale{at("2011-03-20", 5), base::kMinuteMs};
  PeriodTable<std::uint32_t> table(calendar, scale, 7 * base::kDayMs);
  for (std::uint32_t tick = 0; tick < 30 * 1440; tick += 7) {
    table.cover(tick);
    ASSERT_EQ(table.period(tick), calendar.period_of(scale.time(tick)));
  }
}

TEST(PeriodTable, EqualsTheLocalDateWhereClocksDoNotGoBackOverMidnight) {
  const Calendar calendar{base::Zone::open("Pacific/Apia").value(), PeriodUnit::kDay, 1};
  const store::TickScale scale{at("2011-12-20", 0), base::kMinuteMs};
  PeriodTable<std::uint32_t> table(calendar, scale);
  for (std::uint32_t tick = 0; tick < 30 * 1440; ++tick) {
    table.cover(tick);
    ASSERT_EQ(table.period(tick), calendar.zone.day(scale.time(tick)));
  }
}

}  // namespace
}  // namespace footfall::analytics
