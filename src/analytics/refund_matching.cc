#include "footfall/analytics/refund_matching.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace footfall::analytics {
namespace {

using Line = std::uint32_t;

// Purchase lines sorted by a key and then by position, from which lines are struck out. Finds the
// last line of a key at or before a place that still stands; near constant time per step.
template <typename KeyType>
class StandingLines {
 public:
  using Key = KeyType;

  template <typename KeyOf>
  StandingLines(std::span<const PurchaseLine> purchases, KeyOf key_of) : places_(purchases.size()) {
    lines_.resize(purchases.size());
    std::iota(lines_.begin(), lines_.end(), Line{0});
    std::stable_sort(lines_.begin(), lines_.end(),
                     [&](Line a, Line b) { return key_of(purchases[a]) < key_of(purchases[b]); });
    keys_.reserve(lines_.size());
    for (Line at = 0; at < lines_.size(); ++at) {
      keys_.push_back(key_of(purchases[lines_[at]]));
      places_[lines_[at]] = at;
    }
    // before_[at + 1] leads to the last standing place at or before `at`, plus one; 0 = none.
    before_.resize(lines_.size() + 1);
    std::iota(before_.begin(), before_.end(), Line{0});
  }

  void strike(Line line) { before_[places_[line] + 1] = places_[line]; }

  // The latest standing line of the key among purchases [0, end); false when there is none.
  bool latest(const Key& key, Line end, Line& line) {
    const auto [first, last] = std::equal_range(keys_.begin(), keys_.end(), key);
    const auto begin = lines_.begin() + (first - keys_.begin());
    const auto stop = lines_.begin() + (last - keys_.begin());
    const auto behind = std::lower_bound(begin, stop, end);
    const Line found = root(static_cast<Line>(behind - lines_.begin()));
    if (found <= static_cast<Line>(begin - lines_.begin())) return false;
    line = lines_[found - 1];
    return true;
  }

 private:
  Line root(Line at) {
    Line top = at;
    while (before_[top] != top) top = before_[top];
    while (before_[at] != top) at = std::exchange(before_[at], top);
    return top;
  }

  std::vector<Line> lines_;   // By key, then position.
  std::vector<Key> keys_;     // Of lines_.
  std::vector<Line> places_;  // Of each purchase line in lines_.
  std::vector<Line> before_;
};

using ItemKey = store::ItemCode;
using OrderItemKey = std::pair<store::OrderCode, store::ItemCode>;
using ExactKey = std::tuple<store::ItemCode, std::int64_t, base::PriceMicros>;
using OrderExactKey =
    std::tuple<store::OrderCode, store::ItemCode, std::int64_t, base::PriceMicros>;

}  // namespace

class RefundMatcher::Lines {
 public:
  Lines(std::span<const PurchaseLine> purchases, std::span<const RefundLine> refunds)
      : purchases_(purchases),
        refunds_(refunds),
        by_item_(purchases, [](const PurchaseLine& p) { return p.item; }),
        by_exact_(purchases,
                  [](const PurchaseLine& p) { return ExactKey{p.item, p.quantity, p.price}; }),
        by_order_item_(purchases,
                       [](const PurchaseLine& p) { return OrderItemKey{p.order, p.item}; }),
        by_order_exact_(purchases,
                        [](const PurchaseLine& p) {
                          return OrderExactKey{p.order, p.item, p.quantity, p.price};
                        }),
        by_order_(purchases, [](const PurchaseLine& p) { return p.order; }) {
    for (const PurchaseLine& line : purchases) {
      remaining_.push_back(line.quantity);
      orders_.push_back(line.order);
    }
    std::sort(orders_.begin(), orders_.end());
    for (Line line = 0; line < purchases.size(); ++line) {
      if (purchases[line].quantity == 0) strike_all(line);
    }
  }

  void settle(bool takes) {
    const auto refund = static_cast<Line>(found_.kinds.size());
    const RefundLine& line = refunds_[refund];
    const bool known =
        line.order != 0 && std::binary_search(orders_.begin(), orders_.end(), line.order);
    found_.order_known.push_back(known ? 1 : 0);
    std::int64_t left = line.whole_order ? 0 : line.quantity;
    bool took = !line.whole_order && left == 0;  // There was nothing to take back.
    bool exact = false;
    if (!takes) {
      took = known;
    } else if (line.whole_order) {
      took = known && take_order(refund);
    } else if (known) {
      exact = line.price_known() &&
              take_exact(refund, by_order_exact_, {line.order, line.item, left, line.price}, left);
      took = take_remaining(refund, by_order_item_, {line.order, line.item}, left) || exact || took;
    } else if (line.order == 0 || line.own_number) {
      exact =
          line.price_known() && take_exact(refund, by_exact_, {line.item, left, line.price}, left);
      took = take_remaining(refund, by_item_, line.item, left) || exact || took;
    }
    found_.unmatched.push_back(left);
    found_.kinds.push_back(exact              ? RefundKind::kExact
                           : took && left > 0 ? RefundKind::kPartly
                           : took             ? RefundKind::kByQuantity
                           : known            ? RefundKind::kOver
                                              : RefundKind::kOrphan);
  }

