// Order walk: the purchases, refunds and other order events of a block, user by user, with lines.
// Size: the walk is a template over the tick type and has to stand in the header.
//
// The walk finds events by their type, so purchases without lines are met too. Types are read by
// event marks; users and line groups are moved through beside them: each column is read once, front
// to back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "footfall/analytics/event_marks.h"
#include "footfall/analytics/event_set.h"
#include "footfall/base/decimal.h"
#include "footfall/events/batch.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

/// Users [begin, end) of a block, as indices into Block::users.
struct UserRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct OrderEvent {
  std::size_t user_index = 0;
  std::size_t event = 0;  // Index in the block.
  store::EventCode type = 0;
  std::uint32_t line_begin = 0;  // Lines [line_begin, line_end) of block.lines; may be none.
  std::uint32_t line_end = 0;
};

/// The line groups of a block beside events that rise.
class LineGroups {
 public:
  LineGroups(const store::LineColumns& lines, std::size_t first_event)
      : lines_(&lines), group_(lines.first_group(first_event)) {}

  /// `event` is not before the last one.
  void move_to(std::size_t event) {
    const std::size_t count = lines_->events.size();
    while (group_ < count && lines_->events[group_] < event) ++group_;
    lined_ = group_ < count && lines_->events[group_] == event;
  }
  /// Lines of the event; both 0 when it has none.
  std::uint32_t line_begin() const { return lined_ ? lines_->starts[group_] : 0; }
  std::uint32_t line_end() const { return lined_ ? lines_->starts[group_ + 1] : 0; }

 private:
  const store::LineColumns* lines_;
  std::size_t group_;
  bool lined_ = false;
};

/// Meets the events of a set of types in block order. The block must outlive the walk.
class OrderWalk {
 public:
  OrderWalk(const store::Block& block, UserRange users, const EventSet& types);

  /// False at the end; `order` is then as it was.
  bool next(OrderEvent& order) {
    while (marks_ == 0) {
      if (word_ == words_.size() && !mark_run()) return false;
      marks_ = words_[word_++];
    }
    const std::size_t event = run_begin_ + (word_ - 1) * 64 + lowest_bit(marks_);
    marks_ &= marks_ - 1;
    while (block_->offsets[user_ + 1] <= event) ++user_;
    groups_.move_to(event);
    order.user_index = user_;
    order.event = event;
    order.type = block_->types[event];
    order.line_begin = groups_.line_begin();
    order.line_end = groups_.line_end();
    return true;
  }

 private:
  bool mark_run();

  const store::Block* block_;
  EventMarker marker_;
  std::vector<std::uint64_t> words_;  // Marks of events [run_begin_, run_end_).
  std::size_t word_ = 0;              // The next of them.
  std::uint64_t marks_ = 0;
  std::size_t run_begin_;
  std::size_t run_end_;
  std::size_t end_;
  std::size_t user_;
  LineGroups groups_;
};

/// Sums of amounts and quantities while folding: exact, whatever the order and number of parts.
using ExactSum = __int128_t;

/// Turns lines into amounts of a currency: quantity x price, rounded half to even once per line.
/// The same numbers as base::line_amount, without 128-bit division where 64 bits hold the product.
class LineAmounts {
 public:
  explicit LineAmounts(int decimals) : decimals_(decimals) {}

  /// Nothing when the amount does not fit 64 bits.
  std::optional<base::MoneyMinor> of(std::int64_t quantity, base::PriceMicros price) const {
    ExactSum sum = 0;
    if (!add(quantity, price, sum)) return std::nullopt;
    return static_cast<base::MoneyMinor>(sum);
  }
  /// Adds the amount to a sum; false when it does not fit 64 bits.
  bool add(std::int64_t quantity, base::PriceMicros price, ExactSum& sum) const {
    std::int64_t product = 0;
    if (decimals_ == 2 && !__builtin_mul_overflow(quantity, price, &product)) {
      sum += rounded<10'000>(product);
      return true;
    }
    return add_slowly(quantity, price, sum);
  }
  int decimals() const { return decimals_; }

 private:
  template <std::int64_t kUnit>
  static base::MoneyMinor rounded(std::int64_t product) {
    std::int64_t whole = product / kUnit;
    const std::int64_t rest = product - whole * kUnit;
    if (rest == 0) return whole;
    const std::int64_t twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > kUnit || (twice == kUnit && whole % 2 != 0)) whole += product < 0 ? -1 : 1;
    return whole;
  }
  bool add_slowly(std::int64_t quantity, base::PriceMicros price, ExactSum& sum) const;

  int decimals_;
};

/// The sum in 64 bits; sums beyond stop at their ends.
std::int64_t clamp_sum(ExactSum sum);

/// One line of an order event. An event without lines that names an item has one line of quantity
/// 1 and price 0.
struct OrderLine {
  store::ItemCode item = 0;
  std::int64_t quantity = 0;
  base::PriceMicros price = 0;
  std::uint8_t marks = 0;

  bool bookkeeping() const { return (marks & events::kBookkeeping) != 0; }
};

/// Number of lines of an event, the implied one included.
inline std::uint32_t line_count(const store::Block& block, const OrderEvent& order) {
  if (order.line_begin != order.line_end) return order.line_end - order.line_begin;
  return block.items[order.event] != 0 ? 1 : 0;
}

/// Line `index` < line_count of an event.
inline OrderLine line_of(const store::Block& block, const OrderEvent& order, std::uint32_t index) {
  if (order.line_begin == order.line_end) return {block.items[order.event], 1, 0, 0};
  const std::size_t line = order.line_begin + index;
  return {block.lines.items[line], block.lines.quantities[line], block.lines.prices[line],
          block.lines.marks[line]};
}

/// Whether an event has no lines or one of unknown price; a price stated as 0 is known.
bool lacks_price(const store::LineColumns& lines, const OrderEvent& order);

/// Which currency amounts are of. Events without a currency are in the shop's.
struct CurrencyChoice {
  store::TextCode code = 0;  // The currency's text; 0 when the shop's texts do not hold it.
  bool is_shop_currency = true;
  int decimals = 2;

  bool takes(store::TextCode event_currency) const {
    if (event_currency == 0) return is_shop_currency;
    return event_currency == code;
  }
};

}  // namespace footfall::analytics
