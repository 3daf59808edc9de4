#include "footfall/store/segment_table.h"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 262'144;

// A column of the table as it is; an empty one stands for `rows` zeros.
template <typename T>
ColumnValues values_of(std::uint64_t rows, const Column<T>& column) {
  if (!column.empty()) {
    ColumnValues values =
        column_values(rows, [memory = column.data()](std::uint64_t i) { return memory[i]; });
    if constexpr (std::is_unsigned_v<T>) {
      values.memory = reinterpret_cast<const std::byte*>(column.data());
      values.width = sizeof(T);
    }
    return values;
  }
  ColumnValues zeros = column_values(rows, [](std::uint64_t) { return 0; });
  zeros.constant = 0;
  return zeros;
}

// The difference of two columns; zeros where the first is empty.
template <typename T, typename Difference>
ColumnValues difference_of(std::uint64_t rows, const Column<T>& a, const Column<T>& b,
                           Difference difference) {
  if (a.empty()) return values_of(rows, a);
  return column_values(rows, [first = a.data(), second = b.data(), difference](std::uint64_t i) {
    return difference(first[i], second[i]);
  });
}

constexpr auto kXor = [](std::uint64_t a, std::uint64_t b) { return a ^ b; };
constexpr auto kMinus = [](base::TimeMs a, base::TimeMs b) { return a - b; };

ColumnValues event_column(const TableView& view, SegmentColumn kind) {
  const EventTable& t = view.table;
  const std::size_t rows = t.size();
  switch (kind) {
    case SegmentColumn::kTicksLow:  // The times themselves; ticks need them all.
      return values_of(rows, t.times);
    case SegmentColumn::kTypes:
      return values_of(rows, t.types);
    case SegmentColumn::kItems:
      return values_of(rows, t.items);
    case SegmentColumn::kSequences:
      return values_of(rows, t.sequences);
    case SegmentColumn::kKeys:
      return values_of(rows, t.keys);
    case SegmentColumn::kDigests:
      return difference_of(rows, t.digests, t.keys, kXor);
    case SegmentColumn::kFlags:
      return values_of(rows, t.flags);
    case SegmentColumn::kBatches:
      return values_of(rows, t.batches);
    case SegmentColumn::kOrders:
      return values_of(rows, t.orders);
    case SegmentColumn::kKnownTimes:
      return difference_of(rows, t.known_times, t.times, kMinus);
    default:
      FOOTFALL_CHECK(false);
  }
}

ColumnValues line_column(const TableView& view, SegmentColumn kind) {
  const LineTable& lines = view.table.lines;
  const std::size_t rows = lines.size();
  switch (kind) {
    case SegmentColumn::kLineItems:
      return values_of(rows, lines.items);
    case SegmentColumn::kLineNames:
      return values_of(rows, lines.names);
    case SegmentColumn::kLineQuantities:
      return values_of(rows, lines.quantities);
    case SegmentColumn::kLinePrices:
      return values_of(rows, lines.prices);
    case SegmentColumn::kLineNumbers:
      return values_of(rows, lines.numbers);
    case SegmentColumn::kLineMarks:
      return values_of(rows, lines.marks);
    case SegmentColumn::kLineTimes:
      return column_values(rows, [&lines, &view](std::uint64_t i) {
        return lines.times[i] - view.table.times[view.line_events[i]];
      });
    case SegmentColumn::kLineKnownTimes:
      return difference_of(rows, lines.known_times, lines.times, kMinus);
    case SegmentColumn::kLineKeys:
      return values_of(rows, lines.keys);
    case SegmentColumn::kLineDigests:
      return difference_of(rows, lines.digests, lines.keys, kXor);
    default:
      return values_of(rows, lines.batches);
  }
}

}  // namespace

TableView::TableView(const EventTable& t, std::size_t threads)
    : table(t), index(user_offsets(t, threads)) {
  if (t.lines.size() == 0) return;
  FOOTFALL_CHECK(!t.lines.times.empty());
  const auto& starts = t.lines.starts;
  std::vector<std::size_t> before(t.size() / kGrain + 2, 0);
  base::parallel_for(threads, t.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::size_t with_lines = 0;
                       for (std::size_t event = begin; event < end; ++event) {
                         with_lines += starts[event] != starts[event + 1] ? 1 : 0;
                       }
                       before[begin / kGrain + 1] = with_lines;
                     });
  std::partial_sum(before.begin(), before.end(), before.begin());
  groups.resize(before.back());
  line_events.resize(t.lines.size());
  base::parallel_for(
      threads, t.size(), kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::size_t group = before[begin / kGrain];
        for (std::size_t event = begin; event < end; ++event) {
          if (starts[event] == starts[event + 1]) continue;
          groups[group++] = static_cast<std::uint32_t>(event);
          std::fill(line_events.begin() + starts[event], line_events.begin() + starts[event + 1],
                    static_cast<std::uint32_t>(event));
        }
      });
}

ColumnValues table_column(const TableView& view, SegmentColumn kind) {
  const auto& users = view.index.users;
  switch (kind) {
    case SegmentColumn::kUserGaps:
      return column_values(users.size(), [&view, &users](std::uint64_t i) {
        const std::int64_t before = i == 0 ? view.user_before : std::int64_t{users[i - 1]};
        return std::int64_t{users[i]} - before - 1;
      });
    case SegmentColumn::kUserEvents:
      return column_values(users.size(), [&view](std::uint64_t i) {
        return view.index.offsets[i + 1] - view.index.offsets[i];
      });
    case SegmentColumn::kLineEvents:
      return column_values(view.groups.size(), [&view](std::uint64_t i) {
        return view.events_before + view.groups[i];
      });
    case SegmentColumn::kLineCounts:
      return column_values(view.groups.size(), [&view](std::uint64_t i) {
        const auto& starts = view.table.lines.starts;
        return starts[view.groups[i] + 1] - starts[view.groups[i]];
      });
    default:
      return kind < SegmentColumn::kLineEvents ? event_column(view, kind) : line_column(view, kind);
  }
}

ColumnValues table_property(const TableView& view, const PropertyTable& property) {
  return values_of(view.table.size(), property.codes);
}

ColumnValues line_property(const TableView& view, const PropertyTable& property) {
  const std::size_t rows = view.line_events.size();
  if (property.line_codes.empty()) {
    ColumnValues same = column_values(rows, [](std::uint64_t) { return kSameAsEvent; });
    same.constant = kSameAsEvent;
    return same;
  }
  return column_values(rows, [&view, &property](std::uint64_t i) {
    const TextCode code = property.line_codes[i];
    return code == property.codes[view.line_events[i]] ? kSameAsEvent : code;
  });
}

}  // namespace footfall::store
