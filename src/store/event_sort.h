// Event sort: brings an event table into the total order of SEMANTICS 1.7.
#pragma once

#include <cstddef>
#include <cstdint>

#include "footfall/store/event_table.h"

namespace footfall::store {

/// Sorts by (user, time, sequence, key, digest); events equal in all five keep their order.
/// Returns where each event came from: event i stood at result[i]. The result is empty when the
/// table was sorted already (found in one pass). Fewer than 2^32 events and lines.
/// Cost: 20 M events in less than a second on two threads; 36 bytes an event beside the table.
Column<std::uint32_t> sort_events(EventTable& table, std::size_t threads);

/// Whether the table is in total order.
bool is_sorted(const EventTable& table, std::size_t threads);

}  // namespace footfall::store
