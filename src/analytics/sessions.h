// Sessions: how many visits there were, how long and how busy, by local day, week or month.
//
// Sessions are cut as session_cut.h says. A session belongs to the period of its first client
// event; it counts when that event is in the range. Its events are its client events and the
// server events that joined it; its duration is from its first to its last client event.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "footfall/analytics/calendar.h"
#include "footfall/analytics/estimates.h"
#include "footfall/analytics/event_set.h"
#include "footfall/analytics/session_cut.h"
#include "footfall/base/result.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

/// An engaged session is longer than this, or has a key event or two views (SEMANTICS 2.5).
inline constexpr base::TimeMs kEngagedLongerThanMs = 10'000;

struct SessionSpec {
  SessionRule rule = {};
  base::TimeMs from = base::kTimeMin;  // Sessions that begin in [from, to).
  base::TimeMs to = base::kTimeEnd;
  EventSet ignored = EventSet::attributes();
  EventSet key_events = {events::kPurchase};
  EventSet views = {events::kViewItem, events::kPageView};
  // Events, durations, bounces and engagement too, about three times the work; one number in
  // memory for every session.
  bool details = false;
  std::optional<Calendar> by = {};  // With details: one row a period.
};

struct SessionCounts {
  std::uint64_t sessions = 0;
  std::uint64_t persons = 0;  // Persons with a session; of rows by period, each row's own.
  // With details alone:
  std::uint64_t events = 0;
  std::uint64_t bounces = 0;  // Sessions of one event.
  std::uint64_t engaged = 0;
  std::uint64_t converted = 0;  // Sessions with a key event.
};

struct SessionRow {
  std::optional<Period> period;  // Nothing: all periods.
  SessionCounts counts;
  std::optional<DurationSummary> duration;
};

struct SessionAnswer {
  std::vector<SessionRow> rows;  // By period; one row when `by` was not asked for.
  std::uint64_t persons = 0;     // Read, with or without a session.
  std::uint64_t events = 0;
  std::uint64_t no_session = 0;  // Server events of the range outside every session.
};

/// What some of the persons gave. Partials of one question may be merged in any order.
struct SessionPartial {
  struct Bucket {
    SessionCounts counts;
    std::vector<base::TimeMs> durations;
  };
  std::map<Period, Bucket> buckets;
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
  std::uint64_t no_session = 0;
  PeriodTables tables;  // Of the block that is being folded.
};

/// A SessionSpec that has been checked. Immutable, so threads may share one.
class Sessions {
 public:
  /// Refuses a gap of 0 or less, and `by` without details.
  static base::Result<Sessions> create(SessionSpec spec);

  const SessionSpec& spec() const { return spec_; }

  /// Adds users [begin, end) of a block. Needs the column flags. Where a run of users has client
  /// events alone and the range is all history, counting reads each tick once, without branches.
  void fold(SessionPartial& partial, const store::Block& block, std::size_t begin,
            std::size_t end) const;
  static void merge(SessionPartial& into, const SessionPartial& from);
  SessionAnswer finish(SessionPartial partial) const;

 private:
  template <typename Tick>
  class Reader;

  explicit Sessions(SessionSpec spec);
  template <typename Tick>
  void fold_ticks(SessionPartial& partial, const store::Block& block, std::size_t begin,
                  std::size_t end) const;

  SessionSpec spec_;
  EventMarker ignored_marker_;
};

}  // namespace footfall::analytics
