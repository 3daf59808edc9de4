#include "footfall/store/segment_encoding.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"
#include "footfall/store/durable_file.h"

namespace footfall::store {
namespace {

// Collects the bytes of a column and their checksums block by block, and writes them to its place.
class BlockWriter {
 public:
  BlockWriter(const DurableFile& file, SegmentEntry& entry) : file_(file), entry_(entry) {
    block_.reserve(kSegmentBlockBytes);
  }

  std::uint64_t bytes() const { return written_ + block_.size(); }
  base::Status append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const std::size_t taken = std::min(bytes.size(), kSegmentBlockBytes - block_.size());
      block_.insert(block_.end(), bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      bytes = bytes.subspan(taken);
      if (block_.size() == kSegmentBlockBytes) FOOTFALL_RETURN_IF_ERROR(flush());
    }
    return base::Ok{};
  }
  base::Status flush() {
    if (block_.empty()) return base::Ok{};
    entry_.checksums.push_back(base::crc32c(block_));
    FOOTFALL_RETURN_IF_ERROR(file_.write_at(entry_.offset + written_, block_));
    written_ += block_.size();
    block_.clear();
    return base::Ok{};
  }

 private:
  const DurableFile& file_;
  SegmentEntry& entry_;
  std::uint64_t written_ = 0;
  std::vector<std::byte> block_;
};

struct Stats {
  std::uint64_t rows = 0;
  std::uint64_t first = 0;
  bool constant = true;
  std::uint64_t bits = 0;  // All values or-ed.
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  std::uint64_t exceptions = 0;  // Values that are not the default.
  std::uint64_t exception_bits = 0;
};

Stats add_stats(Stats stats, std::span<const std::uint64_t> values, std::uint64_t otherwise) {
  if (stats.rows == 0) stats.first = values[0];
  stats.rows += values.size();
  std::uint64_t differ = 0;
  for (const std::uint64_t value : values) {
    const auto number = static_cast<std::int64_t>(value);
    stats.bits |= value;
    differ |= value ^ stats.first;
    stats.least = std::min(stats.least, number);
    stats.most = std::max(stats.most, number);
    const bool exception = value != otherwise;
    stats.exceptions += exception ? 1 : 0;
    stats.exception_bits |= exception ? value : 0;
  }
  stats.constant = stats.constant && differ == 0;
  return stats;
}

std::uint8_t width_of(std::uint64_t most) {
  return most <= 0xFF ? 1 : most <= 0xFFFF ? 2 : most <= 0xFFFFFFFF ? 4 : 8;
}

// Writes the lowest `width` bytes of each value.
template <typename T>
base::Status put_as(BlockWriter& out, std::span<const std::uint64_t> values, std::uint64_t less) {
  T narrow[1024];
  while (!values.empty()) {
    const std::size_t count = std::min<std::size_t>(values.size(), 1024);
    for (std::size_t i = 0; i < count; ++i) narrow[i] = static_cast<T>(values[i] - less);
    FOOTFALL_RETURN_IF_ERROR(out.append(std::as_bytes(std::span<const T>(narrow, count))));
    values = values.subspan(count);
  }
  return base::Ok{};
}

base::Status put_values(BlockWriter& out, std::span<const std::uint64_t> values, int width,
                        std::uint64_t less) {
  switch (width) {
    case 1:
      return put_as<std::uint8_t>(out, values, less);
    case 2:
      return put_as<std::uint16_t>(out, values, less);
    case 4:
      return put_as<std::uint32_t>(out, values, less);
    default:
      return put_as<std::uint64_t>(out, values, less);
  }
}

void choose_encoding(SegmentEntry& entry, const Stats& stats, const SegmentColumnTraits& traits) {
  entry.encoding = SegmentEncoding::kConstant;
  if (stats.rows == 0) return;
  if (stats.constant && !traits.dense_only) {
    entry.value = stats.first;
    return;
  }
  entry.encoding = SegmentEncoding::kDense;
  entry.width = traits.view_width;
  entry.stored = static_cast<std::uint32_t>(stats.rows);
  if (!traits.full_width && traits.is_signed) {
    const std::uint64_t spread =
        static_cast<std::uint64_t>(stats.most) - static_cast<std::uint64_t>(stats.least);
    entry.width = width_of(spread);
    if (entry.width < traits.view_width) entry.value = static_cast<std::uint64_t>(stats.least);
  } else if (!traits.full_width) {
    entry.width = width_of(stats.bits);
  }
  if (traits.dense_only || stats.exceptions == 0) return;
  const std::uint8_t sparse_width =
      traits.is_signed ? traits.view_width : width_of(stats.exception_bits);
  const std::uint64_t sparse_bytes = stats.exceptions * (4u + sparse_width) + kSegmentAlign;
  if (sparse_bytes * 2 > stats.rows * entry.width) return;
  entry.encoding = SegmentEncoding::kSparse;
  entry.width = sparse_width;
  entry.stored = static_cast<std::uint32_t>(stats.exceptions);
  entry.value = traits.otherwise;
}

base::Status put_sparse(BlockWriter& out, const SegmentEntry& entry, const ValueFeed& feed) {
  std::vector<std::uint64_t> found;
  std::uint64_t row = 0;
  FOOTFALL_RETURN_IF_ERROR(feed([&](std::span<const std::uint64_t> values) {
    found.clear();
    for (const std::uint64_t value : values) {
      if (value != entry.value) found.push_back(row);
      ++row;
    }
    return put_values(out, found, 4, 0);
  }));
  const std::vector<std::byte> padding(entry.sparse_values_at() - out.bytes());
  FOOTFALL_RETURN_IF_ERROR(out.append(padding));
  return feed([&](std::span<const std::uint64_t> values) {
    found.clear();
    for (const std::uint64_t value : values) {
      if (value != entry.value) found.push_back(value);
    }
    return put_values(out, found, entry.width, 0);
  });
}

// Whether a reader that misses the column reads the same.
bool says_nothing(const SegmentEntry& entry, const SegmentColumnTraits& traits) {
  return !traits.required && entry.encoding == SegmentEncoding::kConstant &&
         entry.value == traits.otherwise;
}

template <typename Function>
ValueFeed mapped(ValueFeed feed, Function function) {
  return [feed = std::move(feed), function](const ValueSink& sink) -> base::Status {
    std::vector<std::uint64_t> chunk;
    return feed([&](std::span<const std::uint64_t> values) {
      chunk.resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) chunk[i] = function(values[i]);
      return sink(chunk);
    });
  };
}

