// The benchmarks' orders: a month of 20 million events of a million people, two million purchases
// among them, each with one line; made once a process.
#pragma once

#include <vector>

#include "footfall/base/random.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

/// Owns the columns that `block` views.
struct BenchOrders {
  BenchOrders(std::size_t people, std::size_t events_each) {
    base::Random random(1);
    for (std::size_t user = 0; user < people; ++user) {
      users.push_back(static_cast<store::UserNumber>(user));
      std::uint32_t tick = static_cast<std::uint32_t>(random.below(kMonthSeconds / 2));
      const std::size_t count = random.below(2 * events_each) + 1;
      for (std::size_t i = 0; i < count; ++i) add_event(random, tick);
      offsets.push_back(types.size());
    }
    block.users = users;
    block.offsets = offsets;
    block.scale = {0, 1'000};
    block.ticks32 = ticks;
    block.types = types;
    block.items = items;
    block.lines.events = line_events;
    block.lines.starts = line_starts;
    block.lines.items = line_items;
    block.lines.quantities = line_quantities;
    block.lines.prices = line_prices;
    block.lines.marks = line_marks;
  }
  BenchOrders(const BenchOrders&) = delete;
  BenchOrders& operator=(const BenchOrders&) = delete;

  void add_event(base::Random& random, std::uint32_t& tick) {
    tick = std::min<std::uint32_t>(
        tick + static_cast<std::uint32_t>(random.below(kMonthSeconds / 40)), kMonthSeconds);
    const double kind = random.uniform();
    const auto item = static_cast<store::ItemCode>(1 + random.below(30'000));
    ticks.push_back(tick);
    items.push_back(item);
    types.push_back(kind < 0.77   ? events::kViewItem
                    : kind < 0.90 ? events::kAddToCart
                                  : events::kPurchase);
    if (types.back() != events::kPurchase) return;
    line_events.push_back(static_cast<std::uint32_t>(types.size() - 1));
    line_items.push_back(item);
    line_quantities.push_back(1 + static_cast<std::int64_t>(random.below(5)));
    line_prices.push_back(random.between(10, 20'000) * 10'000);
    line_marks.push_back(0);
    line_starts.push_back(static_cast<std::uint32_t>(line_items.size()));
  }

  static constexpr std::uint32_t kMonthSeconds = 30 * 86'400;
  std::vector<store::UserNumber> users;
  std::vector<std::uint64_t> offsets{0};
  std::vector<std::uint32_t> ticks;
  std::vector<store::EventCode> types;
  std::vector<store::ItemCode> items;
  std::vector<std::uint32_t> line_events;
  std::vector<std::uint32_t> line_starts{0};
  std::vector<store::ItemCode> line_items;
  std::vector<std::int64_t> line_quantities;
  std::vector<base::PriceMicros> line_prices;
  std::vector<std::uint8_t> line_marks;
  store::Block block;
};

inline const store::Block& bench_orders() {
  static const BenchOrders made(1'000'000, 20);
  return made.block;
}

}  // namespace footfall::analytics
