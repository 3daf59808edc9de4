// Order join: parts of one order become one event, line by line.
//
// Some sources give an order row by row. Each row comes as an event flagged events::kOrderPart
// that holds one line; parts of equal (user, type, key) are one order, a `purchase` and a
// `free_issue` being of one type here. Joining is a function of the set of parts: tables may be
// joined before or after they are merged, in any order and more than once, with the same bytes as
// result.
#pragma once

#include <cstddef>
#include <cstdint>

#include "footfall/store/event_table.h"

namespace footfall::store {

/// Fills times, keys, digests and batches of the lines of a table that does not have them yet.
/// Lines of order parts: time and digest of their part; key = the digest where numbers only count
/// rows (events::kSequenceIsRow), else hash_combine(order key, line number). Lines of whole
/// events: time and batch of their event, key and digest 0. A part of several lines is taken as
/// that many parts whose digests are hash_combine(digest, index of the line).
void identify_lines(EventTable& table, std::size_t threads);

/// What identify_lines gives the line of an order part.
struct LineIdentity {
  std::uint64_t key = 0;
  std::uint64_t digest = 0;
};
LineIdentity line_identity(const EventTable& table, std::size_t event, std::uint32_t line);

/// Joins the parts in a table in total order, which it keeps. The joined event has
///   time, known_time   the least of its lines'
///   sequence           0
///   lines              of all parts, by (time, number, key, digest); lines equal in key and
///                      digest are one, with their least number, known time and batch
///   item, batch        of its first line; flags: of all parts together
///   type               of a purchase: free_issue while all its lines are marked issued
///   digest             of its lines' keys and digests, in order
///   property           the first line's whose part has it.
/// Identifies lines first where that was not done. Cost: one pass where nothing is to be joined.
void join_orders(EventTable& table, std::size_t threads);

}  // namespace footfall::store
