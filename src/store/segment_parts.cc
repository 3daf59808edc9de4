#include "footfall/store/segment_parts.h"

#include <algorithm>

#include "footfall/base/parallel.h"
#include "footfall/base/time.h"

namespace footfall::store {
namespace {

// Values [from, to) of a column, one a row.
template <typename T>
Column<T> values_of(const ColumnView<T>& view, std::size_t from, std::size_t to) {
  if (view.is_dense()) {
    const std::span<const T> values = view.values().subspan(from, to - from);
    return {values.begin(), values.end()};
  }
  Column<T> result(to - from, view.otherwise());
  const auto positions = view.positions();
  auto at = std::lower_bound(positions.begin(), positions.end(), from);
  for (; at != positions.end() && *at < to; ++at) {
    result[*at - from] = view.values()[static_cast<std::size_t>(at - positions.begin())];
  }
  return result;
}

// As values_of; empty when the column is constantly its default, 0.
template <typename T>
Column<T> values_or_none(const ColumnView<T>& view, std::size_t from, std::size_t to) {
  if (view.is_constant() && view.otherwise() == T{}) return {};
  return values_of(view, from, to);
}

// Differences from a file may be anything, so they are added without a sign.
base::TimeMs add_times(base::TimeMs a, base::TimeMs b) {
  return static_cast<base::TimeMs>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

base::Error SegmentImpl::damaged(SegmentColumn kind, const std::string& what) const {
  SegmentEntry entry;
  entry.kind = kind;
  return columns.damaged(entry, what);
}

base::Result<SegmentUsers> SegmentImpl::make_users() const {
  const SegmentDirectory& directory = columns.directory();
  FOOTFALL_TRY(const auto gaps, columns.array<std::uint32_t>(SegmentColumn::kUserGaps));
  FOOTFALL_TRY(const auto counts, columns.array<std::uint32_t>(SegmentColumn::kUserEvents));
  SegmentUsers users;
  users.users.reserve(directory.users);
  users.offsets.reserve(directory.users + 1);
  users.offsets.push_back(0);
  std::uint64_t next = 0;  // The least number that the next user can have.
  for (std::size_t i = 0; i < directory.users; ++i) {
    const std::uint64_t user = next + gaps[i];
    if (user > 0xFFFFFFFFu) {
      return damaged(SegmentColumn::kUserGaps,
                     "a user's number is too large: " + std::to_string(user));
    }
    if (counts[i] == 0) {
      return damaged(SegmentColumn::kUserEvents, "a user has no events: " + std::to_string(user));
    }
    users.users.push_back(static_cast<UserNumber>(user));
    users.offsets.push_back(users.offsets.back() + counts[i]);
    next = user + 1;
  }
  if (users.offsets.back() != directory.events) {
    return damaged(SegmentColumn::kUserEvents, "the users' events are not " +
                                                   std::to_string(directory.events) + " but " +
                                                   std::to_string(users.offsets.back()));
  }
  return users;
}

base::Result<SegmentTicks> SegmentImpl::make_ticks() const {
  const SegmentDirectory& directory = columns.directory();
  SegmentTicks ticks;
  FOOTFALL_TRY(ticks.low, columns.array<std::uint32_t>(SegmentColumn::kTicksLow));
  if (columns.has(SegmentColumn::kTicksHigh)) {
    FOOTFALL_TRY(const auto high, columns.array<std::uint32_t>(SegmentColumn::kTicksHigh));
    ticks.wide.resize(directory.events);
    for (std::size_t i = 0; i < ticks.wide.size(); ++i) {
      ticks.wide[i] = std::uint64_t{high[i]} << 32 | ticks.low[i];
    }
  }
  FOOTFALL_TRY(const SegmentUsers* const index, users());
  const auto most =
      static_cast<std::uint64_t>((base::kTimeEnd - 1 - directory.base_ms) / directory.tick_ms);
  std::vector<std::uint8_t> bad(std::max<std::size_t>(1, threads_), 0);
  base::parallel_for(threads_, index->users.size(), 8192,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       bool fails = false;
                       for (std::size_t user = begin; user < end; ++user) {
                         std::uint64_t before = 0;
                         for (std::uint64_t i = index->offsets[user]; i < index->offsets[user + 1];
                              ++i) {
                           const std::uint64_t tick = ticks.at(i);
                           fails = fails || tick < before || tick > most;
                           before = tick;
                         }
                       }
                       if (fails) bad[worker] = 1;
                     });
  if (std::find(bad.begin(), bad.end(), 1) != bad.end()) {
    return damaged(SegmentColumn::kTicksLow,
                   "a user's times do not rise, or pass the year " + std::to_string(9999));
  }
  return ticks;
}

base::Result<SegmentGroups> SegmentImpl::make_groups() const {
  const SegmentDirectory& directory = columns.directory();
  SegmentGroups groups;
  if (directory.lines == 0) return groups;
  FOOTFALL_TRY(groups.events, columns.array<std::uint32_t>(SegmentColumn::kLineEvents));
  FOOTFALL_TRY(const auto counts, columns.array<std::uint32_t>(SegmentColumn::kLineCounts));
  groups.starts.reserve(directory.groups + 1);
  groups.starts.push_back(0);
  std::uint64_t lines = 0;
  for (std::size_t i = 0; i < directory.groups; ++i) {
    const std::uint32_t event = groups.events[i];
    if (event >= directory.events || (i > 0 && event <= groups.events[i - 1])) {
      return damaged(SegmentColumn::kLineEvents,
                     "the events with lines do not rise: " + std::to_string(event));
    }
    lines += counts[i];
    if (counts[i] == 0 || lines > directory.lines) break;
    groups.starts.push_back(static_cast<std::uint32_t>(lines));
  }
  if (groups.starts.size() != directory.groups + 1 || lines != directory.lines) {
    return damaged(SegmentColumn::kLineCounts, "the events' lines are not " +
                                                   std::to_string(directory.lines) + " but " +
                                                   std::to_string(lines));
  }
  return groups;
}

base::Result<SegmentTimelines> SegmentImpl::make_all() const {
  using C = SegmentColumn;
  SegmentTimelines all;
  FOOTFALL_TRY(all.users, users());
  FOOTFALL_TRY(all.ticks, ticks());
  FOOTFALL_TRY(all.groups, groups());
  FOOTFALL_TRY(all.types, columns.view<std::uint8_t>(C::kTypes));
  FOOTFALL_TRY(all.items, columns.view<std::uint32_t>(C::kItems));
  FOOTFALL_TRY(all.sequences, columns.view<std::int64_t>(C::kSequences));
  FOOTFALL_TRY(all.keys, columns.view<std::uint64_t>(C::kKeys));
  FOOTFALL_TRY(all.digests, columns.view<std::uint64_t>(C::kDigests));
  FOOTFALL_TRY(all.flags, columns.view<std::uint8_t>(C::kFlags));
  FOOTFALL_TRY(all.batches, columns.view<std::uint32_t>(C::kBatches));
  FOOTFALL_TRY(all.orders, columns.view<std::uint32_t>(C::kOrders));
  FOOTFALL_TRY(all.known_times, columns.view<std::int64_t>(C::kKnownTimes));
  FOOTFALL_TRY(all.line_items, columns.view<std::uint32_t>(C::kLineItems));
  FOOTFALL_TRY(all.line_names, columns.view<std::uint32_t>(C::kLineNames));
  FOOTFALL_TRY(all.line_quantities, columns.view<std::int64_t>(C::kLineQuantities));
  FOOTFALL_TRY(all.line_prices, columns.view<std::int64_t>(C::kLinePrices));
  FOOTFALL_TRY(all.line_numbers, columns.view<std::uint32_t>(C::kLineNumbers));
  FOOTFALL_TRY(all.line_marks, columns.view<std::uint8_t>(C::kLineMarks));
  FOOTFALL_TRY(all.line_times, columns.view<std::int64_t>(C::kLineTimes));
  FOOTFALL_TRY(all.line_known_times, columns.view<std::int64_t>(C::kLineKnownTimes));
  FOOTFALL_TRY(all.line_keys, columns.view<std::uint64_t>(C::kLineKeys));
  FOOTFALL_TRY(all.line_digests, columns.view<std::uint64_t>(C::kLineDigests));
  FOOTFALL_TRY(all.line_batches, columns.view<std::uint32_t>(C::kLineBatches));
  for (const std::string& name : columns.property_names()) {
    SegmentTimelines::Property property;
    property.name = name;
    property.of_lines = columns.has(C::kLineProperty, name);
    FOOTFALL_TRY(property.codes, columns.view<std::uint32_t>(C::kProperty, name));
    FOOTFALL_TRY(property.line_codes, columns.view<std::uint32_t>(C::kLineProperty, name));
    all.properties.push_back(std::move(property));
  }
  return all;
}

namespace {

// The lines of events [from, to), and what their parts had of each property.
void read_lines(const SegmentTimelines& all, std::size_t from, std::size_t to, EventTable& table) {
  const SegmentGroups& groups = *all.groups;
  if (groups.starts.empty()) return;
  const auto first = static_cast<std::size_t>(
      std::lower_bound(groups.events.begin(), groups.events.end(), from) - groups.events.begin());
  const auto last = static_cast<std::size_t>(
      std::lower_bound(groups.events.begin(), groups.events.end(), to) - groups.events.begin());
  if (first == last) return;
  const std::uint32_t line_from = groups.starts[first];
  const std::uint32_t line_to = groups.starts[last];
  LineTable& lines = table.lines;
  lines.starts.assign(table.size() + 1, 0);
  std::vector<std::uint32_t> line_events(line_to - line_from);
  for (std::size_t group = first; group < last; ++group) {
    const auto event = static_cast<std::uint32_t>(groups.events[group] - from);
    lines.starts[event + 1] = groups.starts[group + 1] - groups.starts[group];
    std::fill(line_events.begin() + (groups.starts[group] - line_from),
              line_events.begin() + (groups.starts[group + 1] - line_from), event);
  }
  for (std::size_t i = 1; i < lines.starts.size(); ++i) lines.starts[i] += lines.starts[i - 1];
  lines.items = values_of(all.line_items, line_from, line_to);
  lines.names = values_of(all.line_names, line_from, line_to);
  lines.quantities = values_of(all.line_quantities, line_from, line_to);
  lines.prices = values_of(all.line_prices, line_from, line_to);
  lines.numbers = values_of(all.line_numbers, line_from, line_to);
  lines.marks = values_of(all.line_marks, line_from, line_to);
  lines.times = values_of(all.line_times, line_from, line_to);
  lines.known_times = values_or_none(all.line_known_times, line_from, line_to);
  lines.keys = values_of(all.line_keys, line_from, line_to);
  lines.digests = values_of(all.line_digests, line_from, line_to);
  lines.batches = values_of(all.line_batches, line_from, line_to);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines.times[i] = add_times(lines.times[i], table.times[line_events[i]]);
    lines.digests[i] ^= lines.keys[i];
    if (!lines.known_times.empty()) {
      lines.known_times[i] = add_times(lines.known_times[i], lines.times[i]);
    }
  }
  for (std::size_t p = 0; p < all.properties.size(); ++p) {
    if (!all.properties[p].of_lines) continue;
    PropertyTable& property = table.properties[p];
    property.line_codes = values_of(all.properties[p].line_codes, line_from, line_to);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (property.line_codes[i] == kSameAsEvent) {
        property.line_codes[i] = property.codes[line_events[i]];
      }
    }
  }
}

}  // namespace

