#include "footfall/analytics/refund_amounts.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace footfall::analytics {
namespace {

struct OrderBalance {
  base::TimeMs time = 0;  // Of its first line.
  ExactSum amount = 0;
  ExactSum taken = 0;

  ExactSum rest() const { return std::max<ExactSum>(0, amount - taken); }
};

class Settlement {
 public:
  Settlement(const RefundInput& input, const LineAmounts& amounts)
      : input_(input), amounts_(amounts), matcher_(input.purchases, input.refunds) {
    for (const PurchaseLine& line : input.purchases) {
      left_of_lines_.push_back(amounts_.of(line.quantity, line.price));
      if (line.order == 0) continue;
      OrderBalance& order = orders_.try_emplace(line.order, OrderBalance{line.time}).first->second;
      order.amount += left_of_lines_.back().value_or(0);
    }
    result_.over.assign(input.refunds.size(), 0);
  }

  RefundAmounts run() {
    const auto count = static_cast<std::uint32_t>(input_.refunds.size());
    for (std::uint32_t begin = 0, end = 0; begin < count; begin = end) {
      while (end < count && input_.events[end] == input_.events[begin]) ++end;
      settle(begin, end);
    }
    result_.matching = matcher_.found();
    for (std::uint32_t refund = 0; refund < count; ++refund) {
      if (!input_.refunds[refund].whole_order || result_.matching.order_known[refund] == 0)
        continue;
      // Money may be left of an order when no pieces are.
      result_.matching.kinds[refund] =
          result_.over[refund] != 0 ? RefundKind::kOver : RefundKind::kByQuantity;
    }
    return std::move(result_);
  }

 private:
  void settle(std::uint32_t begin, std::uint32_t end) {
    settled_ = &result_.refunds.emplace_back(SettledRefund{begin, end, {}, 0});
    const RefundLine& first = input_.refunds[begin];
    const auto named = orders_.find(first.order);
    order_ = named == orders_.end() ? nullptr : &named->second;
    sum_ = 0;
    const ExactSum rest = order_ == nullptr ? 0 : order_->rest();
    const std::optional<base::MoneyMinor> stated = input_.stated[begin];
    if (first.whole_order) {
      matcher_.settle_next(!stated || order_ == nullptr || *stated >= rest);
      add_order_lines(begin);
    } else {
      for (std::uint32_t refund = begin; refund < end; ++refund) {
        matcher_.settle_next();
        add_line(refund);
      }
    }
    const ExactSum amount = stated ? *stated : first.whole_order ? rest : sum_;
    if (amount != sum_) {
      const base::TimeMs time = order_ == nullptr ? first.time : order_->time;
      settled_->parts.push_back({0, time, amount - sum_, 0});
    }
    if (order_ == nullptr) return;
    count_over(begin, end, amount, rest);
    order_->taken += amount;
  }

  void count_over(std::uint32_t begin, std::uint32_t end, ExactSum amount, ExactSum rest) {
    const bool whole = input_.refunds[begin].whole_order;
    bool any = false;
    for (std::uint32_t refund = begin; refund < end && !whole; ++refund) {
      result_.over[refund] = matcher_.found().unmatched[refund] > 0 ? 1 : 0;
      any = any || result_.over[refund] != 0;
    }
    const bool nothing_left = whole && !input_.stated[begin] && rest == 0 && new_matches().empty();
    if (!any && (amount > rest || nothing_left)) result_.over[begin] = 1;
  }

  // Matches of the refund line that was settled last.
  std::span<const RefundMatch> new_matches() const {
    const std::span<const RefundMatch> all = matcher_.found().matches;
    const auto refund = static_cast<std::uint32_t>(matcher_.found().kinds.size() - 1);
    std::size_t first = all.size();
    while (first > 0 && all[first - 1].refund == refund) --first;
    return all.subspan(first);
  }

  // Each line that has pieces left gives what is left of its amount.
  void add_order_lines(std::uint32_t refund) {
    for (const RefundMatch& match : new_matches()) {
      const PurchaseLine& purchase = input_.purchases[match.purchase];
      const OrderLine line{purchase.item, match.quantity, purchase.price, purchase.marks};
      std::optional<base::MoneyMinor> left = left_of_lines_[match.purchase];
      if (left) left = std::max<base::MoneyMinor>(0, *left);
      add(refund, line, left, &match);
    }
  }

  // The parts of one line add up to its amount, rounded once: each part is worth what the quantity
  // so far is, less what the parts before it were.
  void add_line(std::uint32_t refund) {
    const RefundLine& line = input_.refunds[refund];
    std::int64_t quantity = 0;
    base::MoneyMinor given = 0;
    const auto worth = [&](std::int64_t pieces) -> std::optional<base::MoneyMinor> {
      const auto so_far = amounts_.of(quantity + pieces, line.price);
      if (!so_far) return std::nullopt;
      quantity += pieces;
      return *so_far - std::exchange(given, *so_far);
    };
    for (const RefundMatch& match : new_matches()) {
      add(refund, {line.item, match.quantity, line.price, line.marks},
          line.price_known() ? worth(match.quantity)
                             : amounts_.of(match.quantity, input_.purchases[match.purchase].price),
          &match);
    }
    const std::int64_t unmatched = matcher_.found().unmatched[refund];
    if (unmatched == 0) return;
    add(refund, {line.item, unmatched, line.price, line.marks}, worth(unmatched), nullptr);
  }

  void add(std::uint32_t refund, const OrderLine& line, std::optional<base::MoneyMinor> amount,
           const RefundMatch* match) {
    if (!amount) {
      ++settled_->amounts_too_large;
      return;
    }
    base::TimeMs time = input_.refunds[refund].time;
    if (match != nullptr) {
      const PurchaseLine& purchase = input_.purchases[match->purchase];
      time = purchase.time;
      std::optional<base::MoneyMinor>& left = left_of_lines_[match->purchase];
      if (left) *left -= *amount;
      if (order_ == nullptr && purchase.order != 0) orders_.at(purchase.order).taken += *amount;
    }
    settled_->parts.push_back({line.item, time, *amount, line.bookkeeping() ? 0 : line.quantity});
    sum_ += *amount;
  }

  const RefundInput& input_;
  const LineAmounts& amounts_;
  RefundMatcher matcher_;
  std::unordered_map<store::OrderCode, OrderBalance> orders_;
  std::vector<std::optional<base::MoneyMinor>> left_of_lines_;  // Nothing: too large.
  RefundAmounts result_;
  // The refund in hand:
  SettledRefund* settled_ = nullptr;
  OrderBalance* order_ = nullptr;  // That it names; nullptr: none of this person.
  ExactSum sum_ = 0;               // Of its parts.
};

}  // namespace

RefundAmounts refund_amounts(const RefundInput& input, const LineAmounts& amounts) {
  return Settlement(input, amounts).run();
}

}  // namespace footfall::analytics
