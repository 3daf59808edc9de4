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
  if (!kColumnsArePooled) GTEST_SKIP() << "under a sanitizer columns are on the heap";
  release_column_memory();
  constexpr std::size_t kPage = std::size_t{2} << 20;
  char* const first = static_cast<char*>(take_column_memory(12 * kPage));
  return_column_memory(first, 12 * kPage);
  EXPECT_EQ(take_column_memory(8 * kPage - 4096), first) << "the front of what is kept";
  EXPECT_EQ(take_column_memory(4 * kPage), first + 8 * kPage) << "and the rest of it";
  return_column_memory(first, 8 * kPage - 4096);
  return_column_memory(first + 8 * kPage, 4 * kPage);
  EXPECT_EQ(take_column_memory(12 * kPage), first) << "neighbours are one again";
  return_column_memory(first, 12 * kPage);
  // Parts given back in another order, around one that stays.
  char* const a = static_cast<char*>(take_column_memory(3 * kPage));
  char* const b = static_cast<char*>(take_column_memory(5 * kPage));
  char* const c = static_cast<char*>(take_column_memory(4 * kPage));
  return_column_memory(c, 4 * kPage);
  return_column_memory(a, 3 * kPage);
  EXPECT_EQ(take_column_memory(3 * kPage), a) << "the smallest that has room";
  return_column_memory(a, 3 * kPage);
  return_column_memory(b, 5 * kPage);
  EXPECT_EQ(take_column_memory(12 * kPage), first);
  return_column_memory(first, 12 * kPage);
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
