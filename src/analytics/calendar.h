// Calendar: local days, weeks and months of one zone, and tables that find an event's period fast.
//
// An instant is in the day, week or month of the date that the zone's clock shows; periods are
// counted from those that hold 1970-01-01 (SEMANTICS 14). A day that a zone left out is a period
// without instants. Where a clock goes back over midnight a period comes in two pieces, with some
// of the next one between them (docs/decisions/0005-days-in-two-pieces.md).
#pragma once

#include <cstdint>
#include <limits>
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
  /// The instant from which on every period is later.
  base::TimeMs end(Period period) const { return zone.day_end(first_day(period + 1) - 1); }
  Period period_of(base::TimeMs instant) const;
  /// The first instant after `instant` that is in another period.
  base::TimeMs next_change(base::TimeMs instant) const;
};

/// Periods of the ticks of one block: the tick axis is cut into cells so short that usually at most
/// one period begins inside each, so a lookup is a shift, a load and a comparison.
template <typename Tick>
class PeriodTable {
 public:
  struct Cell {
    Tick boundary;      // The first tick of periods[1].
    Period periods[2];  // Equal where no period begins in the cell; kMany where several do.
  };
  static constexpr Period kMany = std::numeric_limits<Period>::min();

  PeriodTable(const Calendar& calendar, const store::TickScale& scale);

  /// Makes ticks up to `last` known. A day table of ten thousand years has 7.4 million cells, the
  /// most there can be; a usual one has less than a thousand.
  void cover(Tick last) {
    if ((last >> shift_) >= cells_.size()) extend(last);
  }
  /// Only for ticks that are covered.
  Period period(Tick tick) const {
    const Cell& cell = cells_[tick >> shift_];
    const Period period = cell.periods[tick >= cell.boundary ? 1 : 0];
    return period != kMany ? period : calendar_.period_of(scale_.time(tick));
  }
  bool made_for(const store::TickScale& scale) const {
    return scale.base_ms == scale_.base_ms && scale.tick_ms == scale_.tick_ms;
  }
  const std::vector<Cell>& cells() const { return cells_; }
  unsigned shift() const { return shift_; }  // A tick's cell is tick >> shift().
  Period first() const { return first_; }
  /// The period of the last covered tick, or later.
  Period last() const { return period_; }
  /// Periods never fall as covered ticks rise, and at most one begins in each cell.
  bool rises() const { return rises_; }

 private:
  void extend(Tick last);
  void add_cell();
  void step();
  void find_next();

  Calendar calendar_;
  store::TickScale scale_;
  unsigned shift_ = 0;
  std::vector<Cell> cells_;
  Period first_ = 0;
  bool rises_ = true;
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
