#include "footfall/models/interactions.h"

#include <algorithm>
#include <tuple>

#include "footfall/base/check.h"

namespace footfall::models {

Interactions::Interactions(std::vector<Interaction> events, std::size_t user_count,
                           std::size_t item_count)
    : offsets_(user_count + 1, 0), item_count_(item_count) {
  const auto key = [](const Interaction& event) {
    return std::tie(event.user, event.time, event.item);
  };
  std::sort(events.begin(), events.end(),
            [&](const Interaction& a, const Interaction& b) { return key(a) < key(b); });
  events.erase(
      std::unique(events.begin(), events.end(),
                  [&](const Interaction& a, const Interaction& b) { return key(a) == key(b); }),
      events.end());
  items_.reserve(events.size());
  times_.reserve(events.size());
  for (const Interaction& event : events) {
    FOOTFALL_CHECK(event.user < user_count && event.item < item_count);
    ++offsets_[event.user + 1];
    items_.push_back(event.item);
    times_.push_back(event.time);
  }
  for (std::size_t user = 0; user < user_count; ++user) offsets_[user + 1] += offsets_[user];
}

History Interactions::history(std::size_t user) const {
  const std::size_t from = offsets_[user];
  const std::size_t count = offsets_[user + 1] - from;
  return {{items_.data() + from, count}, {times_.data() + from, count}};
}

Interactions Interactions::within(TimeMs from, TimeMs to) const {
  Interactions kept;
  kept.item_count_ = item_count_;
  kept.offsets_.reserve(offsets_.size());
  for (std::size_t user = 0; user < user_count(); ++user) {
    for (std::size_t event = offsets_[user]; event < offsets_[user + 1]; ++event) {
      if (times_[event] < from || times_[event] >= to) continue;
      kept.items_.push_back(items_[event]);
      kept.times_.push_back(times_[event]);
    }
    kept.offsets_.push_back(kept.items_.size());
  }
  return kept;
}

Baskets::Baskets(const Interactions& interactions)
    : interactions_(&interactions),
      user_ends_(interactions.user_count(), 0),
      of_item_starts_(interactions.item_count() + 1, 0),
      of_item_(interactions.size()) {
  for (std::size_t user = 0; user < interactions.user_count(); ++user) {
    const std::size_t first = interactions.offsets_[user];
    for (std::size_t event = first; event < interactions.offsets_[user + 1]; ++event) {
      ++of_item_starts_[interactions.items_[event] + 1];
      const TimeMs time = interactions.times_[event];
      if (event != first && time == interactions.times_[event - 1]) continue;
      starts_.push_back(event);
      times_.push_back(time);
      users_.push_back(static_cast<std::uint32_t>(user));
    }
    user_ends_[user] = times_.size();
  }
  starts_.push_back(interactions.size());
  for (std::size_t item = 0; item < interactions.item_count(); ++item) {
    of_item_starts_[item + 1] += of_item_starts_[item];
  }
  std::vector<std::size_t> next(of_item_starts_.begin(), of_item_starts_.end() - 1);
  for (std::size_t basket = 0; basket < size(); ++basket) {
    for (const ItemIndex item : items(basket)) {
      of_item_[next[item]++] = static_cast<std::uint32_t>(basket);
    }
  }
}

}  // namespace footfall::models
