#include "footfall/store/tick_divisor.h"

#include <gtest/gtest.h>

#include "footfall/base/random.h"

namespace footfall::store {
namespace {

TEST(TickDivisor, DividesAsTheProcessorDoes) {
  base::Random random(1);
  std::vector<std::uint64_t> divisors = {
      1, 2, 3, 1000, 60'000, 86'400'000, (std::uint64_t{1} << 63), ~std::uint64_t{0}};
  for (int i = 0; i < 200; ++i) divisors.push_back((random() >> random.below(64)) | 1);
  for (const std::uint64_t divisor : divisors) {
    const TickDivisor ticks(divisor);
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t value = random() >> random.below(64);
      ASSERT_EQ(ticks.divides(value), value % divisor == 0) << value << " by " << divisor;
      const std::uint64_t multiple = value / divisor * divisor;
      ASSERT_TRUE(ticks.divides(multiple));
      ASSERT_EQ(ticks.quotient(multiple), value / divisor) << multiple << " by " << divisor;
    }
  }
}

}  // namespace
}  // namespace footfall::store
