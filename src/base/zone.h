// Time zones: IANA names turned into local days that survive every clock change.
//
// A local day is all instants with one local date: 24 hours, and 23 or 25 where the clock changes.
// Other lengths exist: 23.5 and 24.5 hours on Lord Howe, and none in Apia for 2011-12-30, which the
// clock jumped over. A day begins at its first existing instant. Where the clock goes back over
// midnight a day comes in two pieces, with some of the next day between them: dates are not sorted
// by time. Differences of days, weeks and months are differences of local indices, never elapsed
// time divided by 24 h (SEMANTICS 14).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/time.h"

namespace footfall::base {

/// An IANA zone with its offsets spelled out for 1900..2200. Immutable; cheap to copy;
/// threads may share one.
class Zone {
 public:
  /// Reads the system's zone data. Refuses an unknown name and offers near ones.
  static Result<Zone> open(std::string_view name);
  static Zone utc();

  const std::string& name() const { return *name_; }

  /// All names of the system's zone data; empty where it has no list of them.
  static std::vector<std::string> names();

  /// Version of the zone data, such as "2025b"; part of every snapshot.
  static std::string data_version();

  /// Seconds east of UTC in force at an instant.
  std::int32_t offset_seconds(TimeMs instant) const { return span_at(instant).offset_seconds; }

  /// Every instant at which the offset changes, in order.
  std::vector<TimeMs> changes() const;

  /// The local date of an instant, as days since 1970-01-01 of the local calendar.
  DayNumber day(TimeMs instant) const {
    return day_of_local(instant + offset_seconds(instant) * kSecondMs);
  }
  /// First existing instant of a local day.
  TimeMs day_start(DayNumber day) const;
  /// The instant from which on every date is later than `day`. It is the start of the next day, or
  /// later where the clock goes back over the midnight between them.
  TimeMs day_end(DayNumber day) const;
  /// The first instant after `instant` whose date is outside [first, end); that of `instant` is
  /// inside.
  TimeMs first_outside(TimeMs instant, DayNumber first, DayNumber end) const;

  /// Whole local weeks since the week that holds 1970-01-01; `week_start` 1 = Monday .. 7.
  static std::int32_t week_of_day(DayNumber day, int week_start);
  /// First day of such a week.
  static DayNumber week_start_day(std::int32_t week, int week_start);
  /// Whole local months since 1970-01.
  static std::int32_t month_of_day(DayNumber day);
  static DayNumber month_start_day(std::int32_t month);

  /// What a local clock reading means.
  struct LocalInstant {
    TimeMs instant = 0;
    bool skipped = false;   // The clock jumped over this reading; `instant` is the jump itself.
    bool repeated = false;  // The reading came twice; `instant` is the first.
  };
  /// `local_ms`: milliseconds since 1970-01-01T00:00 on the local clock.
  LocalInstant from_local(TimeMs local_ms) const;

  /// "2011-08-31 17:45" on the local clock.
  std::string format_local(TimeMs instant) const;

 private:
  struct Span {
    TimeMs from;  // First instant of the span; spans are sorted and cover all time.
    std::int32_t offset_seconds;
  };
  static DayNumber day_of_local(TimeMs local) {
    return static_cast<DayNumber>(local >= 0 ? local / kDayMs : -((kDayMs - 1 - local) / kDayMs));
  }
  const Span& span_at(TimeMs instant) const;

  std::shared_ptr<const std::string> name_;
  std::shared_ptr<const std::vector<Span>> spans_;
};

}  // namespace footfall::base
