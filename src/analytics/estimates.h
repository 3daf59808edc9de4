// Estimates: intervals of shares, and quantiles of times.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "footfall/base/time.h"

namespace footfall::analytics {

/// The 95 % interval of a share (E. B. Wilson 1927, without continuity correction).
/// {0, 1} when `of` is 0: nothing is known.
std::pair<double, double> wilson_interval(std::uint64_t count, std::uint64_t of);

/// Quartiles by nearest rank: the least value that at least that share of the values does not
/// pass, so each is a value that occurred.
struct DurationSummary {
  std::uint64_t count = 0;
  base::TimeMs lower_quartile = 0;
  base::TimeMs median = 0;
  base::TimeMs upper_quartile = 0;
  base::TimeMs ninth_decile = 0;
  double mean = 0;
};

/// Nothing when there are no values. Their order does not matter; linear time.
std::optional<DurationSummary> summarize(std::vector<base::TimeMs> values);

}  // namespace footfall::analytics
