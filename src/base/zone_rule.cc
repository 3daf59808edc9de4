#include "footfall/base/zone_rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"

namespace footfall::base {

/// Reads a rule from left to right; every step says whether the text went on as it must.
class ZoneRuleParser {
 public:
  explicit ZoneRuleParser(std::string_view text) : rest_(text) {}

  bool rule(ZoneRule& rule) {
    if (!name() || !offset(rule.standard_seconds_)) return false;
    if (rest_.empty()) return true;
    ZoneRule::Summer summer;
    summer.offset_seconds = rule.standard_seconds_ + kHourSeconds;
    if (!name()) return false;
    if (!rest_.empty() && rest_[0] != ',' && !offset(summer.offset_seconds)) return false;
    if (!skip(',') || !year_day(summer.begins)) return false;
    if (!skip(',') || !year_day(summer.ends)) return false;
    rule.summer_ = summer;
    return rest_.empty();
  }

 private:
  static constexpr std::int32_t kHourSeconds = 3600;
  static constexpr int kOffsetHoursMax = 24;
  static constexpr int kTimeHoursMax = 167;

  bool skip(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Letters, or anything up to '>' after '<'.
  bool name() {
    if (skip('<')) {
      const std::size_t end = rest_.find('>');
      if (end == std::string_view::npos || end == 0) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    std::size_t length = 0;
    while (length < rest_.size() && is_letter(rest_[length])) ++length;
    rest_.remove_prefix(length);
    return length >= 3;
  }

  bool number(int most, int& value) {
    value = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') {
      value = value * 10 + (rest_[digits++] - '0');
      if (value > most) return false;
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  // [+-]h[:m[:s]]
  bool clock(int hours_max, std::int32_t& seconds) {
    const bool negative = skip('-');
    if (!negative) skip('+');
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!number(hours_max, hours)) return false;
    if (skip(':')) {
      if (!number(59, minutes)) return false;
      if (skip(':') && !number(59, rest)) return false;
    }
    seconds = hours * kHourSeconds + minutes * 60 + rest;
    if (negative) seconds = -seconds;
    return true;
  }

  // POSIX counts west of Greenwich, everyone else east.
  bool offset(std::int32_t& seconds_east) {
    if (!clock(kOffsetHoursMax, seconds_east)) return false;
    seconds_east = -seconds_east;
    return true;
  }

  bool year_day(ZoneRule::YearDay& day) {
    day.time_seconds = 2 * kHourSeconds;
    if (skip('M')) {
      day.kind = ZoneRule::DayKind::kWeekdayOfMonth;
      if (!number(12, day.month) || !skip('.') || !number(5, day.week) || !skip('.') ||
          !number(6, day.day) || day.month < 1 || day.week < 1) {
        return false;
      }
    } else if (skip('J')) {
      day.kind = ZoneRule::DayKind::kDayWithoutLeap;
      if (!number(365, day.day) || day.day < 1) return false;
    } else {
      day.kind = ZoneRule::DayKind::kDayWithLeap;
      if (!number(365, day.day)) return false;
    }
    return !skip('/') || clock(kTimeHoursMax, day.time_seconds);
  }

  std::string_view rest_;
};

Result<ZoneRule> ZoneRule::parse(std::string_view text) {
  ZoneRule rule;
  if (ZoneRuleParser(text).rule(rule)) return rule;
  return invalid(
      fmt::format("expected a zone rule such as GMT0BST,M3.5.0/1,M10.5.0: {}", printable(text)));
}

TimeMs ZoneRule::local_ms(const YearDay& day, int year) {
  DayNumber number = day_of({year, 1, 1});
  switch (day.kind) {
    case DayKind::kDayWithLeap:
      number += day.day;
      break;
    case DayKind::kDayWithoutLeap:
      // Day 60 is 1 March in every year.
      number += day.day - 1;
      if (day.day >= 60 && valid_date({year, 2, 29})) ++number;
      break;
    case DayKind::kWeekdayOfMonth: {
      const DayNumber first = day_of({year, day.month, 1});
      const int first_weekday = weekday_of(first) % 7;
      number = first + (day.day - first_weekday + 7) % 7 + (day.week - 1) * 7;
      while (date_of(number).month != day.month) number -= 7;
      break;
    }
  }
  return TimeMs{number} * kDayMs + day.time_seconds * kSecondMs;
}

std::vector<ZoneChange> ZoneRule::changes(int first_year, int last_year) const {
  std::vector<ZoneChange> changes;
  if (!summer_) return changes;
  for (int year = first_year; year <= last_year; ++year) {
    const TimeMs begins = local_ms(summer_->begins, year) - standard_seconds_ * kSecondMs;
    const TimeMs ends = local_ms(summer_->ends, year) - summer_->offset_seconds * kSecondMs;
    changes.push_back({begins, summer_->offset_seconds});
    changes.push_back({ends, standard_seconds_});
  }
  // South of the equator summer ends first in a year.
  std::sort(changes.begin(), changes.end(),
            [](const ZoneChange& a, const ZoneChange& b) { return a.from < b.from; });
  return changes;
}

}  // namespace footfall::base
