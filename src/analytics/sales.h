// Sales: gross, refunds, net, orders and customers by period, country or item (SEMANTICS 11, 17).
//
// gross = line amounts of purchases, each rounded once; an order counts even if it was refunded
// later. refunds = what they take back (refund_amounts.h; a stated amount is the property "value"),
// dated on the refund's own day or, by option, the parts taken from an order on its day. People and
// guests are both in it; customers are people alone. Amounts in other currencies than the chosen
// one are left out and counted; a refund takes back lines of its own currency alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "footfall/analytics/attributes.h"
#include "footfall/analytics/order_walk.h"
#include "footfall/analytics/refund_amounts.h"
#include "footfall/analytics/sales_periods.h"

namespace footfall::analytics {

enum class SalesBy : std::uint8_t { kNone, kCountry, kItem };

struct SalesRule {
  TimeRange range;
  SalesPeriod period = SalesPeriod::kNone;
  int week_start = 1;
  SalesBy by = SalesBy::kNone;
  bool refunds_on_order_day = false;
  CurrencyChoice currency;
};

struct SalesTally {
  ExactSum gross = 0;
  ExactSum refunds = 0;
  std::int64_t orders = 0;  // By item: orders that hold the item.
  std::int64_t guest_orders = 0;
  ExactSum units = 0;  // Quantities without bookkeeping lines.
  ExactSum units_refunded = 0;
  std::int64_t customers = 0;         // Persons with an order.
  std::int64_t repeat_customers = 0;  // Persons with at least two.

  base::MoneyMinor net() const { return clamp_sum(gross - refunds); }
  void add(const SalesTally& other);
};

struct SalesRow {
  std::int32_t period = 0;  // period_index.
  std::uint32_t group = 0;  // TextCode of the country or ItemCode; 0 = none.
  SalesTally tally;
};

/// What is not in the tallies, and what is in them but deserves a count.
struct SalesCounts {
  RefundCounts refunds;                // Kinds of the refund lines dated in the range.
  std::int64_t orphan_refunds = 0;     // Refund lines with an orphan rest. They are in refunds.
  std::int64_t over_refunds = 0;       // Refunds above their order. They are in refunds.
  std::int64_t other_currency = 0;     // Purchases and refunds left out.
  std::int64_t amounts_too_large = 0;  // Lines left out.
  std::int64_t no_amount = 0;          // Orders without a line of known price, worth 0 in gross.
  std::int64_t events = 0;             // Purchases and refunds read.

  void add(const SalesCounts& other);
};

/// Folds blocks user by user; partial results merge in any order. Needs the columns lines, orders,
/// flags and the properties "country", "currency" and "value".
class SalesFold {
 public:
  /// `days` and `text_of` outlive the fold.
  SalesFold(const SalesRule& rule, const LocalDays& days, const TextLookup& text_of);

  void fold(const store::Block& block, UserRange users, store::Population population);
  void merge(const SalesFold& other);

  /// In no particular order.
  std::vector<SalesRow> rows() const;
  const SalesTally& total() const { return total_; }
  const SalesCounts& counts() const { return counts_; }

 private:
  struct Person;
  struct Part;
  void add_purchase(Person& person, const OrderEvent& order);
  void add_refunds(Person& person);
  void count_refund(const RefundAmounts& found, std::uint32_t refund);
  std::optional<base::MoneyMinor> stated_amount(const Person& person, std::size_t event) const;
  void add_part(Person& person, const Part& part);
  void close(Person& person);
  bool takes(const Person& person, std::size_t event) const;
  std::uint64_t key_of(Person& person, std::size_t event, base::TimeMs time,
                       store::ItemCode item) const;

  SalesRule rule_;
  LineAmounts amounts_;
  const LocalDays* days_;
  const TextLookup* text_of_;
  PersonLines lines_;
  std::unordered_map<std::uint64_t, SalesTally> tallies_;  // Period << 32 | group.
  SalesTally total_;
  SalesCounts counts_;
};

}  // namespace footfall::analytics
