#include "footfall/events/civil_time.h"

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/events/month_names.h"

namespace footfall::events {
namespace {

using base::TimeMs;

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
  // Letters, also those beyond ASCII, up to the next other character.
  std::string_view word() {
    const char* const from = at_;
    while (!letters().empty() || static_cast<unsigned char>(peek()) >= 0x80) {
      if (static_cast<unsigned char>(peek()) >= 0x80) skip();
    }
    return {from, static_cast<std::size_t>(at_ - from)};
  }
  // ASCII letters up to the next other character.
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

// What may stand between the parts of a date with a month's name.
void skip_between(Scanner& scan) {
  while (scan.peek() == ' ' || scan.peek() == '-' || scan.peek() == '/' || scan.peek() == '.' ||
         scan.peek() == ',') {
    scan.skip();
  }
}

// "3 January 2024", "3-Jan-24", "Jan. 3, 2024", "Wed, 3 Jan 2024": the same in all orders.
bool read_named_date(Scanner& scan, base::CivilDate& date) {
  int month = 0;
  if (!is_digit(scan.peek())) {
    month = month_of(scan.word());
    if (month == 0) {
      // The name of a day, perhaps.
      if (!scan.eat(',')) return false;
      scan.skip_blanks();
    }
    skip_between(scan);
  }
  const int day = scan.number(2);
  if (day < 0) return false;
  skip_between(scan);
  const bool day_first = month == 0;
  if (day_first) {
    month = month_of(scan.word());
    if (month == 0) return false;
    skip_between(scan);
  }
  int digits = 0;
  const int written = scan.number(4, digits);
  const int year = digits == 4 || day_first ? full_year(written, digits) : -1;
  // A comma may set the clock off.
  scan.eat(',');
  date = {year, month, day};
  return year >= 0 && base::valid_date(date);
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

// Whether a date with a month's name may stand there: most cells that are no times are passed over
// at once.
bool may_name_a_month(std::string_view text) {
  constexpr std::size_t kDateBytes = 14;  // Of which each such date has a letter and a digit.
  const std::string_view date = text.substr(0, kDateBytes);
  const bool letter = std::any_of(date.begin(), date.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  return letter && std::any_of(date.begin(), date.end(), is_digit);
}

}  // namespace

bool read_civil(std::string_view text, DateOrder order, CivilTime& read) {
  Scanner scan(base::trim(text));
  base::CivilDate date;
  if (!read_date(scan, order, date)) {
    scan = Scanner(base::trim(text));
    if (!may_name_a_month(base::trim(text)) || !read_named_date(scan, date)) return false;
  }
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

}  // namespace footfall::events
