// Civil times: what a text says on a calendar and a clock, before any time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "footfall/base/time.h"

namespace footfall::events {

/// Order of the parts of a date. kYmd is ISO 8601, also with slashes and as 20101201.
enum class DateOrder : std::uint8_t { kUnknown, kYmd, kDmy, kMdy };

struct CivilTime {
  base::TimeMs local_ms = 0;           // The clock's reading since 1970-01-01T00:00, floored.
  std::int32_t remainder_ns = 0;       // What the floor left: 0 .. 999,999.
  std::optional<base::TimeMs> offset;  // East of UTC, if the text has one.
};

/// A date with the month's name (month_names.h) is read in any order, as "3 Jan 2024", "3-Jan-24",
/// "January 3, 2024" and, after the name of a day and a comma, "Wed, 3 Jan 2024".
/// Reads a date, a clock if there is one, and an offset if there is one; blanks around are passed
/// over. False when the text is of another order (not kUnknown), or no real date or time.
bool read_civil(std::string_view text, DateOrder order, CivilTime& read);

}  // namespace footfall::events
