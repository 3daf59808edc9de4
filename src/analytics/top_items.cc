#include "footfall/analytics/top_items.h"

#include <algorithm>

namespace footfall::analytics {

void ItemTally::add(const ItemTally& other) {
  units += other.units;
  revenue += other.revenue;
  events += other.events;
  persons += other.persons;
}

ExactSum ItemTally::measure(TopBy by) const {
  switch (by) {
    case TopBy::kUnits:
      return units;
    case TopBy::kRevenue:
      return revenue;
    case TopBy::kPersons:
      return persons;
    case TopBy::kOrders:
    case TopBy::kEvents:
      break;
  }
  return events;
}

void TopItemsFold::fold(const store::Block& block, UserRange users, store::Population population) {
  const store::ColumnView<store::TextCode> currencies = block.property("currency");
  counts_persons_ = population == store::Population::kPeople;
  OrderWalk walk(block, users, {rule_.event});
  OrderEvent event;
  std::size_t user_index = users.end;
  while (walk.next(event)) {
    if (!rule_.range.holds(block.time(event.event))) continue;
    if (event.user_index != user_index) ++person_number_;
    user_index = event.user_index;
    ++event_number_;
    ++counts_.events;
    if (population == store::Population::kGuests) ++counts_.guest_events;
    const bool takes = rule_.currency.takes(currencies.at(event.event));
    if (!takes) ++counts_.other_currency;
    add_event(block, event, takes);
  }
}

void TopItemsFold::add_event(const store::Block& block, const OrderEvent& event,
                             bool takes_currency) {
  const std::uint32_t lines = line_count(block, event);
  bool any = false;
  for (std::uint32_t index = 0; index < lines; ++index) {
    const OrderLine line = line_of(block, event, index);
    any = any || line.item != 0;
    if (line.bookkeeping() && !rule_.with_bookkeeping) {
      ++counts_.bookkeeping_lines;
      continue;
    }
    if (line.item == 0) continue;
    if (line.item >= tallies_.size()) {
      const std::size_t size =
          std::max<std::size_t>(line.item + std::size_t{1}, tallies_.size() * 2);
      tallies_.resize(size);
      last_event_.resize(size, 0);
      last_person_.resize(size, 0);
    }
    ItemTally& tally = tallies_[line.item];
    tally.units += line.quantity;
    if (takes_currency) {
      const std::optional<base::MoneyMinor> amount = amounts_.of(line.quantity, line.price);
      tally.revenue += amount.value_or(0);
      if (!amount) ++counts_.amounts_too_large;
    }
    if (std::exchange(last_event_[line.item], event_number_) != event_number_) ++tally.events;
    if (!counts_persons_) continue;
    if (std::exchange(last_person_[line.item], person_number_) != person_number_) ++tally.persons;
  }
  if (!any) ++counts_.without_item;
}

void TopItemsFold::merge(const TopItemsFold& other) {
  if (other.tallies_.size() > tallies_.size()) {
    tallies_.resize(other.tallies_.size());
    last_event_.resize(other.tallies_.size(), 0);
    last_person_.resize(other.tallies_.size(), 0);
  }
  for (std::size_t item = 0; item < other.tallies_.size(); ++item) {
    tallies_[item].add(other.tallies_[item]);
  }
  counts_.events += other.counts_.events;
  counts_.without_item += other.counts_.without_item;
  counts_.bookkeeping_lines += other.counts_.bookkeeping_lines;
  counts_.other_currency += other.counts_.other_currency;
  counts_.amounts_too_large += other.counts_.amounts_too_large;
  counts_.guest_events += other.counts_.guest_events;
}

std::int64_t items_unranked(const std::vector<ItemTally>& tallies, TopBy by) {
  return std::count_if(tallies.begin(), tallies.end(), [by](const ItemTally& tally) {
    return tally.events > 0 && tally.measure(by) <= 0;
  });
}

std::vector<TopItem> rank_items(const std::vector<ItemTally>& tallies, TopBy by,
                                const std::function<std::string_view(store::ItemCode)>& key_of) {
  std::vector<TopItem> top;
  ExactSum sum = 0;
  for (store::ItemCode item = 1; item < tallies.size(); ++item) {
    const ExactSum measure = tallies[item].measure(by);
    if (measure <= 0) continue;
    sum += measure;
    top.push_back({item, 0, 0});
  }
  const auto measure_of = [&](const TopItem& entry) { return tallies[entry.item].measure(by); };
  std::sort(top.begin(), top.end(), [&](const TopItem& a, const TopItem& b) {
    if (measure_of(a) != measure_of(b)) return measure_of(a) > measure_of(b);
    return key_of(a.item) < key_of(b.item);
  });
  for (std::size_t i = 0; i < top.size(); ++i) {
    const bool tied = i > 0 && measure_of(top[i]) == measure_of(top[i - 1]);
    top[i].rank = tied ? top[i - 1].rank : i + 1;
    top[i].share = static_cast<double>(measure_of(top[i])) / static_cast<double>(sum);
  }
  return top;
}

}  // namespace footfall::analytics
