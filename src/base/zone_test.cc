#include "footfall/base/zone.h"

#include <date/tz.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/random.h"
#include "footfall/base/zone_probes.h"

namespace footfall::base {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const char* const kZones[] = {
    "Europe/London",
    "America/Sao_Paulo",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "UTC",
};

TimeMs utc(int year, int month, int day, int hour = 0, int minute = 0) {
  return day_of({year, month, day}) * kDayMs + hour * kHourMs + minute * kMinuteMs;
}

Zone zone_named(const char* name) {
  auto zone = Zone::open(name);
  EXPECT_TRUE(zone.ok()) << name;
  return zone.ok() ? *zone : Zone::utc();
}

TEST(Zone, RefusesUnknownNamesAndOffersNearOnes) {
  const auto zone = Zone::open("Europe/Lodnon");
  ASSERT_FALSE(zone.ok());
  EXPECT_EQ(zone.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(zone.error().message, EndsWith(": Europe/Lodnon"));
  EXPECT_THAT(zone.error().hint, HasSubstr("Europe/London"));
  EXPECT_FALSE(Zone::open("").ok());
  EXPECT_FALSE(Zone::open("../../../etc/hostname").ok());
  for (const char* machines :
       {"localtime", "posixrules", "Factory", "right/Europe/London", "posix/Europe/London",
        "/usr/share/zoneinfo/Europe/London", "Europe/../Europe/London"}) {
    EXPECT_FALSE(Zone::open(machines).ok()) << machines;
  }
  EXPECT_TRUE(Zone::open("Etc/UTC").ok() && Zone::open("GMT").ok());
}

TEST(Zone, KnowsTheVersionOfItsData) {
  EXPECT_THAT(Zone::data_version(), testing::MatchesRegex("20[0-9][0-9][a-z]+|unknown"));
}

// The zone of libc, which reads the same data with its own code.
class SystemZone {
 public:
  SystemZone() {
    const char* const before = std::getenv("TZ");
    if (before != nullptr) kept_ = before;
  }
  ~SystemZone() { use(kept_); }
  void use(const std::optional<std::string>& name) {
    if (name) {
      setenv("TZ", name->c_str(), 1);
    } else {
      unsetenv("TZ");
    }
    tzset();
  }
  static std::tm local(TimeMs instant) {
    const std::time_t second = instant >= 0 ? instant / 1000 : -((999 - instant) / 1000);
    std::tm local{};
    EXPECT_NE(localtime_r(&second, &local), nullptr);
    return local;
  }

 private:
  std::optional<std::string> kept_;
};

CivilDate shown_date(const std::tm& local) {
  return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
}

// The rules beyond the table included.
TEST(Zone, OffsetsEqualThoseOfTheSystem) {
  SystemZone system;
  Random random(4);
  for (const char* name : kZones) {
    const Zone zone = zone_named(name);
    system.use(name);
    for (int i = 0; i < 5'000; ++i) {
      const TimeMs instant =
          random.between(utc(1950, 1, 1) / kSecondMs, utc(2100, 1, 1) / kSecondMs) * kSecondMs;
      const std::tm local = SystemZone::local(instant);
      ASSERT_EQ(zone.offset_seconds(instant), local.tm_gmtoff) << name << " " << instant;
      ASSERT_EQ(date_of(zone.day(instant)), shown_date(local)) << name << " " << instant;
    }
  }
}

TEST(Zone, DatesAboutEveryChangeOfEveryZoneEqualThoseOfTheSystem) {
  SystemZone system;
  const std::vector<Zone> zones = different_zones();
  ASSERT_GT(zones.size(), 300u);
  for (const Zone& zone : zones) {
    system.use(zone.name());
    for (const TimeMs change : changes_to_2040(zone)) {
      for (const TimeMs instant : instants_about(zone, change)) {
        const std::tm local = SystemZone::local(instant);
        ASSERT_EQ(date_of(zone.day(instant)), shown_date(local))
            << zone.name() << " " << format_instant(instant);
      }
    }
  }
}

// The definitions, at every instant about every change: a day has begun by then, it is over by
// then, the date is another one by then.
TEST(Zone, DaysBeginAndEndAboutEveryChangeOfEveryZone) {
  for (const Zone& zone : different_zones()) {
    for (const TimeMs change : changes_to_2040(zone)) {
      const std::vector<TimeMs> instants = instants_about(zone, change);
      const DayNumber near = zone.day(change);
      for (DayNumber day = near - 1; day <= near + 1; ++day) {
        const TimeMs start = zone.day_start(day);
        const TimeMs end = zone.day_end(day);
        ASSERT_LE(start, end);
        ASSERT_GE(zone.day(start), day) << zone.name() << " " << format_date(day);
        ASSERT_LE(zone.day(end - 1), day) << zone.name() << " " << format_date(day);
        for (const TimeMs instant : instants) {
          ASSERT_TRUE(instant >= start || zone.day(instant) < day)
              << zone.name() << " " << format_instant(instant);
          ASSERT_TRUE(instant < end || zone.day(instant) > day)
              << zone.name() << " " << format_instant(instant);
        }
      }
      for (std::size_t i = 0; i + 1 < instants.size(); ++i) {
        const DayNumber day = zone.day(instants[i]);
        const TimeMs other = zone.first_outside(instants[i], day, day + 1);
        ASSERT_GT(other, instants[i]);
        ASSERT_EQ(zone.day(other - 1), day) << zone.name() << " " << format_instant(instants[i]);
        ASSERT_NE(zone.day(other), day) << zone.name() << " " << format_instant(instants[i]);
        ASSERT_EQ(zone.day(instants[i + 1]) != day, other <= instants[i + 1])
            << zone.name() << " " << format_instant(instants[i]);
      }
    }
  }
}

// Clocks in Newfoundland went from 00:01 on 1 November 2009 back to 23:01 on 31 October.
TEST(Zone, ADayComesInTwoPiecesWhereTheClockGoesBackOverMidnight) {
  const Zone zone = zone_named("America/St_Johns");
  const DayNumber october = day_of({2009, 10, 31});
  const TimeMs midnight = utc(2009, 11, 1, 2, 30);
  EXPECT_EQ(zone.day(midnight - 1), october);
  EXPECT_EQ(zone.day(midnight), october + 1);
  EXPECT_EQ(zone.day(midnight + kMinuteMs - 1), october + 1);
  EXPECT_EQ(zone.day(midnight + kMinuteMs), october);
  EXPECT_EQ(zone.day(midnight + kHourMs - 1), october);
  EXPECT_EQ(zone.day(midnight + kHourMs), october + 1);
  EXPECT_EQ(zone.day_start(october + 1), midnight);
  EXPECT_EQ(zone.day_end(october), midnight + kHourMs);
  EXPECT_EQ(zone.day_end(october + 1), zone.day_start(october + 2));
  EXPECT_EQ(zone.first_outside(midnight - 1, october, october + 1), midnight);
  EXPECT_EQ(zone.first_outside(midnight, october + 1, october + 2), midnight + kMinuteMs);
  EXPECT_EQ(zone.first_outside(midnight + kMinuteMs, october, october + 1), midnight + kHourMs);
  EXPECT_EQ(zone.first_outside(midnight, october, october + 2), zone.day_start(october + 2));
}

// The date library's own answer for a local reading, up to the year its table ends.
TEST(Zone, FromLocalEqualsTheDateLibrary) {
  Random random(5);
  for (const char* name : kZones) {
    const Zone zone = zone_named(name);
    const date::time_zone* oracle = date::locate_zone(name);
    for (int i = 0; i < 20'000; ++i) {
      TimeMs local = random.between(utc(1950, 1, 1), utc(2037, 1, 1));
      // Half of the readings within hours of a change of the clock.
      if (random.chance(0.5)) {
        const auto info = oracle->get_info(date::sys_seconds{std::chrono::seconds{local / 1000}});
        const std::int64_t change = info.end.time_since_epoch().count();
        if (change < utc(2037, 1, 1) / 1000) {
          local = (change + info.offset.count()) * 1000 + random.between(-3, 3) * kHourMs +
                  random.between(-1, 1);
        }
      }
      const std::int64_t second = local >= 0 ? local / 1000 : -((999 - local) / 1000);
      const auto info = oracle->get_info(date::local_seconds{std::chrono::seconds{second}});
      const Zone::LocalInstant found = zone.from_local(local);
      const bool skipped = info.result == date::local_info::nonexistent;
      const bool repeated = info.result == date::local_info::ambiguous;
      ASSERT_EQ(found.skipped, skipped) << name << " " << local;
      ASSERT_EQ(found.repeated, repeated && info.first.offset != info.second.offset)
          << name << " " << local;
      const TimeMs expected = skipped ? info.first.end.time_since_epoch().count() * 1000
                                      : local - info.first.offset.count() * 1000;
      ASSERT_EQ(found.instant, expected) << name << " " << local;
    }
  }
}

// The definition: the least instant whose local date is the day, found minute by minute.
TEST(Zone, ADayBeginsAtItsFirstExistingInstant) {
  Random random(6);
  for (const char* name : kZones) {
    const Zone zone = zone_named(name);
    for (int i = 0; i < 300; ++i) {
      const auto day =
          static_cast<DayNumber>(random.between(day_of({1972, 1, 1}), day_of({2099, 12, 1})));
      TimeMs instant = day * kDayMs - kDayMs;
      while (zone.day(instant) < day) instant += kMinuteMs;
      ASSERT_EQ(zone.day_start(day), instant) << name << " " << format_date(day);
    }
  }
}

TEST(Zone, DaysOfClockChanges) {
  struct Case {
    const char* why;
    const char* zone;
    CivilDate date;
    TimeMs starts;
    std::int64_t hours;
  };
  const Case cases[] = {
      {"spring in London", "Europe/London", {2011, 3, 27}, utc(2011, 3, 27), 23},
      {"autumn in London", "Europe/London", {2010, 10, 31}, utc(2010, 10, 30, 23), 25},
      {"autumn after the table's end", "Europe/London", {2050, 10, 30}, utc(2050, 10, 29, 23), 25},
      {"midnight did not exist", "America/Sao_Paulo", {2017, 10, 15}, utc(2017, 10, 15, 3), 23},
      {"the hour before midnight came twice",
       "America/Sao_Paulo",
       {2018, 2, 17},
       utc(2018, 2, 17, 2),
       25},
      {"no summer time", "Asia/Tokyo", {2011, 8, 31}, utc(2011, 8, 30, 15), 24},
      {"a day that never was is empty", "Pacific/Apia", {2011, 12, 30}, utc(2011, 12, 30, 10), 0},
      {"the day before it", "Pacific/Apia", {2011, 12, 29}, utc(2011, 12, 29, 10), 24},
  };
  for (const Case& c : cases) {
    const Zone zone = zone_named(c.zone);
    const DayNumber day = day_of(c.date);
    EXPECT_EQ(zone.day_start(day), c.starts) << c.why;
    EXPECT_EQ(zone.day_start(day + 1) - zone.day_start(day), c.hours * kHourMs) << c.why;
  }
  const Zone lord_howe = zone_named("Australia/Lord_Howe");
  const DayNumber half_hour_change = day_of({2011, 10, 2});
  EXPECT_EQ(lord_howe.day_start(half_hour_change + 1) - lord_howe.day_start(half_hour_change),
            23 * kHourMs + 30 * kMinuteMs);
}

TEST(Zone, SaysWhichLocalReadingsAreSkippedOrRepeated) {
  const Zone london = zone_named("Europe/London");
  const auto skipped = london.from_local(utc(2011, 3, 27, 1, 30));
  EXPECT_TRUE(skipped.skipped);
  EXPECT_EQ(skipped.instant, utc(2011, 3, 27, 1));
  const auto repeated = london.from_local(utc(2010, 10, 31, 1, 30));
  EXPECT_TRUE(repeated.repeated);
  EXPECT_EQ(repeated.instant, utc(2010, 10, 31, 0, 30));
  const auto after = london.from_local(utc(2010, 10, 31, 2));
  EXPECT_FALSE(after.repeated || after.skipped);
  EXPECT_EQ(after.instant, utc(2010, 10, 31, 2));
  const auto never = zone_named("Pacific/Apia").from_local(utc(2011, 12, 30, 12));
  EXPECT_TRUE(never.skipped);
  EXPECT_EQ(never.instant, utc(2011, 12, 30, 10));
}

TEST(Zone, AllTimeIsCovered) {
  for (const char* name : kZones) {
    const Zone zone = zone_named(name);
    for (const TimeMs instant : {kTimeMin, utc(1000, 1, 1), utc(3000, 6, 1), kTimeEnd - 1}) {
      const TimeMs local = instant + zone.offset_seconds(instant) * kSecondMs;
      EXPECT_EQ(zone.from_local(local).instant, instant) << name;
    }
  }
}

TEST(Zone, WeeksAndMonthsAreCountedOnTheCalendar) {
  for (int week_start = 1; week_start <= 7; ++week_start) {
    for (DayNumber day = -800; day < 800; ++day) {
      const std::int32_t week = Zone::week_of_day(day, week_start);
      const DayNumber first = Zone::week_start_day(week, week_start);
      ASSERT_EQ(weekday_of(first), week_start);
      ASSERT_LE(first, day);
      ASSERT_LT(day, first + 7);
    }
    EXPECT_EQ(Zone::week_of_day(0, week_start), 0);
  }
  for (DayNumber day = -40'000; day < 40'000; ++day) {
    const CivilDate date = date_of(day);
    const std::int32_t month = Zone::month_of_day(day);
    ASSERT_EQ(month, (date.year - 1970) * 12 + date.month - 1);
    ASSERT_EQ(date_of(Zone::month_start_day(month)), (CivilDate{date.year, date.month, 1}));
  }
}

TEST(Zone, ShowsLocalTime) {
  EXPECT_EQ(zone_named("Europe/London").format_local(utc(2011, 8, 31, 16, 45)), "2011-08-31 17:45");
  EXPECT_EQ(Zone::utc().format_local(0), "1970-01-01 00:00");
}

}  // namespace
}  // namespace footfall::base
