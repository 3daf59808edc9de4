#include "footfall/analytics/sales.h"

#include <algorithm>
#include <optional>

namespace footfall::analytics {

/// The person being read: their order events, and what is looked up for them at most once.
struct SalesFold::Person {
  const store::Block* block = nullptr;
  store::Population population = store::Population::kPeople;
  store::ColumnView<store::TextCode> countries;
  store::ColumnView<store::TextCode> currencies;
  store::ColumnView<store::TextCode> values;
  std::size_t user_index = 0;
  std::vector<OrderEvent> orders;
  bool has_refund = false;
  std::int64_t orders_in_range = 0;
  std::vector<std::uint64_t> order_keys;  // Of each order in range, each key once an order.
  std::optional<store::TextCode> usual_country;
};

/// An amount that a refund takes back, with where it is counted.
struct SalesFold::Part {
  std::size_t event = 0;  // Of the refund: its country counts.
  base::TimeMs time = 0;  // At which the part is dated.
  store::ItemCode item = 0;
  ExactSum amount = 0;
  std::int64_t units = 0;
};

void SalesTally::add(const SalesTally& other) {
  gross += other.gross;
  refunds += other.refunds;
  orders += other.orders;
  guest_orders += other.guest_orders;
  units += other.units;
  units_refunded += other.units_refunded;
  customers += other.customers;
  repeat_customers += other.repeat_customers;
}

void SalesCounts::add(const SalesCounts& other) {
  refunds.add(other.refunds);
  orphan_refunds += other.orphan_refunds;
  over_refunds += other.over_refunds;
  other_currency += other.other_currency;
  amounts_too_large += other.amounts_too_large;
  no_amount += other.no_amount;
  events += other.events;
}

SalesFold::SalesFold(const SalesRule& rule, const LocalDays& days, const TextLookup& text_of)
    : rule_(rule), amounts_(rule.currency.decimals), days_(&days), text_of_(&text_of) {}

void SalesFold::fold(const store::Block& block, UserRange users, store::Population population) {
  Person person;
  person.block = &block;
  person.population = population;
  person.countries = block.property("country");
  person.currencies = block.property("currency");
  person.values = block.property("value");
  OrderWalk walk(block, users, {events::kPurchase, events::kRefund});
  OrderEvent order;
  while (walk.next(order)) {
    if (order.user_index != person.user_index) close(person);
    person.user_index = order.user_index;
    person.orders.push_back(order);
    ++counts_.events;
    if (order.type == events::kRefund) {
      person.has_refund = true;
    } else {
      add_purchase(person, order);
    }
  }
  close(person);
}

bool SalesFold::takes(const Person& person, std::size_t event) const {
  return rule_.currency.takes(person.currencies.at(event));
}

std::uint64_t SalesFold::key_of(Person& person, std::size_t event, base::TimeMs time,
                                store::ItemCode item) const {
  std::int32_t period = 0;
  if (rule_.period != SalesPeriod::kNone) {
    period = period_index(rule_.period, days_->day(time), rule_.week_start);
  }
  std::uint32_t group = 0;
  if (rule_.by == SalesBy::kItem) group = item;
  if (rule_.by == SalesBy::kCountry) {
    group = person.countries.at(event);
    if (group == 0 && !person.usual_country) {
      person.usual_country =
          most_frequent_value(*person.block, person.user_index, person.countries, *text_of_);
    }
    if (group == 0) group = *person.usual_country;
  }
  return (std::uint64_t{static_cast<std::uint32_t>(period)} << 32) | group;
}

void SalesFold::add_purchase(Person& person, const OrderEvent& order) {
  const store::Block& block = *person.block;
  const base::TimeMs time = block.time(order.event);
  if (!rule_.range.holds(time)) return;
  if (!takes(person, order.event)) {
    ++counts_.other_currency;
    return;
  }
  ++person.orders_in_range;
  const std::size_t first_key = person.order_keys.size();
  const std::uint64_t order_key = key_of(person, order.event, time, 0);
  const std::uint64_t period_bits = order_key & ~std::uint64_t{0xFFFFFFFF};
  const std::uint32_t lines = line_count(block, order);
  if (lines == 0 || rule_.by != SalesBy::kItem) person.order_keys.push_back(order_key);
  SalesTally* tally = rule_.by == SalesBy::kItem ? nullptr : &tallies_[order_key];
  bool priced = false;
  for (std::uint32_t index = 0; index < lines; ++index) {
    const OrderLine line = line_of(block, order, index);
    priced = priced || line.price != 0 || (line.marks & events::kFreeLine) != 0;
    if (rule_.by == SalesBy::kItem) {
      person.order_keys.push_back(period_bits | line.item);
      tally = &tallies_[period_bits | line.item];
    }
    const std::optional<base::MoneyMinor> amount = amounts_.of(line.quantity, line.price);
    if (!amount) {
      ++counts_.amounts_too_large;
      continue;
    }
    const std::int64_t units = line.bookkeeping() ? 0 : line.quantity;
    tally->gross += *amount;
    tally->units += units;
    total_.gross += *amount;
    total_.units += units;
  }
  counts_.no_amount += priced ? 0 : 1;
  // An order counts once for an item that stands on several of its lines.
  const auto begin = person.order_keys.begin() + static_cast<std::ptrdiff_t>(first_key);
  std::sort(begin, person.order_keys.end());
  person.order_keys.erase(std::unique(begin, person.order_keys.end()), person.order_keys.end());
}

void SalesFold::add_refunds(Person& person) {
  lines_.clear();
  for (const OrderEvent& order : person.orders) {
    if (takes(person, order.event)) {
      lines_.add(*person.block, order);
    } else if (order.type == events::kRefund &&
               rule_.range.holds(person.block->time(order.event))) {
      ++counts_.other_currency;
    }
  }
  std::vector<std::optional<base::MoneyMinor>> stated;
  for (const std::size_t event : lines_.refund_events()) {
    stated.push_back(stated_amount(person, event));
  }
  const RefundAmounts found = refund_amounts(
      {lines_.purchases(), lines_.refunds(), lines_.refund_events(), stated}, amounts_);
  for (const SettledRefund& refund : found.refunds) {
    const std::size_t event = lines_.refund_event(refund.begin);
    const base::TimeMs time = person.block->time(event);
    const bool dated = rule_.range.holds(time);
    counts_.amounts_too_large += refund.amounts_too_large;
    for (std::uint32_t line = refund.begin; line < refund.end && dated; ++line) {
      count_refund(found, line);
    }
    for (const RefundPart& part : refund.parts) {
      add_part(person, {event, rule_.refunds_on_order_day ? part.order_time : time, part.item,
                        part.amount, part.units});
    }
  }
}

void SalesFold::count_refund(const RefundAmounts& found, std::uint32_t refund) {
  const RefundKind kind = found.matching.kinds[refund];
  counts_.refunds.add(kind);
  counts_.over_refunds += found.over[refund];
  const bool whole = kind == RefundKind::kExact || kind == RefundKind::kByQuantity;
  if (!whole && found.matching.order_known[refund] == 0) ++counts_.orphan_refunds;
}

std::optional<base::MoneyMinor> SalesFold::stated_amount(const Person& person,
                                                         std::size_t event) const {
  const store::TextCode stated = person.values.at(event);
  if (stated == 0) return std::nullopt;
  const base::Result<base::PriceMicros> value = base::parse_price((*text_of_)(stated));
  if (!value.ok()) return std::nullopt;
  return amounts_.of(*value < 0 ? -1 : 1, *value);
}

void SalesFold::add_part(Person& person, const Part& part) {
  if (!rule_.range.holds(part.time)) return;
  SalesTally& tally = tallies_[key_of(person, part.event, part.time, part.item)];
  tally.refunds += part.amount;
  tally.units_refunded += part.units;
  total_.refunds += part.amount;
  total_.units_refunded += part.units;
}

void SalesFold::close(Person& person) {
  if (person.has_refund) add_refunds(person);
  const bool guest = person.population != store::Population::kPeople;
  std::sort(person.order_keys.begin(), person.order_keys.end());
  const auto count = [guest](SalesTally& tally, std::int64_t orders) {
    tally.orders += orders;
    if (guest) tally.guest_orders += orders;
    if (!guest && orders > 0) ++tally.customers;
    if (!guest && orders > 1) ++tally.repeat_customers;
  };
  for (auto key = person.order_keys.begin(); key != person.order_keys.end();) {
    const auto next = std::upper_bound(key, person.order_keys.end(), *key);
    count(tallies_[*key], next - key);
    key = next;
  }
  count(total_, person.orders_in_range);
  person.orders.clear();
  person.order_keys.clear();
  person.has_refund = false;
  person.orders_in_range = 0;
  person.usual_country.reset();
}

void SalesFold::merge(const SalesFold& other) {
  for (const auto& [key, tally] : other.tallies_) tallies_[key].add(tally);
  total_.add(other.total_);
  counts_.add(other.counts_);
}

std::vector<SalesRow> SalesFold::rows() const {
  std::vector<SalesRow> rows;
  rows.reserve(tallies_.size());
  for (const auto& [key, tally] : tallies_) {
    rows.push_back({static_cast<std::int32_t>(key >> 32), static_cast<std::uint32_t>(key), tally});
  }
  return rows;
}

}  // namespace footfall::analytics
