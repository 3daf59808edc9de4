// Builds a block in memory from events given in any order: for tests, tools and small overlays.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/store/block.h"

namespace footfall::store {

struct BuilderLine {
  ItemCode item = 0;
  std::int64_t quantity = 1;
  base::PriceMicros price = 0;
  std::uint8_t marks = 0;
};

struct BuilderEvent {
  UserNumber user = 0;
  base::TimeMs time = 0;
  EventCode type = 0;
  ItemCode item = 0;
  OrderCode order = 0;
  std::int64_t sequence = 0;  // Then input order breaks ties.
  std::uint8_t flags = 0;
  std::vector<BuilderLine> lines = {};
  std::vector<std::pair<std::string, TextCode>> properties = {};
};

/// Owns the memory that `block` views.
struct OwnedBlock {
  Block block;
  std::shared_ptr<const void> memory;
};

/// Sorts by (user, time, sequence, input order) and lays the columns out. `wide` forces 64-bit
/// ticks; they are also used when the times do not fit 32 bits at their greatest common step.
OwnedBlock build_block(std::vector<BuilderEvent> events, bool wide = false);

/// Events of one user from text such as "v0 c5 p30 v31/7": a letter, minutes after 0, and an
/// optional item after a slash. `letters` gives each letter's type: {{'v', kViewItem}, ...}.
std::vector<BuilderEvent> events_from_text(UserNumber user, std::string_view text,
                                           const std::vector<std::pair<char, EventCode>>& letters);

}  // namespace footfall::store
