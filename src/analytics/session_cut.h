// Session cuts: a person's events divided into visits.
//
// A session is a maximal run of client events in which neighbours are less than `gap_ms` apart
// (bound ge: a gap of exactly that length opens a new session; bound gt: only a longer one).
// Server events neither open nor extend a session; each joins the session with
// first event <= t < last event + gap, if there is one (SEMANTICS 2).
#pragma once

#include <cstdint>
#include <limits>

#include "footfall/analytics/event_marks.h"
#include "footfall/base/time.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

enum class SessionBound : std::uint8_t { kGe, kGt };

struct SessionRule {
  base::TimeMs gap_ms = 30 * base::kMinuteMs;  // > 0
  SessionBound bound = SessionBound::kGe;

  /// Neighbours whose ticks differ by this or more are of two sessions. At least 1.
  std::uint64_t break_ticks(const store::TickScale& scale) const {
    return bound == SessionBound::kGe ? scale.ticks_at_least(gap_ms)
                                      : scale.ticks_within(gap_ms) + 1;
  }
};

/// One session. [begin, end) holds all its events, and besides only events that are in no session
/// by their nature; `first` and `last` are its first and last client events.
struct Session {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// What each event of a run of users is; null where there is no such event. Bits are events.
struct SessionMarks {
  const std::uint64_t* servers = nullptr;
  const std::uint64_t* ignored = nullptr;  // In no session by nature: attributes.

  static bool in(const std::uint64_t* marks, std::size_t event) {
    return marks != nullptr && (marks[event / 64] >> (event % 64) & 1) != 0;
  }
};

/// A run of users, ready to be cut. Views; alive during one fold.
template <typename Tick>
struct SessionCut {
  const Tick* ticks = nullptr;
  std::uint64_t break_ticks = 1;
  SessionMarks marks;

  /// Calls visit(session) for each session of the person with events [begin, end), in order, and
  /// outside(tick, count) for server events of one instant that are in none. Allocates nothing.
  template <typename Visit, typename Outside>
  void for_each(std::size_t begin, std::size_t end, Visit&& visit, Outside&& outside) const;
};

template <typename Tick>
template <typename Visit, typename Outside>
void SessionCut<Tick>::for_each(std::size_t begin, std::size_t end, Visit&& visit,
                                Outside&& outside) const {
  Session session;
  bool open = false;
  // Server events since `waiting_from` that no session holds yet, all at one instant: a client
  // event at that very instant would open a session that holds them.
  std::size_t waiting = 0;
  std::size_t waiting_from = 0;
  for (std::size_t event = begin; event < end; ++event) {
    if (SessionMarks::in(marks.ignored, event)) continue;
    const bool in_reach = open && ticks[event] - ticks[session.last] < break_ticks;
    if (!SessionMarks::in(marks.servers, event)) {
      if (in_reach) {
        session.last = event;
      } else {
        if (open) visit(session);
        const bool joined = waiting > 0 && ticks[waiting_from] == ticks[event];
        if (!joined && waiting > 0) outside(ticks[waiting_from], waiting);
        session = {joined ? waiting_from : event, event + 1, event, event};
        open = true;
        waiting = 0;
      }
      session.end = event + 1;
    } else if (in_reach) {
      session.end = event + 1;
    } else {
      if (waiting > 0 && ticks[waiting_from] != ticks[event]) {
        outside(ticks[waiting_from], waiting);
        waiting = 0;
      }
      if (waiting == 0) waiting_from = event;
      ++waiting;
    }
  }
  if (open) visit(session);
  if (waiting > 0) outside(ticks[waiting_from], waiting);
}

}  // namespace footfall::analytics
