// Purchase walk: the items a person bought, as the models may know them.
//
// Counted are the lines of purchases that are no bookkeeping and have a price above 0, and the item
// of a purchase that came without lines. A line that was cancelled in full (cancelled_lines.h) is
// no sign of wanting and counts as not bought, from its cancellation on; a refund takes back lines
// of its own currency alone. At a moment before the last only what was known by then counts
// (SEMANTICS 1.6), an order as a whole from when its first line was; at the last, all that the shop
// knows now. Purchases after the last moment and those of imports whose consent does not cover the
// purpose are left out, and counted; refunds of such imports are not looked at.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "footfall/analytics/attributes.h"
#include "footfall/store/snapshot.h"

namespace footfall::engine {

struct BoughtItem {
  store::ItemCode item = 0;
  store::TextCode name = 0;  // 0 = none on this line.
  std::size_t event = 0;     // Index in the block.
  base::TimeMs time = 0;
  std::uint8_t known = 0;  // Bit m: bought by moments[m] as was known then, and not cancelled.
};

struct LeftOutLines {
  std::int64_t bookkeeping = 0;
  std::int64_t charges = 0;  // Of items that are a charge, though not marked as bookkeeping.
  std::int64_t free_lines = 0;
  std::int64_t after_end = 0;   // Events.
  std::int64_t no_consent = 0;  // Lines, or events without lines.
  std::int64_t cancelled = 0;   // Lines cancelled by the last moment.
};

inline constexpr std::size_t kMomentsMax = 8;

struct PurchaseWalk {
  /// From where the purchases are looked at: one at least, kMomentsMax at most, rising. The last
  /// is the last instant that counts.
  std::vector<base::TimeMs> moments;
  std::vector<store::BatchNumber> denied_batches;  // Rising.
  int currency_decimals = 2;
  analytics::TextLookup text_of;      // For the amounts that refunds state.
  store::TextCode shop_currency = 0;  // Its text, where the shop's texts hold it: no currency too.

  /// The columns a walked block must have.
  static store::Columns columns();

  /// Calls `take` for each item of one user of a block that stood at one moment at least, in the
  /// order of their events.
  void user(const store::Block& block, std::size_t user_index, LeftOutLines& left_out,
            const std::function<void(const BoughtItem&)>& take) const;
};

}  // namespace footfall::engine
