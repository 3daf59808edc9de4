// Refund amounts: what each refund of one person takes back, in pieces and in money (SEMANTICS 11).
//
// Refunds are settled in total order. The amount of an order is the sum of its lines, each rounded
// once. Its rest is that amount less what earlier refunds took from it, never below 0: those that
// name it their whole amount, others the pieces of its lines that they match. A refund takes back
//  - with lines: those pieces (refund_matching.h), each line at its own price, rounded once; at the
//    price of the purchase lines it matches where its own is not known;
//  - without lines and amount: the rest of the order it names, pieces and money;
//  - without lines, of a stated amount below that rest: the amount alone and no pieces; from the
//    rest on: the pieces too.
// A stated amount wins over the lines. What the money of a refund differs from its pieces is of no
// item. `over` are refund lines of which the order has too few pieces, and else the refunds of an
// amount above the rest or, without lines and amount, of an order of which nothing is left.
// Amounts are taken as of one currency.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "footfall/analytics/order_walk.h"
#include "footfall/analytics/refund_matching.h"

namespace footfall::analytics {

/// The lines of one person in total order, as PersonLines gives them.
struct RefundInput {
  std::span<const PurchaseLine> purchases;
  std::span<const RefundLine> refunds;
  std::span<const std::size_t> events;                      // Of each refund line.
  std::span<const std::optional<base::MoneyMinor>> stated;  // Of each refund line's event.
};

struct RefundPart {
  store::ItemCode item = 0;  // 0 = of no item.
  base::TimeMs order_time;   // Of the order that it is taken from; the refund's if there is none.
  ExactSum amount = 0;
  std::int64_t units = 0;  // Pieces without bookkeeping.
};

/// The lines [begin, end) of one refund event and the parts that it takes back.
struct SettledRefund {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::vector<RefundPart> parts;
  std::int64_t amounts_too_large = 0;  // Parts left out.
};

struct RefundAmounts {
  std::vector<SettledRefund> refunds;
  RefundMatching matching;
  std::vector<std::uint8_t> over;  // 1 where a refund line counts as one.
};

/// O(n log n).
RefundAmounts refund_amounts(const RefundInput& input, const LineAmounts& amounts);

}  // namespace footfall::analytics
