#include "footfall/events/row_numbers.h"

#include <gtest/gtest.h>

#include <vector>

#include "footfall/base/random.h"

namespace footfall::events {
namespace {

TEST(RowNumbers, AreThoseThatWereGiven) {
  base::Random random(4);
  for (const double breaks : {0.0, 0.01, 0.5, 1.0}) {
    RowNumbers rows;
    std::vector<std::uint32_t> expected;
    std::uint32_t row = 2;
    for (int i = 0; i < 3000; ++i) {
      if (random.chance(breaks)) row = static_cast<std::uint32_t>(random.below(50));
      rows.push_back(row);
      expected.push_back(row++);
    }
    ASSERT_EQ(rows.size(), expected.size());
    for (std::size_t event = 0; event < expected.size(); ++event) {
      ASSERT_EQ(rows[event], expected[event]) << event;
    }
  }
}

TEST(RowNumbers, EndWhereThirtyTwoBitsDo) {
  RowNumbers rows;
  for (int i = 0; i < 3; ++i) rows.push_back(UINT32_MAX);  // What later rows are counted as.
  rows.push_back(0);
  EXPECT_EQ(rows[0], UINT32_MAX);
  EXPECT_EQ(rows[2], UINT32_MAX);
  EXPECT_EQ(rows[3], 0u);
}

}  // namespace
}  // namespace footfall::events
