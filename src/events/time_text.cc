// Size: every style of writing a time, side by side.
#include "footfall/events/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "footfall/base/words.h"

namespace footfall::events {
namespace {

using base::TimeMs;

constexpr std::array<std::string_view, 4> kOrderNames = {"", "ymd", "dmy", "mdy"};
constexpr std::array<std::string_view, 6> kUnitNames = {"", "text", "s", "ms", "us", "ns"};
constexpr std::int64_t kNanosPerMs = 1'000'000;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Walks through a text, digit run by digit run.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool done() const { return at_ == end_; }
  char peek() const { return done() ? '\0' : *at_; }
  void skip() { ++at_; }
  bool eat(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (!done() && *at_ == ' ') ++at_;
  }
  // A run of 1 .. `most` digits; sets how many there were. -1 when there is none or it is longer.
  int number(int most, int& digits) {
    int value = 0;
    digits = 0;
    for (; !done() && is_digit(*at_); ++at_) {
      if (++digits > most) return -1;
      value = value * 10 + (*at_ - '0');
    }
    return digits == 0 ? -1 : value;
  }
  int number(int most) {
    int digits = 0;
    return number(most, digits);
  }
  // Letters up to the next other character, upper case.
  std::string_view letters() {
    const char* const from = at_;
    while (!done() && ((*at_ >= 'A' && *at_ <= 'Z') || (*at_ >= 'a' && *at_ <= 'z'))) ++at_;
    return {from, static_cast<std::size_t>(at_ - from)};
  }

 private:
  const char* at_;
  const char* end_;
};

int full_year(int year, int digits) {
  if (digits == 4) return year;
  // Two digits: the POSIX pivot.
  return digits == 2 ? (year < 69 ? 2000 + year : 1900 + year) : -1;
}

// Reads the date part in one order; false when it is of another style or no real date.
bool read_date(Scanner& scan, DateOrder order, base::CivilDate& date) {
  int digits = 0;
  const int first = scan.number(8, digits);
  if (first < 0) return false;
  if (order == DateOrder::kYmd && digits == 8) {
    date = {first / 10000, first / 100 % 100, first % 100};
    return base::valid_date(date);
  }
  const char separator = scan.peek();
  if (separator != '-' && separator != '/' && separator != '.') return false;
  scan.skip();
  const int second = scan.number(2);
  if (second < 0 || !scan.eat(separator)) return false;
  int last_digits = 0;
  const int third = scan.number(4, last_digits);
  if (third < 0) return false;
  if (order == DateOrder::kYmd) {
    if (digits != 4 || last_digits > 2) return false;
    date = {first, second, third};
  } else {
    if (digits > 2) return false;
    const int year = full_year(third, last_digits);
    date = order == DateOrder::kDmy ? base::CivilDate{year, second, first}
                                    : base::CivilDate{year, first, second};
  }
  return date.year >= 0 && base::valid_date(date);
}

struct ClockTime {
  TimeMs ms = 0;  // Within the day.
  std::int32_t remainder_ns = 0;
};

bool read_fraction(Scanner& scan, ClockTime& clock) {
  std::int64_t nanos = 0;
  int digits = 0;
  for (; is_digit(scan.peek()); scan.skip()) {
    if (++digits <= 9) nanos = nanos * 10 + (scan.peek() - '0');
  }
  if (digits == 0) return false;
  for (int i = digits; i < 9; ++i) nanos *= 10;
  clock.ms += nanos / kNanosPerMs;
  clock.remainder_ns = static_cast<std::int32_t>(nanos % kNanosPerMs);
  return true;
}

bool read_half_of_day(Scanner& scan, int& hour) {
  if (scan.peek() != 'A' && scan.peek() != 'P' && scan.peek() != 'a' && scan.peek() != 'p') {
    return true;
  }
  const std::string word = base::ascii_lower(scan.letters());
  if ((word != "am" && word != "pm") || hour < 1 || hour > 12) return false;
  hour = hour % 12 + (word == "pm" ? 12 : 0);
  return true;
}

bool read_clock(Scanner& scan, ClockTime& clock) {
  int hour = scan.number(2);
  if (hour < 0 || !scan.eat(':')) return false;
  const int minute = scan.number(2);
  int second = 0;
  if (scan.eat(':')) {
    second = scan.number(2);
    if ((scan.eat('.') || scan.eat(',')) && !read_fraction(scan, clock)) return false;
  }
  scan.skip_blanks();
  if (!read_half_of_day(scan, hour)) return false;
  if (hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  clock.ms += hour * base::kHourMs + minute * base::kMinuteMs + second * base::kSecondMs;
  return true;
}

// The rest of a text: nothing, Z, UTC, GMT, +01, +0100, +01:00. Sets the offset if there is one.
bool read_offset(Scanner& scan, std::optional<TimeMs>& offset) {
  scan.skip_blanks();
  if (scan.done()) return true;
  if (scan.peek() != '+' && scan.peek() != '-') {
    const std::string word = base::ascii_lower(scan.letters());
    offset = 0;
    return (word == "z" || word == "utc" || word == "gmt") && scan.done();
  }
  const bool west = scan.peek() == '-';
  scan.skip();
  int digits = 0;
  const int hours = scan.number(4, digits);
  if (hours < 0) return false;
  int minutes = 0;
  int whole = hours;
  if (digits == 4) {
    whole = hours / 100;
    minutes = hours % 100;
  } else if (digits > 2) {
    return false;
  } else if (scan.eat(':')) {
    minutes = scan.number(2);
  }
  if (whole > 18 || minutes < 0 || minutes > 59 || !scan.done()) return false;
  const TimeMs east = whole * base::kHourMs + minutes * base::kMinuteMs;
  offset = west ? -east : east;
  return true;
}

// A text in one order: clock reading since 1970 and the offset that was written, if any.
struct CivilRead {
  TimeMs local_ms = 0;
  std::int32_t remainder_ns = 0;
  std::optional<TimeMs> offset;
};

bool read_civil(std::string_view text, DateOrder order, CivilRead& read) {
  Scanner scan(base::trim(text));
  base::CivilDate date;
  if (!read_date(scan, order, date)) return false;
  ClockTime clock;
  if (!scan.done()) {
    const char between = scan.peek();
    if (between != 'T' && between != 't' && between != ' ') return false;
    scan.skip();
    scan.skip_blanks();
    if (!scan.done() && (!read_clock(scan, clock) || !read_offset(scan, read.offset))) return false;
  }
  read.local_ms = TimeMs{base::day_of(date)} * base::kDayMs + clock.ms;
  read.remainder_ns = clock.remainder_ns;
  return true;
}

TimeRead in_range(TimeMs time, std::int64_t remainder_ns) {
  if (time < base::kTimeMin || time >= base::kTimeEnd) return {TimeOutcome::kOutOfRange};
  return {TimeOutcome::kRead, false, time, static_cast<std::int32_t>(remainder_ns)};
}

// `value` counts units of which `per_ms` make a millisecond.
TimeRead from_fine_units(std::int64_t value, std::int64_t per_ms) {
  const std::int64_t rest = ((value % per_ms) + per_ms) % per_ms;
  return in_range((value - rest) / per_ms, rest * (kNanosPerMs / per_ms));
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
  CivilRead read;
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

std::string TimeReader::expected() const {
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
  CivilRead read;
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
