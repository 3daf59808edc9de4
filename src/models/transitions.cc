#include "footfall/models/transitions.h"

#include <algorithm>
#include <cmath>

namespace footfall::models {

Transitions Transitions::fit(const Interactions& interactions, const TransitionOptions& options,
                             std::size_t threads) {
  Transitions model;
  model.options_ = options;
  const Baskets baskets(interactions);
  const auto share = [&](std::size_t basket) {
    return 1.0 / std::sqrt(static_cast<double>(baskets.items(basket).size()));
  };
  std::vector<double> divisors(interactions.item_count(), 0.0);
  for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
    for (const ItemIndex item : baskets.items(basket)) divisors[item] += share(basket);
  }
  for (double& divisor : divisors) {
    divisor = std::pow(divisor + options.shrinkage, options.source_exponent);
  }

  ItemGraph::Recipe recipe;
  recipe.edges_max = options.edges_max;
  recipe.gather = [&](ItemIndex source, ItemGraph::Row& row) {
    for (const std::uint32_t basket : baskets.with_item(source)) {
      const std::size_t end =
          std::min(baskets.user_end(basket),
                   std::size_t{basket} + 1 + static_cast<std::size_t>(options.baskets_max));
      double weight = share(basket);
      for (std::size_t later = std::size_t{basket} + 1; later < end; ++later) {
        const TimeMs gap = baskets.time(later) - baskets.time(basket);
        if (gap > options.horizon) break;
        const double seen = weight * fading(gap, options.gap_half_life);
        for (const ItemIndex target : baskets.items(later)) row.add(target, seen);
        weight *= options.step_decay;
      }
    }
  };
  recipe.finish = [&](ItemIndex source, ItemIndex, double weight) {
    return weight / divisors[source];
  };
  model.graph_ = ItemGraph::build(interactions.item_count(), recipe, threads);
  return model;
}

void Transitions::score(History history, TimeMs at, Scores& scores) const {
  graph_.score(history, at, options_.half_life, scores);
}

void Transitions::contributions(History history, TimeMs at, ItemIndex item,
                                std::span<double> by_event) const {
  graph_.contributions(history, at, options_.half_life, item, by_event);
}

void Transitions::save(ModelWriter& writer) const {
  writer.number<std::int32_t>(options_.baskets_max);
  writer.number(options_.horizon);
  writer.number(options_.gap_half_life);
  writer.number(options_.step_decay);
  writer.number(options_.shrinkage);
  writer.number(options_.source_exponent);
  writer.number<std::uint64_t>(options_.edges_max);
  writer.number(options_.half_life);
  graph_.save(writer);
}

Transitions Transitions::load(ModelReader& reader) {
  Transitions model;
  model.options_.baskets_max = reader.number<std::int32_t>();
  model.options_.horizon = reader.number<TimeMs>();
  model.options_.gap_half_life = reader.number<TimeMs>();
  model.options_.step_decay = reader.number<double>();
  model.options_.shrinkage = reader.number<double>();
  model.options_.source_exponent = reader.number<double>();
  model.options_.edges_max = reader.number<std::uint64_t>();
  model.options_.half_life = reader.number<TimeMs>();
  model.graph_ = ItemGraph::load(reader);
  return model;
}

}  // namespace footfall::models
