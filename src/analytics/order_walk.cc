#include "footfall/analytics/order_walk.h"

namespace footfall::analytics {
OrderWalk::OrderWalk(const store::Block& block, UserRange users, const EventSet& types)
    : block_(&block),
      marker_(types),
      run_begin_(block.offsets.empty() ? 0 : block.offsets[users.begin]),
      run_end_(run_begin_),
      end_(block.offsets.empty() ? 0 : block.offsets[users.end]),
      user_(users.begin),
      groups_(block.lines, run_begin_) {}

bool OrderWalk::mark_run() {
  if (run_end_ == end_) return false;
  run_begin_ = run_end_;
  run_end_ = std::min(run_begin_ + kRunEvents, end_);
  marker_.mark(block_->types.subspan(run_begin_, run_end_ - run_begin_), words_);
  word_ = 0;
  return true;
}

bool LineAmounts::add_slowly(std::int64_t quantity, base::PriceMicros price, ExactSum& sum) const {
  const base::Result<base::MoneyMinor> amount = base::line_amount(quantity, price, decimals_);
  if (!amount.ok()) return false;
  sum += *amount;
  return true;
}

bool lacks_price(const store::LineColumns& lines, const OrderEvent& order) {
  for (std::size_t line = order.line_begin; line < order.line_end; ++line) {
    if (lines.prices[line] == 0 && (lines.marks[line] & events::kFreeLine) == 0) return true;
  }
  return order.line_begin == order.line_end;
}

std::int64_t clamp_sum(ExactSum sum) {
  constexpr ExactSum kMost = std::numeric_limits<std::int64_t>::max();
  constexpr ExactSum kLeast = std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(sum > kMost ? kMost : sum < kLeast ? kLeast : sum);
}

}  // namespace footfall::analytics
