#include "footfall/store/buyer_refunds.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "footfall/store/event_columns.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

constexpr std::array kBuyers{Population::kPeople, Population::kGuests};

struct Person {
  Population population = Population::kPeople;
  UserNumber user = 0;

  auto operator<=>(const Person&) const = default;
};

// A purchase or refund that names an order.
struct OrderEvent {
  Person person;
  OrderCode order = 0;
  TextCode currency = 0;

  auto operator<=>(const OrderEvent&) const = default;
};

// Calls visit(order event) for each event of one type whose order is wanted.
template <typename Wanted, typename Visit>
base::Status visit_orders(const Snapshot& snapshot, EventCode type, TextCode shop_currency,
                          Wanted&& wanted, Visit&& visit) {
  Columns columns;
  columns.orders = true;
  columns.properties = {"currency"};
  for (const Population population : kBuyers) {
    FOOTFALL_TRY(const std::vector<Block> blocks, snapshot.blocks(population, columns));
    for (const Block& block : blocks) {
      if (!block.may_occur[type]) continue;
      const ColumnView<TextCode> currencies = block.property("currency");
      const EventCode* const begin = block.types.data();
      const EventCode* const end = begin + block.types.size();
      for (const EventCode* at = begin; at != end; ++at) {
        at = static_cast<const EventCode*>(
            std::memchr(at, type, static_cast<std::size_t>(end - at)));
        if (at == nullptr) break;
        const auto event = static_cast<std::size_t>(at - begin);
        const OrderCode order = block.orders.at(event);
        if (order == 0 || !wanted(order)) continue;
        const auto after = std::upper_bound(block.offsets.begin(), block.offsets.end(), event);
        const auto user = static_cast<std::size_t>(after - block.offsets.begin()) - 1;
        const TextCode currency = currencies.at(event);
        visit(OrderEvent{{population, block.users[user]},
                         order,
                         currency == shop_currency ? TextCode{0} : currency});
      }
    }
  }
  return base::Ok{};
}

// Which refunds belong to whom: those that stand where they belong are not in it.
using Moves = std::map<OrderEvent, Person>;

// Who bought an order number, and in which currencies.
using Buyers = std::set<std::pair<Person, TextCode>>;

// Nobody where the order is not known, the refund's own person has it, or several may be meant.
const Person* buyer_of(const OrderEvent& refund, const Buyers& buyers) {
  const bool named = std::any_of(buyers.begin(), buyers.end(), [&](const auto& buyer) {
    return buyer.second == refund.currency;
  });
  const Person* found = nullptr;
  for (const auto& [person, currency] : buyers) {
    if (named && currency != refund.currency) continue;
    if (person == refund.person || (found != nullptr && *found != person)) return nullptr;
    found = &person;
  }
  return found;
}

base::Result<Moves> find_moves(const Snapshot& snapshot, TextCode shop_currency) {
  std::set<OrderEvent> refunds;
  FOOTFALL_RETURN_IF_ERROR(visit_orders(
      snapshot, events::kRefund, shop_currency, [](OrderCode) { return true; },
      [&](const OrderEvent& refund) { refunds.insert(refund); }));
  Moves moves;
  if (refunds.empty()) return moves;
  std::unordered_map<OrderCode, Buyers> buyers;
  for (const OrderEvent& refund : refunds) buyers.try_emplace(refund.order);
  FOOTFALL_RETURN_IF_ERROR(visit_orders(
      snapshot, events::kPurchase, shop_currency,
      [&](OrderCode order) { return buyers.contains(order); },
      [&](const OrderEvent& purchase) {
        buyers.at(purchase.order).emplace(purchase.person, purchase.currency);
      }));
  for (const OrderEvent& refund : refunds) {
    const Person* const buyer = buyer_of(refund, buyers.at(refund.order));
    if (buyer != nullptr) moves.emplace(refund, *buyer);
  }
  return moves;
}

// The timelines of some persons of one population, rising.
base::Result<EventTable> timelines_of(const SnapshotData& data, Population population,
                                      const std::vector<UserNumber>& users) {
  EventTable table;
  for (const auto& source : data.sources[static_cast<std::size_t>(population)].all()) {
    FOOTFALL_TRY(const UserIndex index, source->user_index());
    for (const UserNumber user : users) {
      const std::size_t at = index.lower_bound(user);
      if (at == index.users.size() || index.users[at] != user) continue;
      FOOTFALL_RETURN_IF_ERROR(source->append_to(table, at, at + 1));
    }
  }
  settle(table, data.threads);
  return table;
}

TextCode currency_of(const EventTable& table, std::size_t event, TextCode shop_currency) {
  for (const PropertyTable& property : table.properties) {
    if (property.name != "currency") continue;
    return property.codes[event] == shop_currency ? 0 : property.codes[event];
  }
  return 0;
}

