#include "footfall/store/event_sort.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <gtest/gtest.h>

#include "footfall/store/event_columns.h"
#include "footfall/store/random_timelines.h"

namespace footfall::store {
namespace {

// The definition: a stable sort by (user, time, sequence, key, digest).
std::vector<std::uint32_t> expected_order(const std::vector<PlainEvent>& events) {
  std::vector<std::uint32_t> order(events.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto rank = [&](const PlainEvent& e) {
      return std::tuple(e.user, e.time, e.sequence, e.key, e.digest);
    };
    return rank(events[a]) < rank(events[b]);
  });
  return order;
}

void expect_sorted_like_definition(const std::vector<PlainEvent>& events, std::size_t threads) {
  const std::vector<std::uint32_t> order = expected_order(events);
  std::vector<PlainEvent> sorted;
  for (const std::uint32_t i : order) sorted.push_back(events[i]);
  EventTable table = table_of(events);
  const Column<std::uint32_t> from = sort_events(table, threads);
  ASSERT_EQ(difference(table, table_of(sorted)), "");
  const bool was_sorted = std::is_sorted(order.begin(), order.end());
  const Column<std::uint32_t> expected(order.begin(), order.end());
  ASSERT_EQ(from, was_sorted ? Column<std::uint32_t>{} : expected);
  ASSERT_TRUE(is_sorted(table, threads));
}

TEST(EventSort, EqualsTheDefinitionOnRandomTables) {
  const std::uint64_t histories = test_histories();
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    RandomShape shape;
    shape.users = seed % 3 == 0 ? 1 : 1 + random.below(40);
    shape.instants = 1 + random.below(30);
    shape.id_times_differ = true;
    expect_sorted_like_definition(random_events(random, random.below(60), shape), 1 + seed % 3);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

TEST(EventSort, EqualsTheDefinitionOnLargeTables) {
  struct Case {
    const char* why;
    std::uint64_t users, instants;
    std::size_t events, threads;
  };
  for (const Case& c : {Case{"many buckets, two threads", 60'000, 500, 200'000, 2},
                        Case{"one user holds all", 1, 1'000, 100'000, 2},
                        Case{"users far apart, fewer than numbers", 900'000'000, 50, 50'000, 3}}) {
    base::Random random(7);
    RandomShape shape;
    shape.users = c.users;
    shape.instants = c.instants;
    expect_sorted_like_definition(random_events(random, c.events, shape), c.threads);
    if (HasFatalFailure()) FAIL() << c.why;
  }
}

TEST(EventSort, KeepsEmptyColumnsEmpty) {
  base::Random random(1);
  EventTable table = table_of(random_events(random, 100, {}));
  table.known_times.clear();
  table.sequences.clear();
  table.orders.clear();
  table.digests.clear();
  EXPECT_FALSE(sort_events(table, 2).empty());
  EXPECT_TRUE(table.known_times.empty() && table.sequences.empty() && table.orders.empty() &&
              table.digests.empty());
  EXPECT_TRUE(sort_events(table, 2).empty()) << "sorted already";
  EventTable nothing;
  EXPECT_TRUE(sort_events(nothing, 2).empty());
}

}  // namespace
}  // namespace footfall::store
