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
      : walk_(walk), block_(block), left_out_(left_out), cancelled_(walk.currency_decimals) {}

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
    std::size_t purchase = 0;  // Its number in cancelled_.
  };

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
    for (std::uint32_t i = 0; i < count; ++i) {
      const analytics::OrderLine line = line_of(block_, order, i);
      const bool refused = event_denied || line_denied(order, i);
      if (!refused) {
        cancelled_.add_purchase({time, block_.orders.at(order.event), line.item, line.quantity,
                                 line.price, line.marks});
      }
      if (line.bookkeeping()) {
        ++left_out_.bookkeeping;
      } else if (!implied && (line.price <= 0 || (line.marks & events::kFreeLine) != 0)) {
        ++left_out_.free_lines;
      } else if (refused) {
        ++left_out_.no_consent;
      } else if (line.item != 0) {
        const store::TextCode name = implied ? 0 : block_.lines.names.at(order.line_begin + i);
        lines_.push_back(
            {{line.item, name, order.event, time, 0}, cancelled_.purchase_count() - 1});
      }
    }
  }

  void add_refund(const OrderEvent& order, base::TimeMs time) {
    if (denied(order.event)) return;
    const store::OrderCode code = block_.orders.at(order.event);
    const bool own_number = (block_.flags.at(order.event) & events::kOrderPart) != 0;
    const std::uint32_t count = line_count(block_, order);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (line_denied(order, i)) continue;
      const analytics::OrderLine line = line_of(block_, order, i);
      cancelled_.add_refund(
          {time, code, line.item, line.quantity, line.price, line.marks, false, own_number});
    }
    if (count > 0) return;
    const store::TextCode text = block_.property("value").at(order.event);
    const auto stated = base::parse_price(text == 0 ? "" : walk_.text_of(text));
    if (stated.ok()) {
      cancelled_.add_stated(time, code, *stated);
    } else {
      cancelled_.add_refund({time, code, 0, 0, 0, 0, true});
    }
  }

  // Sets bit m of what stood at moment m.
  void mark(std::size_t m) {
    const base::TimeMs moment = walk_.moments[m];
    const bool refunds = cancelled_.has_refund();
    if (refunds) cancelled_.standing_at(moment, standing_);
    for (Line& line : lines_) {
      const bool stood = refunds ? standing_[line.purchase] != 0 : line.bought.time <= moment;
      if (stood) line.bought.known |= static_cast<std::uint8_t>(1U << m);
    }
  }

  const PurchaseWalk& walk_;
  const store::Block& block_;
  LeftOutLines& left_out_;
  CancelledLines cancelled_;
  std::vector<Line> lines_;
  std::vector<std::uint8_t> standing_;
};

}  // namespace

store::Columns PurchaseWalk::columns() {
  store::Columns columns;
  columns.orders = true;
  columns.flags = true;
  columns.batches = true;
  columns.lines = true;
  columns.properties = {"value"};
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
