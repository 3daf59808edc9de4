// Instants, durations and civil dates, as integers and as text. Knows no time zone but UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "footfall/base/result.h"

namespace footfall::base {

/// Milliseconds since 1970-01-01T00:00:00Z; also a length of time in milliseconds.
using TimeMs = std::int64_t;

inline constexpr TimeMs kSecondMs = 1000;
inline constexpr TimeMs kMinuteMs = 60 * kSecondMs;
inline constexpr TimeMs kHourMs = 60 * kMinuteMs;
inline constexpr TimeMs kDayMs = 24 * kHourMs;
inline constexpr TimeMs kWeekMs = 7 * kDayMs;

/// The instants that can be stored: 0000-01-01 up to, not including, 10000-01-01, UTC.
inline constexpr TimeMs kTimeMin = -62167219200000;
inline constexpr TimeMs kTimeEnd = 253402300800000;

/// Days since 1970-01-01 (a Thursday); negative before.
using DayNumber = std::int32_t;

struct CivilDate {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  bool operator==(const CivilDate&) const = default;
};

/// Proleptic Gregorian calendar. `date` must be a real date (see valid_date).
DayNumber day_of(CivilDate date);
CivilDate date_of(DayNumber day);
bool valid_date(CivilDate date);

/// ISO weekday of a day: 1 = Monday .. 7 = Sunday.
int weekday_of(DayNumber day);

/// A length of time such as "30m", "7d", "500ms", "2w", "1h30m", "0". Units: ms s m h d w.
/// Refuses signs, fractions, unknown units and more than 100,000 days (invalid_argument).
Result<TimeMs> parse_duration(std::string_view text);

/// The shortest text that parse_duration reads back: 5400000 -> "1h30m"; 0 -> "0s".
std::string format_duration(TimeMs duration);

/// "2011-08-31T17:45:00Z"; ".123" only where milliseconds are not zero, "-0005-" before year 0.
std::string format_instant(TimeMs instant);

/// "2011-08-31".
std::string format_date(DayNumber day);

/// Reads "2011-08-31" alone.
Result<DayNumber> parse_date(std::string_view text);

}  // namespace footfall::base
