// Order walk: the purchases, refunds and other order events of a block, user by user, with lines.
//
// The walk finds events by their type, so purchases without lines are met too. It reads the types
// eight at a time and moves through users and line groups beside them: each column is read once,
// front to back.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

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

/// Meets the events of one or two types in block order. The block must outlive the walk.
class OrderWalk {
 public:
  OrderWalk(const store::Block& block, UserRange users, store::EventCode type,
            store::EventCode other_type);
  OrderWalk(const store::Block& block, UserRange users, store::EventCode type)
      : OrderWalk(block, users, type, type) {}

  /// False at the end; `order` is then as it was.
  bool next(OrderEvent& order) {
    while (matches_ == 0) {
      if (word_ >= end_) return false;
      load(word_);
    }
    const std::size_t event = word_ - kWord + static_cast<std::size_t>(std::countr_zero(matches_));
    matches_ &= matches_ - 1;
    while (block_->offsets[user_ + 1] <= event) ++user_;
    const store::LineColumns& lines = block_->lines;
    while (group_ < lines.events.size() && lines.events[group_] < event) ++group_;
    order.user_index = user_;
    order.event = event;
    order.type = block_->types[event];
    const bool lined = group_ < lines.events.size() && lines.events[group_] == event;
    order.line_begin = lined ? lines.starts[group_] : 0;
    order.line_end = lined ? lines.starts[group_ + 1] : 0;
    return true;
  }

 private:
  static constexpr std::size_t kWord = 8;
  static constexpr std::uint64_t kLowBits = 0x7F7F7F7F7F7F7F7F;

  // 0x80 in each byte of `word` that equals the byte repeated in `pattern`.
  static constexpr std::uint64_t equal_bytes(std::uint64_t word, std::uint64_t pattern) {
    const std::uint64_t difference = word ^ pattern;
    return ~(((difference & kLowBits) + kLowBits) | difference | kLowBits);
  }
  // Sets matches_ to one bit an event of [from, from + 8) and word_ behind them.
  void load(std::size_t from) {
    word_ = from + kWord;
    std::uint64_t found = 0;
    if (word_ <= end_) {
      std::uint64_t word = 0;
      std::memcpy(&word, block_->types.data() + from, kWord);
      found = equal_bytes(word, pattern_) | equal_bytes(word, other_pattern_);
    } else {
      found = load_rest(from);
    }
    // Gathers the eight marks, lowest event first.
    matches_ = ((found >> 7) * 0x0102040810204080u) >> 56;
  }
  std::uint64_t load_rest(std::size_t from) const;

  const store::Block* block_;
  std::uint64_t pattern_;
  std::uint64_t other_pattern_;
  std::size_t end_;
  std::size_t word_;
  std::uint64_t matches_ = 0;
  std::size_t user_;
  std::size_t group_;
};

/// Turns lines into amounts of a currency: quantity x price, rounded half to even once per line.
/// The same numbers as base::line_amount, without 128-bit division where 64 bits hold the product.
class LineAmounts {
 public:
  explicit LineAmounts(int decimals) : decimals_(decimals) {}

  /// Nothing when the amount does not fit 64 bits.
  std::optional<base::MoneyMinor> of(std::int64_t quantity, base::PriceMicros price) const {
    std::int64_t product = 0;
    if (decimals_ == 2 && !__builtin_mul_overflow(quantity, price, &product)) {
      return rounded<10'000>(product);
    }
    return slow(quantity, price);
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
  std::optional<base::MoneyMinor> slow(std::int64_t quantity, base::PriceMicros price) const;

  int decimals_;
};

/// Sums of amounts and quantities while folding: exact, whatever the order and number of parts.
using ExactSum = __int128_t;

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
