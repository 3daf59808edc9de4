#include "footfall/store/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <initializer_list>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

#include "footfall/base/parallel.h"
#include "footfall/store/arrangement.h"
#include "footfall/store/event_columns.h"

namespace footfall::store {
namespace {

using events::EventBatch;
using Codes = Column<std::uint32_t>;
using Used = Column<std::uint8_t>;

constexpr std::size_t kGrain = 65'536;
constexpr std::size_t kPersonGrain = 2048;

// Which local codes occur in the columns.
Used used_codes(std::size_t codes, std::initializer_list<const Codes*> columns,
                std::size_t threads) {
  Used used(codes, 0);
  for (const Codes* column : columns) {
    base::parallel_for(threads, column->size(), kGrain,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         for (std::size_t i = begin; i < end; ++i) {
                           // Written once: threads that write one place again and again wait for
                           // each other.
                           const std::atomic_ref one(used[(*column)[i]]);
                           if (one.load(std::memory_order_relaxed) != 0) continue;
                           one.store(1, std::memory_order_relaxed);
                         }
                       });
  }
  return used;
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

// The persons of a batch, by their place in the order of (population, number).
struct Persons {
  Codes ranks;                                   // By code; 0 where a code is not used.
  Column<UserNumber> users;                      // By rank.
  std::array<std::size_t, kPopulations> ends{};  // Ranks of each population end here.
};

// A person with what it is sorted by.
struct Met {
  NewPerson person;
  std::uint32_t code = 0;
  UserNumber user = 0;
};

// Looks the persons up, and numbers and seals those who are new.
Column<Met> meet(const EventBatch& batch, const KnownShop& shop, std::size_t threads,
                 Intake& intake) {
  const Used used = used_codes(batch.persons.size(), {&batch.users}, threads);
  Column<Met> met;
  met.reserve(used.size());
  for (std::uint32_t code = 1; code < used.size(); ++code) {
    if (used[code] != 0) met.push_back({{{}, {}, batch.persons.text(code)}, code, 0});
  }
  base::parallel_for(threads, met.size(), kPersonGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       for (std::size_t i = begin; i < end; ++i) {
                         NewPerson& person = met[i].person;
                         person.pseudonym = shop.privacy.pseudonym(person.id);
                         person.population = population_of(person.id);
                         met[i].user = shop.people.find(person.pseudonym);
                       }
                     });
  Column<NewPerson> fresh;
  fresh.reserve(met.size());
  const UserNumber first = shop.people.size() + 1;
  for (Met& one : met) {
    if (one.user != 0) continue;
    one.user = first + static_cast<UserNumber>(fresh.size());
    fresh.push_back(one.person);
  }
  intake.new_people_count = static_cast<UserNumber>(fresh.size());
  if (!fresh.empty()) {
    intake.new_people = encode_people(first, fresh, shop.privacy, threads);
  }
  return met;
}

Persons rank_persons(Column<Met> met, const events::StringTable& ids, Intake& intake) {
  const auto before = [](const Met& a, const Met& b) {
    return std::pair(a.person.population, a.user) < std::pair(b.person.population, b.user);
  };
  if (!std::is_sorted(met.begin(), met.end(), before)) std::sort(met.begin(), met.end(), before);
  Persons persons;
  persons.ranks.assign(ids.size(), 0);
  persons.users.resize(met.size());
  for (std::size_t rank = 0; rank < met.size(); ++rank) {
    persons.ranks[met[rank].code] = static_cast<std::uint32_t>(rank);
    persons.users[rank] = met[rank].user;
    const auto population = static_cast<std::size_t>(met[rank].person.population);
    persons.ends[population] = rank + 1;
    intake.persons[population].push_back(met[rank].user);
    intake.person_hashes[population].push_back(ids.hash(met[rank].code));
  }
  for (std::size_t i = 1; i < kPopulations; ++i) {
    persons.ends[i] = std::max(persons.ends[i], persons.ends[i - 1]);
  }
  return persons;
}

struct CodeMaps {
  Codes items;
  Codes orders;
  Codes texts;
  std::array<EventCode, 256> types{};
};

CodeMaps map_codes(const EventBatch& batch, const KnownShop& shop, std::size_t threads,
                   Intake& intake) {
  const auto map = [&](const Dictionary& known, const events::StringTable& texts, const Used& used,
                       std::shared_ptr<const DictionaryPage>& page) {
    CodedTexts coded = code_texts(known, texts, used, threads);
    page = std::move(coded.new_page);
    return std::move(coded.codes);
  };
  CodeMaps maps;
  maps.items =
      map(shop.items, batch.items_table,
          used_codes(batch.items_table.size(), {&batch.items, &batch.lines.items}, threads),
          intake.new_items);
  maps.orders =
      map(shop.orders, batch.orders_table,
          used_codes(batch.orders_table.size(), {&batch.orders}, threads), intake.new_orders);
  maps.texts = map(shop.texts, batch.texts, Used(batch.texts.size(), 1), intake.new_texts);
  return maps;
}

// The lines of a batch, for events in a new order.
LineTable take_lines(const events::LineBatch& from, LineOrder order, const CodeMaps& maps,
                     std::size_t threads) {
  LineTable lines;
  const auto fill = [&](auto& column, const auto& value) {
    column.resize(order.lines.size());
    base::parallel_for(threads, column.size(), kGrain,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         const auto own_value = value;
                         auto* const to = column.data();
                         const std::uint32_t* const line = order.lines.data();
                         for (std::size_t i = begin; i < end; ++i) to[i] = own_value(line[i]);
                       });
  };
  const auto copy = [&](const auto& source, auto& column) {
    fill(column, [values = source.data()](std::uint32_t line) { return values[line]; });
  };
  const auto translate = [&](const auto& source, const Codes& map, auto& column) {
    fill(column, [codes = source.data(), known = map.data()](std::uint32_t line) {
      return known[codes[line]];
    });
  };
  translate(from.items, maps.items, lines.items);
  translate(from.names, maps.texts, lines.names);
  copy(from.quantities, lines.quantities);
  copy(from.prices, lines.prices);
  copy(from.numbers, lines.numbers);
  copy(from.marks, lines.marks);
  lines.starts = std::move(order.starts);
  return lines;
}

