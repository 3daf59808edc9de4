#include "footfall/analytics/baskets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "footfall/analytics/estimates.h"

namespace footfall::analytics {
namespace {

/// Baskets over the items that reach the support, numbered by falling support, and for each item
/// the places where it stands.
struct FrequentBaskets {
  std::vector<store::ItemCode> items;     // By number.
  std::vector<std::uint64_t> supports;    // By number.
  std::vector<std::uint32_t> members;     // Baskets one after the other, numbers rising.
  std::vector<std::uint64_t> basket_end;  // Of the basket that each place is in.
  std::vector<std::uint64_t> places;      // Places of item i: [place_starts[i], [i + 1]).
  std::vector<std::uint64_t> place_starts;
  std::uint64_t steps = 0;
};

std::vector<std::uint64_t> count_items(const BasketFold& baskets) {
  std::vector<std::uint64_t> counts;
  for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
    for (const store::ItemCode item : baskets.items(basket)) {
      if (item >= counts.size()) counts.resize(item + std::size_t{1}, 0);
      ++counts[item];
    }
  }
  return counts;
}

void number_items(const std::vector<std::uint64_t>& counts, std::uint64_t support_min,
                  FrequentBaskets& frequent) {
  for (store::ItemCode item = 0; item < counts.size(); ++item) {
    if (counts[item] >= support_min) frequent.items.push_back(item);
  }
  std::stable_sort(frequent.items.begin(), frequent.items.end(),
                   [&](store::ItemCode a, store::ItemCode b) { return counts[a] > counts[b]; });
  for (const store::ItemCode item : frequent.items) frequent.supports.push_back(counts[item]);
}

FrequentBaskets keep_frequent(const BasketFold& baskets, const PairRule& rule) {
  FrequentBaskets frequent;
  const std::vector<std::uint64_t> counts = count_items(baskets);
  number_items(counts, rule.support_min, frequent);
  constexpr auto kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> numbers(counts.size(), kNone);
  for (std::uint32_t i = 0; i < frequent.items.size(); ++i) numbers[frequent.items[i]] = i;
  frequent.place_starts.assign(frequent.items.size() + 1, 0);
  for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
    const std::span<const store::ItemCode> items = baskets.items(basket);
    if (rule.with != 0 && !std::binary_search(items.begin(), items.end(), rule.with)) continue;
    const std::size_t begin = frequent.members.size();
    for (const store::ItemCode item : items) {
      if (numbers[item] != kNone) frequent.members.push_back(numbers[item]);
    }
    const std::size_t end = frequent.members.size();
    std::sort(frequent.members.begin() + static_cast<std::ptrdiff_t>(begin),
              frequent.members.end());
    frequent.basket_end.insert(frequent.basket_end.end(), end - begin, end);
    for (std::size_t place = begin; place < end; ++place) {
      ++frequent.place_starts[frequent.members[place] + 1];
    }
    const std::uint64_t size = end - begin;
    if (size > 0) frequent.steps += rule.with != 0 ? size : size * (size - 1) / 2;
  }
  std::partial_sum(frequent.place_starts.begin(), frequent.place_starts.end(),
                   frequent.place_starts.begin());
  frequent.places.resize(frequent.members.size());
  std::vector<std::uint64_t> next(frequent.place_starts.begin(), frequent.place_starts.end() - 1);
  for (std::size_t place = 0; place < frequent.members.size(); ++place) {
    frequent.places[next[frequent.members[place]]++] = place;
  }
  return frequent;
}

base::Status check_size(const FrequentBaskets& frequent, const PairRule& rule) {
  const std::uint64_t items = frequent.items.size();
  std::uint64_t pairs = rule.with != 0 ? items : items < 2 ? 0 : items * (items - 1) / 2;
  pairs = std::min(pairs, frequent.steps / rule.support_min);
  if (pairs <= kBasketPairsMax && frequent.steps <= kBasketStepsMax) return base::Ok{};
  return base::Error{
      base::ErrorCode::kMemory,
      fmt::format("expected at most {} pairs of items and {} steps of counting; the "
                  "estimate at a support of {} baskets is {} pairs, {} steps",
                  kBasketPairsMax, kBasketStepsMax, rule.support_min, pairs, frequent.steps),
      {"", 0, "", "support"},
      "Ask for a higher support, or for the pairs of one item."};
}

