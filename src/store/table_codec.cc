#include "footfall/store/table_codec.h"

#include <fmt/format.h>

#include <algorithm>

namespace footfall::store {
namespace {

constexpr std::uint32_t kPropertiesMax = 4'096;

// The order of the columns is the format.
template <typename Table, typename Visit>
void visit_columns(Table& table, Visit&& visit) {
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
  auto& lines = table.lines;
  visit(lines.starts);
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
}

template <typename T>
bool sized(const Column<T>& column, std::size_t size, bool may_be_empty) {
  return column.size() == size || (may_be_empty && column.empty());
}

bool below(const Column<std::uint32_t>& codes, std::uint32_t bound) {
  return std::all_of(codes.begin(), codes.end(), [&](std::uint32_t code) { return code < bound; });
}

bool storable(const Column<base::TimeMs>& times) {
  return std::all_of(times.begin(), times.end(), [](base::TimeMs time) {
    return time >= base::kTimeMin && time < base::kTimeEnd;
  });
}

// The lines of a stored table are identified: only `known_times` may be empty.
bool valid_lines(const LineTable& lines, std::size_t events, const CodeBounds& bounds) {
  const std::size_t count = lines.size();
  if (lines.starts.empty() ? count != 0 : lines.starts.size() != events + 1) return false;
  if (!lines.starts.empty() && (lines.starts.front() != 0 || lines.starts.back() != count)) {
    return false;
  }
  return std::is_sorted(lines.starts.begin(), lines.starts.end()) &&
         sized(lines.names, count, false) && sized(lines.quantities, count, false) &&
         sized(lines.prices, count, false) && sized(lines.numbers, count, false) &&
         sized(lines.marks, count, false) && sized(lines.times, count, false) &&
         sized(lines.known_times, count, true) && sized(lines.keys, count, false) &&
         sized(lines.digests, count, false) && sized(lines.batches, count, false) &&
         below(lines.items, bounds.items) && below(lines.names, bounds.texts) &&
         storable(lines.times) && storable(lines.known_times);
}

bool valid_table(const EventTable& table, const CodeBounds& bounds) {
  const std::size_t count = table.size();
  for (const PropertyTable& property : table.properties) {
    if (property.codes.size() != count || !below(property.codes, bounds.texts) ||
        !sized(property.line_codes, table.lines.size(), true) ||
        !below(property.line_codes, bounds.texts)) {
      return false;
    }
  }
  return sized(table.users, count, false) && sized(table.known_times, count, true) &&
         sized(table.sequences, count, true) && sized(table.types, count, false) &&
         sized(table.items, count, false) && sized(table.orders, count, true) &&
         sized(table.keys, count, false) && sized(table.digests, count, true) &&
         sized(table.flags, count, false) && sized(table.batches, count, false) &&
         below(table.items, bounds.items) && below(table.orders, bounds.orders) &&
         storable(table.times) && storable(table.known_times) &&
         valid_lines(table.lines, count, bounds);
}

}  // namespace

void encode_table(const EventTable& table, ByteWriter& writer) {
  visit_columns(table, [&](const auto& column) { writer.array(column); });
  writer.number(static_cast<std::uint32_t>(table.properties.size()));
  for (const PropertyTable& property : table.properties) {
    writer.text(property.name);
    writer.array(property.codes);
    writer.array(property.line_codes);
  }
}

base::Result<EventTable> decode_table(ByteReader& reader, const CodeBounds& bounds) {
  EventTable table;
  visit_columns(table, [&](auto& column) { reader.array(column); });
  const auto properties = reader.number<std::uint32_t>();
  for (std::uint32_t i = 0; reader.ok() && i < std::min(properties, kPropertiesMax); ++i) {
    PropertyTable property;
    property.name = reader.text();
    reader.array(property.codes);
    reader.array(property.line_codes);
    table.properties.push_back(std::move(property));
  }
  if (!reader.ok() || properties > kPropertiesMax || !valid_table(table, bounds)) {
    return base::Error{base::ErrorCode::kDamaged,
                       "a journal record does not hold an event table",
                       {},
                       "restore a backup"};
  }
  return table;
}

}  // namespace footfall::store