// What lines say for themselves, in the order of the lines.
std::vector<PropertyTable> take_line_properties(const events::LineBatch& from,
                                                const LineOrder& order, const Codes& texts) {
  std::vector<PropertyTable> properties;
  for (const events::PropertyColumn& own : from.properties) {
    PropertyTable& made = properties.emplace_back(PropertyTable{own.name, {}, {}});
    made.line_codes.reserve(order.lines.size());
    for (const std::uint32_t line : order.lines) {
      made.line_codes.push_back(texts[own.codes[line]]);
    }
  }
  return properties;
}

// Gives up the memory, which assigning {} would keep.
template <typename T>
void give_back(Column<T>& column) {
  Column<T>().swap(column);
}

// Brings columns of a batch into the order of an arrangement. What a column that is not const held
// is given back at once.
class Mover {
 public:
  explicit Mover(Arrangement& arrangement) : arrangement_(arrangement) {}

  template <typename T>
  void move(const Column<T>& from, Column<T>& to) {
    if (from.empty()) return;
    arrangement_.apply(to, [values = from.data()](std::size_t event) { return values[event]; });
  }
  template <typename T>
  void move(Column<T>& from, Column<T>& to) {
    move(std::as_const(from), to);
    give_back(from);
  }
  template <typename T, typename Map>
  void translate(const Column<T>& from, const Map& map, Column<T>& to) {
    if (from.empty()) return;
    arrangement_.apply(to, [codes = from.data(), known = map.data()](std::size_t event) {
      return known[codes[event]];
    });
  }
  template <typename T, typename Map>
  void translate(Column<T>& from, const Map& map, Column<T>& to) {
    translate(std::as_const(from), map, to);
    give_back(from);
  }

 private:
  Arrangement& arrangement_;
};

PropertyTable& property_of(EventTable& table, const std::string& name) {
  for (PropertyTable& property : table.properties) {
    if (property.name == name) return property;
  }
  return table.properties.emplace_back(PropertyTable{name, {}, {}});
}

