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
#include "footfall/store/durable_file.h"
#include "footfall/store/segment_format.h"

namespace footfall::store {

/// Takes values of a column, a few thousand at a time, as 64-bit words (signed ones in two's
/// complement).
using ValueSink = std::function<base::Status(std::span<const std::uint64_t>)>;
/// Gives the values of rows [begin, end) to a sink, in order. Threads may call it at once.
using ValueFeed =
    std::function<base::Status(std::uint64_t begin, std::uint64_t end, const ValueSink&)>;

struct ColumnValues {
  std::uint64_t rows = 0;
  ValueFeed feed;
  std::optional<std::uint64_t> constant = {};  // All values, where that is known beforehand.
  // The values in memory, where they stand there one after another, unsigned, `width` bytes each.
  const std::byte* memory = nullptr;
  std::uint8_t width = 0;
};

/// Values given to a sink at a time.
inline constexpr std::size_t kFeedChunk = 4096;

/// Gives value(i) for i in [begin, end) to the sink.
template <typename Value>
base::Status feed_values(std::uint64_t begin, std::uint64_t end, const ValueSink& sink,
                         const Value& value) {
  std::uint64_t chunk[kFeedChunk];
  for (std::uint64_t from = begin; from < end; from += kFeedChunk) {
    const std::size_t size = std::min<std::uint64_t>(kFeedChunk, end - from);
    for (std::size_t i = 0; i < size; ++i) {
      chunk[i] = static_cast<std::uint64_t>(value(from + i));
    }
    FOOTFALL_RETURN_IF_ERROR(sink({chunk, size}));
  }
  return base::Ok{};
}

/// The values value(0) .. value(rows - 1).
template <typename Value>
ColumnValues column_values(std::uint64_t rows, Value value) {
  return {rows, [value](std::uint64_t begin, std::uint64_t end, const ValueSink& sink) {
            return feed_values(begin, end, sink, value);
          }};
}

struct PlannedColumn {
  SegmentColumn kind{};
  std::string name;  // Of a property.
  ColumnValues values;
};

/// Appends a column at the next aligned place of the file, in its shortest encoding: constant;
/// sparse where that halves it; else dense at the narrowest width that the format allows.
base::Result<SegmentEntry> write_column(DurableFile& file, const PlannedColumn& column,
                                        std::size_t threads);

/// Writes a whole segment; `directory` has all but its entries. Columns that only repeat what a
/// missing column means are left out.
base::Status write_segment_file(const std::string& path, SegmentDirectory& directory,
                                std::span<const PlannedColumn> columns, std::size_t threads,
                                std::uint64_t& file_bytes);

/// Ticks of times.
ColumnValues low_ticks(ColumnValues times, base::TimeMs base_ms, base::TimeMs tick_ms);
ColumnValues high_ticks(ColumnValues times, base::TimeMs base_ms, base::TimeMs tick_ms);

}  // namespace footfall::store