const SegmentColumnTraits& traits_of(const SegmentEntry& entry) {
  return *segment_column_traits(static_cast<std::uint16_t>(entry.kind));
}

std::uint64_t padding_after(std::uint64_t place) {
  return (kSegmentAlign - place % kSegmentAlign) % kSegmentAlign;
}

// Calls work(column) for all columns; the first error in their order.
template <typename Work>
base::Status for_columns(std::size_t count, std::size_t threads, const Work& work) {
  std::vector<base::Status> results(count, base::Ok{});
  base::parallel_for(threads, count, 1, [&](std::size_t, std::size_t column, std::size_t) {
    results[column] = work(column);
  });
  for (base::Status& result : results) FOOTFALL_RETURN_IF_ERROR(std::move(result));
  return base::Ok{};
}

// Chooses a column's encoding and knows its bytes.
base::Status plan_column(const PlannedColumn& column, SegmentEntry& entry) {
  entry.kind = column.kind;
  entry.name = column.name;
  const SegmentColumnTraits& traits = traits_of(entry);
  Stats stats;
  FOOTFALL_RETURN_IF_ERROR(column.feed([&](std::span<const std::uint64_t> values) {
    if (!values.empty()) stats = add_stats(stats, values, traits.otherwise);
    return base::Status(base::Ok{});
  }));
  FOOTFALL_CHECK(stats.rows <= 0xFFFFFFFFu);
  choose_encoding(entry, stats, traits);
  const std::uint64_t values = std::uint64_t{entry.stored} * entry.width;
  if (entry.encoding == SegmentEncoding::kDense) entry.bytes = values;
  if (entry.encoding == SegmentEncoding::kSparse) entry.bytes = entry.sparse_values_at() + values;
  return base::Ok{};
}

