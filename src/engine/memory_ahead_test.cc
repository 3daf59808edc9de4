#include "footfall/engine/memory_ahead.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "footfall/base/column.h"

namespace footfall::engine {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kMiB = std::size_t{1} << 20;

template <typename T>
std::span<std::byte> room_of(base::Column<T>& column) {
  return {reinterpret_cast<std::byte*>(column.data()), column.capacity() * sizeof(T)};
}

// The share of whole pages inside that are in memory.
double resident(std::span<const std::byte> memory) {
  const auto begin = (reinterpret_cast<std::uintptr_t>(memory.data()) + kPage - 1) / kPage * kPage;
  const auto end = reinterpret_cast<std::uintptr_t>(memory.data() + memory.size()) / kPage * kPage;
  std::vector<unsigned char> pages((end - begin) / kPage);
  EXPECT_EQ(::mincore(reinterpret_cast<void*>(begin), end - begin, pages.data()), 0);
  const auto there = std::count_if(pages.begin(), pages.end(), [](auto page) { return page & 1; });
  return static_cast<double>(there) / static_cast<double>(pages.size());
}

bool wait_for_all(std::span<const std::byte> memory) {
  for (int i = 0; i < 10'000; ++i) {
    if (resident(memory) == 1.0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(MemoryAhead, MapsAllColumnsToTheirEnds) {
  if (!base::kColumnsArePooled) GTEST_SKIP() << "under a sanitizer columns are on the heap";
  base::release_column_memory();
  base::Column<std::uint64_t> wide;
  base::Column<std::uint8_t> narrow;
  base::Column<std::uint8_t> small;
  base::Column<std::uint64_t> sealing;
  wide.reserve(70 * kMiB / 8 + 123);
  narrow.reserve(9 * kMiB + 57);
  small.reserve(kMiB);
  sealing.reserve(33 * kMiB / 8);
  EXPECT_LT(resident(room_of(wide)), 0.5) << "or this test shows nothing";
  const MemoryAhead ahead({{room_of(wide), room_of(narrow), room_of(small)}, {room_of(sealing)}},
                          0);
  EXPECT_TRUE(wait_for_all(room_of(wide)));
  EXPECT_TRUE(wait_for_all(room_of(narrow)));
  EXPECT_TRUE(wait_for_all(room_of(sealing)));
}

TEST(MemoryAhead, WhatComesLaterIsInThePool) {
  if (!base::kColumnsArePooled) GTEST_SKIP() << "under a sanitizer columns are on the heap";
  base::release_column_memory();
  base::Column<std::uint64_t> column;
  column.reserve(16 * kMiB / 8);
  double found = 0;
  for (int patience = 1; patience < 10'000 && found < 1; patience *= 3) {
    {
      const MemoryAhead ahead({{room_of(column)}, {}}, 24 * kMiB);
      ASSERT_TRUE(wait_for_all(room_of(column)));
      std::this_thread::sleep_for(std::chrono::milliseconds(patience));
    }
    base::Column<std::byte> later;
    later.reserve(24 * kMiB);
    found = resident(room_of(later));
  }
  EXPECT_EQ(found, 1.0);
}

// The thread that reads fills the columns meanwhile.
TEST(MemoryAhead, ChangesNoValueBesideAWriter) {
  for (int round = 0; round < 5; ++round) {
    base::Column<std::uint32_t> column;
    column.reserve(40 * kMiB / 4);
    const MemoryAhead ahead({{room_of(column)}, {}}, 0);
    for (std::uint32_t i = 0; i < column.capacity(); ++i) column.push_back(i);
    for (std::uint32_t i = 0; i < column.size(); ++i) ASSERT_EQ(column[i], i);
  }
}

TEST(MemoryAhead, StopsWhenItIsNoLongerWanted) {
  base::Column<std::uint64_t> column;
  column.reserve(800 * kMiB / 8);
  for (int round = 0; round < 3; ++round) {
    const MemoryAhead ahead({{room_of(column)}, {}}, base::kColumnPoolBytes);
  }
  const MemoryAhead nothing({{}, {room_of(column)}}, 100 * kMiB);
}

}  // namespace
}  // namespace footfall::engine
