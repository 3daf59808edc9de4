#include "footfall/analytics/estimates.h"

#include <algorithm>
#include <cmath>

namespace footfall::analytics {
namespace {

constexpr double kNormal975 = 1.959963984540054;

// The value of 1-based rank ceil(count * numerator / denominator).
base::TimeMs nearest_rank(std::vector<base::TimeMs>& values, std::size_t numerator,
                          std::size_t denominator) {
  const std::size_t rank = (values.size() * numerator + denominator - 1) / denominator;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

std::pair<double, double> wilson_interval(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return {0.0, 1.0};
  const double n = static_cast<double>(of);
  const double share = static_cast<double>(count) / n;
  const double z2 = kNormal975 * kNormal975;
  const double center = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half =
      kNormal975 * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  // At the ends the formula gives the end itself, but for rounding.
  return {count == 0 ? 0.0 : std::max(0.0, center - half),
          count == of ? 1.0 : std::min(1.0, center + half)};
}

std::optional<DurationSummary> summarize(std::vector<base::TimeMs> values) {
  if (values.empty()) return std::nullopt;
  // Whole numbers, so the sum is the same in every order.
  __int128_t sum = 0;
  for (const base::TimeMs value : values) sum += value;
  DurationSummary summary;
  summary.count = values.size();
  summary.mean = static_cast<double>(sum) / static_cast<double>(values.size());
  summary.lower_quartile = nearest_rank(values, 1, 4);
  summary.median = nearest_rank(values, 1, 2);
  summary.upper_quartile = nearest_rank(values, 3, 4);
  summary.ninth_decile = nearest_rank(values, 9, 10);
  return summary;
}

}  // namespace footfall::analytics
