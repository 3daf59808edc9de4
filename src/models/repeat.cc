#include "footfall/models/repeat.h"

#include <algorithm>

namespace footfall::models {

Repeat Repeat::fit(const Interactions& interactions, const RepeatOptions& options) {
  Repeat model;
  model.options_ = options;
  const Baskets baskets(interactions);
  std::vector<double> taken(interactions.item_count(), 0.0);
  std::vector<double> again(interactions.item_count(), 0.0);
  for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
    const std::size_t end = std::min(
        baskets.user_end(basket), basket + 1 + static_cast<std::size_t>(options.following_baskets));
    if (end == basket + 1) continue;
    for (const ItemIndex item : baskets.items(basket)) {
      taken[item] += 1.0;
      for (std::size_t later = basket + 1; later < end; ++later) {
        const auto held = baskets.items(later);
        if (!std::binary_search(held.begin(), held.end(), item)) continue;
        again[item] += 1.0;
        break;
      }
    }
  }
  double all_taken = 0.0;
  double all_again = 0.0;
  for (std::size_t item = 0; item < taken.size(); ++item) {
    all_taken += taken[item];
    all_again += again[item];
  }
  const double mean = all_taken > 0.0 ? all_again / all_taken : 0.0;
  model.rates_.resize(taken.size());
  for (std::size_t item = 0; item < taken.size(); ++item) {
    model.rates_[item] =
        (again[item] + options.prior_weight * mean) / (taken[item] + options.prior_weight);
  }
  return model;
}

void Repeat::score(History history, TimeMs at, Scores& scores) const {
  for (std::size_t event = 0; event < history.size(); ++event) {
    const ItemIndex item = history.items[event];
    const double value = rates_[item] * fading(at - history.times[event], options_.half_life);
    if (value > 0.0) scores.add(item, value);
  }
}

void Repeat::contributions(History history, TimeMs at, ItemIndex item,
                           std::span<double> by_event) const {
  for (std::size_t event = 0; event < history.size(); ++event) {
    if (history.items[event] != item) continue;
    by_event[event] += rates_[item] * fading(at - history.times[event], options_.half_life);
  }
}

void Repeat::save(ModelWriter& writer) const {
  writer.number<std::int32_t>(options_.following_baskets);
  writer.number(options_.prior_weight);
  writer.number(options_.half_life);
  writer.numbers(rates_);
}

Repeat Repeat::load(ModelReader& reader) {
  Repeat model;
  model.options_.following_baskets = reader.number<std::int32_t>();
  model.options_.prior_weight = reader.number<double>();
  model.options_.half_life = reader.number<TimeMs>();
  model.rates_ = reader.numbers<double>();
  return model;
}

}  // namespace footfall::models
