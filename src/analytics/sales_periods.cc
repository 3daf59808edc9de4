#include "footfall/analytics/sales_periods.h"

#include <algorithm>

namespace footfall::analytics {
namespace {

constexpr base::TimeMs kLaidOutMax = 7'305 * base::kDayMs;
constexpr base::TimeMs kOffsetMax = 2 * base::kDayMs;

base::TimeMs utc_midnight(base::TimeMs instant) {
  const base::TimeMs rest = instant % base::kDayMs;
  return instant - rest - (rest < 0 ? base::kDayMs : 0);
}

}  // namespace

LocalDays::LocalDays(base::Zone zone, TimeRange range, base::TimeMs last) : zone_(std::move(zone)) {
  const base::TimeMs end = std::clamp(last, base::kTimeMin, std::min(range.to, base::kTimeEnd));
  first_ = utc_midnight(std::max({range.from, end - kLaidOutMax, base::kTimeMin}));
  local_base_ = first_ - kOffsetMax;
  day_base_ = base::Zone::utc().day(local_base_);
  const std::vector<base::TimeMs> changes = zone_.changes();
  auto change = changes.begin();
  for (base::TimeMs from = first_; from <= end; from += base::kDayMs) {
    UtcDay& day = days_.emplace_back();
    day.change = from;
    day.before_ms = static_cast<std::int32_t>(zone_.offset_seconds(from) * base::kSecondMs);
    day.after_ms = day.before_ms;
    change = std::upper_bound(change, changes.end(), from);
    if (change == changes.end() || *change >= from + base::kDayMs) continue;
    day.change = *change;
    day.after_ms = static_cast<std::int32_t>(zone_.offset_seconds(*change) * base::kSecondMs);
    ++change;
    day.plain = change == changes.end() || *change >= from + base::kDayMs;
  }
}

std::optional<SalesPeriod> period_of(std::string_view word) {
  if (word == "none") return SalesPeriod::kNone;
  if (word == "day") return SalesPeriod::kDay;
  if (word == "week") return SalesPeriod::kWeek;
  if (word == "month") return SalesPeriod::kMonth;
  return std::nullopt;
}

std::int32_t period_index(SalesPeriod period, base::DayNumber day, int week_start) {
  switch (period) {
    case SalesPeriod::kDay:
      return day;
    case SalesPeriod::kWeek:
      return base::Zone::week_of_day(day, week_start);
    case SalesPeriod::kMonth:
      return base::Zone::month_of_day(day);
    case SalesPeriod::kNone:
      break;
  }
  return 0;
}

base::DayNumber period_first_day(SalesPeriod period, std::int32_t index, int week_start) {
  switch (period) {
    case SalesPeriod::kWeek:
      return base::Zone::week_start_day(index, week_start);
    case SalesPeriod::kMonth:
      return base::Zone::month_start_day(index);
    case SalesPeriod::kDay:
    case SalesPeriod::kNone:
      break;
  }
  return index;
}

std::string period_label(SalesPeriod period, std::int32_t index, int week_start) {
  if (period == SalesPeriod::kNone) return "";
  const std::string day = base::format_date(period_first_day(period, index, week_start));
  return period == SalesPeriod::kMonth ? day.substr(0, day.rfind('-')) : day;
}

}  // namespace footfall::analytics
