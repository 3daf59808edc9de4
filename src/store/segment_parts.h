// Segment parts: what a segment's columns mean together: users, times, lines, whole timelines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/block.h"
#include "footfall/store/event_table.h"
#include "footfall/store/segment_columns.h"

namespace footfall::store {

/// A value that is made once, or the error that it met.
template <typename T>
class Once {
 public:
  template <typename Make>
  base::Result<const T*> get(Make&& make) {
    std::call_once(flag_, [&] { result_.emplace(make()); });
    if (!result_->ok()) return result_->error();
    return &result_->value();
  }

 private:
  std::once_flag flag_;
  std::optional<base::Result<T>> result_;
};

struct SegmentUsers {
  base::Column<UserNumber> users;
  base::Column<std::uint64_t> offsets;
};

struct SegmentTicks {
  std::span<const std::uint32_t> low;
  base::Column<std::uint64_t> wide;  // Empty: the low ones are all there is.

  std::uint64_t at(std::size_t event) const { return wide.empty() ? low[event] : wide[event]; }
};

struct SegmentGroups {
  std::span<const std::uint32_t> events;
  base::Column<std::uint32_t> starts;  // Empty when there are no lines.
};

/// Everything that a merge needs of a segment.
struct SegmentTimelines {
  SegmentUsers const* users = nullptr;
  SegmentTicks const* ticks = nullptr;
  SegmentGroups const* groups = nullptr;
  ColumnView<EventCode> types;
  ColumnView<ItemCode> items;
  ColumnView<std::int64_t> sequences;
  ColumnView<std::uint64_t> keys;
  ColumnView<std::uint64_t> digests;
  ColumnView<std::uint8_t> flags;
  ColumnView<BatchNumber> batches;
  ColumnView<OrderCode> orders;
  ColumnView<std::int64_t> known_times;
  ColumnView<ItemCode> line_items;
  ColumnView<TextCode> line_names;
  ColumnView<std::int64_t> line_quantities;
  ColumnView<std::int64_t> line_prices;
  ColumnView<std::uint32_t> line_numbers;
  ColumnView<std::uint8_t> line_marks;
  ColumnView<std::int64_t> line_times;
  ColumnView<std::int64_t> line_known_times;
  ColumnView<std::uint64_t> line_keys;
  ColumnView<std::uint64_t> line_digests;
  ColumnView<BatchNumber> line_batches;
  struct Property {
    std::string name;
    ColumnView<TextCode> codes;
    bool of_lines = false;
    ColumnView<TextCode> line_codes;
  };
  std::vector<Property> properties;
};

/// Made on first use from checked columns, each once. Thread-safe.
class SegmentImpl {
 public:
  explicit SegmentImpl(SegmentColumns columns_in, std::size_t threads)
      : columns(std::move(columns_in)), threads_(threads) {}

  SegmentColumns columns;

  base::Result<const SegmentUsers*> users() const {
    return users_.get([&] { return make_users(); });
  }
  base::Result<const SegmentTicks*> ticks() const {
    return ticks_.get([&] { return make_ticks(); });
  }
  base::Result<const SegmentGroups*> groups() const {
    return groups_.get([&] { return make_groups(); });
  }
  base::Result<const SegmentTimelines*> all() const {
    return all_.get([&] { return make_all(); });
  }
  TickScale scale() const { return {columns.directory().base_ms, columns.directory().tick_ms}; }

  EventTable read(const SegmentTimelines& all, std::size_t user_from, std::size_t user_to) const;

 private:
  base::Error damaged(SegmentColumn kind, const std::string& what) const;
  base::Result<SegmentUsers> make_users() const;
  base::Result<SegmentTicks> make_ticks() const;
  base::Result<SegmentGroups> make_groups() const;
  base::Result<SegmentTimelines> make_all() const;

  std::size_t threads_;
  mutable Once<SegmentUsers> users_;
  mutable Once<SegmentTicks> ticks_;
  mutable Once<SegmentGroups> groups_;
  mutable Once<SegmentTimelines> all_;
};

}  // namespace footfall::store
