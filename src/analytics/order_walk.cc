#include "footfall/analytics/order_walk.h"

namespace footfall::analytics {
namespace {

constexpr std::uint64_t repeated(store::EventCode type) {
  return type * 0x0101010101010101u;
}

}  // namespace

OrderWalk::OrderWalk(const store::Block& block, UserRange users, store::EventCode type,
                     store::EventCode other_type)
    : block_(&block),
      pattern_(repeated(type)),
      other_pattern_(repeated(other_type)),
      end_(block.offsets.empty() ? 0 : block.offsets[users.end]),
      word_(block.offsets.empty() ? 0 : block.offsets[users.begin]),
      user_(users.begin),
      group_(block.lines.first_group(word_)) {}

std::uint64_t OrderWalk::load_rest(std::size_t from) const {
  std::uint64_t found = 0;
  for (std::size_t event = from; event < end_; ++event) {
    const std::uint64_t type = repeated(block_->types[event]);
    if (type == pattern_ || type == other_pattern_) found |= 0x80ull << (8 * (event - from));
  }
  return found;
}

std::optional<base::MoneyMinor> LineAmounts::slow(std::int64_t quantity,
                                                  base::PriceMicros price) const {
  const base::Result<base::MoneyMinor> amount = base::line_amount(quantity, price, decimals_);
  if (!amount.ok()) return std::nullopt;
  return *amount;
}

std::int64_t clamp_sum(ExactSum sum) {
  constexpr ExactSum kMost = std::numeric_limits<std::int64_t>::max();
  constexpr ExactSum kLeast = std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(sum > kMost ? kMost : sum < kLeast ? kLeast : sum);
}

}  // namespace footfall::analytics
