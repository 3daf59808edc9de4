// Times as producers write them: texts in many styles and Unix numbers, turned into instants.
//
// Which style a column uses is decided once, from many of its cells (TimeVotes), and then held to:
// a cell of another style is refused, because 02/03/2011 read in two ways makes two histories.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "footfall/base/time.h"
#include "footfall/base/zone.h"
#include "footfall/events/civil_time.h"

namespace footfall::events {

/// What a number in a time column counts since 1970; kText: cells are texts or typed instants.
enum class TimeUnit : std::uint8_t { kUnknown, kText, kSeconds, kMillis, kMicros, kNanos };

/// "ymd", "dmy", "mdy"; "" for unknown. And back; nothing for other words.
std::string_view date_order_name(DateOrder order);
std::optional<DateOrder> date_order_of(std::string_view name);
/// "text", "s", "ms", "us", "ns"; "" for unknown. And back.
std::string_view time_unit_name(TimeUnit unit);
std::optional<TimeUnit> time_unit_of(std::string_view name);

enum class TimeOutcome : std::uint8_t {
  kRead,
  kBadTime,       // Not a time, of another style, or an impossible date.
  kSkippedLocal,  // The local clock jumped over this reading.
  kOutOfRange,    // Before the year 0 or after 9999.
};

struct TimeRead {
  TimeOutcome outcome = TimeOutcome::kBadTime;
  bool repeated = false;          // The local reading came twice; `time` is the first.
  base::TimeMs time = 0;          // Floored to milliseconds.
  std::int32_t remainder_ns = 0;  // What the floor left: 0 .. 999,999.
};

/// Reads the cells of one column. Immutable, so threads may share one.
class TimeReader {
 public:
  /// `zone` is that of texts without an offset. Unknown unit: text; unknown order: year first.
  TimeReader(TimeUnit unit, DateOrder order, base::Zone zone);

  /// Accepts "2011-08-31", "2011-08-31 17:45[:00[.123]]", a T between, "Z", "UTC", "+01:00",
  /// " -0400", "5:45 PM", and with the other orders "31/08/2011", "31.8.11", "8/31/2011".
  /// With the month's name any order: "31 Aug 2011 17:45".
  /// Where the unit is a number: digits with an optional sign and fraction.
  TimeRead text(std::string_view text) const;
  TimeRead integer(std::int64_t value) const;
  TimeRead real(double value) const;
  /// A typed instant: UTC microseconds.
  static TimeRead instant_us(std::int64_t value);

  /// What a cell should be, for messages: "a time such as 2011-08-31 17:45:00", or what a cell that
  /// is a time of this outcome lacks.
  std::string expected(TimeOutcome outcome = TimeOutcome::kBadTime) const;

 private:
  TimeRead civil(std::string_view text) const;
  TimeRead number_text(std::string_view text) const;

  TimeUnit unit_;
  DateOrder order_;
  base::Zone zone_;
};

/// Counts how the cells of a column could be read.
class TimeVotes {
 public:
  void see_text(std::string_view text);
  void see_integer(std::int64_t value);
  void see_instant() { ++year_first_; }

  std::uint64_t seen() const { return seen_; }
  /// Cells that are some time, in any style, a plain number only if it is a likely date.
  std::uint64_t readable() const;
  /// The unit and order most cells have. The order is kUnknown when every date could be read both
  /// day first and month first: then the column alone cannot say.
  TimeUnit unit() const;
  DateOrder order() const;
  /// Some dates are readable day first alone and others month first alone.
  bool both_orders() const { return day_first_ > 0 && month_first_ > 0; }
  /// More than one style has cells of its own.
  bool mixed() const;

 private:
  std::uint64_t seen_ = 0;
  std::uint64_t year_first_ = 0;
  std::uint64_t day_first_ = 0;    // Readable day first alone.
  std::uint64_t month_first_ = 0;  // Readable month first alone.
  std::uint64_t either_ = 0;       // Both.
  std::uint64_t seconds_ = 0;
  std::uint64_t millis_ = 0;
  std::uint64_t micros_ = 0;
  std::uint64_t nanos_ = 0;
};

}  // namespace footfall::events
