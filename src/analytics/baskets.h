// Baskets: which items are bought together, with what confidence and by how much more than chance
// (SEMANTICS 10).
//
// A basket is the set of item keys of one purchase; n = number of baskets. For items A and B with
// supports s: confidence(A -> B) = s(AB) / s(A); lift = n s(AB) / (s(A) s(B)); leverage = s(AB) / n
// - s(A) s(B) / n^2; conviction(A -> B) = (1 - s(B) / n) / (1 - confidence), infinite at confidence
// 1. Confidence has a 95 % Wilson interval. Fisher's one-sided p is the chance of s(AB) or more in
// a table with the same margins; pairs are kept under a false-discovery rate (Benjamini and
// Hochberg 1995) among all pairs that reach the support.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "footfall/analytics/order_walk.h"
#include "footfall/analytics/sales_periods.h"
#include "footfall/base/result.h"

namespace footfall::analytics {

/// Pairs an answer may come to, by the estimate that is made before they are counted.
inline constexpr std::uint64_t kBasketPairsMax = 10'000'000;
/// Steps of counting: the sum over baskets of pairs of items that reach the support.
inline constexpr std::uint64_t kBasketStepsMax = 20'000'000'000;

struct BasketRule {
  TimeRange range;
  bool with_bookkeeping = false;  // Bookkeeping lines count as items.
  std::uint32_t items_min = 1;    // Smaller baskets are left out, and not in n.
};

/// The baskets of some blocks. Needs the column lines.
class BasketFold {
 public:
  explicit BasketFold(const BasketRule& rule) : rule_(rule) {}

  void fold(const store::Block& block, UserRange users);
  void merge(const BasketFold& other);

  std::size_t size() const { return starts_.size() - 1; }
  /// The items of a basket, rising, each once.
  std::span<const store::ItemCode> items(std::size_t basket) const {
    return std::span(items_).subspan(starts_[basket], starts_[basket + 1] - starts_[basket]);
  }

  struct Counts {
    std::int64_t orders = 0;             // Purchases in the range.
    std::int64_t bookkeeping_lines = 0;  // Left out.
    std::int64_t empty = 0;              // Purchases without an item: left out.
    std::int64_t small = 0;              // Baskets below items_min: left out.
  };
  const Counts& counts() const { return counts_; }

 private:
  BasketRule rule_;
  std::vector<store::ItemCode> items_;
  std::vector<std::uint64_t> starts_{0};
  Counts counts_;
};

struct PairRule {
  std::uint64_t support_min = 1;       // Absolute, at least 1: see support_of_share.
  store::ItemCode with = 0;            // Only pairs that hold this item; 0 = all.
  double false_discovery_rate = 0.05;  // 1 keeps all pairs.
};

/// A fractional support f of n baskets: the least count >= f n, at least 1.
std::uint64_t support_of_share(double share, std::uint64_t baskets);

struct ItemPair {
  store::ItemCode a = 0;
  store::ItemCode b = 0;
  std::uint64_t together = 0;
  std::uint64_t support_a = 0;
  std::uint64_t support_b = 0;
  double p = 1;  // Fisher, one-sided.
};

struct ItemPairs {
  std::uint64_t baskets = 0;
  std::uint64_t frequent_items = 0;   // Items that reach the support themselves.
  std::uint64_t tested = 0;           // Pairs that reach the support.
  std::uint64_t not_significant = 0;  // Of them, not kept.
  double p_limit = 0;                 // The greatest p that was kept; 0 when none was.
  std::vector<ItemPair> pairs;        // In no particular order; a and b by code.
};

/// Counts all pairs exactly. Refuses (kMemory, with the estimate) when more than kBasketPairsMax
/// pairs could result or more than kBasketStepsMax steps be needed.
base::Result<ItemPairs> mine_pairs(const BasketFold& baskets, const PairRule& rule);

/// The measures of one direction of a pair, A -> B.
struct PairMeasures {
  double support = 0;  // Share of baskets.
  double confidence = 0;
  std::pair<double, double> confidence_interval;
  double lift = 0;
  double leverage = 0;
  double conviction = 0;  // Infinite at confidence 1.
};

PairMeasures measure_pair(std::uint64_t together, std::uint64_t support_a, std::uint64_t support_b,
                          std::uint64_t baskets);

/// Chance of `together` or more baskets with both items, given the supports: the upper tail of the
/// hypergeometric distribution.
double fisher_one_sided(std::uint64_t together, std::uint64_t support_a, std::uint64_t support_b,
                        std::uint64_t baskets);

}  // namespace footfall::analytics
