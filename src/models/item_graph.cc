#include "footfall/models/item_graph.h"

#include <algorithm>
#include <memory>

#include "footfall/base/parallel.h"

namespace footfall::models {
namespace {

struct FinishedRow {
  std::vector<ItemIndex> targets;
  std::vector<float> weights;
  std::vector<std::uint32_t> supports;
};

struct Candidate {
  float weight;
  ItemIndex item;
};

bool stronger(const Candidate& a, const Candidate& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.item < b.item;
}

}  // namespace

ItemGraph ItemGraph::build(std::size_t item_count, const Recipe& recipe, std::size_t threads) {
  std::vector<FinishedRow> rows(item_count);
  std::vector<std::unique_ptr<Row>> scratch(std::max<std::size_t>(threads, 1));
  base::parallel_for(
      scratch.size(), item_count, 64, [&](std::size_t worker, std::size_t begin, std::size_t end) {
        if (scratch[worker] == nullptr) scratch[worker] = std::make_unique<Row>(item_count);
        Row& row = *scratch[worker];
        std::vector<Candidate> candidates;
        for (std::size_t i = begin; i < end; ++i) {
          const auto source = static_cast<ItemIndex>(i);
          recipe.gather(source, row);
          candidates.clear();
          for (const ItemIndex target : row.touched_) {
            const auto weight =
                static_cast<float>(recipe.finish(source, target, row.weights_[target]));
            if (weight > 0.0F) candidates.push_back({weight, target});
          }
          const std::size_t kept = std::min(recipe.edges_max, candidates.size());
          std::partial_sort(candidates.begin(),
                            candidates.begin() + static_cast<std::ptrdiff_t>(kept),
                            candidates.end(), stronger);
          candidates.resize(kept);
          for (const Candidate& candidate : candidates) {
            rows[i].targets.push_back(candidate.item);
            rows[i].weights.push_back(candidate.weight);
            rows[i].supports.push_back(row.supports_[candidate.item]);
          }
          for (const ItemIndex target : row.touched_) {
            row.weights_[target] = 0.0;
            row.supports_[target] = 0;
          }
          row.touched_.clear();
        }
      });
  ItemGraph graph;
  for (const FinishedRow& row : rows) {
    graph.targets_.insert(graph.targets_.end(), row.targets.begin(), row.targets.end());
    graph.weights_.insert(graph.weights_.end(), row.weights.begin(), row.weights.end());
    graph.supports_.insert(graph.supports_.end(), row.supports.begin(), row.supports.end());
    graph.starts_.push_back(graph.targets_.size());
  }
  return graph;
}

std::vector<ItemGraph::Edge> ItemGraph::edges(ItemIndex source) const {
  std::vector<Edge> edges;
  for (std::size_t edge = starts_[source]; edge < starts_[source + 1]; ++edge) {
    edges.push_back({targets_[edge], static_cast<double>(weights_[edge]), supports_[edge]});
  }
  return edges;
}

void ItemGraph::score(History history, TimeMs at, TimeMs half_life, Scores& scores) const {
  for (std::size_t event = 0; event < history.size(); ++event) {
    const double weight = fading(at - history.times[event], half_life);
    if (weight <= 0.0) continue;
    const ItemIndex source = history.items[event];
    for (std::size_t edge = starts_[source]; edge < starts_[source + 1]; ++edge) {
      scores.add(targets_[edge], weight * static_cast<double>(weights_[edge]));
    }
  }
}

void ItemGraph::contributions(History history, TimeMs at, TimeMs half_life, ItemIndex item,
                              std::span<double> by_event) const {
  for (std::size_t event = 0; event < history.size(); ++event) {
    const ItemIndex source = history.items[event];
    for (std::size_t edge = starts_[source]; edge < starts_[source + 1]; ++edge) {
      if (targets_[edge] != item) continue;
      by_event[event] +=
          fading(at - history.times[event], half_life) * static_cast<double>(weights_[edge]);
      break;
    }
  }
}

void ItemGraph::save(ModelWriter& writer) const {
  writer.numbers(starts_);
  writer.numbers(targets_);
  writer.numbers(weights_);
  writer.numbers(supports_);
}

ItemGraph ItemGraph::load(ModelReader& reader) {
  ItemGraph graph;
  graph.starts_ = reader.numbers<std::uint64_t>();
  graph.targets_ = reader.numbers<ItemIndex>();
  graph.weights_ = reader.numbers<float>();
  graph.supports_ = reader.numbers<std::uint32_t>();
  return graph;
}

bool ItemGraph::sound() const {
  if (starts_.empty() || starts_.front() != 0 || starts_.back() != targets_.size()) return false;
  if (weights_.size() != targets_.size() || supports_.size() != targets_.size()) return false;
  if (!std::is_sorted(starts_.begin(), starts_.end()) || !sound_weights(weights_)) return false;
  return std::all_of(targets_.begin(), targets_.end(),
                     [&](ItemIndex item) { return item < item_count(); });
}

}  // namespace footfall::models
