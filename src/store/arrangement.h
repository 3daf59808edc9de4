// Arrangement: the order of many events, and columns brought into it along memory.
//
// A column is moved in two steps: first each value to its bucket, a stretch of the result that one
// range of ranks fills, then inside the bucket, which fits a core's own cache. Both steps read and
// write memory in streams, where picking values one by one would wait for each of them.
#pragma once

#include <cstddef>
#include <cstdint>
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

/// Fewer than 2^32 events. Memory beside the sorted columns: 24 bytes an event.
class Arrangement {
  struct Record {
    std::uint32_t rank;
    std::uint32_t index;
    base::TimeMs time;
  };

 public:
  Arrangement(const ArrangedBy& by, std::size_t threads);

  std::size_t size() const { return places_.size(); }
  /// Ranks, times and indices of the events in their order. Taken once each.
  Column<std::uint32_t> take_ranks() { return std::move(ranks_); }
  Column<base::TimeMs> take_times() { return std::move(times_); }
  Column<std::uint32_t> take_indices() { return std::move(indices_); }

  /// Fills `to` with value(event) of all events, in order. It may read what it replaces: all values
  /// are asked for first.
  template <typename To, typename Value>
  void apply(Column<To>& to, Value&& value) {
    static_assert(sizeof(To) <= sizeof(Record));
    To* const scratch = reinterpret_cast<To*>(scratch_.data());
    base::parallel_for(threads_, size(), kGrain,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         for (std::size_t i = begin; i < end; ++i) scratch[places_[i]] = value(i);
                       });
    to.resize(size());
    base::parallel_for(threads_, size(), kGrain,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         for (std::size_t i = begin; i < end; ++i) to[i] = scratch[order_[i]];
                       });
  }

 private:
  static constexpr std::size_t kGrain = 65'536;
  class BucketSort;

  void choose_buckets(const ArrangedBy& by);
  void spread(const ArrangedBy& by);
  void sort_buckets(const ArrangedBy& by);
  Record* records() { return reinterpret_cast<Record*>(scratch_.data()); }
  std::size_t bucket_of(std::uint32_t rank) const { return (rank - least_) >> shift_; }

  std::size_t threads_;
  std::uint32_t least_ = 0;  // Of the ranks.
  int shift_ = 0;            // A bucket holds 2^shift_ ranks.
  std::size_t buckets_ = 1;
  std::vector<std::size_t> starts_;  // Of the buckets, and the end.
  Column<std::uint32_t> places_;     // Where each event stands while buckets are not sorted.
  Column<std::uint32_t> order_;      // The place of the event that belongs at each index.
  Column<std::uint32_t> ranks_;
  Column<base::TimeMs> times_;
  Column<std::uint32_t> indices_;
  Column<std::byte> scratch_;  // The records until they are sorted; then the column at hand.
};

}  // namespace footfall::store
