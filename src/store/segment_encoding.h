// Segment encoding: how a column of numbers becomes the bytes of a segment.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/segment_format.h"

namespace footfall::store {

/// Takes the values of a column, a few thousand at a time, as 64-bit words (signed ones in two's
/// complement).
using ValueSink = std::function<base::Status(std::span<const std::uint64_t>)>;
/// Gives all values of a column to a sink, from the first. Called more than once.
using ValueFeed = std::function<base::Status(const ValueSink&)>;

/// Values given to a sink at a time.
inline constexpr std::size_t kFeedChunk = 4096;

/// Gives value(i) for i in [0, count) to the sink.
template <typename Value>
base::Status feed_values(std::size_t count, const ValueSink& sink, Value&& value) {
  std::uint64_t chunk[kFeedChunk];
  for (std::size_t from = 0; from < count; from += kFeedChunk) {
    const std::size_t size = std::min(kFeedChunk, count - from);
    for (std::size_t i = 0; i < size; ++i) {
      chunk[i] = static_cast<std::uint64_t>(value(from + i));
    }
    FOOTFALL_RETURN_IF_ERROR(sink({chunk, size}));
  }
  return base::Ok{};
}

struct PlannedColumn {
  SegmentColumn kind{};
  std::string name;  // Of a property.
  ValueFeed feed;
};

/// Writes a whole segment; `directory` has all but its entries. Each column takes its shortest
/// encoding: constant; sparse where that halves it; else dense at the narrowest width that the
/// format allows. Columns that only repeat what a missing column means are left out. Columns are
/// encoded on all threads, each by one: their feeds are called at once, but none twice at once.
/// Returns the size of the file.
base::Result<std::uint64_t> write_segment_file(const std::string& path, SegmentDirectory& directory,
                                               std::span<const PlannedColumn> columns,
                                               std::size_t threads);

/// Feeds of ticks from a feed of times.
ValueFeed low_ticks(ValueFeed times, base::TimeMs base_ms, base::TimeMs tick_ms);
ValueFeed high_ticks(ValueFeed times, base::TimeMs base_ms, base::TimeMs tick_ms);

}  // namespace footfall::store
