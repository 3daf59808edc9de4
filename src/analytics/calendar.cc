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
  const base::DayNumber day = zone.day(instant);
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

base::TimeMs Calendar::next_change(base::TimeMs instant) const {
  const Period period = period_of(instant);
  return zone.first_outside(instant, first_day(period), first_day(period + 1));
}

template <typename Tick>
PeriodTable<Tick>::PeriodTable(const Calendar& calendar, const store::TickScale& scale)
    : calendar_(calendar), scale_(scale) {
  const base::TimeMs days = calendar.unit == PeriodUnit::kDay    ? 1
                            : calendar.unit == PeriodUnit::kWeek ? 7
                                                                 : 28;
  const base::TimeMs longest = days * base::kDayMs / 2;
  while ((scale.tick_ms << (shift_ + 1)) <= longest) ++shift_;
  first_ = calendar_.period_of(scale_.base_ms);
  period_ = first_;
  find_next();
}

// Finds the next tick of another period than that of the tick next_; pieces of periods that have no
// tick are passed over.
template <typename Tick>
void PeriodTable<Tick>::find_next() {
  do {
    next_ = scale_.first_tick_at(calendar_.next_change(scale_.time(next_)));
    next_period_ = calendar_.period_of(scale_.time(next_));
  } while (next_period_ == period_);
}

template <typename Tick>
void PeriodTable<Tick>::step() {
  if (next_period_ < period_) rises_ = false;
  period_ = next_period_;
  find_next();
}

template <typename Tick>
void PeriodTable<Tick>::add_cell() {
  const std::uint64_t end = (std::uint64_t{cells_.size()} + 1) << shift_;
  if (next_ >= end) {
    cells_.push_back({std::numeric_limits<Tick>::max(), {period_, period_}});
    return;
  }
  cells_.push_back({static_cast<Tick>(next_), {period_, next_period_}});
  step();
  if (next_ >= end) return;
  cells_.back() = {std::numeric_limits<Tick>::max(), {kMany, kMany}};
  rises_ = false;
  while (next_ < end) step();
}

template <typename Tick>
void PeriodTable<Tick>::extend(Tick last) {
  while ((last >> shift_) >= cells_.size()) add_cell();
}

template class PeriodTable<std::uint32_t>;
template class PeriodTable<std::uint64_t>;

}  // namespace footfall::analytics
