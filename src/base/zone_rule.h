// Zone rules: the yearly clock changes that zone data gives for all years after its table ends.
//
// The text is POSIX's TZ form as RFC 8536 stores it, "GMT0BST,M3.5.0/1,M10.5.0": a standard
// offset, and for zones with summer time its offset and the two days of the change.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/time.h"

namespace footfall::base {

/// From this instant on, local clocks are this far east of UTC.
struct ZoneChange {
  TimeMs from = 0;
  std::int32_t offset_seconds = 0;
  bool operator==(const ZoneChange&) const = default;
};

/// A rule that has been read. Immutable.
class ZoneRule {
 public:
  /// Refuses any text that is not of the form (invalid_argument).
  static Result<ZoneRule> parse(std::string_view text);

  std::int32_t standard_offset_seconds() const { return standard_seconds_; }
  /// The changes of the years [first, last], in time order; none for zones without summer time.
  std::vector<ZoneChange> changes(int first_year, int last_year) const;

 private:
  friend class ZoneRuleParser;

  enum class DayKind : std::uint8_t { kWeekdayOfMonth, kDayWithoutLeap, kDayWithLeap };
  struct YearDay {
    DayKind kind = DayKind::kDayWithLeap;
    int month = 0;                  // kWeekdayOfMonth alone; 1..12.
    int week = 0;                   // 1..5; 5 = the last of the month.
    int day = 0;                    // Weekday 0 = Sunday .. 6, or a day of the year.
    std::int32_t time_seconds = 0;  // After local midnight; -167 h .. 167 h.
  };
  struct Summer {
    std::int32_t offset_seconds = 0;
    YearDay begins;  // On the standard clock.
    YearDay ends;    // On the summer clock.
  };
  static TimeMs local_ms(const YearDay& day, int year);

  std::int32_t standard_seconds_ = 0;
  std::optional<Summer> summer_;
};

}  // namespace footfall::base
