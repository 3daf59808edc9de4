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
  known_times_.purchases.clear();
  known_times_.refunds.clear();
  known_times_.stated.clear();
  latest_known_ = base::kTimeMin;
}

void CancelledLines::add_purchase(const analytics::PurchaseLine& line, base::TimeMs known_time) {
  purchases_.push_back(line);
  known_times_.purchases.push_back(known_time);
  latest_known_ = std::max(latest_known_, known_time);
}

void CancelledLines::add_refund(const analytics::RefundLine& line, base::TimeMs known_time) {
  refunds_.push_back(line);
  known_times_.refunds.push_back(known_time);
  latest_known_ = std::max(latest_known_, known_time);
}

void CancelledLines::add_stated(base::TimeMs time, store::OrderCode order, base::PriceMicros stated,
                                base::TimeMs known_time) {
  stated_.push_back({time, order, stated});
  known_times_.stated.push_back(known_time);
  latest_known_ = std::max(latest_known_, known_time);
}

CancelledLines CancelledLines::known_part(base::TimeMs known_by) const {
  CancelledLines part(*this);
  part.clear();
  const auto copy = [&](const auto& from, const std::vector<base::TimeMs>& known, auto& to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (known[i] <= known_by) to.push_back(from[i]);
    }
  };
  copy(purchases_, known_times_.purchases, part.purchases_);
  copy(refunds_, known_times_.refunds, part.refunds_);
  copy(stated_, known_times_.stated, part.stated_);
  return part;
}

void CancelledLines::standing_at(base::TimeMs moment, base::TimeMs known_by,
                                 std::vector<std::uint8_t>& flags) const {
  if (!all_known_by(known_by)) {
    std::vector<std::uint8_t> known_flags;
    known_part(known_by).standing_at(moment, known_by, known_flags);
    flags.assign(purchases_.size(), 0);
    for (std::size_t i = 0, known = 0; i < purchases_.size(); ++i) {
      if (known_times_.purchases[i] <= known_by) flags[i] = known_flags[known++];
    }
    return;
  }
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
