#include "footfall/store/arrangement.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "footfall/base/random.h"

namespace footfall::store {
namespace {

struct Events {
  std::vector<std::uint32_t> groups;
  std::vector<std::uint32_t> ranks;
  std::vector<base::TimeMs> times;
  std::vector<std::int64_t> sequences;
  std::vector<std::uint64_t> keys;
  std::vector<std::uint64_t> digests;

  ArrangedBy by() const { return {groups, ranks, times, sequences, keys, digests}; }
};

// Values from small ranges, so that every kind of tie occurs.
Events random_events(base::Random& random, std::size_t count, std::uint32_t groups) {
  Events events;
  const bool ranked = random.chance(0.5);
  const bool sequences = random.chance(0.5);
  const bool digests = random.chance(0.5);
  for (std::size_t i = 0; i < count; ++i) {
    events.groups.push_back(static_cast<std::uint32_t>(random.below(groups)));
    events.times.push_back(static_cast<base::TimeMs>(random.below(30)) - 10);
    events.keys.push_back(random.below(3));
    if (sequences) events.sequences.push_back(static_cast<std::int64_t>(random.below(3)) - 1);
    if (digests) events.digests.push_back(random.below(2));
  }
  if (!ranked) return events;
  events.ranks.resize(groups);
  std::iota(events.ranks.begin(), events.ranks.end(), 5u);
  for (std::size_t i = groups; i > 1; --i) {
    std::swap(events.ranks[i - 1], events.ranks[random.below(i)]);
  }
  return events;
}

// The definition.
std::vector<std::uint32_t> expected_order(const Events& events) {
  std::vector<std::uint32_t> order(events.groups.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto place = [&](std::uint32_t i) {
      const std::uint32_t group = events.groups[i];
      return std::tuple(events.ranks.empty() ? group : events.ranks[group], events.times[i],
                        events.sequences.empty() ? 0 : events.sequences[i], events.keys[i],
                        events.digests.empty() ? 0 : events.digests[i]);
    };
    return place(a) < place(b);
  });
  return order;
}

void expect_arranged_like_definition(const Events& events, std::size_t threads) {
  const std::vector<std::uint32_t> order = expected_order(events);
  Arrangement arrangement(events.by(), threads);
  ASSERT_EQ(arrangement.size(), order.size());
  Column<std::uint64_t> doubled;
  arrangement.apply(doubled, [&](std::size_t event) { return 2 * events.keys[event]; });
  Column<std::uint32_t> groups;
  arrangement.apply(groups, [&events](std::size_t event) { return events.groups[event]; });
  const Column<std::uint32_t> ranks = arrangement.take_ranks();
  const Column<base::TimeMs> times = arrangement.take_times();
  const Column<std::uint32_t> indices = arrangement.take_indices();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t event = order[i];
    ASSERT_EQ(indices[i], event);
    ASSERT_EQ(times[i], events.times[event]);
    ASSERT_EQ(groups[i], events.groups[event]);
    ASSERT_EQ(ranks[i], events.ranks.empty() ? groups[i] : events.ranks[groups[i]]);
    ASSERT_EQ(doubled[i], 2 * events.keys[event]);
  }
}

TEST(Arrangement, EqualsTheDefinition) {
  struct Case {
    const char* why;
    std::size_t events;
    std::uint32_t groups;
    std::size_t threads;
  };
  for (const Case& c :
       {Case{"nothing", 0, 1, 2}, Case{"one event", 1, 1, 2},
        Case{"one group holds all", 40'000, 1, 2},
        Case{"as many as have places of 16 bits", 65'536, 1, 2}, Case{"one more", 65'537, 1, 2},
        Case{"a bucket too large for places of 16 bits", 150'000, 3, 2},
        Case{"few events of few groups", 50, 7, 3}, Case{"many buckets", 200'000, 9'000, 2},
        Case{"more groups than a bucket's counts are worth", 30'000, 400'000, 2},
        Case{"one thread", 60'000, 3'000, 1}}) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      base::Random random(seed);
      expect_arranged_like_definition(random_events(random, c.events, c.groups), c.threads);
      if (HasFatalFailure()) FAIL() << c.why << ", seed " << seed;
    }
  }
}

TEST(Arrangement, GivesGroupsAndRanksBackEarly) {
  base::Random random(8);
  const Events events = random_events(random, 50'000, 4'000);
  Events given = events;
  int calls = 0;
  Arrangement arrangement(given.by(), 2, [&] {
    ++calls;
    std::fill(given.groups.begin(), given.groups.end(), 0xFFFFFFFF);
    std::fill(given.ranks.begin(), given.ranks.end(), 0xFFFFFFFF);
  });
  EXPECT_EQ(calls, 1);
  const std::vector<std::uint32_t> order = expected_order(events);
  const Column<std::uint32_t> indices = arrangement.take_indices();
  EXPECT_TRUE(std::equal(order.begin(), order.end(), indices.begin(), indices.end()));
}

// One bucket for all would be sorted by one thread, and would not fit its cache.
TEST(Arrangement, HasBucketsOfAFewThousandEvents) {
  base::Random random(9);
  Events events = random_events(random, 200'000, 50'000);
  events.ranks.clear();
  const Arrangement arrangement(events.by(), 2);
  EXPECT_GE(arrangement.bucket_count(), 6u);
  EXPECT_LE(arrangement.bucket_count(), 13u);
}

TEST(Arrangement, TakesTheLeastAndTheGreatestGroupTogether) {
  Events events;
  events.groups = {0xFFFFFFFF, 0, 0xFFFFFFFE, 0};
  events.times = {3, 2, 1, 1};
  events.keys = {1, 2, 3, 4};
  expect_arranged_like_definition(events, 2);
}

}  // namespace
}  // namespace footfall::store
