#include "footfall/analytics/period_words.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <algorithm>
#include <map>
#include <vector>

#include "footfall/analytics/period_bits.h"
#include "footfall/base/random.h"

namespace footfall::analytics {
namespace {

// Runs the body once for each kind of vector that this machine has, and once without any.
template <typename Body>
void with_each_target(Body&& body) {
  for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
    const std::int64_t target = left & -left;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    SCOPED_TRACE(hwy::TargetName(target));
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

struct Timelines {
  Timelines(base::Random& random, std::size_t people, std::uint64_t events_max,
            std::uint64_t tick_max) {
    for (std::size_t person = 0; person < people; ++person) {
      const std::uint64_t count = random.below(events_max + 1);
      for (std::uint64_t i = 0; i < count; ++i) {
        ticks.push_back(static_cast<std::uint32_t>(random.below(tick_max + 1)));
      }
      std::sort(ticks.end() - static_cast<std::ptrdiff_t>(count), ticks.end());
      offsets.push_back(ticks.size());
    }
    ticks.shrink_to_fit();  // What is read beyond the end is found by the address sanitizer.
  }
  std::vector<std::uint32_t> ticks;
  std::vector<std::uint64_t> offsets{0};
};

// A machine of today has vectors: without this the test could pass and never look at them.
TEST(PeriodWords, SomeTargetIsNoScalarOne) {
#if defined(__x86_64__)
  EXPECT_NE(hwy::SupportedTargets() & HWY_TARGETS & ~HWY_SCALAR, 0);
#endif
}

TEST(PeriodWords, HaveABitForEachPeriod) {
  const PeriodSteps tens{3, 429496730, 32};  // (tick + 3) / 10.
  base::Random random(1);
  for (const std::uint64_t events_max : {1u, 5u, 17u, 70u}) {
    const Timelines made(random, 300, events_max, 636);
    std::vector<std::uint64_t> expected(300);
    for (std::size_t person = 0; person < expected.size(); ++person) {
      for (std::uint64_t i = made.offsets[person]; i < made.offsets[person + 1]; ++i) {
        expected[person] |= std::uint64_t{1} << (made.ticks[i] + 3) / 10;
      }
    }
    const std::uint32_t latest = *std::max_element(made.ticks.begin(), made.ticks.end());
    with_each_target([&] {
      std::vector<std::uint64_t> words(expected.size(), 7);
      EXPECT_EQ(make_period_words(made.ticks.data(), made.offsets, tens, words), latest);
      EXPECT_EQ(words, expected);
    });
  }
}

TEST(PeriodWords, AreCountedByCohort) {
  base::Random random(2);
  std::vector<std::uint64_t> words;
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> expected;
  std::uint64_t nobody = 0;
  for (int i = 0; i < 5000; ++i) {
    // Some cohorts get many more than a byte holds.
    std::uint64_t word = random() << random.below(i % 2 == 0 ? 3 : 64);
    if (random.chance(0.05)) word = 0;
    words.push_back(word);
    nobody += word == 0 ? 1 : 0;
    for (std::size_t n = 0; word != 0 && n < 64; ++n) {
      const auto cohort = static_cast<std::size_t>(std::countr_zero(word));
      if ((word >> n & 1) != 0) ++expected[{cohort, n - cohort}];
    }
  }
  // As many as fill a cohort's byte, and then one more call.
  words.insert(words.end(), 255, 1);
  words.push_back(3);
  expected[{0, 0}] += 256;
  ++expected[{0, 1}];
  with_each_target([&] {
    CohortCounts counts;
    EXPECT_EQ(counts.add(std::span(words).first(words.size() - 1)), nobody);
    EXPECT_EQ(counts.add(std::span(words).last(1)), 0u);
    std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> found;
    counts.drain([&](std::size_t cohort, std::size_t n, std::uint64_t count) {
      found[{cohort, n}] = count;
    });
    EXPECT_EQ(found, expected);
    counts.drain([](auto...) { ADD_FAILURE() << "what was drained is forgotten"; });
  });
}

// Steps are offered only where they give what the table gives, at every boundary.
TEST(PeriodWords, StepsEqualTheCalendar) {
  struct Case {
    const char* zone;
    PeriodUnit unit;
    base::TimeMs from;
    int days;
    bool steps;
  };
  const base::TimeMs january = 19723 * base::kDayMs;  // 2024-01-01.
  const Case cases[] = {
      {"UTC", PeriodUnit::kWeek, january, 420, true},
      {"UTC", PeriodUnit::kDay, january + 12345000, 60, true},
      {"Europe/London", PeriodUnit::kWeek, january, 80, true},
      {"Europe/London", PeriodUnit::kWeek, january, 200, false},  // The clock is changed.
      {"Asia/Kathmandu", PeriodUnit::kDay, january, 61, true},
      {"UTC", PeriodUnit::kMonth, january, 200, false},  // Not all are of one length.
  };
  for (const Case& test : cases) {
    const Calendar calendar{base::Zone::open(test.zone).value(), test.unit, 1};
    const store::TickScale scale{test.from, 1000};
    PeriodTable<std::uint32_t> table(calendar, scale);
    const auto last = static_cast<std::uint32_t>(test.days * (base::kDayMs / 1000));
    table.cover(last);
    PeriodBits<std::uint32_t> bits;
    bits.copy(table);
    ASSERT_TRUE(bits.covers(last)) << test.zone;
    ASSERT_EQ(bits.steps().has_value(), test.steps) << test.zone << " " << test.days;
    if (!test.steps) continue;
    const auto check = [&](std::uint32_t tick) {
      ASSERT_EQ(bits.steps()->period(tick),
                static_cast<std::uint64_t>(table.period(tick) - table.first()))
          << test.zone << " tick " << tick;
    };
    for (std::uint32_t tick = 0; tick <= last; tick += 599) check(tick);
    for (const auto& cell : table.cells()) {
      if (cell.periods[0] == cell.periods[1] || cell.boundary > last) continue;
      check(cell.boundary);
      check(cell.boundary - 1);
    }
    check(last);
  }
}

}  // namespace
}  // namespace footfall::analytics
