#include "footfall/analytics/calendar.h"

#include <gtest/gtest.h>

#include <vector>

#include "footfall/analytics/period_bits.h"
#include "footfall/base/random.h"
#include "footfall/base/zone_probes.h"

namespace footfall::analytics {
namespace {

base::TimeMs at(const char* date, base::TimeMs hours) {
  return base::TimeMs{base::parse_date(date).value()} * base::kDayMs + hours * base::kHourMs;
}

// The definition: the day, week or month of the date that the zone's clock shows.
Period period_by_clock(const Calendar& calendar, base::TimeMs instant) {
  const base::DayNumber day =
      base::parse_date(calendar.zone.format_local(instant).substr(0, 10)).value();
  if (calendar.unit == PeriodUnit::kDay) return day;
  if (calendar.unit == PeriodUnit::kMonth) {
    const base::CivilDate date = base::date_of(day);
    return (date.year - 1970) * 12 + date.month - 1;
  }
  Period period = day / 7 - 2;
  while (calendar.first_day(period + 1) <= day) ++period;
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
          ASSERT_EQ(table.period(tick), period_by_clock(calendar, scale.time(tick)))
              << name << " " << base::format_instant(scale.time(tick));
        }
        // Both sides of every border.
        for (Period period = table.first() + 1; period < table.first() + 60; ++period) {
          const std::uint64_t border = scale.first_tick_at(calendar.start(period));
          for (std::uint64_t tick = border - (border > 0 ? 1 : 0); tick <= border; ++tick) {
            table.cover(tick);
            ASSERT_EQ(table.period(tick), period_by_clock(calendar, scale.time(tick)));
          }
        }
      }
    }
  }
}

// Bits and steps too, wherever they are offered.
template <typename Tick>
void expect_periods(const Calendar& calendar, const store::TickScale& scale,
                    const std::vector<base::TimeMs>& instants) {
  PeriodTable<Tick> table(calendar, scale);
  PeriodBits<Tick> bits;
  Period latest = table.first();
  bool falls = false;
  for (const base::TimeMs instant : instants) {
    const auto tick = static_cast<Tick>((instant - scale.base_ms) / scale.tick_ms);
    const Period expected = period_by_clock(calendar, scale.time(tick));
    falls = falls || expected < latest;
    latest = expected;
    table.cover(tick);
    ASSERT_EQ(table.period(tick), expected)
        << calendar.zone.name() << " " << base::format_instant(scale.time(tick));
    bits.copy(table);
    ASSERT_FALSE(falls && bits.covers(tick)) << calendar.zone.name();
    if (!bits.covers(tick)) continue;
    const std::uint64_t bit = std::uint64_t{1} << (expected - table.first());
    ASSERT_EQ(bits.bits(&tick, &tick + 1), bit) << calendar.zone.name();
    if (bits.steps()) {
      ASSERT_EQ(std::uint64_t{1} << bits.steps()->period(tick), bit);
    }
  }
}

TEST(PeriodTable, EqualsTheClockAboutEveryChangeOfEveryZone) {
  const std::vector<base::Zone> zones = base::different_zones();
  ASSERT_GT(zones.size(), 300u);
  for (const base::Zone& zone : zones) {
    for (const base::TimeMs change : base::changes_to_2040(zone)) {
      const std::vector<base::TimeMs> instants = base::instants_about(zone, change);
      const base::TimeMs from = instants.front() - 5 * base::kHourMs;
      for (const PeriodUnit unit : {PeriodUnit::kDay, PeriodUnit::kWeek, PeriodUnit::kMonth}) {
        const Calendar calendar{zone, unit, 7};
        expect_periods<std::uint64_t>(calendar, {from, 1}, instants);
        expect_periods<std::uint32_t>(calendar, {from, base::kMinuteMs}, instants);
        if (HasFatalFailure()) return;
      }
    }
  }
}

// A period ends once, where it comes in two pieces as well.
TEST(Calendar, PeriodsEndWhenAllThatFollowsIsLater) {
  const base::Zone zone = base::Zone::open("America/St_Johns").value();
  const base::TimeMs midnight = at("2009-11-01", 2) + 30 * base::kMinuteMs;  // The first of two.
  for (const PeriodUnit unit : {PeriodUnit::kDay, PeriodUnit::kWeek, PeriodUnit::kMonth}) {
    const Calendar calendar{zone, unit, 7};  // 1 November 2009 was a Sunday.
    const Period october = calendar.period_of(midnight - 1);
    EXPECT_EQ(calendar.start(october + 1), midnight);
    EXPECT_EQ(calendar.end(october), midnight + base::kHourMs);
    EXPECT_EQ(calendar.end(october + 1), calendar.start(october + 2));
  }
}

}  // namespace
}  // namespace footfall::analytics
