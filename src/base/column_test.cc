#include "footfall/base/column.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <thread>
#include <vector>

#include "footfall/base/random.h"

namespace footfall::base {
namespace {

constexpr std::size_t kLarge = 3'000'000;  // Of 8 bytes: beyond what the heap gives.

TEST(Column, HoldsWhatAVectorHolds) {
  Column<std::uint64_t> column;
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < kLarge; ++i) {
    column.push_back(mix64(i));
    expected.push_back(mix64(i));
  }
  column.resize(kLarge + 1000, 7);
  expected.resize(kLarge + 1000, 7);
  EXPECT_TRUE(std::equal(column.begin(), column.end(), expected.begin(), expected.end()));
  const Column<std::uint64_t> copy = column;
  column.assign(10, 3);
  EXPECT_EQ(copy.size(), expected.size());
  EXPECT_EQ(copy[5], expected[5]);
}

TEST(Column, MemoryServesAgainUntilItIsReleased) {
  release_column_memory();
  void* const first = take_column_memory(kLarge * 8);
  return_column_memory(first, kLarge * 8);
  EXPECT_EQ(take_column_memory(kLarge * 8 - 4096), first) << "a little less fits";
  return_column_memory(first, kLarge * 8 - 4096);
  void* const third = take_column_memory(kLarge * 8 / 3);
  EXPECT_NE(third, first) << "a column of a third of the size would waste the rest";
  return_column_memory(third, kLarge * 8 / 3);
  release_column_memory();
}

TEST(Column, ThreadsShareThePool) {
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    threads.emplace_back([seed] {
      Random random(seed);
      for (int i = 0; i < 60; ++i) {
        Column<std::uint32_t> column(1'000'000 + random.below(1'000'000));
        std::iota(column.begin(), column.end(), static_cast<std::uint32_t>(seed));
        ASSERT_EQ(column.back(), static_cast<std::uint32_t>(seed + column.size() - 1));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  release_column_memory();
}

}  // namespace
}  // namespace footfall::base
