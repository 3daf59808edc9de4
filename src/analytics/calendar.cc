#include "footfall/analytics/calendar.h"

#include <algorithm>
#include <limits>

namespace footfall::analytics {

base::DayNumber Calendar::first_day(Period period) const {
  switch (unit) {
    case PeriodUnit::kDay:
      return period;
    case PeriodUnit::kWeek:
      return base::Zone::week_start_day(period, week_start);
    case PeriodUnit::kMonth:
      return base::Zone::month_start_day(period);
  }
  return period;
}

Period Calendar::period_of(base::TimeMs instant) const {
  base::DayNumber day = zone.day(instant);
  // Where the clock goes back over midnight, a few instants bear the date of the day before.
  while (zone.day_start(day + 1) <= instant) ++day;
  while (zone.day_start(day) > instant) --day;
  switch (unit) {
    case PeriodUnit::kDay:
      return day;
    case PeriodUnit::kWeek:
      return base::Zone::week_of_day(day, week_start);
    case PeriodUnit::kMonth:
      return base::Zone::month_of_day(day);
  }
  return day;
}

template <typename Tick>
PeriodTable<Tick>::PeriodTable(const Calendar& calendar, const store::TickScale& scale,
                               base::TimeMs cell_ms)
    : calendar_(calendar), scale_(scale) {
  const base::TimeMs days = calendar.unit == PeriodUnit::kDay    ? 1
                            : calendar.unit == PeriodUnit::kWeek ? 7
                                                                 : 28;
  const base::TimeMs longest = cell_ms > 0 ? cell_ms : days * base::kDayMs / 2;
  while ((scale.tick_ms << (shift_ + 1)) <= longest) ++shift_;
  first_ = calendar_.period_of(scale_.base_ms);
  period_ = first_;
  begin_next();
}

// Finds the period after period_; one without ticks is passed over.
template <typename Tick>
void PeriodTable<Tick>::begin_next() {
  next_period_ = period_ + 1;
  next_ = scale_.first_tick_at(calendar_.start(next_period_));
  while (scale_.first_tick_at(calendar_.start(next_period_ + 1)) == next_) ++next_period_;
}

// False when two periods begin inside the cell.
template <typename Tick>
bool PeriodTable<Tick>::add_cell() {
  const std::uint64_t end = (std::uint64_t{cells_.size()} + 1) << shift_;
  if (next_ >= end) {
    cells_.push_back({std::numeric_limits<Tick>::max(), {period_, period_}});
    return true;
  }
  cells_.push_back({static_cast<Tick>(next_), {period_, next_period_}});
  period_ = next_period_;
  begin_next();
  return next_ >= end;
}

template <typename Tick>
void PeriodTable<Tick>::extend(Tick last) {
  while ((last >> shift_) >= cells_.size()) {
    if (add_cell()) continue;
    --shift_;
    cells_.clear();
    period_ = first_;
    begin_next();
  }
}

template class PeriodTable<std::uint32_t>;
template class PeriodTable<std::uint64_t>;

}  // namespace footfall::analytics
