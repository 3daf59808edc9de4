#include "footfall/base/time.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace footfall::base {
namespace {

struct DurationUnit {
  std::string_view name;
  TimeMs length_ms;
};
// Longest first, for format_duration.
constexpr std::array<DurationUnit, 6> kUnits = {
    {{"w", kWeekMs}, {"d", kDayMs}, {"h", kHourMs}, {"m", kMinuteMs}, {"s", kSecondMs}, {"ms", 1}}};
constexpr TimeMs kDurationMax = 100'000 * kDayMs;

Error bad_duration(std::string_view text) {
  return invalid(fmt::format(
      "expected a length of time such as 30m, 12h, 7d or 2w (units ms, s, m, h, d, w): {}", text));
}

// Four digits and a sign before the year 0, as ISO 8601 has it: "-0005".
std::string year_text(int year) {
  return year < 0 ? fmt::format("-{:04}", -year) : fmt::format("{:04}", year);
}

}  // namespace

// Days from civil and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
DayNumber day_of(CivilDate date) {
  const int year = date.year - (date.month <= 2 ? 1 : 0);
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int month_from_march = (date.month + 9) % 12;
  const int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate date_of(DayNumber day) {
  const int shifted = day + 719468;
  const int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int day_of_era = shifted - era * 146097;
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

bool valid_date(CivilDate date) {
  if (date.year < 0 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) {
    return false;
  }
  return date.day <= 31 && date_of(day_of(date)) == date;
}

int weekday_of(DayNumber day) {
  const int from_monday = ((day + 3) % 7 + 7) % 7;
  return from_monday + 1;
}

Result<TimeMs> parse_duration(std::string_view text) {
  if (text == "0") return TimeMs{0};
  if (text.empty()) return bad_duration(text);
  TimeMs total = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::uint64_t amount = 0;
    const auto [after, failure] = std::from_chars(at, end, amount);
    if (failure != std::errc() || after == at) return bad_duration(text);
    const char* unit_end = after;
    while (unit_end != end && (*unit_end < '0' || *unit_end > '9')) ++unit_end;
    const std::string_view unit(after, static_cast<std::size_t>(unit_end - after));
    TimeMs unit_ms = 0;
    for (const DurationUnit& known : kUnits) {
      if (known.name == unit) unit_ms = known.length_ms;
    }
    if (unit_ms == 0 || amount > static_cast<std::uint64_t>(kDurationMax / unit_ms)) {
      return bad_duration(text);
    }
    total += static_cast<TimeMs>(amount) * unit_ms;
    if (total > kDurationMax) return bad_duration(text);
    at = unit_end;
  }
  return total;
}

std::string format_duration(TimeMs duration) {
  if (duration == 0) return "0s";
  std::string text = duration < 0 ? "-" : "";
  TimeMs rest = duration < 0 ? -duration : duration;
  // Weeks only when nothing else is left: "7d" reads better than "1w", "2w" better than "14d".
  if (rest % kWeekMs == 0 && rest > kWeekMs) return fmt::format("{}{}w", text, rest / kWeekMs);
  for (const DurationUnit& unit : kUnits) {
    if (unit.name == "w" || rest < unit.length_ms) continue;
    text += fmt::format("{}{}", rest / unit.length_ms, unit.name);
    rest %= unit.length_ms;
  }
  return text;
}

std::string format_instant(TimeMs instant) {
  TimeMs in_day = instant % kDayMs;
  if (in_day < 0) in_day += kDayMs;
  const CivilDate date = date_of(static_cast<DayNumber>((instant - in_day) / kDayMs));
  std::string text =
      fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}", year_text(date.year), date.month, date.day,
                  in_day / kHourMs, in_day / kMinuteMs % 60, in_day / kSecondMs % 60);
  if (in_day % kSecondMs != 0) text += fmt::format(".{:03}", in_day % kSecondMs);
  return text + "Z";
}

std::string format_date(DayNumber day) {
  const CivilDate date = date_of(day);
  return fmt::format("{}-{:02}-{:02}", year_text(date.year), date.month, date.day);
}

Result<DayNumber> parse_date(std::string_view text) {
  const auto number = [&](std::size_t from, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(from, length)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const CivilDate date{number(0, 4), number(5, 2), number(8, 2)};
    if (valid_date(date)) return day_of(date);
  }
  return invalid(fmt::format("expected a date such as 2011-08-31: {}", text));
}

}  // namespace footfall::base
