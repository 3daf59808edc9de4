// Arrangement: the order of many events, and columns brought into it along memory.
//
// A column is moved in two steps: first each value to its bucket, a stretch of the result that one
// range of ranks fills, then inside the bucket, which fits a core's own cache. Both steps read and
// write memory in streams, where picking values one by one would wait for each of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "footfall/base/parallel.h"
#include "footfall/base/time.h"
#include "footfall/store/column.h"

namespace footfall::store {

/// What events are sorted by: (rank of their group, time, sequence, key, digest, index).
struct ArrangedBy {
  std::span<const std::uint32_t> groups;    // One an event.
  std::span<const std::uint32_t> ranks;     // Of each group; empty: the group itself.
  std::span<const base::TimeMs> times;      // One an event.
  std::span<const std::int64_t> sequences;  // One an event; empty: all 0.
  std::span<const std::uint64_t> keys;      // One an event.
  std::span<const std::uint64_t> digests;   // One an event; empty: the keys.
};

/// Fewer than 2^32 events. Memory beside the sorted columns: 4 bytes an event, and a column of the
/// largest bucket for each thread.
class Arrangement {
 public:
  /// `groups_read` is called when groups and ranks have been read for the last time: their memory
  /// may serve again then.
  Arrangement(
      const ArrangedBy& by, std::size_t threads, const std::function<void()>& groups_read = [] {});

  std::size_t size() const { return buckets_.size(); }
  /// About one for 16,384 events, as far as the ranks differ.
  std::size_t bucket_count() const { return starts_.size() - 1; }
  /// Ranks, times and indices of the events in their order. Taken once each.
  Column<std::uint32_t> take_ranks() { return std::move(ranks_); }
  Column<base::TimeMs> take_times() { return std::move(times_); }
  Column<std::uint32_t> take_indices() { return std::move(indices_); }

  /// Fills `to` with value(event) of all events, in order. `value` must not read `to`; it is fast
  /// if it holds pointers, not references to columns that a written byte might change.
  template <typename To, typename Value>
  void apply(Column<To>& to, const Value& value) {
    to.resize(size());
    spread([value, values = to.data()](std::size_t event, std::size_t place) {
      values[place] = value(event);
    });
    base::parallel_for(
        threads_, bucket_count(), 1, [&](std::size_t worker, std::size_t bucket, std::size_t) {
          const std::size_t count = starts_[bucket + 1] - starts_[bucket];
          if (const std::uint32_t* const order = large_order(bucket)) {
            settle_bucket(bucket, std::span(order, count), to, workers_[worker].room);
          } else {
            const std::span<const std::uint16_t> own(order_.data() + starts_[bucket], count);
            settle_bucket(bucket, own, to, workers_[worker].room);
          }
        });
  }

 private:
  class BucketSort;
  // A bucket of more events than fit order_: its places in 32 bits.
  struct LargeBucket {
    std::size_t bucket;
    std::vector<std::uint32_t> order;
  };
  struct Worker {
    std::vector<LargeBucket> large;
    std::vector<std::byte> room;  // For a bucket of a column.
  };

  void choose_buckets(const ArrangedBy& by);
  void count_buckets(const ArrangedBy& by);
  void sort_buckets(const ArrangedBy& by);
  void keep_order(std::size_t bucket, std::span<const std::uint32_t> order, Worker& worker);
  std::size_t bucket_of(std::uint32_t rank) const { return std::size_t{rank - least_} >> shift_; }

  // Calls put(event, place) for all events: each place once, bucket after bucket.
  template <typename Put>
  void spread(const Put& put) {
    base::parallel_for(threads_, size(), stretch_,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         const Put own_put = put;
                         const std::uint16_t* const buckets = buckets_.data();
                         std::vector<std::uint32_t> places = places_[begin / stretch_];
                         std::uint32_t* const next = places.data();
                         for (std::size_t event = begin; event < end; ++event) {
                           own_put(event, next[buckets[event]]++);
                         }
                       });
  }

  // Brings one bucket of a column into its order.
  template <typename T, typename Place>
  void settle_bucket(std::size_t bucket, std::span<const Place> order, Column<T>& column,
                     std::vector<std::byte>& room) const {
    if (order.empty()) return;
    room.resize(std::max(room.size(), order.size() * sizeof(T)));
    T* const values = reinterpret_cast<T*>(room.data());
    T* const to = column.data() + starts_[bucket];
    std::memcpy(values, to, order.size() * sizeof(T));
    for (std::size_t i = 0; i < order.size(); ++i) to[i] = values[order[i]];
  }
  // The order of a bucket that is too large for order_; null for others.
  const std::uint32_t* large_order(std::size_t bucket) const {
    for (const Worker& worker : workers_) {
      for (const LargeBucket& large : worker.large) {
        if (large.bucket == bucket) return large.order.data();
      }
    }
    return nullptr;
  }

  std::size_t threads_;
  std::uint32_t least_ = 0;  // Of the ranks.
  int shift_ = 0;            // A bucket holds 2^shift_ ranks.
  std::size_t stretch_ = 1;  // Events of the input that are spread by one worker at a time.
  std::vector<std::vector<std::uint32_t>> places_;  // Of each stretch, its first in each bucket.
  std::vector<std::size_t> starts_;                 // Of the buckets, and the end.
  Column<std::uint16_t> buckets_;                   // Of each event.
  Column<std::uint16_t> order_;  // Of each index, the place in its bucket of what belongs there.
  std::vector<Worker> workers_;
  Column<std::uint32_t> ranks_;
  Column<base::TimeMs> times_;
  Column<std::uint32_t> indices_;
};

}  // namespace footfall::store
