// EventTable: stored events column by column in memory, with the shop's own codes.
//
// The common currency of the store: a decoded journal record, a sorted bulk load, the overlay of
// unsealed events and the input and output of every merge are event tables.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "footfall/store/block.h"
#include "footfall/store/column.h"

namespace footfall::store {

/// Lines of the events of a table; event i has lines [starts[i], starts[i + 1]).
/// A line of an order that was joined from parts (events::kOrderPart) keeps its own time and
/// identity, so that tables can be merged line by line and an import can be taken back. A table
/// whose lines are not identified yet (order_join.h) has times, keys, digests and batches empty.
struct LineTable {
  Column<std::uint32_t> starts;  // Size events + 1, or empty when no event has lines.
  Column<ItemCode> items;
  Column<TextCode> names;
  Column<std::int64_t> quantities;
  Column<base::PriceMicros> prices;
  Column<std::uint32_t> numbers;
  Column<std::uint8_t> marks;
  Column<base::TimeMs> times;        // Of the part; the event's time otherwise.
  Column<base::TimeMs> known_times;  // Of the part; empty: equal to `times`.
  Column<std::uint64_t> keys;        // Identity within the order; 0 for lines of whole events.
  Column<std::uint64_t> digests;     // Content of the part; 0 for lines of whole events.
  Column<BatchNumber> batches;

  std::size_t size() const { return items.size(); }
};

struct PropertyTable {
  std::string name;
  Column<TextCode> codes;  // 0 = absent. Size = events.
  // What the part of each line of a joined order had, of which `codes` holds the first that is
  // not absent. Empty: every line's part had its event's value. Else one a line.
  Column<TextCode> line_codes = {};
};

/// Every per-event vector has size() elements, or is empty where said.
struct EventTable {
  Column<UserNumber> users;
  Column<base::TimeMs> times;
  Column<base::TimeMs> known_times;  // Empty: equal to `times`.
  Column<std::int64_t> sequences;    // Empty: all 0.
  Column<EventCode> types;
  Column<ItemCode> items;
  Column<OrderCode> orders;       // Empty: all 0.
  Column<std::uint64_t> keys;     // Identity: an id's hash, an order's, or the digest.
  Column<std::uint64_t> digests;  // Empty: equal to `keys`.
  Column<std::uint8_t> flags;     // events::EventFlag bits.
  Column<BatchNumber> batches;  // For joined orders: that of the first line. Empty: not known yet.
  LineTable lines;
  std::vector<PropertyTable> properties;

  std::size_t size() const { return times.size(); }
};

}  // namespace footfall::store
