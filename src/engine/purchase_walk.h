// Purchase walk: the items a person bought, as the models may know them.
//
// Counted are the lines of purchases that are no bookkeeping and have a price above 0, and the item
// of a purchase that came without lines. Purchases after `until` and those of imports whose
// consent does not cover the purpose are left out, and counted.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "footfall/store/snapshot.h"

namespace footfall::engine {

struct BoughtItem {
  store::ItemCode item = 0;
  store::TextCode name = 0;  // 0 = none on this line.
  std::size_t event = 0;     // Index in the block.
  base::TimeMs time = 0;
};

struct LeftOutLines {
  std::int64_t bookkeeping = 0;
  std::int64_t free_lines = 0;
  std::int64_t after_end = 0;   // Events.
  std::int64_t no_consent = 0;  // Lines, or events without lines.
};

struct PurchaseWalk {
  base::TimeMs until = base::kTimeEnd;             // The last instant that counts.
  std::vector<store::BatchNumber> denied_batches;  // Rising.

  /// The columns a walked block must have.
  static store::Columns columns();

  /// Calls `take` for each item of one user of a block, in the order of their events.
  void user(const store::Block& block, std::size_t user_index, LeftOutLines& left_out,
            const std::function<void(const BoughtItem&)>& take) const;
};

}  // namespace footfall::engine
