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

namespace footfall::store {

/// Lines of the events of a table; event i has lines [starts[i], starts[i + 1]).
/// A line of an order that was joined from parts (events::kOrderPart) keeps its own time and
/// identity, so that tables can be merged line by line and an import can be taken back. A table
/// whose lines are not identified yet (order_join.h) has times, keys, digests and batches empty.
struct LineTable {
  std::vector<std::uint32_t> starts;  // Size events + 1, or empty when no event has lines.
  std::vector<ItemCode> items;
  std::vector<TextCode> names;
  std::vector<std::int64_t> quantities;
  std::vector<base::PriceMicros> prices;
  std::vector<std::uint32_t> numbers;
  std::vector<std::uint8_t> marks;
  std::vector<base::TimeMs> times;        // Of the part; the event's time otherwise.
  std::vector<base::TimeMs> known_times;  // Of the part; empty: equal to `times`.
  std::vector<std::uint64_t> keys;        // Identity within the order; 0 for lines of whole events.
  std::vector<std::uint64_t> digests;     // Content of the part; 0 for lines of whole events.
  std::vector<BatchNumber> batches;

  std::size_t size() const { return items.size(); }
};

struct PropertyTable {
  std::string name;
  std::vector<TextCode> codes;  // 0 = absent. Size = events.
  // What the part of each line of a joined order had, of which `codes` holds the first that is
  // not absent. Empty: every line's part had its event's value. Else one a line.
  std::vector<TextCode> line_codes = {};
};

/// Every per-event vector has size() elements, or is empty where said.
struct EventTable {
  std::vector<UserNumber> users;
  std::vector<base::TimeMs> times;
  std::vector<base::TimeMs> known_times;  // Empty: equal to `times`.
  std::vector<std::int64_t> sequences;    // Empty: all 0.
  std::vector<EventCode> types;
  std::vector<ItemCode> items;
  std::vector<OrderCode> orders;       // Empty: all 0.
  std::vector<std::uint64_t> keys;     // Identity: an id's hash, an order's, or the digest.
  std::vector<std::uint64_t> digests;  // Empty: equal to `keys`.
  std::vector<std::uint8_t> flags;     // events::EventFlag bits.
  std::vector<BatchNumber> batches;    // For joined orders: that of the first line.
  LineTable lines;
  std::vector<PropertyTable> properties;

  std::size_t size() const { return times.size(); }
};

}  // namespace footfall::store
