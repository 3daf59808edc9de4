// Size: what every column of a table goes through, column kind by column kind.
#include "footfall/store/event_columns.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <type_traits>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/events/batch.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 65'536;

// Calls `visit` with every per-event column; optional ones may be empty.
template <typename Table, typename Visit>
void visit_event_columns(Table& table, Visit&& visit) {
  visit(table.users);
  visit(table.times);
  visit(table.known_times);
  visit(table.sequences);
  visit(table.types);
  visit(table.items);
  visit(table.orders);
  visit(table.keys);
  visit(table.digests);
  visit(table.flags);
  visit(table.batches);
  for (auto& property : table.properties) visit(property.codes);
}

template <typename Table, typename Visit>
void visit_line_columns(Table& table, Visit&& visit) {
  auto& lines = table.lines;
  visit(lines.items);
  visit(lines.names);
  visit(lines.quantities);
  visit(lines.prices);
  visit(lines.numbers);
  visit(lines.marks);
  visit(lines.times);
  visit(lines.known_times);
  visit(lines.keys);
  visit(lines.digests);
  visit(lines.batches);
  for (auto& property : table.properties) visit(property.line_codes);
}

template <typename T>
void append_range(Column<T>& to, const Column<T>& from, std::size_t begin, std::size_t end) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
            from.begin() + static_cast<std::ptrdiff_t>(end));
}

// A column that may stand for its default by being empty. `to_default` and `from_default` are the
// columns whose values are the default, or null for 0; `before` is the size `to` had.
template <typename T>
struct Optional {
  Column<T>& to;
  const Column<T>& from;
  const Column<T>* to_default = nullptr;
  const Column<T>* from_default = nullptr;

  void append(std::size_t before, std::size_t begin, std::size_t end) const {
    if (to.empty() && from.empty()) return;
    if (to.empty() && before > 0) {
      if (to_default == nullptr) {
        to.assign(before, T{});
      } else {
        append_range(to, *to_default, 0, before);
      }
    }
    if (!from.empty()) {
      append_range(to, from, begin, end);
    } else if (from_default != nullptr) {
      append_range(to, *from_default, begin, end);
    } else {
      to.resize(before + (end - begin), T{});
    }
  }
};

std::uint32_t first_line(const EventTable& table, std::size_t event) {
  return table.lines.starts.empty() ? 0 : table.lines.starts[event];
}

void append_lines(EventTable& to, const EventTable& from, std::size_t begin, std::size_t end) {
  const std::size_t before = to.size();
  const std::uint32_t line_begin = first_line(from, begin);
  const std::uint32_t line_end = first_line(from, end);
  if (from.lines.starts.empty() && to.lines.starts.empty()) return;
  const std::size_t lines_before = to.lines.size();
  FOOTFALL_CHECK(lines_before + (line_end - line_begin) < 0xFFFFFFFFu);
  if (to.lines.starts.empty()) to.lines.starts.assign(before + 1, 0);
  for (std::size_t event = begin; event < end; ++event) {
    to.lines.starts.push_back(
        static_cast<std::uint32_t>(lines_before + (first_line(from, event + 1) - line_begin)));
  }
  if (line_begin == line_end) return;
  const bool identified = !from.lines.times.empty();
  FOOTFALL_CHECK(lines_before == 0 || identified == !to.lines.times.empty());
  Optional<base::TimeMs>{to.lines.known_times, from.lines.known_times, &to.lines.times,
                         &from.lines.times}
      .append(lines_before, line_begin, identified ? line_end : line_begin);
  const auto copy = [&](auto& column, const auto& source) {
    if (!source.empty()) append_range(column, source, line_begin, line_end);
  };
  copy(to.lines.items, from.lines.items);
  copy(to.lines.names, from.lines.names);
  copy(to.lines.quantities, from.lines.quantities);
  copy(to.lines.prices, from.lines.prices);
  copy(to.lines.numbers, from.lines.numbers);
  copy(to.lines.marks, from.lines.marks);
  copy(to.lines.times, from.lines.times);
  copy(to.lines.keys, from.lines.keys);
  copy(to.lines.digests, from.lines.digests);
  copy(to.lines.batches, from.lines.batches);
}

