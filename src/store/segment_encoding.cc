#include "footfall/store/segment_encoding.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"
#include "footfall/store/tick_divisor.h"

namespace footfall::store {
namespace {

// Rows whose exceptions are counted together.
constexpr std::uint64_t kRange = 65'536;
// Blocks that are encoded, checksummed and written at a time.
constexpr std::uint64_t kGroupBytes = 16 * kSegmentBlockBytes;

// The first failure of several threads; the others stop soon after it.
class FirstError {
 public:
  void add(const base::Status& status) {
    if (status.ok()) return;
    const std::lock_guard lock(mutex_);
    if (status_.ok()) status_ = status;
  }
  bool any() const {
    const std::lock_guard lock(mutex_);
    return !status_.ok();
  }
  base::Status take() { return std::move(status_); }

 private:
  mutable std::mutex mutex_;
  base::Status status_ = base::Ok{};
};

struct Stats {
  static constexpr std::size_t kCountable = 255;  // By a counter of one byte.

  bool any = false;
  std::uint64_t first = 0;
  bool constant = true;
  std::uint64_t bits = 0;  // All values or-ed.
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  std::uint64_t exceptions = 0;  // Values that are not the default.
  std::uint64_t exception_bits = 0;

  template <typename T>
  void add(std::span<const T> values, std::uint64_t otherwise) {
    if (values.empty()) return;
    // In variables of its own width, so that the loop handles several values at once.
    const T origin = any ? static_cast<T>(first) : values[0];
    const T usual = static_cast<T>(otherwise);
    T own_bits = 0;
    T differ = 0;
    T own_exception_bits = 0;
    T usuals = 0;
    std::uint64_t own_exceptions = values.size();
    for (std::size_t from = 0; from < values.size(); from += kCountable) {
      usuals = 0;
      for (const T value : values.subspan(from, std::min(kCountable, values.size() - from))) {
        own_bits |= value;
        differ |= value ^ origin;
        usuals = static_cast<T>(usuals + (value == usual ? 1 : 0));
        own_exception_bits |= value == usual ? T{0} : value;
      }
      own_exceptions -= usuals;
    }
    Stats own;
    own.any = true;
    own.first = origin;
    own.constant = differ == 0;
    own.bits = own_bits;
    own.exceptions = own_exceptions;
    own.exception_bits = own_exception_bits;
    add(own);
  }

  // The same with the least and the greatest, for signed columns.
  void add_signed(std::span<const std::uint64_t> values, std::uint64_t otherwise) {
    for (const std::uint64_t value : values) {
      least = std::min(least, static_cast<std::int64_t>(value));
      most = std::max(most, static_cast<std::int64_t>(value));
    }
    add(values, otherwise);
  }

  void add(const Stats& other) {
    if (!other.any) return;
    constant = constant && other.constant && (!any || first == other.first);
    if (!any) first = other.first;
    any = true;
    bits |= other.bits;
    least = std::min(least, other.least);
    most = std::max(most, other.most);
    exceptions += other.exceptions;
    exception_bits |= other.exception_bits;
  }
};

std::uint8_t width_of(std::uint64_t most) {
  return most <= 0xFF ? 1 : most <= 0xFFFF ? 2 : most <= 0xFFFFFFFF ? 4 : 8;
}

// Writes the lowest bytes of each value; returns where the next one goes.
template <typename T>
std::byte* put_as(std::byte* to, std::span<const std::uint64_t> values, std::uint64_t less) {
  T* const narrow = reinterpret_cast<T*>(to);
  for (std::size_t i = 0; i < values.size(); ++i) narrow[i] = static_cast<T>(values[i] - less);
  return to + values.size() * sizeof(T);
}

std::byte* put_values(std::byte* to, std::span<const std::uint64_t> values, int width,
                      std::uint64_t less) {
  switch (width) {
    case 1:
      return put_as<std::uint8_t>(to, values, less);
    case 2:
      return put_as<std::uint16_t>(to, values, less);
    case 4:
      return put_as<std::uint32_t>(to, values, less);
    default:
      return put_as<std::uint64_t>(to, values, less);
  }
}

void choose_encoding(SegmentEntry& entry, std::uint64_t rows, const Stats& stats,
                     const SegmentColumnTraits& traits) {
  entry.encoding = SegmentEncoding::kConstant;
  if (rows == 0) return;
  if (stats.constant && !traits.dense_only) {
    entry.value = stats.first;
    return;
  }
  entry.encoding = SegmentEncoding::kDense;
  entry.width = traits.view_width;
  entry.stored = static_cast<std::uint32_t>(rows);
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
  if (sparse_bytes * 2 > rows * entry.width) return;
  entry.encoding = SegmentEncoding::kSparse;
  entry.width = sparse_width;
  entry.stored = static_cast<std::uint32_t>(stats.exceptions);
  entry.value = traits.otherwise;
}

// One column on its way into the file: any part of its bytes can be made by itself.
class ColumnWriter {
 public:
  ColumnWriter(const PlannedColumn& column, std::size_t threads)
      : values_(column.values),
        traits_(*segment_column_traits(static_cast<std::uint16_t>(column.kind))),
        threads_(std::max<std::size_t>(1, threads)) {
    entry_.kind = column.kind;
    entry_.name = column.name;
  }