// All events in the order of their persons' ranks; the ranks stand in the place of users. A batch
// that is not const is used up.
template <typename Batch>
EventTable arrange(Batch& batch, const CodeMaps& maps, const Codes& ranks, std::size_t threads,
                   Column<std::uint32_t>& rows) {
  constexpr bool kUseUp = !std::is_const_v<Batch>;
  Arrangement arrangement(
      {batch.users, ranks, batch.times, batch.sequences, batch.keys, batch.digests}, threads, [&] {
        if constexpr (kUseUp) give_back(batch.users);
      });
  EventTable table;
  table.users = arrangement.take_ranks();
  table.times = arrangement.take_times();
  rows = arrangement.take_indices();
  if constexpr (kUseUp) give_back(batch.times);
  // From wide columns to narrow ones, so that each finds the memory of one before it.
  Mover mover(arrangement);
  if (batch.digests != batch.keys) mover.move(batch.digests, table.digests);
  if constexpr (kUseUp) give_back(batch.digests);
  mover.move(batch.keys, table.keys);
  mover.move(batch.known_times, table.known_times);
  mover.move(batch.sequences, table.sequences);
  if (!batch.lines.items.empty()) {
    LineOrder order = arrange_lines(batch.lines.starts, rows, arrangement, threads);
    table.properties = take_line_properties(batch.lines, order, maps.texts);
    table.lines = take_lines(batch.lines, std::move(order), maps, threads);
  }
  if constexpr (kUseUp) batch.lines = {};
  mover.translate(batch.items, maps.items, table.items);
  mover.translate(std::as_const(batch.orders), maps.orders, table.orders);
  for (auto& property : batch.properties) {
    mover.translate(property.codes, maps.texts, property_of(table, property.name).codes);
  }
  for (PropertyTable& property : table.properties) property.codes.resize(table.times.size(), 0);
  mover.translate(std::as_const(batch.types), maps.types, table.types);
  mover.move(std::as_const(batch.flags), table.flags);
  return table;
}

// Hands each population its events, which stand one after another in `all`. The first that has
// any keeps the table; of the others there are few where there are many events.
void share_out(EventTable all, Column<std::uint32_t> rows, const Persons& persons,
               std::size_t threads, Intake& intake) {
  std::array<std::size_t, kPopulations> ends{};
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const auto end = std::lower_bound(all.users.begin(), all.users.end(), persons.ends[i]);
    ends[i] = static_cast<std::size_t>(end - all.users.begin());
  }
  base::parallel_for(threads, all.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       for (std::size_t i = begin; i < end; ++i) {
                         all.users[i] = persons.users[all.users[i]];
                       }
                     });
  std::size_t first = 0;
  while (first + 1 < kPopulations && ends[first] == 0) ++first;
  for (std::size_t i = first + 1; i < kPopulations; ++i) {
    append_events(intake.tables[i], all, ends[i - 1], ends[i]);
    intake.rows[i].assign(rows.begin() + static_cast<std::ptrdiff_t>(ends[i - 1]),
                          rows.begin() + static_cast<std::ptrdiff_t>(ends[i]));
  }
  truncate_events(all, ends[first]);
  rows.resize(ends[first]);
  intake.tables[first] = std::move(all);
  intake.rows[first] = std::move(rows);
}

template <typename Batch>
base::Result<Intake> take_in_any(Batch& batch, const KnownShop& shop, std::size_t threads) {
  Intake intake;
  intake.own_names = shop.own_names;
  FOOTFALL_TRY(const auto types, event_codes(batch, intake.own_names));
  CodeMaps maps = map_codes(batch, shop, threads, intake);
  maps.types = types;
  const Persons persons = rank_persons(meet(batch, shop, threads, intake), batch.persons, intake);
  Column<std::uint32_t> rows;
  EventTable all = arrange(batch, maps, persons.ranks, threads, rows);
  share_out(std::move(all), std::move(rows), persons, threads, intake);
  return intake;
}

}  // namespace

base::Result<Intake> take_in(const EventBatch& batch, const KnownShop& shop, std::size_t threads) {
  return take_in_any(batch, shop, threads);
}

base::Result<Intake> use_up(EventBatch& batch, const KnownShop& shop, std::size_t threads) {
  return take_in_any(batch, shop, threads);
}

}  // namespace footfall::store
