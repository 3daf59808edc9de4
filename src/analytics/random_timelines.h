// Random timelines: blocks of made-up people for tests and benchmarks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "footfall/base/random.h"
#include "footfall/events/batch.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

/// One event of a made-up history; time in milliseconds.
struct MadeEvent {
  base::TimeMs time = 0;
  store::EventCode type = 0;
  std::uint8_t flags = 0;
};

/// Histories of several people, some of them empty, and the block that holds them. The block views
/// this object's memory, so it must not be moved.
struct MadeBlock {
  MadeBlock(std::vector<std::vector<MadeEvent>> people, store::TickScale scale, bool wide)
      : histories(std::move(people)) {
    for (const auto& history : histories) {
      users.push_back(static_cast<store::UserNumber>(users.size()));
      for (const MadeEvent& event : history) {
        const base::TimeMs tick = (event.time - scale.base_ms) / scale.tick_ms;
        ticks32.push_back(static_cast<std::uint32_t>(tick));
        ticks64.push_back(static_cast<std::uint64_t>(tick));
        types.push_back(event.type);
        flags.push_back(event.flags);
      }
      offsets.push_back(types.size());
    }
    items.resize(types.size());
    block.scale = scale;
    block.users = users;
    block.offsets = offsets;
    block.wide = wide;
    if (wide) {
      block.ticks64 = ticks64;
    } else {
      block.ticks32 = ticks32;
    }
    block.types = types;
    block.items = items;
    const bool plain =
        std::count(flags.begin(), flags.end(), 0) == static_cast<std::ptrdiff_t>(flags.size());
    if (!plain) block.flags = store::ColumnView<std::uint8_t>::dense(flags);
  }
  MadeBlock(const MadeBlock&) = delete;
  MadeBlock& operator=(const MadeBlock&) = delete;

  std::vector<std::vector<MadeEvent>> histories;
  std::vector<store::UserNumber> users;
  std::vector<std::uint64_t> offsets{0};
  std::vector<std::uint32_t> ticks32;
  std::vector<std::uint64_t> ticks64;
  std::vector<store::EventCode> types;
  std::vector<store::ItemCode> items;
  std::vector<std::uint8_t> flags;
  store::Block block;
};

/// What a kernel gathers from a block: in two parts that meet at a random person, the later one
/// first, and merged.
template <typename Partial, typename Kernel>
Partial fold_in_two(const Kernel& kernel, const store::Block& block, base::Random& random) {
  Partial first;
  Partial second;
  const std::size_t cut = random.below(block.user_count() + 1);
  kernel.fold(first, block, cut, block.user_count());
  kernel.fold(second, block, 0, cut);
  kernel.merge(first, second);
  return first;
}

/// What random histories look like. Few instants and types, so that ties, repeats and borders of
/// windows are common.
struct MadeShape {
  std::size_t people_max = 4;
  std::size_t events_max = 9;
  std::int64_t instants = 12;  // Times are base + 0 .. instants - 1 steps of time.
  base::TimeMs instant_ms = 60'000;
  std::vector<store::EventCode> types = {1, 2, 3, 4};
  double server_share = 0.0;  // Events with the flag kServerOrigin.
};

inline std::vector<std::vector<MadeEvent>> made_histories(base::Random& random,
                                                          const MadeShape& shape,
                                                          base::TimeMs base_ms) {
  std::vector<std::vector<MadeEvent>> people(random.below(shape.people_max) + 1);
  for (auto& history : people) {
    history.resize(random.below(shape.events_max + 1));
    for (MadeEvent& event : history) {
      event.time = base_ms + random.between(0, shape.instants - 1) * shape.instant_ms;
      event.type = shape.types[random.below(shape.types.size())];
      if (random.chance(shape.server_share)) event.flags = events::kServerOrigin;
    }
    std::stable_sort(history.begin(), history.end(),
                     [](const MadeEvent& a, const MadeEvent& b) { return a.time < b.time; });
  }
  return people;
}

/// A shop's month: visits of a few events each, with view_item, add_to_cart and purchase in the
/// proportions 77, 13 and 10, times in seconds. Few people have many events.
inline std::vector<std::vector<MadeEvent>> made_shop(std::size_t people, std::size_t events,
                                                     std::uint64_t seed) {
  base::Random random(seed);
  const double mean = static_cast<double>(events) / static_cast<double>(people);
  constexpr base::TimeMs kMonth = 30 * base::kDayMs;
  std::vector<std::vector<MadeEvent>> histories(people);
  for (auto& history : histories) {
    // Log-normal with sigma 1: the median is 0.6 of the mean.
    const auto count = static_cast<std::size_t>(mean * std::exp(random.normal() - 0.5) + 0.5);
    history.reserve(count);
    base::TimeMs now = random.between(0, kMonth / 1000) * 1000;
    for (std::size_t i = 0; i < count; ++i) {
      const bool leaves = random.chance(0.2);
      const double pause = random.exponential(leaves ? 2e5 : 60);
      now = (now + static_cast<base::TimeMs>(pause) * 1000) % kMonth;
      const double kind = random.uniform();
      const events::EventCode type = kind < 0.77   ? events::kViewItem
                                     : kind < 0.90 ? events::kAddToCart
                                                   : events::kPurchase;
      history.push_back({now, type, 0});
    }
    std::stable_sort(history.begin(), history.end(),
                     [](const MadeEvent& a, const MadeEvent& b) { return a.time < b.time; });
  }
  return histories;
}

/// How many random histories a test looks at: FOOTFALL_TEST_HISTORIES, else 10,000.
inline std::size_t test_histories() {
  const char* text = std::getenv("FOOTFALL_TEST_HISTORIES");
  const long count = text == nullptr ? 0 : std::atol(text);
  return count > 0 ? static_cast<std::size_t>(count) : 10'000;
}

}  // namespace footfall::analytics
