// Top items: items ranked by units, orders, revenue, persons, or events of a given name.
//
// Over [from, to). Units, orders and revenue are of purchases before refunds, guests included;
// persons are people alone. An event names an item once, on however many of its lines. Shares are
// of the sum over all items (orders and persons of several items count for each of them).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "footfall/analytics/order_walk.h"
#include "footfall/analytics/sales_periods.h"

namespace footfall::analytics {

enum class TopBy : std::uint8_t { kUnits, kOrders, kRevenue, kPersons, kEvents };

struct TopRule {
  TimeRange range;
  store::EventCode event = events::kPurchase;
  bool with_bookkeeping = false;  // Bookkeeping lines count as items.
  CurrencyChoice currency;
};

struct ItemTally {
  ExactSum units = 0;
  ExactSum revenue = 0;     // Gross, minor units.
  std::int64_t events = 0;  // Purchases: orders that hold the item.
  std::int64_t persons = 0;

  void add(const ItemTally& other);
  ExactSum measure(TopBy by) const;
};

/// Tallies of all items of some blocks. Needs the column lines and the property "currency".
class TopItemsFold {
 public:
  explicit TopItemsFold(const TopRule& rule) : rule_(rule), amounts_(rule.currency.decimals) {}

  void fold(const store::Block& block, UserRange users, store::Population population);
  void merge(const TopItemsFold& other);

  /// By item code; codes that were not met may be missing at the end.
  const std::vector<ItemTally>& tallies() const { return tallies_; }

  struct Counts {
    std::int64_t events = 0;             // Events of the name in the range.
    std::int64_t without_item = 0;       // Of them, those that name no item.
    std::int64_t bookkeeping_lines = 0;  // Left out.
    std::int64_t other_currency = 0;     // Events whose amounts are not in revenue.
    std::int64_t amounts_too_large = 0;  // Lines that are not in revenue.
    std::int64_t guest_events = 0;       // Not in persons.
  };
  const Counts& counts() const { return counts_; }

 private:
  void add_event(const store::Block& block, const OrderEvent& event, bool takes_currency);

  TopRule rule_;
  LineAmounts amounts_;
  std::vector<ItemTally> tallies_;
  // Which event and which person an item was last counted for, as running numbers from 1; people
  // are met one after the other, so a person's items need no set.
  std::vector<std::uint64_t> last_event_;
  std::vector<std::uint64_t> last_person_;
  std::uint64_t event_number_ = 0;
  std::uint64_t person_number_ = 0;
  bool counts_persons_ = true;
  Counts counts_;
};

struct TopItem {
  store::ItemCode item = 0;
  std::uint64_t rank = 0;  // Equal values have equal ranks: 1, 2, 2, 4.
  double share = 0;
};

/// Items that were met, but have nothing of what is measured: they have no rank.
std::int64_t items_unranked(const std::vector<ItemTally>& tallies, TopBy by);

/// The items with a measure above zero, highest first, equal ones by the bytes of their keys.
std::vector<TopItem> rank_items(const std::vector<ItemTally>& tallies, TopBy by,
                                const std::function<std::string_view(store::ItemCode)>& key_of);

}  // namespace footfall::analytics