// Counts the items that stand behind `item` in its baskets (or anywhere in them), so one row of
// counts is all the memory there is.
void count_row(const FrequentBaskets& frequent, std::uint32_t item, const PairRule& rule,
               std::vector<std::uint32_t>& row, std::vector<ItemPair>& pairs) {
  const std::uint32_t first = rule.with != 0 ? 0 : item + 1;
  std::uint64_t basket_begin = 0;
  for (std::uint64_t i = frequent.place_starts[item]; i < frequent.place_starts[item + 1]; ++i) {
    const std::uint64_t place = frequent.places[i];
    std::uint64_t from = place + 1;
    if (rule.with != 0) {
      // Every basket that was kept holds the item, so the last one's end is this one's beginning.
      from = basket_begin;
      basket_begin = frequent.basket_end[place];
    }
    for (std::uint64_t other = from; other < frequent.basket_end[place]; ++other) {
      ++row[frequent.members[other]];
    }
  }
  for (std::uint32_t other = first; other < frequent.items.size(); ++other) {
    const std::uint64_t together = std::exchange(row[other], 0);
    if (other == item || together < rule.support_min) continue;
    ItemPair pair{frequent.items[item], frequent.items[other], together, frequent.supports[item],
                  frequent.supports[other]};
    if (pair.b < pair.a) {
      std::swap(pair.a, pair.b);
      std::swap(pair.support_a, pair.support_b);
    }
    pairs.push_back(pair);
  }
}

// ln x! for 0 .. n, from a table where one of bounded size holds them.
class LogFactorials {
 public:
  explicit LogFactorials(std::uint64_t n) {
    for (std::uint64_t x = 0; x <= std::min(n, kTableMax); ++x) table_.push_back(computed(x));
  }
  double of(std::uint64_t x) const { return x < table_.size() ? table_[x] : computed(x); }

 private:
  static constexpr std::uint64_t kTableMax = 1 << 20;
  static double computed(std::uint64_t x) {
    int sign = 0;
    return lgamma_r(static_cast<double>(x) + 1, &sign);
  }
  std::vector<double> table_;
};

/// A 2 x 2 table's margins: how likely `k` baskets with both items are by chance.
struct Margins {
  std::uint64_t a;
  std::uint64_t b;
  std::uint64_t n;
  const LogFactorials& logs;

  double probability(std::uint64_t k) const {
    const double ways = logs.of(a) + logs.of(b) + logs.of(n - a) + logs.of(n - b) - logs.of(n);
    return std::exp(ways - logs.of(k) - logs.of(a - k) - logs.of(b - k) - logs.of(n - a - b + k));
  }
  // probability(k + 1) / probability(k).
  double step_up(std::uint64_t k) const {
    return static_cast<double>(a - k) * static_cast<double>(b - k) /
           (static_cast<double>(k + 1) * static_cast<double>(n - a - b + k + 1));
  }
};

// A term this small beside the sum no longer changes it.
constexpr double kNegligible = 1e-17;

double upper_tail(std::uint64_t together, Margins margins) {
  // p is the same for (A, B) and (B, A): its bits shall be, too.
  if (margins.a > margins.b) std::swap(margins.a, margins.b);
  const std::uint64_t least =
      margins.a + margins.b > margins.n ? margins.a + margins.b - margins.n : 0;
  const std::uint64_t most = std::min(margins.a, margins.b);
  if (together <= least) return 1;
  const double mean = static_cast<double>(margins.a) * static_cast<double>(margins.b) /
                      static_cast<double>(margins.n);
  double sum = 0;
  if (static_cast<double>(together) > mean) {
    double term = margins.probability(together);
    for (std::uint64_t k = together; term > sum * kNegligible; ++k) {
      sum += term;
      if (k == most) break;
      term *= margins.step_up(k);
    }
    return std::min(sum, 1.0);
  }
  // Below the mean the other tail is the shorter one.
  double term = margins.probability(together - 1);
  for (std::uint64_t k = together - 1; term > sum * kNegligible; --k) {
    sum += term;
    if (k == least) break;
    term /= margins.step_up(k - 1);
  }
  return std::clamp(1.0 - sum, 0.0, 1.0);
}

