#include "footfall/engine/cancelled_lines.h"

#include <algorithm>
#include <span>
#include <unordered_map>

namespace footfall::engine {
namespace {

// The lines dated at or before a moment: they come first.
template <typename Line>
std::span<const Line> known_at(base::TimeMs moment, const std::vector<Line>& lines) {
  const auto end =
      std::upper_bound(lines.begin(), lines.end(), moment,
                       [](base::TimeMs time, const Line& line) { return time < line.time; });
  return {lines.data(), static_cast<std::size_t>(end - lines.begin())};
}

}  // namespace

void CancelledLines::clear() {
  purchases_.clear();
  refunds_.clear();
  stated_.clear();
}

void CancelledLines::standing_at(base::TimeMs moment, std::vector<std::uint8_t>& flags) const {
  const auto purchases = known_at(moment, purchases_);
  const auto refunds = known_at(moment, refunds_);
  flags.assign(purchases_.size(), 0);
  std::fill_n(flags.begin(), purchases.size(), std::uint8_t{1});
  std::vector<std::int64_t> left;
  for (const analytics::PurchaseLine& line : purchases) left.push_back(line.quantity);
  const analytics::RefundMatching matching = analytics::match_refunds(purchases, refunds);
  for (const analytics::RefundMatch& match : matching.matches) {
    left[match.purchase] -= match.quantity;
    if (left[match.purchase] == 0) flags[match.purchase] = 0;
  }
  strike_orders(moment, matching.matches, flags);
}

void CancelledLines::strike_orders(base::TimeMs moment,
                                   std::span<const analytics::RefundMatch> matches,
                                   std::vector<std::uint8_t>& flags) const {
  struct Balance {
    analytics::ExactSum bought = 0;
    analytics::ExactSum taken_back = 0;
  };
  // What an amount too large to be counted stands for: nothing takes it back.
  constexpr analytics::ExactSum kBeyondAmounts = analytics::ExactSum{1} << 100;
  std::unordered_map<store::OrderCode, Balance> balances;
  for (const Stated& one : known_at(moment, stated_)) {
    if (one.order != 0) amounts_.add(1, one.amount, balances[one.order].taken_back);
  }
  if (balances.empty()) return;
  for (const analytics::RefundLine& line : known_at(moment, refunds_)) {
    const auto balance = balances.find(line.order);
    if (balance == balances.end()) continue;
    amounts_.add(line.quantity, line.price, balance->second.taken_back);
  }
  for (const analytics::RefundMatch& match : matches) {
    const analytics::RefundLine& line = refunds_[match.refund];
    const auto balance = balances.find(line.order);
    if (balance == balances.end() || line.whole_order || line.price_known()) continue;
    amounts_.add(match.quantity, purchases_[match.purchase].price, balance->second.taken_back);
  }
  const auto purchases = known_at(moment, purchases_);
  for (const analytics::PurchaseLine& line : purchases) {
    const auto balance = balances.find(line.order);
    if (balance == balances.end()) continue;
    const bool counted = amounts_.add(line.quantity, line.price, balance->second.bought);
    if (!counted) balance->second.bought += kBeyondAmounts;
  }
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    const auto balance = balances.find(purchases[i].order);
    if (balance == balances.end()) continue;
    if (balance->second.taken_back >= balance->second.bought) flags[i] = 0;
  }
}

}  // namespace footfall::engine