// One code a line of events [begin, end): the line's own, or else its event's.
void append_line_codes(Column<TextCode>& to, const EventTable& table, const PropertyTable& property,
                       std::size_t begin, std::size_t end) {
  if (table.lines.starts.empty()) return;
  if (!property.line_codes.empty()) {
    append_range(to, property.line_codes, first_line(table, begin), first_line(table, end));
    return;
  }
  for (std::size_t event = begin; event < end; ++event) {
    to.insert(to.end(), table.lines.starts[event + 1] - table.lines.starts[event],
              property.codes[event]);
  }
}

PropertyTable& property_named(EventTable& table, const std::string& name, std::size_t size) {
  for (PropertyTable& property : table.properties) {
    if (property.name == name) return property;
  }
  return table.properties.emplace_back(PropertyTable{name, Column<TextCode>(size, 0), {}});
}

void append_properties(EventTable& to, const EventTable& from, std::size_t begin, std::size_t end) {
  const std::size_t before = to.size();
  for (const PropertyTable& source : from.properties) {
    PropertyTable& property = property_named(to, source.name, before);
    if (!source.line_codes.empty() || !property.line_codes.empty()) {
      // Made once, then added to: a table is put together of many parts.
      if (property.line_codes.empty()) {
        append_line_codes(property.line_codes, to, property, 0, before);
      }
      append_line_codes(property.line_codes, from, source, begin, end);
    }
    append_range(property.codes, source.codes, begin, end);
  }
  const std::size_t lines = to.lines.size() + first_line(from, end) - first_line(from, begin);
  for (PropertyTable& property : to.properties) {
    property.codes.resize(before + (end - begin), 0);
    if (!property.line_codes.empty()) property.line_codes.resize(lines, 0);
  }
}

// Brings the values named by `order` to the front, through memory that all columns share.
template <typename T>
void permute(Column<T>& column, std::span<const std::uint32_t> order, std::byte* scratch,
             std::size_t threads) {
  if (column.empty()) return;
  T* const values = reinterpret_cast<T*>(scratch);
  base::parallel_for(threads, order.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       for (std::size_t i = begin; i < end; ++i) values[i] = column[order[i]];
                     });
  column.resize(order.size());
  base::parallel_for(
      threads, order.size(), kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::memcpy(column.data() + begin, values + begin, (end - begin) * sizeof(T));
      });
}

std::unique_ptr<std::byte[]> scratch_for(std::size_t count) {
  return std::make_unique_for_overwrite<std::byte[]>(std::max<std::size_t>(1, count) * 8);
}

void reorder_line_columns(EventTable& table, std::span<const std::uint32_t> order,
                          std::byte* scratch, std::size_t threads) {
  visit_line_columns(table, [&](auto& column) { permute(column, order, scratch, threads); });
}

// The order of the lines of `count(0)`, `count(1)`, ... lines an event, of which the first of event
// i stands at first(i).
template <typename Count, typename First>
LineOrder lay_out_lines(std::size_t events, std::size_t threads, const Count& count,
                        const First& first) {
  std::vector<std::uint32_t> before(events / kGrain + 2, 0);
  base::parallel_for(threads, events, kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::uint32_t lines = 0;
    for (std::size_t i = begin; i < end; ++i) lines += count(i);
    before[begin / kGrain + 1] = lines;
  });
  std::partial_sum(before.begin(), before.end(), before.begin());
  LineOrder result;
  result.starts.resize(events + 1);
  result.starts[0] = 0;
  result.lines.resize(before.back());
  base::parallel_for(threads, events, kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::uint32_t at = before[begin / kGrain];
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t lines = count(i);
      const std::uint32_t from = lines == 0 ? 0 : first(i);
      for (std::uint32_t l = 0; l < lines; ++l) result.lines[at++] = from + l;
      result.starts[i + 1] = at;
    }
  });
  return result;
}

template <typename T>
bool all_equal_to(const Column<T>& column, T value) {
  return std::all_of(column.begin(), column.end(), [&](const T& x) { return x == value; });
}

