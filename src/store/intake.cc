#include "footfall/store/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "footfall/base/hash.h"

namespace footfall::store {
namespace {

using events::EventBatch;
using Codes = std::vector<std::uint32_t>;
using Rows = std::vector<std::uint32_t>;

// The shop's code of each local code that occurs; unused ones stay 0.
Codes shop_codes(const events::StringTable& table, std::initializer_list<const Codes*> columns,
                 DictionaryWriter& writer) {
  std::vector<std::uint8_t> used(table.size(), 0);
  for (const Codes* column : columns) {
    for (const std::uint32_t code : *column) used[code] = 1;
  }
  Codes codes(table.size(), 0);
  for (std::uint32_t code = 1; code < table.size(); ++code) {
    if (used[code] != 0) codes[code] = writer.intern(table.text(code));
  }
  return codes;
}

base::Result<std::array<EventCode, 256>> event_codes(const EventBatch& batch,
                                                     std::vector<std::string>& own_names) {
  std::array<EventCode, 256> codes{};
  for (std::size_t code = 0; code < events::kOwnCodeFirst; ++code) {
    codes[code] = static_cast<EventCode>(code);
  }
  for (std::size_t i = 0; i < batch.own_names.size(); ++i) {
    auto found = std::find(own_names.begin(), own_names.end(), batch.own_names[i]);
    if (found == own_names.end()) {
      if (own_names.size() >= static_cast<std::size_t>(events::kOwnNamesMax)) {
        return base::invalid(
            fmt::format("expected at most {} event names of the shop's own; one "
                        "more is: {}",
                        events::kOwnNamesMax, batch.own_names[i]));
      }
      own_names.push_back(batch.own_names[i]);
      found = own_names.end() - 1;
    }
    codes[events::kOwnCodeFirst + i] =
        static_cast<EventCode>(events::kOwnCodeFirst + (found - own_names.begin()));
  }
  return codes;
}

void meet_persons(const EventBatch& batch, const KnownShop& shop, Intake& intake,
                  std::vector<Population>& populations) {
  const std::size_t count = batch.persons.size();
  std::vector<std::uint8_t> used(count, 0);
  for (const std::uint32_t code : batch.users) used[code] = 1;
  intake.users.assign(count, 0);
  intake.person_hashes.assign(count, 0);
  populations.assign(count, Population::kPeople);
  UserNumber next = shop.people.size() + 1;
  for (std::uint32_t code = 1; code < count; ++code) {
    if (used[code] == 0) continue;
    const std::string_view id = batch.persons.text(code);
    const privacy::Pseudonym pseudonym = shop.privacy.pseudonym(id);
    populations[code] = population_of(id);
    intake.person_hashes[code] = batch.persons.hash(code);
    intake.users[code] = shop.people.find(pseudonym);
    if (intake.users[code] == 0) {
      intake.users[code] = next++;
      intake.new_people.push_back({pseudonym, populations[code], shop.privacy.seal(id)});
    }
  }
}

// The named rows of a column; all of it when `rows` is empty.
template <typename To, typename From, typename Change>
Column<To> picked(const std::vector<From>& column, const Rows& rows, bool all, Change&& change) {
  Column<To> result;
  if (column.empty()) return result;
  if (all) {
    result.resize(column.size());
    std::transform(column.begin(), column.end(), result.begin(), change);
  } else {
    result.resize(rows.size());
    std::transform(rows.begin(), rows.end(), result.begin(),
                   [&](std::uint32_t row) { return change(column[row]); });
  }
  return result;
}

constexpr auto kSame = [](auto value) { return value; };

struct CodeMaps {
  Codes items;
  Codes orders;
  Codes texts;
  std::array<EventCode, 256> types{};
};

void pick_lines(const EventBatch& batch, const Rows& rows, const CodeMaps& maps,
                EventTable& table) {
  const events::LineBatch& from = batch.lines;
  if (from.starts.empty()) return;
  LineTable& lines = table.lines;
  lines.starts.reserve(rows.size() + 1);
  lines.starts.push_back(0);
  for (const std::uint32_t row : rows) {
    for (std::uint32_t line = from.starts[row]; line < from.starts[row + 1]; ++line) {
      lines.items.push_back(maps.items[from.items[line]]);
      lines.names.push_back(maps.texts[from.names[line]]);
      lines.quantities.push_back(from.quantities[line]);
      lines.prices.push_back(from.prices[line]);
      lines.numbers.push_back(from.numbers[line]);
      lines.marks.push_back(from.marks[line]);
    }
    lines.starts.push_back(static_cast<std::uint32_t>(lines.items.size()));
  }
  if (lines.items.empty()) lines.starts.clear();
}

EventTable pick_events(const EventBatch& batch, const Rows& rows, const CodeMaps& maps,
                       const std::vector<UserNumber>& users) {
  const bool all = rows.size() == batch.size();
  const auto mapped = [](const auto& map) { return [&map](auto code) { return map[code]; }; };
  EventTable table;
  table.users = picked<UserNumber>(batch.users, rows, all, mapped(users));
  table.times = picked<base::TimeMs>(batch.times, rows, all, kSame);
  table.known_times = picked<base::TimeMs>(batch.known_times, rows, all, kSame);
  table.sequences = picked<std::int64_t>(batch.sequences, rows, all, kSame);
  table.types = picked<EventCode>(batch.types, rows, all, mapped(maps.types));
  table.items = picked<ItemCode>(batch.items, rows, all, mapped(maps.items));
  table.orders = picked<OrderCode>(batch.orders, rows, all, mapped(maps.orders));
  table.keys = picked<std::uint64_t>(batch.keys, rows, all, kSame);
  if (batch.digests != batch.keys) {
    table.digests = picked<std::uint64_t>(batch.digests, rows, all, kSame);
  }
  table.flags = picked<std::uint8_t>(batch.flags, rows, all, kSame);
  table.batches.assign(rows.size(), 0);
  pick_lines(batch, rows, maps, table);
  for (const events::PropertyColumn& property : batch.properties) {
    table.properties.push_back(
        {property.name, picked<TextCode>(property.codes, rows, all, mapped(maps.texts))});
  }
  return table;
}

}  // namespace

base::Result<Intake> take_in(const EventBatch& batch, const KnownShop& shop) {
  Intake intake;
  intake.own_names = shop.own_names;
  CodeMaps maps;
  FOOTFALL_TRY(maps.types, event_codes(batch, intake.own_names));
  DictionaryWriter items(shop.items);
  DictionaryWriter orders(shop.orders);
  DictionaryWriter texts(shop.texts);
  maps.items = shop_codes(batch.items_table, {&batch.items, &batch.lines.items}, items);
  maps.orders = shop_codes(batch.orders_table, {&batch.orders}, orders);
  Codes all_texts(batch.texts.size());
  std::iota(all_texts.begin(), all_texts.end(), 0u);
  maps.texts = shop_codes(batch.texts, {&all_texts}, texts);
  intake.new_items = items.new_page();
  intake.new_orders = orders.new_page();
  intake.new_texts = texts.new_page();

  std::vector<Population> populations;
  meet_persons(batch, shop, intake, populations);
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    const auto population = static_cast<std::size_t>(populations[batch.users[row]]);
    intake.rows[population].push_back(row);
  }
  for (std::size_t population = 0; population < kPopulations; ++population) {
    if (intake.rows[population].empty()) continue;
    intake.tables[population] = pick_events(batch, intake.rows[population], maps, intake.users);
  }
  return intake;
}

}  // namespace footfall::store