  base::Result<SegmentEntry> write(DurableFile& file) {
    FOOTFALL_CHECK(values_.rows <= 0xFFFFFFFFu);
    Stats stats;
    FOOTFALL_RETURN_IF_ERROR(look(stats));
    choose_encoding(entry_, values_.rows, stats, traits_);
    if (entry_.encoding == SegmentEncoding::kConstant) return std::move(entry_);
    entry_.bytes = std::uint64_t{entry_.stored} * entry_.width;
    if (entry_.encoding == SegmentEncoding::kSparse) entry_.bytes += entry_.sparse_values_at();
    const std::vector<std::byte> padding((kSegmentAlign - file.size() % kSegmentAlign) %
                                         kSegmentAlign);
    FOOTFALL_RETURN_IF_ERROR(file.append(padding));
    FOOTFALL_TRY(entry_.offset, file.extend(entry_.bytes));
    FOOTFALL_RETURN_IF_ERROR(write_bytes(file));
    return std::move(entry_);
  }

 private:
  base::Status look(Stats& stats) {
    if (values_.constant || (traits_.dense_only && traits_.full_width)) {
      // Nothing is to be decided.
      stats.any = true;
      stats.first = stats.bits = values_.constant.value_or(0);
      stats.least = stats.most = static_cast<std::int64_t>(stats.first);
      return base::Ok{};
    }
    std::vector<Stats> ranges((values_.rows + kRange - 1) / kRange);
    FirstError error;
    base::parallel_for(threads_, values_.rows, kRange,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         error.add(look_at(begin, end, ranges[begin / kRange]));
                       });
    FOOTFALL_RETURN_IF_ERROR(error.take());
    exceptions_before_.push_back(0);
    for (const Stats& range : ranges) {
      stats.add(range);
      exceptions_before_.push_back(stats.exceptions);
    }
    return base::Ok{};
  }

  base::Status look_at(std::uint64_t begin, std::uint64_t end, Stats& range) const {
    if (values_.memory != nullptr && !traits_.is_signed) {
      switch (values_.width) {
        case 1:
          range.add(in_memory<std::uint8_t>(begin, end), traits_.otherwise);
          return base::Ok{};
        case 4:
          range.add(in_memory<std::uint32_t>(begin, end), traits_.otherwise);
          return base::Ok{};
        default:
          range.add(in_memory<std::uint64_t>(begin, end), traits_.otherwise);
          return base::Ok{};
      }
    }
    return values_.feed(begin, end, [&](std::span<const std::uint64_t> values) {
      if (traits_.is_signed) {
        range.add_signed(values, traits_.otherwise);
      } else {
        range.add(values, traits_.otherwise);
      }
      return base::Status(base::Ok{});
    });
  }

  template <typename T>
  std::span<const T> in_memory(std::uint64_t begin, std::uint64_t end) const {
    return {reinterpret_cast<const T*>(values_.memory) + begin, end - begin};
  }

  base::Status write_bytes(const DurableFile& file) {
    entry_.checksums.resize((entry_.bytes + kSegmentBlockBytes - 1) / kSegmentBlockBytes);
    std::vector<std::vector<std::byte>> buffers(threads_);
    FirstError error;
    base::parallel_for(threads_, entry_.bytes, kGroupBytes,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         if (error.any()) return;
                         std::span<const std::byte> bytes;
                         const base::Status made = make_bytes(begin, end, buffers[worker], bytes);
                         if (!made.ok()) return error.add(made);
                         for (std::size_t at = 0; at < bytes.size(); at += kSegmentBlockBytes) {
                           entry_.checksums[(begin + at) / kSegmentBlockBytes] = base::crc32c(
                               bytes.subspan(at, std::min(kSegmentBlockBytes, bytes.size() - at)));
                         }
                         error.add(file.write_at(entry_.offset + begin, bytes));
                       });
    return error.take();
  }

  // Bytes [begin, end) of the column, in the buffer if they are not in memory as they are; groups
  // begin at multiples of every width.
  base::Status make_bytes(std::uint64_t begin, std::uint64_t end, std::vector<std::byte>& buffer,
                          std::span<const std::byte>& bytes) const {
    const bool dense = entry_.encoding == SegmentEncoding::kDense;
    if (dense && values_.memory != nullptr && values_.width == entry_.width && entry_.value == 0) {
      bytes = {values_.memory + begin, end - begin};
      return base::Ok{};
    }
    buffer.resize(std::min(kGroupBytes, entry_.bytes));
    bytes = {buffer.data(), end - begin};
    std::byte* to = buffer.data();
    if (!dense) return make_sparse(begin, end, to);
    return values_.feed(begin / entry_.width, end / entry_.width,
                        [&](std::span<const std::uint64_t> values) {
                          to = put_values(to, values, entry_.width, entry_.value);
                          return base::Status(base::Ok{});
                        });
  }