// Whether no line's part had another value than its event has.
bool line_codes_say_nothing(const EventTable& table, const PropertyTable& property) {
  for (std::size_t event = 0; event < table.size(); ++event) {
    for (std::uint32_t l = table.lines.starts[event]; l < table.lines.starts[event + 1]; ++l) {
      if (property.line_codes[l] != property.codes[event]) return false;
    }
  }
  return true;
}

void normalise_lines(EventTable& table, std::size_t threads) {
  LineTable& lines = table.lines;
  if (lines.items.empty()) {
    lines = {};
    for (PropertyTable& property : table.properties) property.line_codes.clear();
    return;
  }
  if (lines.times.empty()) return;
  base::parallel_for(
      threads, table.size(), kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t event = begin; event < end; ++event) {
          if (lines.starts[event] == lines.starts[event + 1] || is_order(table, event)) continue;
          for (std::uint32_t line = lines.starts[event]; line < lines.starts[event + 1]; ++line) {
            lines.times[line] = table.times[event];
            lines.batches[line] = table.batches[event];
            if (!lines.known_times.empty()) lines.known_times[line] = known_time_of(table, event);
          }
        }
      });
}

}  // namespace

void append_events(EventTable& to, const EventTable& from, std::size_t begin, std::size_t end) {
  FOOTFALL_CHECK(&to != &from && begin <= end && end <= from.size());
  if (begin == end) return;
  const std::size_t before = to.size();
  append_properties(to, from, begin, end);
  append_lines(to, from, begin, end);
  Optional<base::TimeMs>{to.known_times, from.known_times, &to.times, &from.times}.append(
      before, begin, end);
  Optional<std::int64_t>{to.sequences, from.sequences}.append(before, begin, end);
  Optional<OrderCode>{to.orders, from.orders}.append(before, begin, end);
  Optional<std::uint64_t>{to.digests, from.digests, &to.keys, &from.keys}.append(before, begin,
                                                                                 end);
  append_range(to.users, from.users, begin, end);
  append_range(to.types, from.types, begin, end);
  append_range(to.items, from.items, begin, end);
  append_range(to.keys, from.keys, begin, end);
  append_range(to.flags, from.flags, begin, end);
  if (!from.batches.empty()) append_range(to.batches, from.batches, begin, end);
  append_range(to.times, from.times, begin, end);
}

void truncate_events(EventTable& table, std::size_t count) {
  FOOTFALL_CHECK(count <= table.size());
  const auto cut = [](auto& column, std::size_t size) {
    if (!column.empty()) column.resize(size);
  };
  const std::uint32_t lines = first_line(table, count);
  visit_event_columns(table, [&](auto& column) { cut(column, count); });
  visit_line_columns(table, [&](auto& column) { cut(column, lines); });
  cut(table.lines.starts, lines == 0 ? 0 : count + 1);
}

LineOrder arrange_lines(std::span<const std::uint32_t> starts, std::span<const std::uint32_t> order,
                        Arrangement& arrangement, std::size_t threads) {
  // Most events have no lines and few have many: only for these `starts` is read out of order.
  static constexpr std::uint32_t kMany = 255;
  Column<std::uint8_t> counts;
  arrangement.apply(counts, [starts](std::size_t event) {
    const std::uint32_t lines = starts[event + 1] - starts[event];
    return static_cast<std::uint8_t>(lines < kMany ? lines : kMany);
  });
  return lay_out_lines(
      order.size(), threads,
      [&](std::size_t i) {
        if (counts[i] < kMany) return std::uint32_t{counts[i]};
        return starts[order[i] + 1] - starts[order[i]];
      },
      [&](std::size_t i) { return starts[order[i]]; });
}

