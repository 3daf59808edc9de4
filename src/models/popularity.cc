#include "footfall/models/popularity.h"

namespace footfall::models {

Popularity Popularity::fit(const Interactions& interactions, TimeMs cut,
                           const PopularityOptions& options) {
  Popularity model;
  model.options_ = options;
  model.weights_.assign(interactions.item_count(), 0.0);
  for (std::size_t user = 0; user < interactions.user_count(); ++user) {
    const History history = interactions.history(user);
    for (std::size_t event = 0; event < history.size(); ++event) {
      const TimeMs age = cut - history.times[event];
      if (age < 0 || (options.window > 0 && age >= options.window)) continue;
      model.weights_[history.items[event]] += fading(age, options.half_life);
    }
  }
  return model;
}

void Popularity::score(History, TimeMs, Scores& scores) const {
  for (std::size_t item = 0; item < weights_.size(); ++item) {
    if (weights_[item] > 0.0) scores.add(static_cast<ItemIndex>(item), weights_[item]);
  }
}

void Popularity::contributions(History, TimeMs, ItemIndex, std::span<double>) const {}

void Popularity::save(ModelWriter& writer) const {
  writer.number(options_.window);
  writer.number(options_.half_life);
  writer.numbers(weights_);
}

Popularity Popularity::load(ModelReader& reader) {
  Popularity model;
  model.options_.window = reader.number<TimeMs>();
  model.options_.half_life = reader.number<TimeMs>();
  model.weights_ = reader.numbers<double>();
  return model;
}

}  // namespace footfall::models
