// Random orders: made-up purchases and refunds of a few people, and the blocks that hold them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/analytics/attributes.h"
#include "footfall/analytics/order_walk.h"
#include "footfall/base/random.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {

/// Texts of the made-up shop by code. Codes do not stand in byte order on purpose.
inline constexpr std::string_view kMadeTexts[] = {"",      "GBP",   "EUR", "Norway",
                                                  "Malta", "Norge", "5",   "2.505"};
inline std::string_view made_text(store::TextCode code) {
  return kMadeTexts[code];
}

/// What random orders look like: few items, prices and instants, so that ties and repeats abound.
struct MadeOrdersShape {
  std::size_t people_max = 4;
  std::size_t events_max = 8;
  std::size_t lines_max = 3;
  std::uint64_t items = 4;
  std::int64_t instants = 12;
  base::TimeMs from_ms = 0;
  base::TimeMs instant_ms = 11 * base::kHourMs;
  double refund_share = 0.3;
  bool lineless = true;  // Some events have no lines; some refunds state their amount.
};

inline store::BuilderEvent made_order(base::Random& random, const MadeOrdersShape& shape) {
  store::BuilderEvent event;
  event.time = shape.from_ms + random.between(0, shape.instants - 1) * shape.instant_ms;
  event.type = random.chance(shape.refund_share) ? events::kRefund
               : random.chance(0.2)              ? events::kViewItem
                                                 : events::kPurchase;
  if (random.chance(0.6)) event.order = static_cast<store::OrderCode>(random.below(4));
  const std::size_t least = shape.lineless ? 0 : 1;
  const std::size_t lines = least + random.below(shape.lines_max + 1 - least);
  static constexpr base::PriceMicros kPrices[] = {0, 1'005'000, 2'500'000, 12'345};
  for (std::size_t i = 0; i < lines; ++i) {
    event.lines.push_back(
        {static_cast<store::ItemCode>(1 + random.below(shape.items)), random.between(0, 3),
         kPrices[random.below(4)],
         random.chance(0.1) ? std::uint8_t{events::kBookkeeping} : std::uint8_t{0}});
  }
  if (!event.lines.empty()) {
    event.item = event.lines[0].item;
  } else if (random.chance(0.3)) {
    event.item = static_cast<store::ItemCode>(1 + random.below(shape.items));
  }
  if (random.chance(0.5)) {
    event.properties.emplace_back("country", static_cast<store::TextCode>(3 + random.below(3)));
  }
  if (random.chance(0.2)) {
    event.properties.emplace_back("currency", static_cast<store::TextCode>(1 + random.below(2)));
  }
  if (shape.lineless && event.type == events::kRefund && random.chance(0.2)) {
    event.properties.emplace_back("value", static_cast<store::TextCode>(6 + random.below(2)));
  }
  return event;
}

/// Events of several people, in total order person by person.
inline std::vector<store::BuilderEvent> made_orders(base::Random& random,
                                                    const MadeOrdersShape& shape) {
  std::vector<store::BuilderEvent> all;
  const std::size_t people = random.below(shape.people_max) + 1;
  for (store::UserNumber user = 0; user < people; ++user) {
    const std::size_t count = random.below(shape.events_max + 1);
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back(made_order(random, shape));
      all.back().user = user;
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const store::BuilderEvent& a, const store::BuilderEvent& b) {
                     return a.user != b.user ? a.user < b.user : a.time < b.time;
                   });
  return all;
}

/// The same people dealt out to two blocks, of 32 and of 64 bit ticks.
inline std::vector<store::OwnedBlock> dealt_blocks(base::Random& random,
                                                   const std::vector<store::BuilderEvent>& all) {
  std::vector<store::BuilderEvent> parts[2];
  const std::uint64_t dealing = random();
  for (const store::BuilderEvent& event : all) {
    parts[(dealing >> (event.user % 64)) & 1].push_back(event);
  }
  std::vector<store::OwnedBlock> blocks;
  blocks.push_back(store::build_block(parts[0], false));
  blocks.push_back(store::build_block(parts[1], true));
  if (random.chance(0.5)) std::swap(blocks[0], blocks[1]);
  return blocks;
}

/// The value of a property of an event, or 0.
inline store::TextCode property_of(const store::BuilderEvent& event, std::string_view name) {
  for (const auto& [known, code] : event.properties) {
    if (known == name) return code;
  }
  return 0;
}

/// Lines with the one that an event without lines implies.
inline std::vector<store::BuilderLine> lines_of(const store::BuilderEvent& event) {
  if (event.lines.empty() && event.item != 0) return {{event.item, 1, 0, 0}};
  return event.lines;
}

}  // namespace footfall::analytics
