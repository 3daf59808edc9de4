#include "footfall/models/blend.h"

#include <algorithm>
#include <cmath>

#include "footfall/base/check.h"

namespace footfall::models {
namespace {

constexpr std::string_view kKind = "blend";
constexpr std::uint32_t kVersion = 1;

}  // namespace

std::string_view blend_part_name(std::size_t part) {
  constexpr std::array<std::string_view, kBlendParts> kNames{"popularity", "repeat", "transitions",
                                                             "copurchase"};
  return kNames[part];
}

Blend Blend::fit(const Interactions& interactions, TimeMs cut, const BlendSettings& settings,
                 std::size_t threads) {
  Blend blend;
  blend.settings_ = settings;
  blend.popularity_ = Popularity::fit(interactions, cut, settings.popularity);
  blend.repeat_ = Repeat::fit(interactions, settings.repeat);
  blend.transitions_ = Transitions::fit(interactions, settings.transitions, threads);
  blend.copurchase_ = Copurchase::fit(interactions, settings.copurchase, threads);
  return blend;
}

void Blend::set_half_life(std::size_t part, TimeMs half_life) {
  if (part == kRepeatPart) {
    repeat_.set_half_life(half_life);
    settings_.repeat.half_life = half_life;
  } else if (part == kTransitionsPart) {
    transitions_.set_half_life(half_life);
    settings_.transitions.half_life = half_life;
  } else if (part == kCopurchasePart) {
    copurchase_.set_half_life(half_life);
    settings_.copurchase.half_life = half_life;
  }
}

void Blend::set_popularity(Popularity popularity) {
  FOOTFALL_CHECK(popularity.weights().size() == item_count());
  popularity_ = std::move(popularity);
  settings_.popularity = popularity_.options();
}

const Ranker& Blend::part(std::size_t part) const {
  const std::array<const Ranker*, kBlendParts> parts{&popularity_, &repeat_, &transitions_,
                                                     &copurchase_};
  return *parts[part];
}

void Blend::score_part(std::size_t index, History history, TimeMs at, Scores& scores) const {
  scores.clear();
  part(index).score(history, at, scores);
}

void Blend::score(History history, TimeMs at, BlendScores& scores) const {
  std::fill(scores.values.begin(), scores.values.end(), 0.0);
  for (std::size_t index = 0; index < kBlendParts; ++index) {
    scores.factors[index] = 0.0;
    if (settings_.weights[index] <= 0.0) continue;
    score_part(index, history, at, scores.part);
    const double greatest = scores.part.greatest();
    if (greatest <= 0.0) continue;
    const double factor = settings_.weights[index] / greatest;
    scores.factors[index] = factor;
    const auto values = scores.part.values();
    for (const ItemIndex item : scores.part.touched()) {
      scores.values[item] += factor * values[item];
    }
  }
}

void Blend::contributions(History history, TimeMs at, ItemIndex item, const BlendScores& scores,
                          std::span<double> by_event) const {
  std::fill(by_event.begin(), by_event.end(), 0.0);
  std::vector<double> of_part(by_event.size());
  for (std::size_t index = 0; index < kBlendParts; ++index) {
    if (scores.factors[index] <= 0.0) continue;
    std::fill(of_part.begin(), of_part.end(), 0.0);
    part(index).contributions(history, at, item, of_part);
    for (std::size_t event = 0; event < by_event.size(); ++event) {
      by_event[event] += scores.factors[index] * of_part[event];
    }
  }
}

std::string Blend::save() const {
  ModelWriter writer;
  for (const double weight : settings_.weights) writer.number(weight);
  for (std::size_t index = 0; index < kBlendParts; ++index) part(index).save(writer);
  return writer.frame(kKind, kVersion);
}

base::Result<Blend> Blend::load(std::string_view bytes) {
  FOOTFALL_TRY(ModelReader reader, ModelReader::open(bytes, kKind, kVersion));
  Blend blend;
  for (double& weight : blend.settings_.weights) weight = reader.number<double>();
  blend.popularity_ = Popularity::load(reader);
  blend.repeat_ = Repeat::load(reader);
  blend.transitions_ = Transitions::load(reader);
  blend.copurchase_ = Copurchase::load(reader);
  const std::size_t items = blend.item_count();
  const bool fits = reader.finished() && sound_weights(blend.settings_.weights) &&
                    sound_weights(blend.popularity_.weights()) &&
                    sound_weights(blend.repeat_.rates()) && blend.repeat_.rates().size() == items &&
                    blend.transitions_.graph().sound() && blend.copurchase_.sound() &&
                    blend.transitions_.graph().item_count() == items &&
                    blend.copurchase_.graph().item_count() == items;
  if (!fits) return damaged_model(kKind);
  blend.settings_.popularity = blend.popularity_.options();
  blend.settings_.repeat = blend.repeat_.options();
  blend.settings_.transitions = blend.transitions_.options();
  blend.settings_.copurchase = blend.copurchase_.options();
  return blend;
}

}  // namespace footfall::models
