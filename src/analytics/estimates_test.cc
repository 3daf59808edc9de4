#include "footfall/analytics/estimates.h"

#include <gtest/gtest.h>

#include "footfall/analytics/survival.h"

namespace footfall::analytics {
namespace {

TEST(Estimates, WilsonIntervalEqualsTextbookValues) {
  // R: prop.test(x, n, correct = FALSE)$conf.int
  const auto [low, high] = wilson_interval(10, 100);
  EXPECT_NEAR(low, 0.05522914, 1e-7);
  EXPECT_NEAR(high, 0.17436566, 1e-7);
  EXPECT_EQ(wilson_interval(0, 0), (std::pair{0.0, 1.0}));
  EXPECT_EQ(wilson_interval(0, 20).first, 0.0);
  EXPECT_NEAR(wilson_interval(0, 20).second, 0.16112516, 1e-7);
  EXPECT_EQ(wilson_interval(20, 20).second, 1.0);
}

TEST(Estimates, QuartilesAreValuesThatOccurred) {
  EXPECT_FALSE(summarize({}).has_value());
  const DurationSummary one = *summarize({7});
  EXPECT_EQ(one.lower_quartile, 7);
  EXPECT_EQ(one.median, 7);
  EXPECT_EQ(one.ninth_decile, 7);
  const DurationSummary ten = *summarize({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_EQ(ten.lower_quartile, 3) << "rank ceil(2.5)";
  EXPECT_EQ(ten.median, 5);
  EXPECT_EQ(ten.upper_quartile, 8);
  EXPECT_EQ(ten.ninth_decile, 9);
  EXPECT_DOUBLE_EQ(ten.mean, 5.5);
}

TEST(Survival, EqualsAnExampleByHand) {
  // Waits 1, 2+, 3, 3+, 5, 6+ within 6 ms: S = 5/6, x 3/4 at 3, x 1/2 at 5.
  Survival waits(6);
  for (const int length : {1, 3, 5}) waits.add_end(length);
  for (const int length : {2, 3, 6}) waits.add_censored(length);
  EXPECT_DOUBLE_EQ(waits.ended_share(), 1 - 5.0 / 6 * 3 / 4 / 2);
  // Greenwood's sum: 1/(6*5) + 1/(4*3) + 1/(2*1) = 0.616667; log(-log S) +- 1.96 sqrt(.)/|log S|.
  const auto [low, high] = *waits.ended_interval();
  EXPECT_NEAR(low, 0.266344, 1e-6);
  EXPECT_NEAR(high, 0.987327, 1e-6);
  waits.add_open(2);
  EXPECT_DOUBLE_EQ(waits.expected_ends(), 1 - 3.0 / 4 / 2);
  waits.add_open(6);
  EXPECT_DOUBLE_EQ(waits.expected_ends(), 1 - 3.0 / 4 / 2) << "at the window all is over";
}

TEST(Survival, MergesInAnyOrder) {
  Survival some(base::kDayMs);
  Survival others(base::kDayMs);
  some.add_end(5);
  others.add_censored(9 * base::kDayMs);
  Survival first;
  first.merge(some);
  first.merge(others);
  Survival second = others;
  second.merge(some);
  second.merge(Survival());
  EXPECT_EQ(first.ended_share(), second.ended_share());
  EXPECT_DOUBLE_EQ(first.ended_share(), 0.5);
}

TEST(Survival, WithoutEndsThereIsNoInterval) {
  Survival waits(10);
  EXPECT_FALSE(waits.ended_interval().has_value());
  waits.add_censored(3);
  EXPECT_FALSE(waits.ended_interval().has_value());
  EXPECT_EQ(waits.ended_share(), 0.0);
}

}  // namespace
}  // namespace footfall::analytics
