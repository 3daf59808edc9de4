#include "footfall/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace footfall::base {
namespace {

// Published test vector: splitmix64 with seed 1234567.
TEST(Mix64, EqualsSplitmix64) {
  const std::uint64_t expected[] = {6457827717110365317u, 3203168211198807973u,
                                    9817491932198370423u, 4593380528125082431u,
                                    16408922859458223821u};
  std::uint64_t state = 1234567;
  for (const std::uint64_t value : expected) {
    EXPECT_EQ(mix64(state), value);
    state += 0x9E3779B97F4A7C15u;
  }
}

// Recorded once; it must never change, or every seeded result of the past would.
TEST(Random, GivesTheSameNumbersForEver) {
  Random random(1);
  const std::array<std::uint64_t, 3> first = {random(), random(), random()};
  Random again(1);
  EXPECT_EQ(again(), first[0]);
  EXPECT_EQ(again(), first[1]);
  Random other(2);
  EXPECT_NE(other(), first[0]);
  EXPECT_EQ(first[0], 4665668604702890953u);
}

TEST(Random, BelowAndBetweenKeepTheirBounds) {
  Random random(9);
  std::array<int, 7> seen{};
  for (int i = 0; i < 70'000; ++i) ++seen[random.below(7)];
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 500);
  bool least = false;
  bool most = false;
  for (int i = 0; i < 1'000; ++i) {
    const std::int64_t value = random.between(-3, 3);
    ASSERT_GE(value, -3);
    ASSERT_LE(value, 3);
    least |= value == -3;
    most |= value == 3;
  }
  EXPECT_TRUE(least && most);
  EXPECT_EQ(random.between(5, 5), 5);
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  bool negative = false;
  bool positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t value = random.between(kLeast, kMost);
    negative |= value < 0;
    positive |= value > 0;
    ASSERT_GE(random.between(kLeast + 1, kMost), kLeast + 1);
  }
  EXPECT_TRUE(negative && positive);
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, DrawsFromTheNamedDistributions) {
  Random random(10);
  constexpr int kDraws = 200'000;
  double uniform = 0;
  double normal = 0;
  double normal_squares = 0;
  double exponential = 0;
  int chances = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    uniform += u;
    const double n = random.normal();
    ASSERT_TRUE(std::isfinite(n));
    normal += n;
    normal_squares += n * n;
    exponential += random.exponential(3.0);
    chances += random.chance(0.25) ? 1 : 0;
  }
  EXPECT_NEAR(uniform / kDraws, 0.5, 0.005);
  EXPECT_NEAR(normal / kDraws, 0.0, 0.01);
  EXPECT_NEAR(normal_squares / kDraws, 1.0, 0.02);
  EXPECT_NEAR(exponential / kDraws, 3.0, 0.05);
  EXPECT_NEAR(static_cast<double>(chances) / kDraws, 0.25, 0.005);
}

}  // namespace
}  // namespace footfall::base
