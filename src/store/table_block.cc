#include "footfall/store/table_block.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/store/event_columns.h"

namespace footfall::store {
namespace {

// All that a block needs to stay alive.
class Memory {
 public:
  template <typename T>
  std::span<T> make(std::size_t count) {
    auto values = std::make_shared_for_overwrite<T[]>(std::max<std::size_t>(1, count));
    const std::span<T> span(values.get(), count);
    kept_.push_back(std::move(values));
    return span;
  }
  void keep(std::shared_ptr<const void> memory) { kept_.push_back(std::move(memory)); }

 private:
  std::vector<std::shared_ptr<const void>> kept_;
};

// Rows [from, to) of a column that go to `at` in the new one.
struct Piece {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t at = 0;
};

std::size_t rows_of(const std::vector<Piece>& pieces) {
  return pieces.empty() ? 0 : pieces.back().at + pieces.back().to - pieces.back().from;
}

// Takes rows out of columns: one piece as a view, several as a copy.
class RowPicker {
 public:
  RowPicker(Memory& memory, std::vector<Piece> pieces, bool view, std::size_t threads)
      : memory_(memory), pieces_(std::move(pieces)), view_(view), threads_(threads) {}

  const std::vector<Piece>& pieces() const { return pieces_; }

  template <typename T>
  std::span<const T> span(std::span<const T> values) const {
    if (values.empty()) return {};
    if (view_) return values.subspan(pieces_[0].from, pieces_[0].to - pieces_[0].from);
    const std::span<T> result = memory_.make<T>(rows_of(pieces_));
    const std::size_t grain = pieces_.size() / (threads_ * 8) + 1;
    base::parallel_for(threads_, pieces_.size(), grain,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         for (std::size_t i = begin; i < end; ++i) {
                           const Piece& piece = pieces_[i];
                           std::memcpy(result.data() + piece.at, values.data() + piece.from,
                                       (piece.to - piece.from) * sizeof(T));
                         }
                       });
    return result;
  }

  template <typename T>
  ColumnView<T> column(const ColumnView<T>& view) const {
    if (view.is_constant()) return view;
    if (view.is_dense()) return ColumnView<T>::dense(span(view.values()));
    std::vector<std::uint32_t> positions;
    std::vector<T> values;
    const auto all = view.positions();
    for (const Piece& piece : pieces_) {
      auto at = std::lower_bound(all.begin(), all.end(), piece.from);
      for (; at != all.end() && *at < piece.to; ++at) {
        positions.push_back(static_cast<std::uint32_t>(*at - piece.from + piece.at));
        values.push_back(view.values()[static_cast<std::size_t>(at - all.begin())]);
      }
    }
    if (positions.empty()) return ColumnView<T>::constant(view.otherwise());
    return ColumnView<T>::sparse(own(positions), own(values), view.otherwise());
  }

  template <typename T, typename Allocator>
  std::span<const T> own(const std::vector<T, Allocator>& values) const {
    const std::span<T> result = memory_.make<T>(values.size());
    std::copy(values.begin(), values.end(), result.begin());
    return result;
  }

