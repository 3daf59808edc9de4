#include "footfall/events/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "footfall/base/words.h"
#include "footfall/events/civil_time.h"

namespace footfall::events {
namespace {

using base::TimeMs;

constexpr std::array<std::string_view, 4> kOrderNames = {"", "ymd", "dmy", "mdy"};
constexpr std::array<std::string_view, 6> kUnitNames = {"", "text", "s", "ms", "us", "ns"};
constexpr std::int64_t kNanosPerMs = 1'000'000;

TimeRead in_range(TimeMs time, std::int64_t remainder_ns) {
  if (time < base::kTimeMin || time >= base::kTimeEnd) return {TimeOutcome::kOutOfRange};
  return {TimeOutcome::kRead, false, time, static_cast<std::int32_t>(remainder_ns)};
}

// `value` counts units of which `per_ms` make a millisecond.
TimeRead from_fine_units(std::int64_t value, std::int64_t per_ms) {
  // Not (value - rest) / per_ms: that overflows next to the least value.
  const std::int64_t rest = ((value % per_ms) + per_ms) % per_ms;
  const std::int64_t floored = value / per_ms - (value < 0 && rest != 0 ? 1 : 0);
  return in_range(floored, rest * (kNanosPerMs / per_ms));
}

// Which unit makes a number a time between about 1973 and 2200; kUnknown where none does.
TimeUnit likely_unit(std::int64_t value) {
  constexpr std::int64_t kFirst = 100'000'000;  // 1973-03-03 in seconds.
  constexpr std::int64_t kEnd = 7'258'118'400;  // 2200-01-01.
  std::int64_t scale = 1;
  for (const TimeUnit unit :
       {TimeUnit::kSeconds, TimeUnit::kMillis, TimeUnit::kMicros, TimeUnit::kNanos}) {
    if (value >= kFirst * scale && value / scale < kEnd) return unit;
    scale *= 1000;
  }
  return TimeUnit::kUnknown;
}

bool is_compact_date(std::int64_t value) {
  if (value < 19'000'101 || value > 21'001'231) return false;
  const int date = static_cast<int>(value);
  return base::valid_date({date / 10000, date / 100 % 100, date % 100});
}

}  // namespace

std::string_view date_order_name(DateOrder order) {
  return kOrderNames[static_cast<std::size_t>(order)];
}

std::optional<DateOrder> date_order_of(std::string_view name) {
  const auto found = std::find(kOrderNames.begin() + 1, kOrderNames.end(), name);
  if (found == kOrderNames.end()) return std::nullopt;
  return static_cast<DateOrder>(found - kOrderNames.begin());
}

std::string_view time_unit_name(TimeUnit unit) {
  return kUnitNames[static_cast<std::size_t>(unit)];
}

std::optional<TimeUnit> time_unit_of(std::string_view name) {
  const auto found = std::find(kUnitNames.begin() + 1, kUnitNames.end(), name);
  if (found == kUnitNames.end()) return std::nullopt;
  return static_cast<TimeUnit>(found - kUnitNames.begin());
}

TimeReader::TimeReader(TimeUnit unit, DateOrder order, base::Zone zone)
    : unit_(unit == TimeUnit::kUnknown ? TimeUnit::kText : unit),
      order_(order == DateOrder::kUnknown ? DateOrder::kYmd : order),
      zone_(std::move(zone)) {}

TimeRead TimeReader::text(std::string_view text) const {
  return unit_ == TimeUnit::kText ? civil(text) : number_text(text);
}

TimeRead TimeReader::civil(std::string_view text) const {
  CivilTime read;
  if (!read_civil(text, order_, read)) return {TimeOutcome::kBadTime};
  if (read.offset) return in_range(read.local_ms - *read.offset, read.remainder_ns);
  const base::Zone::LocalInstant local = zone_.from_local(read.local_ms);
  if (local.skipped) return {TimeOutcome::kSkippedLocal};
  TimeRead result = in_range(local.instant, read.remainder_ns);
  result.repeated = local.repeated;
  return result;
}

TimeRead TimeReader::number_text(std::string_view text) const {
  const std::string_view trimmed = base::trim(text);
  const std::size_t point = trimmed.find('.');
  std::int64_t whole = 0;
  const char* const end = trimmed.data() + std::min(point, trimmed.size());
  const auto [stop, error] = std::from_chars(trimmed.data(), end, whole);
  if (error != std::errc() || stop != end || trimmed.empty()) return {TimeOutcome::kBadTime};
  const TimeRead read = integer(whole);
  if (point == std::string_view::npos || read.outcome != TimeOutcome::kRead) return read;
  const std::string_view fraction = trimmed.substr(point + 1);
  if (fraction.find_first_not_of("0123456789") != std::string_view::npos || whole < 0) {
    return {TimeOutcome::kBadTime};
  }
  if (fraction.find_first_not_of('0') == std::string_view::npos) return read;
  // Fractions are stated in seconds by all who write them; finer units have none.
  if (unit_ != TimeUnit::kSeconds) return {TimeOutcome::kBadTime};
  std::int64_t nanos = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    nanos = nanos * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  return in_range(read.time + nanos / kNanosPerMs, nanos % kNanosPerMs);
}

TimeRead TimeReader::integer(std::int64_t value) const {
  switch (unit_) {
    case TimeUnit::kSeconds:
      if (value > base::kTimeEnd / 1000 || value < base::kTimeMin / 1000) {
        return {TimeOutcome::kOutOfRange};
      }
      return in_range(value * base::kSecondMs, 0);
    case TimeUnit::kMillis:
      return in_range(value, 0);
    case TimeUnit::kMicros:
      return from_fine_units(value, 1000);
    case TimeUnit::kNanos:
      return from_fine_units(value, kNanosPerMs);
    default:
      break;
  }
  return is_compact_date(value) ? civil(std::to_string(value)) : TimeRead{TimeOutcome::kBadTime};
}

TimeRead TimeReader::real(double value) const {
  // Beyond 2^53 a double no longer counts single units; what it says is taken as it stands.
  if (!std::isfinite(value) || std::abs(value) > 9e18) return {TimeOutcome::kBadTime};
  const double whole = std::floor(value);
  const TimeRead read = integer(static_cast<std::int64_t>(whole));
  if (read.outcome != TimeOutcome::kRead || unit_ != TimeUnit::kSeconds) return read;
  // A double holds Unix seconds to about a quarter of a microsecond.
  const auto micros = static_cast<std::int64_t>(std::round((value - whole) * 1e6));
  return from_fine_units(read.time * 1000 + micros, 1000);
}

TimeRead TimeReader::instant_us(std::int64_t value) {
  return from_fine_units(value, 1000);
}

std::string TimeReader::expected(TimeOutcome outcome) const {
  if (outcome == TimeOutcome::kOutOfRange) return "a time from year 0 to 9999";
  if (outcome == TimeOutcome::kSkippedLocal) return "a time that the local clock showed";
  switch (unit_) {
    case TimeUnit::kText:
      break;
    default:
      return fmt::format("a Unix time in {}", time_unit_name(unit_));
  }
  switch (order_) {
    case DateOrder::kDmy:
      return "a time, day first, such as 31/08/2011 17:45";
    case DateOrder::kMdy:
      return "a time, month first, such as 08/31/2011 17:45";
    default:
      return "a time such as 2011-08-31 17:45:00";
  }
}

void TimeVotes::see_text(std::string_view text) {
  const std::string_view trimmed = base::trim(text);
  std::int64_t whole = 0;
  const auto [stop, error] =
      std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), whole);
  const std::string_view rest(stop,
                              static_cast<std::size_t>(trimmed.data() + trimmed.size() - stop));
  const bool fraction = rest.size() > 1 && rest[0] == '.' &&
                        rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (error == std::errc() && (rest.empty() || (fraction && whole > 100'000'000))) {
    see_integer(whole);
    return;
  }
  ++seen_;
  CivilTime read;
  if (read_civil(trimmed, DateOrder::kYmd, read)) {
    ++year_first_;
    return;
  }
  const bool dotted = trimmed.find('.') < 3;
  const bool day_first = read_civil(trimmed, DateOrder::kDmy, read);
  const bool month_first = !dotted && read_civil(trimmed, DateOrder::kMdy, read);
  if (day_first && month_first) {
    ++either_;
  } else if (day_first) {
    ++day_first_;
  } else if (month_first) {
    ++month_first_;
  }
}

