// Retention: who came back in which day, week or month after their first.
//
// A person's cohort is the local period of their start event. They return in period n when a
// return event stands after the start event in stored order, n periods later by the calendar of
// one zone. Where start and return are the same events, everyone returns in period 0
// (SEMANTICS 5: clock calendar, denominator cohort size). A return that the clock, set back over
// midnight, dates before its start is in no period.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "footfall/analytics/calendar.h"
#include "footfall/analytics/event_marks.h"
#include "footfall/analytics/event_set.h"
#include "footfall/base/result.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

inline constexpr std::size_t kRetentionPeriodsMax = 400;

enum class RetentionVariant : std::uint8_t {
  kOn,         // Returned in period n.
  kOnOrAfter,  // Returned in period n or a later one.
};

enum class CohortEntry : std::uint8_t {
  kFirstEver,     // The first start event of all; persons whose own lies outside the range are out.
  kFirstInRange,  // The first start event in the range.
};

struct RetentionSpec {
  EventSet start = EventSet::deeds();
  EventSet returning = EventSet::deeds();
  bool clients_only = false;  // Server events neither start nor return. Needs the column flags.
  Calendar calendar = {};
  RetentionVariant variant = RetentionVariant::kOn;
  CohortEntry entry = CohortEntry::kFirstEver;
  std::size_t periods = 12;  // Periods 0 .. periods are counted.
  // Start events are in [from, to); returns may lie after `to`.
  base::TimeMs from = base::kTimeMin;
  base::TimeMs to = base::kTimeEnd;
  base::TimeMs complete_to = base::kTimeEnd;  // H.
};

struct RetentionCell {
  std::uint64_t returned = 0;
  bool complete = false;  // The period had ended by H; never for kOnOrAfter.
};

struct RetentionCohort {
  Period period = 0;
  base::DayNumber first_day = 0;
  std::uint64_t persons = 0;
  std::vector<RetentionCell> cells;  // Periods 0, 1, ... that had begun by H.
};

struct RetentionAnswer {
  std::vector<RetentionCohort> cohorts;  // By period; without empty ones.
  // For each period, returned / persons over the cohorts where it is complete, weighted by size.
  std::vector<std::optional<double>> mean;
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
  std::uint64_t without_start = 0;  // Persons with no start event.
  std::uint64_t start_out_of_range = 0;
};

/// What some of the persons gave. Partials of one question may be merged in any order.
struct RetentionPartial {
  /// Counts of one cohort, made when its first person comes.
  std::uint64_t* row(Period cohort, std::size_t width);

  std::uint64_t persons = 0;
  std::uint64_t events = 0;
  std::uint64_t without_start = 0;
  std::uint64_t start_out_of_range = 0;
  // Row r has cohort cohorts[r] and counts from r * width: the cohort's persons, then one count a
  // period, then one for all periods after them.
  std::vector<Period> cohorts;
  std::vector<std::uint64_t> counts;
  Period row_first = 0;
  std::vector<std::uint32_t> row_of;  // By cohort - row_first; all ones where there is none.
  PeriodTables tables;                // Of the block that is being folded.
};

/// A RetentionSpec that has been checked. Immutable, so threads may share one.
class Retention {
 public:
  /// Refuses empty event sets, no periods and more than kRetentionPeriodsMax.
  static base::Result<Retention> create(RetentionSpec spec);

  const RetentionSpec& spec() const { return spec_; }

  /// Adds users [begin, end) of a block.
  void fold(RetentionPartial& partial, const store::Block& block, std::size_t begin,
            std::size_t end) const;
  void merge(RetentionPartial& into, const RetentionPartial& from) const;
  RetentionAnswer finish(const RetentionPartial& partial) const;

 private:
  template <typename Tick>
  class Reader;

  explicit Retention(RetentionSpec spec);
  template <typename Tick>
  void fold_ticks(RetentionPartial& partial, const store::Block& block, std::size_t begin,
                  std::size_t end) const;
  /// Persons, periods 0 .. periods, later ones.
  std::size_t width() const { return spec_.periods + 3; }

  RetentionSpec spec_;
  EventMarker start_marker_;
  EventMarker return_marker_;
  bool same_ = false;         // Start and return are the same events.
  EventMarker other_marker_;  // Neither start nor return, when they are the same.
};

}  // namespace footfall::analytics