 private:
  Memory& memory_;
  std::vector<Piece> pieces_;
  bool view_;
  std::size_t threads_;
};

std::vector<Piece> event_pieces(const Block& block, std::span<const UserRange> ranges) {
  std::vector<Piece> pieces;
  for (const UserRange& range : ranges) {
    if (range.from == range.to) continue;
    pieces.push_back({block.offsets[range.from], block.offsets[range.to], rows_of(pieces)});
  }
  return pieces;
}

void pick_core(const Block& block, std::span<const UserRange> ranges, const RowPicker& events,
               Block& result) {
  std::vector<UserNumber> users;
  std::vector<std::uint64_t> offsets{0};
  for (const UserRange& range : ranges) {
    for (std::size_t user = range.from; user < range.to; ++user) {
      users.push_back(block.users[user]);
      offsets.push_back(offsets.back() + block.offsets[user + 1] - block.offsets[user]);
    }
  }
  result.users = events.own(users);
  result.offsets = events.own(offsets);
  result.ticks32 = events.span(block.ticks32);
  result.ticks64 = events.span(block.ticks64);
  result.types = events.span(block.types);
  result.items = events.span(block.items);
}

struct PickOptions {
  BlockParts parts = BlockParts::kAll;
  bool view = false;
  std::size_t threads = 1;
};

void pick_lines(const Block& block, const RowPicker& events, Memory& memory,
                const PickOptions& options, Block& result) {
  const LineColumns& lines = block.lines;
  if (lines.events.empty()) return;
  std::vector<std::uint32_t> group_events;
  std::vector<std::uint32_t> starts{0};
  std::vector<Piece> pieces;
  for (const Piece& piece : events.pieces()) {
    const std::size_t first = lines.first_group(piece.from);
    const std::size_t last = lines.first_group(piece.to);
    if (first == last) continue;
    pieces.push_back({lines.starts[first], lines.starts[last], rows_of(pieces)});
    for (std::size_t group = first; group < last; ++group) {
      group_events.push_back(
          static_cast<std::uint32_t>(lines.events[group] - piece.from + piece.at));
      starts.push_back(starts.back() + lines.starts[group + 1] - lines.starts[group]);
    }
  }
  if (pieces.empty()) return;
  const RowPicker rows(memory, std::move(pieces), options.view, options.threads);
  result.lines.events = rows.own(group_events);
  result.lines.starts = rows.own(starts);
  result.lines.items = rows.span(lines.items);
  result.lines.quantities = rows.span(lines.quantities);
  result.lines.prices = rows.span(lines.prices);
  result.lines.marks = rows.span(lines.marks);
  result.lines.names = rows.column(lines.names);
  result.lines.batches = rows.column(lines.batches);
  for (const PropertyView& property : block.line_properties) {
    result.line_properties.push_back({property.name, rows.column(property.codes)});
  }
}

OwnedBlock pick(const Block& block, std::span<const UserRange> ranges, const PickOptions& options) {
  const auto memory = std::make_shared<Memory>();
  Block result;
  result.scale = block.scale;
  result.wide = block.wide;
  const RowPicker events(*memory, event_pieces(block, ranges), options.view, options.threads);
  if (options.parts != BlockParts::kOthers) pick_core(block, ranges, events, result);
  if (options.parts != BlockParts::kCore) {
    result.orders = events.column(block.orders);
    result.flags = events.column(block.flags);
    result.batches = events.column(block.batches);
    result.known_delays = events.column(block.known_delays);
    pick_lines(block, events, *memory, options, result);
    for (const PropertyView& property : block.properties) {
      result.properties.push_back({property.name, events.column(property.codes)});
    }
  }
  return {std::move(result), memory};
}

// Ticks at the greatest common step of the times, 32 bits wide where they fit.
void make_ticks(const EventTable& table, Memory& memory, Block& block) {
  const auto [least, most] = std::minmax_element(table.times.begin(), table.times.end());
  base::TimeMs step = 0;
  for (const base::TimeMs time : table.times) {
    if (step == 1) break;
    if (step == 0 || (time - *least) % step != 0) step = std::gcd(step, time - *least);
  }
  block.scale = {*least, step == 0 ? 1 : step};
  const auto tick = [&](std::size_t event) {
    return static_cast<std::uint64_t>((table.times[event] - block.scale.base_ms) /
                                      block.scale.tick_ms);
  };
  const base::TimeMs last = (*most - *least) / block.scale.tick_ms;
  block.wide = last > base::TimeMs{std::numeric_limits<std::uint32_t>::max()};
  if (block.wide) {
    const auto ticks = memory.make<std::uint64_t>(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) ticks[i] = tick(i);
    block.ticks64 = ticks;
  } else {
    const auto ticks = memory.make<std::uint32_t>(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) ticks[i] = static_cast<std::uint32_t>(tick(i));
    block.ticks32 = ticks;
  }
}

void make_lines(const EventTable& table, const RowPicker& rows, Block& block) {
  const LineTable& lines = table.lines;
  if (lines.size() == 0) return;
  std::vector<std::uint32_t> events;
  std::vector<std::uint32_t> starts{0};
  for (std::size_t event = 0; event < table.size(); ++event) {
    if (lines.starts[event] == lines.starts[event + 1]) continue;
    events.push_back(static_cast<std::uint32_t>(event));
    starts.push_back(lines.starts[event + 1]);
  }
  block.lines.events = rows.own(events);
  block.lines.starts = rows.own(starts);
  block.lines.items = lines.items;
  block.lines.quantities = lines.quantities;
  block.lines.prices = lines.prices;
  block.lines.marks = lines.marks;
  block.lines.names = ColumnView<TextCode>::dense(lines.names);
  block.lines.batches = ColumnView<BatchNumber>::dense(lines.batches);
}

}  // namespace

OwnedBlock make_block(std::shared_ptr<const EventTable> table) {
  const auto memory = std::make_shared<Memory>();
  const RowPicker rows(*memory, {}, false, 1);
  memory->keep(table);
  Block block;
  const UserOffsets index = user_offsets(*table, 1);
  block.users = rows.own(index.users);
  block.offsets = rows.own(index.offsets);
  if (table->size() == 0) return {std::move(block), memory};
  make_ticks(*table, *memory, block);
  block.types = table->types;
  block.items = table->items;
  block.orders = ColumnView<OrderCode>::dense(table->orders);
  block.flags = ColumnView<std::uint8_t>::dense(table->flags);
  block.batches = ColumnView<BatchNumber>::dense(table->batches);
  if (!table->known_times.empty()) {
    const auto delays = memory->make<std::int64_t>(table->size());
    for (std::size_t i = 0; i < table->size(); ++i) {
      delays[i] = table->known_times[i] - table->times[i];
    }
    block.known_delays = ColumnView<std::int64_t>::dense(delays);
  }
  make_lines(*table, rows, block);
  for (const PropertyTable& property : table->properties) {
    block.properties.push_back({property.name, ColumnView<TextCode>::dense(property.codes)});
    if (property.line_codes.empty()) continue;
    block.line_properties.push_back(
        {property.name, ColumnView<TextCode>::dense(property.line_codes)});
  }
  return {std::move(block), memory};
}

OwnedBlock slice_block(const Block& block, UserRange range, BlockParts parts) {
  FOOTFALL_CHECK(range.from < range.to && range.to <= block.user_count());
  return pick(block, {&range, 1}, {parts, true, 1});
}

OwnedBlock gather_block(const Block& block, std::span<const UserRange> ranges, std::size_t threads,
                        BlockParts parts) {
  return pick(block, ranges, {parts, false, std::max<std::size_t>(1, threads)});
}

}  // namespace footfall::store
