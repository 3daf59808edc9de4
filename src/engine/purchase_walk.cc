#include "footfall/engine/purchase_walk.h"

#include <algorithm>

#include "footfall/base/check.h"
#include "footfall/engine/cancelled_lines.h"
#include "footfall/events/batch.h"

namespace footfall::engine {
namespace {

using analytics::OrderEvent;

// One user's purchases and refunds, gathered event by event.
class Person {
 public:
  Person(const PurchaseWalk& walk, const store::Block& block, LeftOutLines& left_out)
      : walk_(walk),
        block_(block),
        left_out_(left_out),
        values_(block.property("value")),
        currencies_(block.property("currency")) {}

  void add(const OrderEvent& order) {
    const base::TimeMs time = block_.time(order.event);
    if (time > walk_.moments.back()) {
      if (order.type == events::kPurchase) ++left_out_.after_end;
    } else if (order.type == events::kPurchase) {
      add_purchase(order, time);
    } else {
      add_refund(order, time);
    }
  }

  void finish(const std::function<void(const BoughtItem&)>& take) {
    for (std::size_t m = 0; m < walk_.moments.size(); ++m) mark(m);
    for (const Line& line : lines_) {
      if ((line.bought.known >> (walk_.moments.size() - 1) & 1) == 0) ++left_out_.cancelled;
      if (line.bought.known != 0) take(line.bought);
    }
  }

 private:
  struct Line {
    BoughtItem bought;
    std::size_t purse = 0;     // Index in purses_.
    std::size_t purchase = 0;  // Its number there.
    base::TimeMs known_time = 0;
  };
  // What was bought and taken back in one currency.
  struct Purse {
    store::TextCode currency = 0;
    CancelledLines cancelled;
    std::vector<std::uint8_t> standing = {};
  };

  std::size_t purse_of(std::size_t event) {
    store::TextCode currency = currencies_.at(event);
    if (currency == walk_.shop_currency) currency = 0;
    for (std::size_t i = 0; i < purses_.size(); ++i) {
      if (purses_[i].currency == currency) return i;
    }
    purses_.push_back({currency, CancelledLines(walk_.currency_decimals)});
    return purses_.size() - 1;
  }

  base::TimeMs known_time(std::size_t event, base::TimeMs time) const {
    // Of a file's bytes: it may be anything.
    return static_cast<base::TimeMs>(static_cast<std::uint64_t>(time) +
                                     static_cast<std::uint64_t>(block_.known_delays.at(event)));
  }
  bool denied(std::size_t event) const { return holds(block_.batches.at(event)); }
  bool line_denied(const OrderEvent& order, std::uint32_t index) const {
    return order.line_begin != order.line_end &&
           holds(block_.lines.batches.at(order.line_begin + index));
  }
  bool holds(store::BatchNumber batch) const {
    return std::binary_search(walk_.denied_batches.begin(), walk_.denied_batches.end(), batch);
  }

  void add_purchase(const OrderEvent& order, base::TimeMs time) {
    const bool implied = order.line_begin == order.line_end;
    const bool event_denied = denied(order.event);
    const std::uint32_t count = line_count(block_, order);
    if (count == 0 && event_denied) ++left_out_.no_consent;
    const std::size_t purse = purse_of(order.event);
    CancelledLines& cancelled = purses_[purse].cancelled;
    for (std::uint32_t i = 0; i < count; ++i) {
      const analytics::OrderLine line = line_of(block_, order, i);
      const bool refused = event_denied || line_denied(order, i);
      if (!refused) {
        cancelled.add_purchase(
            {time, block_.orders.at(order.event), line.item, line.quantity, line.price, line.marks},
            known_time(order.event, time));
      }
      if (line.bookkeeping()) {
        ++left_out_.bookkeeping;
      } else if (!implied && (line.price <= 0 || (line.marks & events::kFreeLine) != 0)) {
        ++left_out_.free_lines;
      } else if (refused) {
        ++left_out_.no_consent;
      } else if (line.item != 0) {
        const store::TextCode name = implied ? 0 : block_.lines.names.at(order.line_begin + i);
        lines_.push_back({{line.item, name, order.event, time, 0},
                          purse,
                          cancelled.purchase_count() - 1,
                          known_time(order.event, time)});
      }
    }
  }

  void add_refund(const OrderEvent& order, base::TimeMs time) {
    if (denied(order.event)) return;
    CancelledLines& cancelled = purses_[purse_of(order.event)].cancelled;
    const store::OrderCode code = block_.orders.at(order.event);
    const base::TimeMs known = known_time(order.event, time);
    const bool own_number = (block_.flags.at(order.event) & events::kOrderPart) != 0;
    const std::uint32_t count = line_count(block_, order);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (line_denied(order, i)) continue;
      const analytics::OrderLine line = line_of(block_, order, i);
      cancelled.add_refund(
          {time, code, line.item, line.quantity, line.price, line.marks, false, own_number}, known);
    }
    if (count > 0) return;
    const store::TextCode text = values_.at(order.event);
    const auto stated = base::parse_price(text == 0 ? "" : walk_.text_of(text));
    if (stated.ok()) {
      cancelled.add_stated(time, code, *stated, known);
    } else {
      cancelled.add_refund({time, code, 0, 0, 0, 0, true}, known);
    }
  }

  // Sets bit m of what stood at moment m.
  void mark(std::size_t m) {
    const base::TimeMs moment = walk_.moments[m];
    const base::TimeMs known_by = m + 1 == walk_.moments.size() ? base::kTimeEnd : moment;
    for (Purse& purse : purses_) {
      if (!purse.cancelled.has_refund()) continue;
      purse.cancelled.standing_at(moment, known_by, purse.standing);
    }
    for (Line& line : lines_) {
      const Purse& purse = purses_[line.purse];
      const bool stood = purse.cancelled.has_refund()
                             ? purse.standing[line.purchase] != 0
                             : line.bought.time <= moment && line.known_time <= known_by;
      if (stood) line.bought.known |= static_cast<std::uint8_t>(1U << m);
    }
  }

  const PurchaseWalk& walk_;
  const store::Block& block_;
  LeftOutLines& left_out_;
  store::ColumnView<store::TextCode> values_;
  store::ColumnView<store::TextCode> currencies_;
  std::vector<Purse> purses_;
  std::vector<Line> lines_;
};

}  // namespace

store::Columns PurchaseWalk::columns() {
  store::Columns columns;
  columns.orders = true;
  columns.flags = true;
  columns.batches = true;
  columns.known_delays = true;
  columns.lines = true;
  columns.properties = {"value", "currency"};
  return columns;
}

void PurchaseWalk::user(const store::Block& block, std::size_t user_index, LeftOutLines& left_out,
                        const std::function<void(const BoughtItem&)>& take) const {
  FOOTFALL_CHECK(!moments.empty() && moments.size() <= kMomentsMax);
  FOOTFALL_CHECK(std::is_sorted(moments.begin(), moments.end()));
  Person person(*this, block, left_out);
  analytics::OrderWalk walk(block, {user_index, user_index + 1},
                            {events::kPurchase, events::kRefund});
  OrderEvent order;
  while (walk.next(order)) person.add(order);
  person.finish(take);
}

}  // namespace footfall::engine
