#include "footfall/models/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "footfall/base/random.h"

namespace footfall::models {
namespace {

TEST(Bootstrap, AgreesWithTheNormalIntervalOfAMean) {
  base::Random random(7);
  const std::size_t users = 2'000;
  std::vector<double> values;
  for (std::size_t i = 0; i < users; ++i) values.push_back(3.0 + 2.0 * random.normal());
  double mean = 0.0;
  double square = 0.0;
  for (const double value : values) mean += value / static_cast<double>(users);
  for (const double value : values) square += (value - mean) * (value - mean);
  const double error = std::sqrt(square / static_cast<double>(users)) / std::sqrt(users);
  const Interval interval = bootstrap_means(values, 1, {})[0];
  EXPECT_NEAR(interval.mean, mean, 1e-12);
  EXPECT_NEAR(interval.low, mean - 1.96 * error, 0.2 * error);
  EXPECT_NEAR(interval.high, mean + 1.96 * error, 0.2 * error);
}

TEST(Bootstrap, CoversTheTruthAboutAsOftenAsItSays) {
  base::Random random(11);
  int covered = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 80; ++i) values.push_back(random.chance(0.3) ? 1.0 : 0.0);
    const Interval interval =
        bootstrap_means(values, 1, {static_cast<std::uint64_t>(round), 500, 0.95})[0];
    covered += interval.low <= 0.3 && 0.3 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 270);
  EXPECT_LE(covered, 297);
}

TEST(Bootstrap, ADifferenceIsPairedSoWhatIsSharedFallsOut) {
  base::Random random(3);
  std::vector<double> a;
  std::vector<double> b;
  for (int i = 0; i < 300; ++i) {
    const double user = 10.0 * random.normal();
    a.push_back(user + 0.1);
    b.push_back(user);
  }
  const Interval difference = bootstrap_difference(a, b, {});
  EXPECT_NEAR(difference.low, 0.1, 1e-9);
  EXPECT_NEAR(difference.high, 0.1, 1e-9);
}

TEST(Bootstrap, SameSeedSameInterval) {
  const std::vector<double> values{0, 1, 1, 0, 1, 0, 0, 1, 5, 2};
  const Interval first = bootstrap_means(values, 1, {4, 200, 0.95})[0];
  const Interval again = bootstrap_means(values, 1, {4, 200, 0.95})[0];
  const Interval other = bootstrap_means(values, 1, {5, 200, 0.95})[0];
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
  EXPECT_TRUE(first.low != other.low || first.high != other.high);
}

TEST(Bootstrap, NoUsersAndOneUserAreNoErrors) {
  EXPECT_EQ(bootstrap_means({}, 2, {}).size(), 2u);
  const std::vector<double> one{2.0, 3.0};
  const auto intervals = bootstrap_means(one, 2, {});
  EXPECT_EQ(intervals[1].low, 3.0);
  EXPECT_EQ(intervals[1].high, 3.0);
}

}  // namespace
}  // namespace footfall::models