// Gives each column that has bytes its aligned place from `begin` on; returns where the last ends.
std::uint64_t place_columns(std::span<SegmentEntry> entries, std::uint64_t begin) {
  std::uint64_t place = begin;
  for (SegmentEntry& entry : entries) {
    if (entry.encoding == SegmentEncoding::kConstant) continue;
    place += padding_after(place);
    entry.offset = place;
    place += entry.bytes;
  }
  return place;
}

base::Status put_column(const DurableFile& file, const PlannedColumn& column, SegmentEntry& entry) {
  if (entry.encoding == SegmentEncoding::kConstant) return base::Ok{};
  BlockWriter out(file, entry);
  if (entry.encoding == SegmentEncoding::kSparse) {
    FOOTFALL_RETURN_IF_ERROR(put_sparse(out, entry, column.feed));
  } else {
    FOOTFALL_RETURN_IF_ERROR(column.feed([&](std::span<const std::uint64_t> values) {
      return put_values(out, values, entry.width, entry.value);
    }));
  }
  FOOTFALL_RETURN_IF_ERROR(out.flush());
  FOOTFALL_CHECK(out.bytes() == entry.bytes);
  return base::Ok{};
}

}  // namespace

base::Result<std::uint64_t> write_segment_file(const std::string& path, SegmentDirectory& directory,
                                               std::span<const PlannedColumn> columns,
                                               std::size_t threads) {
  FOOTFALL_TRY(DurableFile file, DurableFile::create(path));
  FOOTFALL_RETURN_IF_ERROR(file.append(segment_header()));
  std::vector<SegmentEntry> entries(columns.size());
  FOOTFALL_RETURN_IF_ERROR(for_columns(
      columns.size(), threads, [&](std::size_t i) { return plan_column(columns[i], entries[i]); }));
  const std::uint64_t end = place_columns(entries, file.size());
  FOOTFALL_RETURN_IF_ERROR(file.extend(end - file.size()));
  FOOTFALL_RETURN_IF_ERROR(for_columns(columns.size(), threads, [&](std::size_t i) {
    return put_column(file, columns[i], entries[i]);
  }));
  for (SegmentEntry& entry : entries) {
    if (!says_nothing(entry, traits_of(entry))) directory.entries.push_back(std::move(entry));
  }
  FOOTFALL_RETURN_IF_ERROR(file.extend(padding_after(file.size())));
  FOOTFALL_RETURN_IF_ERROR(file.append(segment_tail(directory, file.size())));
  const std::uint64_t bytes = file.size();
  FOOTFALL_RETURN_IF_ERROR(file.commit());
  return bytes;
}

ValueFeed low_ticks(ValueFeed times, base::TimeMs base_ms, base::TimeMs tick_ms) {
  return mapped(std::move(times), [base_ms, tick_ms](std::uint64_t time) {
    const std::uint64_t length = time - static_cast<std::uint64_t>(base_ms);
    return (length / static_cast<std::uint64_t>(tick_ms)) & 0xFFFFFFFFu;
  });
}

ValueFeed high_ticks(ValueFeed times, base::TimeMs base_ms, base::TimeMs tick_ms) {
  return mapped(std::move(times), [base_ms, tick_ms](std::uint64_t time) {
    const std::uint64_t length = time - static_cast<std::uint64_t>(base_ms);
    return (length / static_cast<std::uint64_t>(tick_ms)) >> 32;
  });
}

}  // namespace footfall::store
