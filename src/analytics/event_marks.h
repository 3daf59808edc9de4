// Event marks: one bit an event, set where the event's type is in a set.
//
// Kernels read marks instead of types: 64 events at a glance, and the ticks of the others are
// never touched. Marks are made for one run of users at a time, so that they stay in the cache.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "footfall/analytics/event_set.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

/// Events a run of users should have: their ticks and marks fit into a core's own cache.
inline constexpr std::size_t kRunEvents = 32'768;

/// Makes the marks of an EventSet. Sets of up to eight types (or all but eight) are compared 16
/// events at a time; larger ones are looked up.
class EventMarker {
 public:
  explicit EventMarker(const EventSet& set);

  /// Bit i % 64 of words[i / 64] says whether types[i] is in the set; bits past the end are 0.
  /// `words` is made as long as needed and keeps its memory.
  void mark(std::span<const EventCode> types, std::vector<std::uint64_t>& words) const;
  /// Whether any of the block's events [first, first + count) is in the set. Reads them only where
  /// the block may hold such events.
  bool any(const store::Block& block, std::size_t first, std::size_t count) const;

 private:
  std::uint64_t word(const EventCode* types) const;
  std::uint64_t last_word(const EventCode* types, std::size_t count) const;

  EventSet set_;
  std::vector<EventCode> compared_;  // The set, or its complement; empty: looked up.
  bool by_compare_ = false;
  std::uint64_t flip_ = 0;  // All ones when `compared_` is the complement.
};

/// Marks the server events (events::kServerOrigin) among events [first, first + count) of a block.
/// False when there can be none: then `words` is left as it is.
bool mark_servers(const store::ColumnView<std::uint8_t>& flags, std::size_t first,
                  std::size_t count, std::vector<std::uint64_t>& words);

/// The bits of word `word` that stand for events [begin, end).
inline std::uint64_t bits_inside(std::size_t word, std::size_t begin, std::size_t end) {
  const std::size_t from = word * 64;
  std::uint64_t bits = ~std::uint64_t{0};
  if (begin >= from + 64 || end <= from) return 0;
  if (begin > from) bits <<= begin - from;
  if (end < from + 64) bits &= ~std::uint64_t{0} >> (from + 64 - end);
  return bits;
}

inline std::size_t lowest_bit(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_zero(bits));
}
inline std::size_t highest_bit(std::uint64_t bits) {
  return 63 - static_cast<std::size_t>(std::countl_zero(bits));
}

/// Cuts users [begin, end) of a block into runs of about `events_max` events and calls
/// body(run_begin, run_end) for each in order. A user is never cut.
template <typename Body>
void for_user_runs(const store::Block& block, std::size_t begin, std::size_t end,
                   std::size_t events_max, Body&& body) {
  const auto offsets = block.offsets.begin();
  while (begin < end) {
    const auto next = offsets + static_cast<std::ptrdiff_t>(begin) + 1;
    const auto after = std::upper_bound(next, offsets + static_cast<std::ptrdiff_t>(end) + 1,
                                        block.offsets[begin] + events_max);
    const std::size_t run_end = std::max(begin + 1, static_cast<std::size_t>(after - offsets) - 1);
    body(begin, run_end);
    begin = run_end;
  }
}

}  // namespace footfall::analytics
