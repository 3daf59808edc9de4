// Interactions: who took which item when, as compact arrays that every model learns from.
//
// Users and items are dense numbers; what they stand for is the caller's business. Items must be
// numbered by a rule that depends on the data alone (such as the order of their keys), because
// equal scores are ordered by item number. Events of one user at one instant form a basket: a set,
// so an item counts once in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "footfall/base/time.h"

namespace footfall::models {

using ItemIndex = std::uint32_t;
using base::TimeMs;

struct Interaction {
  std::uint32_t user = 0;
  ItemIndex item = 0;
  TimeMs time = 0;
};

/// One user's events in order of (time, item). A view: the arrays belong to someone else.
struct History {
  std::span<const ItemIndex> items;
  std::span<const TimeMs> times;

  std::size_t size() const { return items.size(); }
  bool empty() const { return items.empty(); }
  /// The last `most` events; `skipped` of contributions is then size() - most.
  History latest(std::size_t most) const {
    if (items.size() <= most) return *this;
    return {items.last(most), times.last(most)};
  }
};

/// Events of one history that models look at when they score: the latest ones.
inline constexpr std::size_t kHistoryEventsMax = 5'000;

/// Immutable; threads may share one.
class Interactions {
 public:
  Interactions() = default;
  /// Sorts by (user, time, item) and drops repeats of all three. Every user < user_count and every
  /// item < item_count.
  Interactions(std::vector<Interaction> events, std::size_t user_count, std::size_t item_count);

  History history(std::size_t user) const;
  /// The same users and items with the events of [from, to) alone.
  Interactions within(TimeMs from, TimeMs to) const;

  std::size_t user_count() const { return offsets_.size() - 1; }
  std::size_t item_count() const { return item_count_; }
  std::size_t size() const { return items_.size(); }

 private:
  friend class Baskets;
  std::vector<std::size_t> offsets_{0};  // User u has events [u], [u + 1).
  std::vector<ItemIndex> items_;
  std::vector<TimeMs> times_;
  std::size_t item_count_ = 0;
};

/// The baskets of interactions, by number (rising by user, then time) and by item. Views the
/// interactions it was made from.
class Baskets {
 public:
  explicit Baskets(const Interactions& interactions);

  std::size_t size() const { return times_.size(); }
  std::span<const ItemIndex> items(std::size_t basket) const {
    return {interactions_->items_.data() + starts_[basket], starts_[basket + 1] - starts_[basket]};
  }
  TimeMs time(std::size_t basket) const { return times_[basket]; }
  std::uint32_t user(std::size_t basket) const { return users_[basket]; }
  /// One past the last basket of this basket's user.
  std::size_t user_end(std::size_t basket) const { return user_ends_[users_[basket]]; }
  /// Numbers of the baskets that hold an item, rising.
  std::span<const std::uint32_t> with_item(ItemIndex item) const {
    return {of_item_.data() + of_item_starts_[item],
            of_item_starts_[item + 1] - of_item_starts_[item]};
  }

 private:
  const Interactions* interactions_;
  std::vector<std::size_t> starts_;
  std::vector<TimeMs> times_;
  std::vector<std::uint32_t> users_;
  std::vector<std::size_t> user_ends_;  // By user.
  std::vector<std::size_t> of_item_starts_;
  std::vector<std::uint32_t> of_item_;
};

}  // namespace footfall::models