  const RefundMatching& found() const { return found_; }

 private:
  // Purchase lines that `refund` may take from: for named orders all, else those not later.
  Line end_for(Line refund) const {
    if (found_.order_known[refund] != 0) return static_cast<Line>(purchases_.size());
    const auto end = std::upper_bound(
        purchases_.begin(), purchases_.end(), refunds_[refund].time,
        [](base::TimeMs time, const PurchaseLine& purchase) { return time < purchase.time; });
    return static_cast<Line>(end - purchases_.begin());
  }

  template <typename Lines>
  bool take_exact(Line refund, Lines& lines, const typename Lines::Key& key, std::int64_t& left) {
    Line purchase = 0;
    if (left == 0 || !lines.latest(key, end_for(refund), purchase)) return false;
    take(refund, purchase, left);
    left = 0;
    return true;
  }

  template <typename Lines>
  bool take_remaining(Line refund, Lines& lines, const typename Lines::Key& key,
                      std::int64_t& left) {
    const Line end = end_for(refund);
    bool took = false;
    Line purchase = 0;
    while (left > 0 && lines.latest(key, end, purchase)) {
      const std::int64_t part = std::min(left, remaining_[purchase]);
      take(refund, purchase, part);
      left -= part;
      took = true;
    }
    return took;
  }

  bool take_order(Line refund) {
    bool took = false;
    Line purchase = 0;
    const auto end = static_cast<Line>(purchases_.size());
    while (by_order_.latest(refunds_[refund].order, end, purchase)) {
      take(refund, purchase, remaining_[purchase]);
      took = true;
    }
    return took;
  }

  void take(Line refund, Line purchase, std::int64_t quantity) {
    found_.matches.push_back({refund, purchase, quantity});
    remaining_[purchase] -= quantity;
    // A line that was touched is no longer equal to a refund of its whole quantity.
    by_exact_.strike(purchase);
    by_order_exact_.strike(purchase);
    if (remaining_[purchase] == 0) strike_all(purchase);
  }

  void strike_all(Line purchase) {
    by_item_.strike(purchase);
    by_exact_.strike(purchase);
    by_order_item_.strike(purchase);
    by_order_exact_.strike(purchase);
    by_order_.strike(purchase);
  }

  std::span<const PurchaseLine> purchases_;
  std::span<const RefundLine> refunds_;
  StandingLines<ItemKey> by_item_;
  StandingLines<ExactKey> by_exact_;
  StandingLines<OrderItemKey> by_order_item_;
  StandingLines<OrderExactKey> by_order_exact_;
  StandingLines<store::OrderCode> by_order_;
  std::vector<std::int64_t> remaining_;
  std::vector<store::OrderCode> orders_;  // Sorted.
  RefundMatching found_;
};

RefundMatcher::RefundMatcher(std::span<const PurchaseLine> purchases,
                             std::span<const RefundLine> refunds)
    : lines_(std::make_unique<Lines>(purchases, refunds)) {}
RefundMatcher::~RefundMatcher() = default;

void RefundMatcher::settle_next(bool takes) {
  lines_->settle(takes);
}

const RefundMatching& RefundMatcher::found() const {
  return lines_->found();
}

RefundMatching match_refunds(std::span<const PurchaseLine> purchases,
                             std::span<const RefundLine> refunds) {
  if (refunds.empty()) return {};
  RefundMatcher matcher(purchases, refunds);
  for (std::size_t refund = 0; refund < refunds.size(); ++refund) matcher.settle_next();
  return matcher.found();
}

void RefundCounts::add(RefundKind kind) {
  switch (kind) {
    case RefundKind::kExact:
      ++exact;
      break;
    case RefundKind::kByQuantity:
      ++by_quantity;
      break;
    case RefundKind::kPartly:
      ++partly;
      break;
    case RefundKind::kOrphan:
      ++orphan;
      break;
    case RefundKind::kOver:
      ++over;
      break;
  }
}

void RefundCounts::add(const RefundCounts& other) {
  exact += other.exact;
  by_quantity += other.by_quantity;
  partly += other.partly;
  orphan += other.orphan;
  over += other.over;
}

void PersonLines::clear() {
  purchases_.clear();
  refunds_.clear();
  refund_events_.clear();
}

void PersonLines::add(const store::Block& block, const OrderEvent& order) {
  const base::TimeMs time = block.time(order.event);
  const store::OrderCode code = block.orders.at(order.event);
  const std::uint32_t lines = line_count(block, order);
  const bool own_number = (block.flags.at(order.event) & events::kOrderPart) != 0;
  if (order.type == events::kRefund && lines == 0) {
    refunds_.push_back({time, code, 0, 0, 0, 0, true, own_number});
    refund_events_.push_back(order.event);
  }
  for (std::uint32_t index = 0; index < lines; ++index) {
    const OrderLine line = line_of(block, order, index);
    if (order.type == events::kRefund) {
      refunds_.push_back(
          {time, code, line.item, line.quantity, line.price, line.marks, false, own_number});
      refund_events_.push_back(order.event);
    } else {
      purchases_.push_back({time, code, line.item, line.quantity, line.price, line.marks});
    }
  }
}

}  // namespace footfall::analytics