  base::Status make_sparse(std::uint64_t begin, std::uint64_t end, std::byte* to) const {
    const std::uint64_t positions_end = std::uint64_t{entry_.stored} * sizeof(std::uint32_t);
    const std::uint64_t values_at = entry_.sparse_values_at();
    std::memset(to, 0, end - begin);  // What lies between positions and values.
    if (begin < positions_end) {
      FOOTFALL_RETURN_IF_ERROR(put_exceptions(begin / sizeof(std::uint32_t),
                                              std::min(end, positions_end) / sizeof(std::uint32_t),
                                              true, to));
    }
    if (end <= values_at) return base::Ok{};
    const std::uint64_t from = std::max(begin, values_at);
    return put_exceptions((from - values_at) / entry_.width, (end - values_at) / entry_.width,
                          false, to + (from - begin));
  }

  // Positions or values of the exceptions [first, last).
  base::Status put_exceptions(std::uint64_t first, std::uint64_t last, bool positions,
                              std::byte* to) const {
    const auto after =
        std::upper_bound(exceptions_before_.begin(), exceptions_before_.end(), first);
    auto range = static_cast<std::uint64_t>(after - exceptions_before_.begin()) - 1;
    std::uint64_t exception = exceptions_before_[range];
    std::vector<std::uint64_t> found;
    for (; exception < last; ++range) {
      std::uint64_t row = range * kRange;
      FOOTFALL_RETURN_IF_ERROR(values_.feed(
          row, std::min(row + kRange, values_.rows), [&](std::span<const std::uint64_t> values) {
            found.clear();
            for (const std::uint64_t value : values) {
              if (value != entry_.value) {
                if (exception >= first && exception < last) {
                  found.push_back(positions ? row : value);
                }
                ++exception;
              }
              ++row;
            }
            to = put_values(to, found, positions ? 4 : entry_.width, 0);
            return base::Status(base::Ok{});
          }));
    }
    return base::Ok{};
  }

  const ColumnValues& values_;
  const SegmentColumnTraits& traits_;
  std::size_t threads_;
  SegmentEntry entry_;
  std::vector<std::uint64_t> exceptions_before_;  // Each range; and all.
};

// Whether a reader that misses the column reads the same.
bool says_nothing(const SegmentEntry& entry, const SegmentColumnTraits& traits) {
  return !traits.required && entry.encoding == SegmentEncoding::kConstant &&
         entry.value == traits.otherwise;
}

template <typename Function>
ColumnValues mapped(ColumnValues values, Function function) {
  const std::uint64_t rows = values.rows;
  return {rows, [feed = std::move(values.feed), function](std::uint64_t begin, std::uint64_t end,
                                                          const ValueSink& sink) {
            std::uint64_t chunk[kFeedChunk];
            return feed(begin, end, [&](std::span<const std::uint64_t> given) {
              for (std::size_t i = 0; i < given.size(); ++i) chunk[i] = function(given[i]);
              return sink({chunk, given.size()});
            });
          }};
}

}  // namespace

base::Result<SegmentEntry> write_column(DurableFile& file, const PlannedColumn& column,
                                        std::size_t threads) {
  return ColumnWriter(column, threads).write(file);
}

base::Status write_segment_file(const std::string& path, SegmentDirectory& directory,
                                std::span<const PlannedColumn> columns, std::size_t threads,
                                std::uint64_t& file_bytes) {
  FOOTFALL_TRY(DurableFile file, DurableFile::create(path));
  FOOTFALL_RETURN_IF_ERROR(file.append(segment_header()));
  for (const PlannedColumn& column : columns) {
    FOOTFALL_TRY(SegmentEntry entry, write_column(file, column, threads));
    const SegmentColumnTraits& traits =
        *segment_column_traits(static_cast<std::uint16_t>(entry.kind));
    if (!says_nothing(entry, traits)) directory.entries.push_back(std::move(entry));
  }
  const std::vector<std::byte> padding((kSegmentAlign - file.size() % kSegmentAlign) %
                                       kSegmentAlign);
  FOOTFALL_RETURN_IF_ERROR(file.append(padding));
  FOOTFALL_RETURN_IF_ERROR(file.append(segment_tail(directory, file.size())));
  file_bytes = file.size();
  return file.commit();
}

ColumnValues low_ticks(ColumnValues times, base::TimeMs base_ms, base::TimeMs tick_ms) {
  const TickDivisor ticks(static_cast<std::uint64_t>(tick_ms));
  return mapped(std::move(times), [base_ms, ticks](std::uint64_t time) {
    return ticks.quotient(time - static_cast<std::uint64_t>(base_ms)) & 0xFFFFFFFFu;
  });
}

ColumnValues high_ticks(ColumnValues times, base::TimeMs base_ms, base::TimeMs tick_ms) {
  const TickDivisor ticks(static_cast<std::uint64_t>(tick_ms));
  return mapped(std::move(times), [base_ms, ticks](std::uint64_t time) {
    return ticks.quotient(time - static_cast<std::uint64_t>(base_ms)) >> 32;
  });
}

}  // namespace footfall::store