using Tables = std::array<EventTable, kPopulations>;

// Takes the refunds that move out of a table, each to its buyer's population.
void move_refunds(Population population, const Moves& moves, TextCode shop_currency,
                  EventTable& table, Tables& arrived) {
  std::vector<std::uint8_t> keep(table.size(), 1);
  for (std::size_t event = 0; event < table.size(); ++event) {
    if (table.types[event] != events::kRefund || table.orders.empty()) continue;
    const auto move = moves.find({{population, table.users[event]},
                                  table.orders[event],
                                  currency_of(table, event, shop_currency)});
    if (move == moves.end()) continue;
    EventTable& to = arrived[static_cast<std::size_t>(move->second.population)];
    append_events(to, table, event, event + 1);
    to.users.back() = move->second.user;
    to.flags.back() = static_cast<std::uint8_t>(to.flags.back() | events::kSecondary);
    keep[event] = 0;
  }
  keep_events(table, keep, 1);
}

// What a refund that moved says of its person, such as a country, is of whoever booked it: it has
// the country of its order.
void take_countries_of_orders(EventTable& table, std::size_t first_arrived) {
  const auto country =
      std::find_if(table.properties.begin(), table.properties.end(),
                   [](const auto& property) { return property.name == "country"; });
  if (country == table.properties.end() || table.orders.empty()) return;
  std::map<std::pair<UserNumber, OrderCode>, TextCode> countries;
  for (std::size_t event = 0; event < first_arrived; ++event) {
    if (table.types[event] != events::kPurchase || table.orders[event] == 0) continue;
    countries.emplace(std::pair(table.users[event], table.orders[event]), country->codes[event]);
  }
  for (std::size_t event = first_arrived; event < table.size(); ++event) {
    const auto found = countries.find({table.users[event], table.orders[event]});
    const TextCode code = found == countries.end() ? 0 : found->second;
    country->codes[event] = code;
    if (country->line_codes.empty()) continue;
    std::fill(country->line_codes.begin() + table.lines.starts[event],
              country->line_codes.begin() + table.lines.starts[event + 1], code);
  }
}

// A table without some users, and with other timelines in their place.
std::shared_ptr<const EventTable> replace_timelines(const EventTable* table,
                                                    const std::vector<UserNumber>& users,
                                                    const EventTable& timelines,
                                                    std::size_t threads) {
  auto made = std::make_shared<EventTable>();
  if (table != nullptr) {
    *made = *table;
    std::vector<std::uint8_t> keep(table->size(), 1);
    for (std::size_t event = 0; event < table->size(); ++event) {
      keep[event] = std::binary_search(users.begin(), users.end(), table->users[event]) ? 0 : 1;
    }
    keep_events(*made, keep, threads);
  }
  append_events(*made, timelines, 0, timelines.size());
  settle(*made, threads);
  return made;
}

}  // namespace

base::Result<std::shared_ptr<const SnapshotData>> with_refunds_at_buyers(
    const Snapshot& snapshot, const SnapshotData& data, std::string_view shop_currency) {
  const TextCode currency = snapshot.find_text(shop_currency);
  FOOTFALL_TRY(const Moves moves, find_moves(snapshot, currency));
  if (moves.empty()) return std::shared_ptr<const SnapshotData>();
  std::array<std::set<UserNumber>, kPopulations> touched;
  for (const auto& [refund, buyer] : moves) {
    touched[static_cast<std::size_t>(refund.person.population)].insert(refund.person.user);
    touched[static_cast<std::size_t>(buyer.population)].insert(buyer.user);
  }
  std::shared_ptr<SnapshotData> made = data.without_events();
  made->sources = data.sources;
  Tables tables;
  Tables arrived;
  for (const Population population : kBuyers) {
    const auto index = static_cast<std::size_t>(population);
    std::vector<UserNumber>& users = made->replaced[index];
    users.assign(touched[index].begin(), touched[index].end());
    FOOTFALL_TRY(tables[index], timelines_of(data, population, users));
    move_refunds(population, moves, currency, tables[index], arrived);
  }
  for (const Population population : kBuyers) {
    const auto index = static_cast<std::size_t>(population);
    if (made->replaced[index].empty()) continue;
    const std::size_t before = tables[index].size();
    append_events(tables[index], arrived[index], 0, arrived[index].size());
    take_countries_of_orders(tables[index], before);
    made->sources[index].tail = replace_timelines(
        data.sources[index].tail.get(), made->replaced[index], tables[index], data.threads);
  }
  return std::shared_ptr<const SnapshotData>(std::move(made));
}

}  // namespace footfall::store
