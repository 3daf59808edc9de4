// Transitions: which event follows which in a person's history, without a session cut.
//
// A pair is two events of one person with none between them, after attributes and events outside
// the range were left out.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "footfall/analytics/event_marks.h"
#include "footfall/analytics/event_set.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

struct TransitionSpec {
  base::TimeMs from = base::kTimeMin;  // Both events are in [from, to).
  base::TimeMs to = base::kTimeEnd;
  EventSet ignored = EventSet::attributes();
};

struct Transition {
  EventCode from = 0;
  EventCode to = 0;
  std::uint64_t count = 0;
  std::uint64_t from_count = 0;  // Pairs with the same first event.
};

struct TransitionAnswer {
  std::vector<Transition> pairs;  // Those that occur, by codes.
  std::uint64_t pair_count = 0;
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
};

/// What some of the persons gave, 1 MiB. Partials of one question may be merged in any order.
struct TransitionPartial {
  /// Two tables by turns, so that a pair which comes again at once need not wait for itself.
  /// Counts are modulo 2^64, so taking off more than one table has is no harm.
  std::vector<std::uint64_t> tables = std::vector<std::uint64_t>(2 * 256 * 256);
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
};

/// Immutable, so threads may share one.
class Transitions {
 public:
  explicit Transitions(TransitionSpec spec);

  /// Adds users [begin, end) of a block. Where no range cuts the users' events, the types alone
  /// are read.
  void fold(TransitionPartial& partial, const store::Block& block, std::size_t begin,
            std::size_t end) const;
  static void merge(TransitionPartial& into, const TransitionPartial& from);
  static TransitionAnswer finish(const TransitionPartial& partial);

 private:
  void fold_person(TransitionPartial& partial, const store::Block& block, std::size_t user) const;

  /// Whether any of the users has an event at or after `to`.
  bool reaches_to(const store::Block& block, std::size_t begin, std::size_t end) const;

  TransitionSpec spec_;
  EventMarker ignored_marker_;
};

}  // namespace footfall::analytics
