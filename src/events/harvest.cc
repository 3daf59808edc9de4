#include "footfall/events/harvest.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

#include "footfall/base/hash.h"
#include "footfall/base/words.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

constexpr std::string_view kKeyPrefix = "key:";
constexpr double kMoreThanSeen = 1.1;  // A few rows are a rough measure of a file.

CellCodes::Rules id_rules(IdKind kind) {
  return {std::string(id_kind_name(kind)) + ':', kIdBytesMax, true, false, false};
}

// Optional columns stay empty until a value differs from `otherwise`; gaps are filled then.
template <typename T>
void put(base::Column<T>& column, std::size_t index, T value, T otherwise) {
  if (value == otherwise && column.empty()) return;
  if (column.size() < index) column.resize(index, otherwise);
  column.push_back(value);
}

template <typename T>
void make_whole(base::Column<T>& column, std::size_t size, T otherwise) {
  if (!column.empty()) column.resize(size, otherwise);
}

std::uint64_t never_zero(std::uint64_t hash) {
  return hash == 0 ? 1 : hash;
}

}  // namespace

Harvest::Harvest(ShopFacts shop)
    : facts(std::move(shop)),
      users(batch.persons, id_rules(IdKind::kUser)),
      devices(batch.persons, id_rules(IdKind::kDevice)),
      sessions(batch.persons, id_rules(IdKind::kSession)),
      guests(batch.persons, id_rules(IdKind::kOrder)),
      items(batch.items_table, {"", kIdBytesMax, false, false, false}),
      orders(batch.orders_table, {"", kIdBytesMax, true, false, false}),
      texts(batch.texts, {"", kValueBytesMax, false, false, false}) {}

StringTable::Code Harvest::shop_person() {
  if (shop_person_ == 0) shop_person_ = batch.persons.intern(person_text(IdKind::kShop, ""));
  return shop_person_;
}

// The shop's names and the new ones share the codes.
bool Harvest::has_room_for(std::string_view own_name) const {
  const std::vector<std::string>& known = facts.own_names;
  const auto is_known = [&](std::string_view name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  if (is_known(own_name)) return true;
  const auto added = std::count_if(batch.own_names.begin(), batch.own_names.end(),
                                   [&](const std::string& name) { return !is_known(name); });
  return known.size() + static_cast<std::size_t>(added) < static_cast<std::size_t>(kOwnNamesMax);
}

EventCode Harvest::event_code(std::string_view name) {
  if (const auto code = built_in_code(name)) return *code;
  std::vector<std::string>& own = batch.own_names;
  const auto found = std::find(own.begin(), own.end(), name);
  if (found == own.end()) {
    if (!valid_own_name(name) || !has_room_for(name)) return kNoEvent;
    own.emplace_back(name);
    return static_cast<EventCode>(kOwnCodeFirst + own.size() - 1);
  }
  return static_cast<EventCode>(kOwnCodeFirst + (found - own.begin()));
}

ColumnRoom Harvest::expect(std::uint64_t events) {
  const auto all =
      static_cast<std::size_t>(std::min<std::uint64_t>(batch.size() + events, kEventsMax));
  ColumnRoom room;
  // Doubled at least: a folder of many files would move all columns for each of them.
  const auto grow = [](auto& column, std::size_t size) {
    if (size > column.capacity()) column.reserve(std::max(size, 2 * column.capacity()));
  };
  const auto reserve = [&](auto& column, std::vector<std::span<std::byte>>& filled,
                           std::size_t size) {
    grow(column, size);
    using Value = typename std::remove_reference_t<decltype(column)>::value_type;
    filled.emplace_back(reinterpret_cast<std::byte*>(column.data() + column.size()),
                        (size - std::min(size, column.size())) * sizeof(Value));
  };
  reserve(batch.times, room.reading, all);
  reserve(batch.users, room.reading, all);
  reserve(batch.types, room.reading, all);
  reserve(batch.items, room.reading, all);
  reserve(batch.flags, room.reading, all);
  // These are filled only where a file has such values.
  const auto reserve_if_used = [&](auto& column, std::size_t size) {
    if (column.empty()) return grow(column, size);
    reserve(column, room.reading, size);
  };
  reserve_if_used(batch.orders, all);
  reserve_if_used(event_ids, all);
  reserve_if_used(batch.lines.starts, all + 1);
  if (!batch.known_times.empty()) reserve(batch.known_times, room.reading, all);
  if (const std::size_t seen = batch.lines.items.size(); seen > 0) {
    const double share = static_cast<double>(seen) / static_cast<double>(batch.size());
    // At most one an event: where orders have many, the first rows are too rough a measure.
    const double guess = std::min(1.0, kMoreThanSeen * share) * static_cast<double>(all);
    const auto lines = std::max(seen, static_cast<std::size_t>(guess));
    reserve(batch.lines.items, room.reading, lines);
    reserve(batch.lines.names, room.reading, lines);
    reserve(batch.lines.quantities, room.reading, lines);
    reserve(batch.lines.prices, room.reading, lines);
    reserve(batch.lines.numbers, room.reading, lines);
    reserve(batch.lines.marks, room.reading, lines);
  }
  reserve(batch.digests, room.sealing, all);
  return room;
}

void Harvest::add_event(const NewEvent& event) {
  const std::size_t index = batch.size();
  if (event.known_time != event.time || !batch.known_times.empty()) {
    if (batch.known_times.empty()) batch.known_times = batch.times;
    batch.known_times.push_back(event.known_time);
  }
  batch.times.push_back(event.time);
  put(batch.sequences, index, event.sequence, std::int64_t{0});
  batch.users.push_back(event.user);
  batch.types.push_back(event.type);
  batch.items.push_back(event.item);
  put(batch.orders, index, event.order, StringTable::Code{0});
  batch.flags.push_back(event.flags);
  batch.rows.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(event.row, UINT32_MAX)));
  put(event_ids, index, event.event_id, std::uint64_t{0});
  LineBatch& lines = batch.lines;
  if (!lines.starts.empty()) {
    lines.starts.push_back(static_cast<std::uint32_t>(lines.items.size()));
  }
}