// Benjamini and Hochberg: keeps the pairs up to the greatest p of rank k with p <= k / m x rate.
void keep_significant(ItemPairs& found, double rate) {
  found.tested = found.pairs.size();
  std::vector<double> ranked;
  ranked.reserve(found.pairs.size());
  for (const ItemPair& pair : found.pairs) ranked.push_back(pair.p);
  std::sort(ranked.begin(), ranked.end());
  const double m = static_cast<double>(ranked.size());
  bool any = false;
  for (std::size_t k = ranked.size(); k > 0 && !any; --k) {
    if (ranked[k - 1] > static_cast<double>(k) / m * rate) continue;
    found.p_limit = ranked[k - 1];
    any = true;
  }
  std::erase_if(found.pairs, [&](const ItemPair& pair) { return !any || pair.p > found.p_limit; });
  found.not_significant = found.tested - found.pairs.size();
}

}  // namespace

void BasketFold::fold(const store::Block& block, UserRange users) {
  OrderWalk walk(block, users, {events::kPurchase});
  OrderEvent order;
  while (walk.next(order)) {
    if (!rule_.range.holds(block.time(order.event))) continue;
    ++counts_.orders;
    const std::size_t begin = items_.size();
    const std::uint32_t lines = line_count(block, order);
    for (std::uint32_t index = 0; index < lines; ++index) {
      const OrderLine line = line_of(block, order, index);
      if (line.bookkeeping() && !rule_.with_bookkeeping) {
        ++counts_.bookkeeping_lines;
      } else if (line.item != 0) {
        items_.push_back(line.item);
      }
    }
    const auto first = items_.begin() + static_cast<std::ptrdiff_t>(begin);
    std::sort(first, items_.end());
    items_.erase(std::unique(first, items_.end()), items_.end());
    const std::size_t size = items_.size() - begin;
    if (size == 0) {
      ++counts_.empty;
    } else if (size < rule_.items_min) {
      ++counts_.small;
      items_.resize(begin);
    } else {
      starts_.push_back(items_.size());
    }
  }
}

void BasketFold::merge(const BasketFold& other) {
  const std::uint64_t base = items_.size();
  items_.insert(items_.end(), other.items_.begin(), other.items_.end());
  for (std::size_t i = 1; i < other.starts_.size(); ++i) starts_.push_back(base + other.starts_[i]);
  counts_.orders += other.counts_.orders;
  counts_.bookkeeping_lines += other.counts_.bookkeeping_lines;
  counts_.empty += other.counts_.empty;
  counts_.small += other.counts_.small;
}

std::uint64_t support_of_share(double share, std::uint64_t baskets) {
  // One part in 10^12 off, so that 0.07 x 100 is 7 and not 7.000000000000001.
  const double count = std::ceil(share * static_cast<double>(baskets) * (1 - 1e-12));
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(count));
}

base::Result<ItemPairs> mine_pairs(const BasketFold& baskets, const PairRule& rule) {
  FOOTFALL_CHECK(rule.support_min > 0);
  ItemPairs found;
  found.baskets = baskets.size();
  const FrequentBaskets frequent = keep_frequent(baskets, rule);
  found.frequent_items = frequent.items.size();
  FOOTFALL_RETURN_IF_ERROR(check_size(frequent, rule));
  std::vector<std::uint32_t> row(frequent.items.size(), 0);
  for (std::uint32_t item = 0; item < frequent.items.size(); ++item) {
    if (rule.with != 0 && frequent.items[item] != rule.with) continue;
    count_row(frequent, item, rule, row, found.pairs);
  }
  const LogFactorials logs(found.baskets);
  for (ItemPair& pair : found.pairs) {
    pair.p = upper_tail(pair.together, {pair.support_a, pair.support_b, found.baskets, logs});
  }
  keep_significant(found, rule.false_discovery_rate);
  return found;
}

PairMeasures measure_pair(std::uint64_t together, std::uint64_t support_a, std::uint64_t support_b,
                          std::uint64_t baskets) {
  const double n = static_cast<double>(baskets);
  const double both = static_cast<double>(together);
  const double a = static_cast<double>(support_a);
  const double b = static_cast<double>(support_b);
  PairMeasures measures;
  measures.support = both / n;
  measures.confidence = both / a;
  measures.confidence_interval = wilson_interval(together, support_a);
  measures.lift = n * both / (a * b);
  measures.leverage = both / n - a * b / (n * n);
  measures.conviction = together == support_a ? std::numeric_limits<double>::infinity()
                                              : (1 - b / n) / (1 - measures.confidence);
  return measures;
}

double fisher_one_sided(std::uint64_t together, std::uint64_t support_a, std::uint64_t support_b,
                        std::uint64_t baskets) {
  const LogFactorials logs(0);
  return upper_tail(together, {support_a, support_b, baskets, logs});
}

}  // namespace footfall::analytics
