#include "footfall/engine/purchase_walk.h"

#include <algorithm>

#include "footfall/events/batch.h"

namespace footfall::engine {

store::Columns PurchaseWalk::columns() {
  store::Columns columns;
  columns.orders = true;
  columns.batches = true;
  columns.lines = true;
  return columns;
}

void PurchaseWalk::user(const store::Block& block, std::size_t user_index, LeftOutLines& left_out,
                        const std::function<void(const BoughtItem&)>& take) const {
  const auto denied = [&](store::BatchNumber batch) {
    return std::binary_search(denied_batches.begin(), denied_batches.end(), batch);
  };
  const store::LineColumns& lines = block.lines;
  std::size_t group = lines.first_group(block.offsets[user_index]);
  for (std::size_t event = block.offsets[user_index]; event < block.offsets[user_index + 1];
       ++event) {
    while (group < lines.events.size() && lines.events[group] < event) ++group;
    if (block.types[event] != events::kPurchase) continue;
    const base::TimeMs time = block.time(event);
    if (time > until) {
      ++left_out.after_end;
      continue;
    }
    const bool has_lines = group < lines.events.size() && lines.events[group] == event;
    if (!has_lines) {
      if (denied(block.batches.at(event))) {
        ++left_out.no_consent;
      } else if (block.items[event] != 0) {
        take({block.items[event], 0, event, time});
      }
      continue;
    }
    for (std::size_t line = lines.starts[group]; line < lines.starts[group + 1]; ++line) {
      if ((lines.marks[line] & events::kBookkeeping) != 0) {
        ++left_out.bookkeeping;
      } else if (lines.prices[line] <= 0 || (lines.marks[line] & events::kFreeLine) != 0) {
        ++left_out.free_lines;
      } else if (denied(block.batches.at(event)) || denied(lines.batches.at(line))) {
        ++left_out.no_consent;
      } else if (lines.items[line] != 0) {
        take({lines.items[line], lines.names.at(line), event, time});
      }
    }
  }
}

}  // namespace footfall::engine
