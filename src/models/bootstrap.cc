#include "footfall/models/bootstrap.h"

#include <algorithm>

#include "footfall/base/check.h"
#include "footfall/base/random.h"

namespace footfall::models {
namespace {

// The quantile of sorted values, linear between neighbours.
double quantile(const std::vector<double>& sorted, double probability) {
  const double place = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

}  // namespace

std::vector<Interval> bootstrap_means(std::span<const double> table, std::size_t columns,
                                      const BootstrapOptions& options) {
  FOOTFALL_CHECK(columns >= 1 && table.size() % columns == 0 && options.resamples >= 1);
  std::vector<Interval> intervals(columns);
  const std::size_t users = table.size() / columns;
  if (users == 0) return intervals;
  const auto count = static_cast<double>(users);
  for (std::size_t user = 0; user < users; ++user) {
    for (std::size_t c = 0; c < columns; ++c) intervals[c].mean += table[user * columns + c];
  }
  for (Interval& interval : intervals) interval.mean /= count;

  base::Random random(options.seed);
  std::vector<std::vector<double>> means(columns, std::vector<double>(options.resamples));
  std::vector<double> sums(columns);
  for (std::size_t sample = 0; sample < options.resamples; ++sample) {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::size_t draw = 0; draw < users; ++draw) {
      const double* row = table.data() + random.below(users) * columns;
      for (std::size_t c = 0; c < columns; ++c) sums[c] += row[c];
    }
    for (std::size_t c = 0; c < columns; ++c) means[c][sample] = sums[c] / count;
  }
  const double tail = (1.0 - options.level) / 2.0;
  for (std::size_t c = 0; c < columns; ++c) {
    std::sort(means[c].begin(), means[c].end());
    intervals[c].low = quantile(means[c], tail);
    intervals[c].high = quantile(means[c], 1.0 - tail);
  }
  return intervals;
}

Interval bootstrap_difference(std::span<const double> a, std::span<const double> b,
                              const BootstrapOptions& options) {
  FOOTFALL_CHECK(a.size() == b.size());
  std::vector<double> differences(a.size());
  for (std::size_t user = 0; user < a.size(); ++user) differences[user] = a[user] - b[user];
  return bootstrap_means(differences, 1, options)[0];
}

}  // namespace footfall::models