void Harvest::add_line(const NewLine& line) {
  LineBatch& lines = batch.lines;
  if (lines.starts.empty()) lines.starts.assign(batch.size() + 1, 0);
  lines.items.push_back(line.item);
  lines.names.push_back(line.name);
  lines.quantities.push_back(line.quantity);
  lines.prices.push_back(line.price);
  lines.numbers.push_back(line.number);
  lines.marks.push_back(line.marks);
  ++lines.starts.back();
}

std::size_t Harvest::property(std::string_view name) {
  for (std::size_t i = 0; i < batch.properties.size(); ++i) {
    if (batch.properties[i].name == name) return i;
  }
  batch.properties.push_back({std::string(name), {}});
  return batch.properties.size() - 1;
}

void Harvest::set_property(std::size_t property, StringTable::Code code) {
  if (code == 0) return;
  base::Column<StringTable::Code>& codes = batch.properties[property].codes;
  if (codes.size() + 1 == batch.size()) return codes.push_back(code);
  codes.resize(batch.size(), 0);
  codes.back() = code;
}

StringTable::Code Harvest::last_property(std::string_view name) const {
  for (const PropertyColumn& column : batch.properties) {
    if (column.name == name) return column.codes.size() == batch.size() ? column.codes.back() : 0;
  }
  return 0;
}

void Harvest::set_line_property(std::size_t from_last, std::string_view name,
                                StringTable::Code code) {
  if (code == 0) return;
  std::vector<PropertyColumn>& all = batch.lines.properties;
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const PropertyColumn& column) { return column.name == name; });
  if (found == all.end()) {
    property(name);  // Lines without an own value have their event's.
    found = all.insert(all.end(), {std::string(name), {}});
  }
  found->codes.resize(batch.lines.items.size(), 0);
  found->codes[found->codes.size() - 1 - from_last] = code;
}

void Harvest::make_line_properties_whole() {
  const LineBatch& lines = batch.lines;
  for (PropertyColumn& own : batch.lines.properties) {
    own.codes.resize(lines.items.size(), 0);
    const base::Column<StringTable::Code>& events = batch.properties[property(own.name)].codes;
    for (std::size_t event = 0; event < events.size(); ++event) {
      for (std::uint32_t line = lines.starts[event]; line < lines.starts[event + 1]; ++line) {
        if (own.codes[line] == 0) own.codes[line] = events[event];
      }
    }
  }
}

void Harvest::hold_row(std::string_view reason, const RawChunk& chunk, std::size_t row,
                       std::string_view column, std::string message) {
  const auto file = static_cast<std::uint32_t>(files.size() - 1);
  const std::uint64_t number = chunk.row_numbers[row];
  Ledger::count(ledger.quarantined, reason,
                {files.back().name, number, std::string(column), std::move(message)});
  // The count goes on; whoever runs the call refuses it when rows could not be kept.
  if (held.size() >= kHeldRowsMax) return;
  HeldRow kept{std::string(reason), file, number, {}};
  for (const RawColumn& cell : chunk.columns) {
    if (!cell.is_absent(row)) kept.cells.emplace_back(cell.name, cell_text(cell, row));
  }
  held.push_back(std::move(kept));
}

void Harvest::seal() {
  const std::size_t size = batch.size();
  make_whole(batch.sequences, size, std::int64_t{0});
  make_whole(batch.orders, size, StringTable::Code{0});
  make_line_properties_whole();
  std::erase_if(batch.properties, [](const PropertyColumn& column) {
    return std::all_of(column.codes.begin(), column.codes.end(),
                       [](auto code) { return code == 0; });
  });
  for (PropertyColumn& column : batch.properties) column.codes.resize(size, 0);
  set_keys(batch, std::move(event_ids), threads);
}

std::uint64_t business_key(std::string_view event, std::string_view id, std::string_view currency) {
  std::uint64_t key = base::hash_combine(base::hash64(event), base::hash64(id));
  if (!currency.empty()) key = base::hash_combine(key, base::hash64(currency));
  return never_zero(key);
}

std::uint64_t source_key(std::string_view event_id) {
  if (event_id.size() == kKeyPrefix.size() + 16 && event_id.starts_with(kKeyPrefix)) {
    std::uint64_t key = 0;
    const char* const end = event_id.data() + event_id.size();
    const auto [stop, error] = std::from_chars(event_id.data() + kKeyPrefix.size(), end, key, 16);
    if (error == std::errc() && stop == end && key != 0) return key;
  }
  return business_key("", event_id);
}

std::string key_text(std::uint64_t key) {
  return fmt::format("{}{:016x}", kKeyPrefix, key);
}

}  // namespace footfall::events
