#include "footfall/events/row_set.h"

#include <utility>

namespace footfall::events {

bool RowSet::place(std::vector<RowDigest>& slots, RowDigest digest) const {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = digest.low & mask;
  for (; slots[at].low != 0 || slots[at].high != 0; at = (at + 1) & mask) {
    if (slots[at].low == digest.low && slots[at].high == digest.high) return false;
  }
  slots[at] = digest;
  return true;
}

bool RowSet::add(RowDigest digest) {
  if (digest.low == 0 && digest.high == 0) digest.high = 1;
  if (!place(slots_, digest)) return false;
  if (++count_ * 2 > slots_.size()) {
    std::vector<RowDigest> larger(slots_.size() * 2);
    for (const RowDigest& kept : slots_) {
      if (kept.low != 0 || kept.high != 0) place(larger, kept);
    }
    slots_ = std::move(larger);
  }
  return true;
}

}  // namespace footfall::events