EventTable SegmentImpl::read(const SegmentTimelines& all, std::size_t user_from,
                             std::size_t user_to) const {
  const std::size_t from = all.users->offsets[user_from];
  const std::size_t to = all.users->offsets[user_to];
  EventTable table;
  table.users.reserve(to - from);
  for (std::size_t user = user_from; user < user_to; ++user) {
    table.users.insert(table.users.end(), all.users->offsets[user + 1] - all.users->offsets[user],
                       all.users->users[user]);
  }
  table.times.resize(to - from);
  for (std::size_t i = from; i < to; ++i) table.times[i - from] = scale().time(all.ticks->at(i));
  table.types = values_of(all.types, from, to);
  table.items = values_of(all.items, from, to);
  table.sequences = values_or_none(all.sequences, from, to);
  table.orders = values_or_none(all.orders, from, to);
  table.keys = values_of(all.keys, from, to);
  table.digests = values_or_none(all.digests, from, to);
  for (std::size_t i = 0; i < table.digests.size(); ++i) table.digests[i] ^= table.keys[i];
  table.known_times = values_or_none(all.known_times, from, to);
  for (std::size_t i = 0; i < table.known_times.size(); ++i) {
    table.known_times[i] = add_times(table.known_times[i], table.times[i]);
  }
  table.flags = values_of(all.flags, from, to);
  table.batches = values_of(all.batches, from, to);
  for (const SegmentTimelines::Property& property : all.properties) {
    table.properties.push_back({property.name, values_of(property.codes, from, to), {}});
  }
  read_lines(all, from, to, table);
  return table;
}

}  // namespace footfall::store
