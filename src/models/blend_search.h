// Blend search: chooses a blend's settings on a validation split, never on the test.
//
// First each part's half-life (popularity: its window), by the part's own NDCG@k; then the weights,
// one at a time from the best part alone until no change helps. Weights are tried on each case's
// strongest candidates of every part, which is exact for what stands near the top.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "footfall/models/blend.h"
#include "footfall/models/next_basket.h"

namespace footfall::models {

struct BlendTrial {
  std::string what;  // "repeat half-life 60d", "weights 0.4 1 0.2 0.2".
  double ndcg = 0.0;
};

struct BlendChoice {
  BlendSettings settings;
  std::array<double, kBlendParts> part_ndcg{};  // Of each part alone, with its chosen setting.
  double blend_ndcg = 0.0;
  std::vector<BlendTrial> tried;
  bool stopped = false;  // `stop` said so: the best so far was kept.
};

struct BlendSearch {
  BlendSettings start;
  std::size_t k = 10;
  std::size_t threads = 1;
  std::size_t cases_max = 5'000;  // Cases beyond are not looked at.
  std::size_t candidates_a_part = 200;
  std::function<bool()> stop;  // Asked between trials; may be empty.
};

/// Without cases the starting settings come back. Equal NDCG keeps the setting tried first.
BlendChoice choose_blend(const NextBasketSplit& validation, const BlendSearch& search);

}  // namespace footfall::models
