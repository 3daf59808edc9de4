// Event columns: whole event tables appended, selected and brought into their one normal form.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "footfall/events/batch.h"
#include "footfall/store/arrangement.h"
#include "footfall/store/event_table.h"

namespace footfall::store {

/// Appends events [begin, end) of `from` with their lines and properties. Columns that are empty
/// in one of the two are filled in where the other one needs them. Tables with lines must agree on
/// whether these are identified (LineTable). `from` must be another table than `to`.
void append_events(EventTable& to, const EventTable& from, std::size_t begin, std::size_t end);

/// The first `count` events alone, in place.
void truncate_events(EventTable& table, std::size_t count);

/// The events named in `order`, in that order, with their lines, in place; column after column, so
/// that at most one more column is held at a time. Indices may be left out, not repeated.
void reorder_events(EventTable& table, std::span<const std::uint32_t> order, std::size_t threads);

/// All events, with their lines, as arranged by the table's users, times, sequences, keys and
/// digests. Returns where each event came from.
Column<std::uint32_t> arrange_events(EventTable& table, Arrangement& arrangement,
                                     std::size_t threads);

/// Lines of events that change their order: event i has lines [starts[i], starts[i + 1])
/// afterwards, and line l stood at lines[l].
struct LineOrder {
  Column<std::uint32_t> starts;
  Column<std::uint32_t> lines;
};
/// `order` is the arrangement's own (take_indices).
LineOrder arrange_lines(std::span<const std::uint32_t> starts, std::span<const std::uint32_t> order,
                        Arrangement& arrangement, std::size_t threads);

/// The lines of a table alone, without their starts: line i becomes the one at order[i].
void reorder_lines(EventTable& table, std::span<const std::uint32_t> order, std::size_t threads);

/// Drops the events (and their lines) where keep[i] is 0, in place.
void keep_events(EventTable& table, std::span<const std::uint8_t> keep, std::size_t threads);

/// One form for equal contents: columns that say nothing beyond their default are made empty,
/// properties are sorted by name, and those that no event has are dropped. In identified lines,
/// lines of whole events get their event's time and batch.
void normalise(EventTable& table, std::size_t threads);

/// Where each user's events stand in a table in total order.
struct UserOffsets {
  Column<UserNumber> users;          // Rising.
  Column<std::uint64_t> offsets{0};  // Size users.size() + 1.
};
UserOffsets user_offsets(const EventTable& table, std::size_t threads);

/// The first event of a user at or after `event`, in a table in total order; size() if none is.
inline std::size_t user_start(const EventTable& table, std::size_t event) {
  const Column<UserNumber>& users = table.users;
  if (event == 0 || event >= users.size() || users[event - 1] != users[event]) return event;
  // In growing steps: of one person who has most events every stretch would else be read to its
  // end.
  const UserNumber user = users[event];
  std::size_t step = 1;
  for (; event + step < users.size() && users[event + step] == user; step *= 2) event += step;
  const auto from = users.begin() + static_cast<std::ptrdiff_t>(event);
  const auto to = users.begin() + static_cast<std::ptrdiff_t>(std::min(event + step, users.size()));
  return static_cast<std::size_t>(std::upper_bound(from, to, user) - users.begin());
}

/// The event's digest: its key, where the table holds no digests.
inline std::uint64_t digest_of(const EventTable& table, std::size_t event) {
  return table.digests.empty() ? table.keys[event] : table.digests[event];
}
inline std::int64_t sequence_of(const EventTable& table, std::size_t event) {
  return table.sequences.empty() ? 0 : table.sequences[event];
}
inline base::TimeMs known_time_of(const EventTable& table, std::size_t event) {
  return table.known_times.empty() ? table.times[event] : table.known_times[event];
}
/// Whether the event is a part of an order, or an order joined from parts: it is flagged so and
/// has lines. A flagged event without lines is an event like any other.
inline bool is_order(const EventTable& table, std::size_t event) {
  return (table.flags[event] & events::kOrderPart) != 0 && !table.lines.starts.empty() &&
         table.lines.starts[event] < table.lines.starts[event + 1];
}

}  // namespace footfall::store
