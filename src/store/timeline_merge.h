// Timeline merge: settled timelines from many sources become one, whatever their order.
//
// Settled means: in total order, orders joined, no event twice, columns in normal form. Events of
// one user with equal keys are one event: of several the least by (time, sequence, known_time,
// flags, digest) stays, with the least batch number of all. So the result depends on the set of
// events alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/store/event_table.h"
#include "footfall/store/timeline_source.h"

namespace footfall::store {

/// One event, or one line of an order that was joined from parts, before it is merged.
struct MergeFacts {
  UserNumber user = 0;
  std::uint64_t key = 0;
  std::uint64_t line_key = 0;  // 0: a whole event.
  BatchNumber batch = 0;       // May be changed: another import owns it from now on.
  std::int64_t sequence = 0;   // May be changed; of a line its number.
};

/// Returns whether the event or line stays. Called on one thread, user by user in rising order.
/// An order whose last line is dropped is dropped. An empty function keeps all.
using MergeFilter = std::function<bool(MergeFacts&)>;

/// Settles a table in memory: sort, join, drop repeats, normal form.
void settle(EventTable& table, std::size_t threads);

/// Drops events that stand twice, in a table in total order with its orders joined.
void drop_repeats(EventTable& table, std::size_t threads);

struct MergeOptions {
  std::size_t threads = 1;
  std::uint64_t chunk_events = 1'048'576;  // Held in memory at a time; more only for one user.
  MergeFilter filter = {};
};

/// Where merged chunks go: settled tables of disjoint users, in rising order.
using MergeSink = std::function<base::Status(EventTable&&)>;

/// Merges user range by user range, so that memory is bounded by the chunk size and the largest
/// timeline. kInterrupted when progress wishes to stop; otherwise the sources' and sink's errors.
base::Status merge_timelines(std::span<const std::shared_ptr<const TimelineSource>> sources,
                             const MergeOptions& options, const MergeSink& sink,
                             base::Progress& progress);

/// The same, gathered in memory.
base::Result<EventTable> merge_to_table(
    std::span<const std::shared_ptr<const TimelineSource>> sources, const MergeOptions& options,
    base::Progress& progress);

/// Applies a filter to a settled table, which it leaves settled.
void filter_table(EventTable& table, const MergeFilter& filter, std::size_t threads);

}  // namespace footfall::store
