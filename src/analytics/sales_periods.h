// Sales periods: which local day, week or month an instant belongs to, fast for many instants.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/time.h"
#include "footfall/base/zone.h"

namespace footfall::analytics {

/// Half-open [from, to).
struct TimeRange {
  base::TimeMs from = base::kTimeMin;
  base::TimeMs to = base::kTimeEnd;

  bool holds(base::TimeMs time) const { return from <= time && time < to; }
};

/// Local days of a zone with the offsets of up to twenty years laid out day by day, so that a
/// lookup is one read instead of a search. Equal to Zone::day for every instant. Immutable.
class LocalDays {
 public:
  /// Lays out the last twenty years of `range` that end no later than `last`.
  LocalDays(base::Zone zone, TimeRange range, base::TimeMs last);

  base::DayNumber day(base::TimeMs instant) const {
    const base::TimeMs since = instant - first_;
    const auto index = static_cast<std::uint64_t>(since) / kDay;
    if (since < 0 || index >= days_.size() || !days_[index].plain) return zone_.day(instant);
    const UtcDay& utc = days_[index];
    const base::TimeMs local = instant + (instant < utc.change ? utc.before_ms : utc.after_ms);
    return static_cast<base::DayNumber>((local - local_base_) / base::kDayMs + day_base_);
  }
  const base::Zone& zone() const { return zone_; }

 private:
  static constexpr std::uint64_t kDay = base::kDayMs;

  struct UtcDay {
    base::TimeMs change = 0;  // First instant at which after_ms holds.
    std::int32_t before_ms = 0;
    std::int32_t after_ms = 0;
    bool plain = true;  // At most one change of offset.
  };

  base::Zone zone_;
  base::TimeMs first_ = 0;       // A UTC midnight.
  base::TimeMs local_base_ = 0;  // A local midnight before all laid out days, of day_base_.
  base::DayNumber day_base_ = 0;
  std::vector<UtcDay> days_;
};

enum class SalesPeriod : std::uint8_t { kNone, kDay, kWeek, kMonth };

/// "none", "day", "week", "month".
std::optional<SalesPeriod> period_of(std::string_view word);

/// Local index of a period: equal for days of one period, rising by one from each to the next.
std::int32_t period_index(SalesPeriod period, base::DayNumber day, int week_start);

/// The first local day of a period.
base::DayNumber period_first_day(SalesPeriod period, std::int32_t index, int week_start);

/// "2011-08-31" for days, weeks (their first day), "2011-08" for months, "" for none.
std::string period_label(SalesPeriod period, std::int32_t index, int week_start);

}  // namespace footfall::analytics
