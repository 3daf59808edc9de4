// ModelTrial: how well the models foretell what people buy next, on weeks they never saw.
//
// The time before the end H is cut in three: the last 28 days are the test, the 28 days before them
// the validation. Settings are chosen on the validation by models that know nothing of it; then the
// models are fitted on all before the test and are measured once on it. A purchase that is
// cancelled later is a purchase until then: what is learnt knows only what was known at its cut,
// and what is to be foretold is what stood at the end of its 28 days.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/models/blend_search.h"
#include "footfall/models/bootstrap.h"
#include "footfall/models/next_basket.h"

namespace footfall::engine {

inline constexpr std::size_t kTrialK = 10;
inline constexpr base::TimeMs kTrialWindow = 28 * base::kDayMs;
inline constexpr base::TimeMs kCatalogueWindow = 90 * base::kDayMs;

inline constexpr std::size_t kFigureCount = 3;
/// "hr@10", "ndcg@10", "recall@10".
inline constexpr std::array<const char*, kFigureCount> kFigureNames{"hr@10", "ndcg@10",
                                                                    "recall@10"};
using Figures = std::array<models::Interval, kFigureCount>;

/// The models that can be learnt, weakest assumption first; the blend is last.
const std::vector<std::string>& model_names();
/// The weights that make a blend the model of this name.
models::BlendWeights weights_of(const std::string& name, const models::BlendWeights& blended);

/// Purchases as they were known at the moments that a trial looks from, with the same users and
/// items: cancelled ones are in none of the moments after their cancellation.
struct KnownPurchases {
  models::Interactions at_validation_cut;
  models::Interactions at_cut;  // Where the test begins and the validation ends.
  models::Interactions at_end;  // H.
};

/// The moments of KnownPurchases for an end H, rising.
inline std::array<base::TimeMs, 3> trial_moments(base::TimeMs end) {
  return {end - 2 * kTrialWindow, end - kTrialWindow, end};
}

struct ModelFigures {
  std::string name;
  double validation_ndcg = 0.0;
  Figures test{};
  Figures new_items{};       // Items the person never bought before, those alone.
  Figures above_baseline{};  // Paired difference.
  Figures above_repeat{};    // Paired difference to the repeat model.
  double seconds = 0.0;
};

struct ModelTrial {
  models::BlendChoice choice;
  std::size_t cases = 0;  // Persons of the test; 0 = the test says nothing.
  std::size_t cases_left_out = 0;
  std::size_t new_item_cases = 0;
  std::size_t validation_cases = 0;
  std::size_t offered = 0;
  std::uint64_t targets = 0;
  std::uint64_t targets_not_offered = 0;
  base::TimeMs cut = 0;
  std::string baseline;  // "popularity (all time)" or "popularity (28 days)".
  Figures baseline_test{};
  Figures baseline_new_items{};
  std::vector<ModelFigures> models;  // One a name of model_names(), in its order.
};

struct TrialOptions {
  base::TimeMs end = 0;  // H.
  std::uint64_t seed = 1;
  std::size_t threads = 1;
  std::function<double()> clock;  // Seconds since some moment.
  std::function<bool()> stop;     // Asked between the trials of settings; true ends the search.
  std::function<bool()> interrupted = [] { return false; };  // Asked there and between models.
};

/// The error of work that `interrupted` ended: nothing was published.
base::Error interrupted_learning();

/// kInterrupted when `interrupted` says so.
base::Result<ModelTrial> try_models(const KnownPurchases& known, const TrialOptions& options);

}  // namespace footfall::engine
