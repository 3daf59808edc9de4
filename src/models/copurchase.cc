#include "footfall/models/copurchase.h"

#include <cmath>

namespace footfall::models {
namespace {

double strength(Normalisation normalisation, double pair, double source, double target,
                double baskets) {
  switch (normalisation) {
    case Normalisation::kConditional:
      return pair / source;
    case Normalisation::kCosine:
      return pair / std::sqrt(source * target);
    case Normalisation::kLift:
      return pair * baskets / (source * target);
  }
  return 0.0;
}

}  // namespace

Copurchase Copurchase::fit(const Interactions& interactions, const CopurchaseOptions& options,
                           std::size_t threads) {
  Copurchase model;
  model.options_ = options;
  model.baskets_with_.assign(interactions.item_count(), 0);
  const Baskets baskets(interactions);
  std::uint64_t used = 0;
  for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
    if (baskets.items(basket).size() > options.basket_items_max) {
      ++model.baskets_left_out_;
      continue;
    }
    ++used;
    for (const ItemIndex item : baskets.items(basket)) ++model.baskets_with_[item];
  }

  ItemGraph::Recipe recipe;
  recipe.edges_max = options.edges_max;
  recipe.gather = [&](ItemIndex source, ItemGraph::Row& row) {
    for (const std::uint32_t basket : baskets.with_item(source)) {
      const auto items = baskets.items(basket);
      if (items.size() > options.basket_items_max) continue;
      for (const ItemIndex target : items) {
        if (target != source) row.add(target, 1.0);
      }
    }
  };
  recipe.finish = [&](ItemIndex source, ItemIndex target, double pair) {
    return strength(options.normalisation, pair, model.baskets_with_[source] + options.shrinkage,
                    model.baskets_with_[target] + options.shrinkage, static_cast<double>(used));
  };
  model.graph_ = ItemGraph::build(interactions.item_count(), recipe, threads);
  return model;
}

void Copurchase::score(History history, TimeMs at, Scores& scores) const {
  graph_.score(history, at, options_.half_life, scores);
}

void Copurchase::contributions(History history, TimeMs at, ItemIndex item,
                               std::span<double> by_event) const {
  graph_.contributions(history, at, options_.half_life, item, by_event);
}

void Copurchase::save(ModelWriter& writer) const {
  writer.number(static_cast<std::uint8_t>(options_.normalisation));
  writer.number(options_.shrinkage);
  writer.number<std::uint64_t>(options_.basket_items_max);
  writer.number<std::uint64_t>(options_.edges_max);
  writer.number(options_.half_life);
  graph_.save(writer);
  writer.numbers(baskets_with_);
  writer.number(baskets_left_out_);
}

Copurchase Copurchase::load(ModelReader& reader) {
  Copurchase model;
  model.options_.normalisation = static_cast<Normalisation>(reader.number<std::uint8_t>());
  model.options_.shrinkage = reader.number<double>();
  model.options_.basket_items_max = reader.number<std::uint64_t>();
  model.options_.edges_max = reader.number<std::uint64_t>();
  model.options_.half_life = reader.number<TimeMs>();
  model.graph_ = ItemGraph::load(reader);
  model.baskets_with_ = reader.numbers<std::uint32_t>();
  model.baskets_left_out_ = reader.number<std::uint64_t>();
  return model;
}

}  // namespace footfall::models
