// Blend: popularity, repeat, transitions and co-purchase added up with weights.
//
// Each part's scores are divided by its greatest score for the history, so that weights mean the
// same for a customer of ten years and one of a day:
//   score(j) = sum over parts p of weight_p * score_p(j) / greatest_p
// A part alone is the blend in which only its weight is not 0.
#pragma once

#include <array>
#include <string>

#include "footfall/models/copurchase.h"
#include "footfall/models/popularity.h"
#include "footfall/models/repeat.h"
#include "footfall/models/transitions.h"

namespace footfall::models {

enum BlendPart : std::size_t { kPopularityPart, kRepeatPart, kTransitionsPart, kCopurchasePart };
inline constexpr std::size_t kBlendParts = 4;
/// "popularity", "repeat", "transitions", "copurchase".
std::string_view blend_part_name(std::size_t part);

using BlendWeights = std::array<double, kBlendParts>;

struct BlendSettings {
  PopularityOptions popularity = {28 * base::kDayMs, 0};
  RepeatOptions repeat;
  TransitionOptions transitions;
  CopurchaseOptions copurchase;
  BlendWeights weights = {0.4, 1.0, 0.2, 0.2};  // Each >= 0, by BlendPart.
};

/// What scoring with a blend works in; made once a thread and used again.
struct BlendScores {
  explicit BlendScores(std::size_t item_count) : part(item_count), values(item_count, 0.0) {}
  Scores part;
  std::vector<double> values;  // One an item: the blended score.
  /// weight_p / greatest_p of the last history; 0 for parts that said nothing.
  std::array<double, kBlendParts> factors{};
};

/// Immutable while it is used; threads may share one.
class Blend {
 public:
  Blend() = default;
  static Blend fit(const Interactions& interactions, TimeMs cut, const BlendSettings& settings,
                   std::size_t threads);

  void set_weights(const BlendWeights& weights) { settings_.weights = weights; }
  /// Half-lives of the history, by part; popularity has none.
  void set_half_life(std::size_t part, TimeMs half_life);
  /// The counts of another window; the other parts stay.
  void set_popularity(Popularity popularity);

  void score(History history, TimeMs at, BlendScores& scores) const;
  /// One part's own scores, not divided; `scores` is cleared first.
  void score_part(std::size_t part, History history, TimeMs at, Scores& scores) const;
  /// by_event[e] = what event e gave to the blended score of `item`, with the factors of the last
  /// score() of this history.
  void contributions(History history, TimeMs at, ItemIndex item, const BlendScores& scores,
                     std::span<double> by_event) const;

  const Ranker& part(std::size_t part) const;
  const Popularity& popularity() const { return popularity_; }
  const Copurchase& copurchase() const { return copurchase_; }
  const BlendSettings& settings() const { return settings_; }
  std::size_t item_count() const { return popularity_.weights().size(); }

  std::string save() const;
  /// kDamaged when the bytes are not what save() wrote.
  static base::Result<Blend> load(std::string_view bytes);

 private:
  BlendSettings settings_;
  Popularity popularity_;
  Repeat repeat_;
  Transitions transitions_;
  Copurchase copurchase_;
};

}  // namespace footfall::models
