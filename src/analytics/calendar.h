// Calendar: local days, weeks and months of one zone, and tables that find an event's period fast.
//
// A local day runs from its first existing instant to that of the next day, a week from its first
// weekday, a month from its first day; periods are counted from those that hold 1970-01-01
// (SEMANTICS 14). A day that a zone left out is a period without instants.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "footfall/base/time.h"
#include "footfall/base/zone.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

enum class PeriodUnit : std::uint8_t { kDay, kWeek, kMonth };

/// Number of a local day, week or month.
using Period = std::int32_t;

struct Calendar {
  base::Zone zone = base::Zone::utc();
  PeriodUnit unit = PeriodUnit::kDay;
  int week_start = 1;  // 1 = Monday .. 7 = Sunday.

  base::DayNumber first_day(Period period) const;
  base::TimeMs start(Period period) const { return zone.day_start(first_day(period)); }
  Period period_of(base::TimeMs instant) const;
};

/// Periods of the ticks of one block: the tick axis is cut into cells so short that at most one
/// period begins inside each, so a lookup is a shift, a load and a comparison.
template <typename Tick>
class PeriodTable {
 public:
  struct Cell {
    Tick boundary;      // The first tick of periods[1].
    Period periods[2];  // Equal where no period begins in the cell.
  };

  /// `cell_ms` is how long a cell is at first, 0 for half of the usual period; where two periods
  /// begin inside a cell, all become shorter.
  PeriodTable(const Calendar& calendar, const store::TickScale& scale, base::TimeMs cell_ms = 0);

  /// Makes ticks up to `last` known. A day table of ten thousand years has 7.4 million cells, the
  /// most there can be; a usual one has less than a thousand.
  void cover(Tick last) {
    if ((last >> shift_) >= cells_.size()) extend(last);
  }
  /// Only for ticks that are covered.
  Period period(Tick tick) const {
    const Cell& cell = cells_[tick >> shift_];
    return cell.periods[tick >= cell.boundary ? 1 : 0];
  }
  bool made_for(const store::TickScale& scale) const {
    return scale.base_ms == scale_.base_ms && scale.tick_ms == scale_.tick_ms;
  }
  const std::vector<Cell>& cells() const { return cells_; }
  unsigned shift() const { return shift_; }  // A tick's cell is tick >> shift().
  Period first() const { return first_; }
  /// The period of the last covered tick, or later.
  Period last() const { return period_; }

 private:
  void extend(Tick last);
  bool add_cell();
  void begin_next();

  Calendar calendar_;
  store::TickScale scale_;
  unsigned shift_ = 0;
  std::vector<Cell> cells_;
  Period first_ = 0;
  // The next cell begins inside period_; next_period_ begins at the tick next_.
  Period period_ = 0;
  Period next_period_ = 0;
  std::uint64_t next_ = 0;
};

extern template class PeriodTable<std::uint32_t>;
extern template class PeriodTable<std::uint64_t>;

/// The tables of the block that is being folded, kept from one fold to the next.
class PeriodTables {
 public:
  template <typename Tick>
  PeriodTable<Tick>& of(const Calendar& calendar, const store::TickScale& scale) {
    auto& table = [this]() -> auto& {
      if constexpr (sizeof(Tick) == 4) {
        return table32_;
      } else {
        return table64_;
      }
    }();
    if (!table || !table->made_for(scale)) table.emplace(calendar, scale);
    return *table;
  }

 private:
  std::optional<PeriodTable<std::uint32_t>> table32_;
  std::optional<PeriodTable<std::uint64_t>> table64_;
};

}  // namespace footfall::analytics
