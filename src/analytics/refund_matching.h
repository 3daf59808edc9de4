// Refund matching: which purchase lines the refunds of one person take back (SEMANTICS 11).
//
// A pure function of one person's lines at a snapshot: nothing of it is stored, so the order in
// which files arrive cannot change it. Refund lines are settled in total order, each against what
// earlier ones left:
//  - A refund that names an order of this person takes from the lines of that order alone: the
//    latest untouched line of the item with equal quantity and price, else lines of the item by
//    remaining quantity, latest first. What is left of it is `over_refund`. A line of unknown price
//    has no equal.
//  - A refund that names another order takes nothing: `orphan_refund`.
//  - A refund line that names none, or has but a number of its own, takes likewise from all
//    purchase lines of the item that are not later than it (equal times are not later). What is
//    left is `orphan_refund`.
//  - A refund without lines that names an order takes all that is left of the order.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "footfall/analytics/order_walk.h"

namespace footfall::analytics {

struct PurchaseLine {
  base::TimeMs time = 0;
  store::OrderCode order = 0;  // 0 = not known.
  store::ItemCode item = 0;
  std::int64_t quantity = 0;
  base::PriceMicros price = 0;
  std::uint8_t marks = 0;  // events::LineMark bits; matching does not look at them.
};

struct RefundLine {
  base::TimeMs time = 0;
  store::OrderCode order = 0;
  store::ItemCode item = 0;
  std::int64_t quantity = 0;
  base::PriceMicros price = 0;
  std::uint8_t marks = 0;
  bool whole_order = false;  // Stands for a refund without lines; item, quantity, price are unread.
  bool own_number = false;   // A cancellation: `order` may be its own number and name no order.

  bool price_known() const { return price != 0 || (marks & events::kFreeLine) != 0; }
};

enum class RefundKind : std::uint8_t {
  kExact,       // One purchase line with equal quantity and price.
  kByQuantity,  // Whole, from remaining quantities.
  kPartly,      // Some of its quantity; the rest is orphan_refund or over_refund.
  kOrphan,      // No purchase line had anything left for it, and no order is known.
  kOver,        // The order it names is known, but nothing of it is left.
};

/// A part of a refund line and the purchase line that it takes back.
struct RefundMatch {
  std::uint32_t refund = 0;    // Index of the refund line.
  std::uint32_t purchase = 0;  // Index of the purchase line.
  std::int64_t quantity = 0;   // > 0
};

struct RefundMatching {
  std::vector<RefundMatch> matches;       // By refund line, latest purchase first.
  std::vector<RefundKind> kinds;          // One a refund line.
  std::vector<std::int64_t> unmatched;    // Quantity of each refund line that took nothing back.
  std::vector<std::uint8_t> order_known;  // 1 where a refund line names an order of this person.
};

/// Both spans stand in total order of their events, then line order. O(n log n).
RefundMatching match_refunds(std::span<const PurchaseLine> purchases,
                             std::span<const RefundLine> refunds);

/// Settles the refund lines one after the other, for whoever has to look at what came before. Both
/// spans outlive it.
class RefundMatcher {
 public:
  RefundMatcher(std::span<const PurchaseLine> purchases, std::span<const RefundLine> refunds);
  ~RefundMatcher();

  /// Settles the next refund line. With `takes` false it is of an amount alone and takes no line.
  void settle_next(bool takes = true);
  const RefundMatching& found() const;

 private:
  class Lines;
  std::unique_ptr<Lines> lines_;
};

/// What matching found, in refund lines.
struct RefundCounts {
  std::int64_t exact = 0;
  std::int64_t by_quantity = 0;
  std::int64_t partly = 0;
  std::int64_t orphan = 0;
  std::int64_t over = 0;

  void add(RefundKind kind);
  void add(const RefundCounts& other);
};

/// All purchase and refund lines of one person, gathered from a block with flags. Reused from
/// person to person to keep its memory.
class PersonLines {
 public:
  void clear();
  void add(const store::Block& block, const OrderEvent& order);

  std::span<const PurchaseLine> purchases() const { return purchases_; }
  std::span<const RefundLine> refunds() const { return refunds_; }
  /// The event of the block that a refund line is of.
  std::size_t refund_event(std::size_t refund) const { return refund_events_[refund]; }
  std::span<const std::size_t> refund_events() const { return refund_events_; }

 private:
  std::vector<PurchaseLine> purchases_;
  std::vector<RefundLine> refunds_;
  std::vector<std::size_t> refund_events_;
};

}  // namespace footfall::analytics
