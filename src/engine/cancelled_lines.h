// Cancelled lines: which purchase lines of one person had been taken back in full by a moment.
//
// At a moment only what is dated at or before it is looked at, and of that only what was known by a
// time (SEMANTICS 1.6): a refund that a later file told of had not happened for anyone. Refund
// lines are matched to purchase lines as in sales (analytics/refund_matching.h); a line of which
// nothing is left is cancelled. A refund that states an amount and no lines takes no line back by
// itself: all lines of an order are cancelled when the refunds that name it reach the sum of its
// lines.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "footfall/analytics/refund_matching.h"

namespace footfall::engine {

class CancelledLines {
 public:
  /// Amounts are compared in minor units of a currency of so many decimals.
  explicit CancelledLines(int decimals) : amounts_(decimals) {}

  /// Forgets the person but keeps the memory.
  void clear();
  /// All in the total order of the person's events, then of their lines; each with the time from
  /// which it was known.
  void add_purchase(const analytics::PurchaseLine& line, base::TimeMs known_time);
  void add_refund(const analytics::RefundLine& line, base::TimeMs known_time);
  /// A refund without lines that states its amount; `stated` is a price of one.
  void add_stated(base::TimeMs time, store::OrderCode order, base::PriceMicros stated,
                  base::TimeMs known_time);
  bool has_refund() const { return !refunds_.empty() || !stated_.empty(); }
  std::size_t purchase_count() const { return purchases_.size(); }

  /// flags[i] = 1 when purchase line i is dated at or before the moment, was known by `known_by`,
  /// and is not cancelled at the moment by what was known by then.
  void standing_at(base::TimeMs moment, base::TimeMs known_by,
                   std::vector<std::uint8_t>& flags) const;

 private:
  struct Stated {
    base::TimeMs time = 0;
    store::OrderCode order = 0;
    base::PriceMicros amount = 0;
  };
  // One an entry of the lists below.
  struct KnownTimes {
    std::vector<base::TimeMs> purchases;
    std::vector<base::TimeMs> refunds;
    std::vector<base::TimeMs> stated;
  };
  bool all_known_by(base::TimeMs known_by) const { return latest_known_ <= known_by; }
  CancelledLines known_part(base::TimeMs known_by) const;
  void strike_orders(base::TimeMs moment, std::span<const analytics::RefundMatch> matches,
                     std::vector<std::uint8_t>& flags) const;

  analytics::LineAmounts amounts_;
  std::vector<analytics::PurchaseLine> purchases_;
  std::vector<analytics::RefundLine> refunds_;
  std::vector<Stated> stated_;
  KnownTimes known_times_;
  base::TimeMs latest_known_ = base::kTimeMin;
};

}  // namespace footfall::engine
