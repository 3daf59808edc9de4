// Id index: who owns an event id or order number, for all events that carry one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/timeline_source.h"

namespace footfall::store {

/// Open addressing; 20 bytes a slot, at most 3/4 full. One writer or many readers at a time.
class IdIndex {
 public:
  struct Owner {
    Population population = Population::kPeople;
    UserNumber user = 0;
    bool order = false;        // Joined from parts: its lines decide, not one digest.
    std::uint64_t digest = 0;  // Without its lowest three bits; 0 for orders.

    bool operator==(const Owner&) const = default;
  };
  static Owner owner(Population population, UserNumber user, bool order, std::uint64_t digest);

  /// Adds all events of the source that carry events::kHasEventId or are joined orders.
  base::Status add(const TimelineSource& source, Population population);
  /// The same for a settled table.
  void add(const EventTable& table, Population population);
  /// The first owner of a key stays.
  void insert(std::uint64_t key, const Owner& owner);

  std::optional<Owner> find(std::uint64_t key) const;
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.size() * kSlotBytes; }

 private:
  static constexpr std::size_t kSlotBytes = 20;
  struct Slot {  // Words of 32 bits, so that a slot has no padding.
    std::uint32_t key_low = 0, key_high = 0;
    std::uint32_t facts_low = 0, facts_high = 0;  // Digest, with population and order below.
    std::uint32_t user = 0;
  };
  static_assert(sizeof(Slot) == kSlotBytes);

  std::size_t slot_of(std::uint64_t key) const;
  void grow(std::size_t keys);

  std::vector<Slot> slots_;  // A power of two; facts 0 = free.
  std::size_t size_ = 0;
};

}  // namespace footfall::store
