#include "footfall/store/id_index.h"

#include <algorithm>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/random.h"
#include "footfall/events/batch.h"
#include "footfall/store/event_columns.h"

namespace footfall::store {
namespace {

constexpr std::size_t kSlotsMin = 64;
constexpr std::uint64_t kPopulationBits = 3;  // Population + 1, so that no facts are 0.
constexpr std::uint64_t kOrderBit = 4;
constexpr std::uint64_t kDigestBits = ~std::uint64_t{7};

std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return std::uint64_t{high} << 32 | low;
}

}  // namespace

IdIndex::Owner IdIndex::owner(Population population, UserNumber user, bool order,
                              std::uint64_t digest) {
  return {population, user, order, order ? 0 : digest & kDigestBits};
}

std::size_t IdIndex::slot_of(std::uint64_t key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = base::mix64(key) & mask;
  while (join(slots_[slot].facts_low, slots_[slot].facts_high) != 0 &&
         join(slots_[slot].key_low, slots_[slot].key_high) != key) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void IdIndex::grow(std::size_t keys) {
  std::size_t size = std::max(kSlotsMin, slots_.size());
  while (keys * 4 > size * 3) size *= 2;
  if (size == slots_.size()) return;
  std::vector<Slot> old(size);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (join(slot.facts_low, slot.facts_high) == 0) continue;
    slots_[slot_of(join(slot.key_low, slot.key_high))] = slot;
  }
}

void IdIndex::insert(std::uint64_t key, const Owner& owner) {
  grow(size_ + 1);
  Slot& slot = slots_[slot_of(key)];
  if (join(slot.facts_low, slot.facts_high) != 0) return;
  const std::uint64_t facts = owner.digest | (static_cast<std::uint64_t>(owner.population) + 1) |
                              (owner.order ? kOrderBit : 0);
  slot.key_low = static_cast<std::uint32_t>(key);
  slot.key_high = static_cast<std::uint32_t>(key >> 32);
  slot.facts_low = static_cast<std::uint32_t>(facts);
  slot.facts_high = static_cast<std::uint32_t>(facts >> 32);
  slot.user = owner.user;
  ++size_;
}

std::optional<IdIndex::Owner> IdIndex::find(std::uint64_t key) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[slot_of(key)];
  const std::uint64_t facts = join(slot.facts_low, slot.facts_high);
  if (facts == 0) return std::nullopt;
  Owner owner;
  owner.population = static_cast<Population>((facts & kPopulationBits) - 1);
  owner.user = slot.user;
  owner.order = (facts & kOrderBit) != 0;
  owner.digest = facts & kDigestBits;
  return owner;
}

base::Status IdIndex::add(const TimelineSource& source, Population population) {
  FOOTFALL_TRY(const IdentityColumns columns, source.identities());
  constexpr std::uint8_t kAny = events::kHasEventId | events::kOrderPart;
  if (columns.flags.is_constant() && (columns.flags.otherwise() & kAny) == 0) return base::Ok{};
  std::size_t group = 0;
  for (std::size_t user = 0; user < columns.index.users.size(); ++user) {
    for (std::size_t event = columns.index.offsets[user]; event < columns.index.offsets[user + 1];
         ++event) {
      while (group < columns.line_events.size() && columns.line_events[group] < event) ++group;
      const std::uint8_t flags = columns.flags.at(event);
      if ((flags & kAny) == 0) continue;
      const bool order = (flags & events::kOrderPart) != 0 && group < columns.line_events.size() &&
                         columns.line_events[group] == event;
      if (!order && (flags & events::kHasEventId) == 0) continue;
      const std::uint64_t key = columns.keys.at(event);
      insert(key, owner(population, columns.index.users[user], order,
                        key ^ columns.digest_xor_keys.at(event)));
    }
  }
  return base::Ok{};
}

void IdIndex::add(const EventTable& table, Population population) {
  for (std::size_t event = 0; event < table.size(); ++event) {
    const bool order = is_order(table, event);
    if (!order && (table.flags[event] & events::kHasEventId) == 0) continue;
    insert(table.keys[event],
           owner(population, table.users[event], order, digest_of(table, event)));
  }
}

}  // namespace footfall::store
