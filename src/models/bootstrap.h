// Bootstrap: intervals for means over users, by drawing the users again with a seed.
//
// Percentile intervals (B. Efron): the users are drawn with replacement `resamples` times; the ends
// are quantiles of the resampled means. Whole users are drawn, since one user's figures belong
// together; all columns of a table share each draw, so differences of columns are paired.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace footfall::models {

struct Interval {
  double mean = 0.0;
  double low = 0.0;
  double high = 0.0;
};

struct BootstrapOptions {
  std::uint64_t seed = 1;
  std::size_t resamples = 2'000;
  double level = 0.95;
};

/// One interval a column of a table with one row a user, row by row. No rows: all zeros.
std::vector<Interval> bootstrap_means(std::span<const double> table, std::size_t columns,
                                      const BootstrapOptions& options);

/// Interval of mean(a - b); a[u] and b[u] belong to the same user.
Interval bootstrap_difference(std::span<const double> a, std::span<const double> b,
                              const BootstrapOptions& options);

}  // namespace footfall::models