void reorder_events(EventTable& table, std::span<const std::uint32_t> order, std::size_t threads) {
  const auto scratch = scratch_for(std::max(order.size(), table.lines.size()));
  visit_event_columns(table, [&](auto& column) { permute(column, order, scratch.get(), threads); });
  if (table.lines.starts.empty()) return;
  const Column<std::uint32_t>& starts = table.lines.starts;
  LineOrder lines = lay_out_lines(
      order.size(), threads, [&](std::size_t i) { return starts[order[i] + 1] - starts[order[i]]; },
      [&](std::size_t i) { return starts[order[i]]; });
  table.lines.starts = std::move(lines.starts);
  reorder_line_columns(table, lines.lines, scratch.get(), threads);
}

Column<std::uint32_t> arrange_events(EventTable& table, Arrangement& arrangement,
                                     std::size_t threads) {
  table.users = arrangement.take_ranks();
  table.times = arrangement.take_times();
  visit_event_columns(table, [&](auto& column) {
    const auto* const arranged = static_cast<const void*>(&column);
    if (column.empty() || arranged == &table.users || arranged == &table.times) return;
    std::remove_reference_t<decltype(column)> moved;
    arrangement.apply(moved, [values = column.data()](std::size_t event) { return values[event]; });
    column = std::move(moved);
  });
  Column<std::uint32_t> order = arrangement.take_indices();
  if (table.lines.starts.empty()) return order;
  LineOrder lines = arrange_lines(table.lines.starts, order, arrangement, threads);
  const auto scratch = scratch_for(table.lines.size());
  table.lines.starts = std::move(lines.starts);
  reorder_line_columns(table, lines.lines, scratch.get(), threads);
  return order;
}

void reorder_lines(EventTable& table, std::span<const std::uint32_t> order, std::size_t threads) {
  const auto scratch = scratch_for(order.size());
  reorder_line_columns(table, order, scratch.get(), threads);
}

void keep_events(EventTable& table, std::span<const std::uint8_t> keep, std::size_t threads) {
  FOOTFALL_CHECK(keep.size() == table.size());
  if (std::find(keep.begin(), keep.end(), 0) == keep.end()) return;
  std::vector<std::uint32_t> order;
  order.reserve(table.size());
  for (std::size_t event = 0; event < keep.size(); ++event) {
    if (keep[event] != 0) order.push_back(static_cast<std::uint32_t>(event));
  }
  reorder_events(table, order, threads);
}

void normalise(EventTable& table, std::size_t threads) {
  normalise_lines(table, threads);
  if (table.known_times == table.times) table.known_times.clear();
  if (table.digests == table.keys) table.digests.clear();
  if (table.lines.known_times == table.lines.times) table.lines.known_times.clear();
  if (all_equal_to<std::int64_t>(table.sequences, 0)) table.sequences.clear();
  if (all_equal_to<OrderCode>(table.orders, 0)) table.orders.clear();
  for (PropertyTable& property : table.properties) {
    if (!property.line_codes.empty() && line_codes_say_nothing(table, property)) {
      property.line_codes.clear();
    }
  }
  std::erase_if(table.properties, [](const PropertyTable& property) {
    return property.line_codes.empty() && all_equal_to<TextCode>(property.codes, 0);
  });
  std::sort(table.properties.begin(), table.properties.end(),
            [](const PropertyTable& a, const PropertyTable& b) { return a.name < b.name; });
}

UserOffsets user_offsets(const EventTable& table, std::size_t threads) {
  const auto begins = [&](std::size_t event) {
    return event == 0 || table.users[event - 1] != table.users[event];
  };
  std::vector<std::size_t> before(table.size() / kGrain + 2, 0);
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::size_t users = 0;
                       for (std::size_t event = begin; event < end; ++event) {
                         users += begins(event) ? 1 : 0;
                       }
                       before[begin / kGrain + 1] = users;
                     });
  std::partial_sum(before.begin(), before.end(), before.begin());
  UserOffsets result;
  result.users.resize(before.back());
  result.offsets.resize(before.back() + 1);
  result.offsets.back() = table.size();
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::size_t user = before[begin / kGrain];
                       for (std::size_t event = begin; event < end; ++event) {
                         if (!begins(event)) continue;
                         result.users[user] = table.users[event];
                         result.offsets[user++] = event;
                       }
                     });
  return result;
}

}  // namespace footfall::store