void TimeVotes::see_integer(std::int64_t value) {
  ++seen_;
  if (is_compact_date(value)) {
    ++year_first_;
    return;
  }
  switch (likely_unit(value)) {
    case TimeUnit::kSeconds:
      ++seconds_;
      break;
    case TimeUnit::kMillis:
      ++millis_;
      break;
    case TimeUnit::kMicros:
      ++micros_;
      break;
    case TimeUnit::kNanos:
      ++nanos_;
      break;
    default:
      break;
  }
}

std::uint64_t TimeVotes::readable() const {
  return year_first_ + day_first_ + month_first_ + either_ + seconds_ + millis_ + micros_ + nanos_;
}

TimeUnit TimeVotes::unit() const {
  const std::array<std::pair<std::uint64_t, TimeUnit>, 5> votes = {
      {{year_first_ + day_first_ + month_first_ + either_, TimeUnit::kText},
       {seconds_, TimeUnit::kSeconds},
       {millis_, TimeUnit::kMillis},
       {micros_, TimeUnit::kMicros},
       {nanos_, TimeUnit::kNanos}}};
  const auto most = std::max_element(
      votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return most->first == 0 ? TimeUnit::kUnknown : most->second;
}

DateOrder TimeVotes::order() const {
  const std::uint64_t slashed = day_first_ + month_first_ + either_;
  if (year_first_ >= slashed) return year_first_ == 0 ? DateOrder::kUnknown : DateOrder::kYmd;
  if (day_first_ == month_first_) return DateOrder::kUnknown;
  return day_first_ > month_first_ ? DateOrder::kDmy : DateOrder::kMdy;
}

bool TimeVotes::mixed() const {
  const bool only_either = either_ > 0 && day_first_ + month_first_ == 0;
  const bool numbers = seconds_ + millis_ + micros_ + nanos_ > 0;
  return (year_first_ > 0) + (day_first_ > 0) + (month_first_ > 0) + only_either + numbers > 1;
}

}  // namespace footfall::events
