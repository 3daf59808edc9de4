#include "footfall/store/judge.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "footfall/store/event_columns.h"
#include "footfall/store/event_sort.h"
#include "footfall/store/random_timelines.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

using Sources = std::vector<std::shared_ptr<const TimelineSource>>;

constexpr std::array<Population, 2> kPopulations{Population::kPeople, Population::kGuests};

struct Incoming {
  std::size_t population = 0;
  PlainEvent event;
};

bool is_part(const PlainEvent& event) {
  return (event.flags & events::kOrderPart) != 0;
}
bool has_id(const PlainEvent& event) {
  return (event.flags & events::kHasEventId) != 0;
}

std::uint64_t line_key(const PlainEvent& part) {
  return (part.flags & events::kSequenceIsRow) != 0
             ? part.digest
             : base::hash_combine(part.key, part.lines[0].number);
}

// What the shop has taken in, one thing after the other: the definition of a verdict.
class SlowShop {
 public:
  Verdict take(const Incoming& incoming) {
    const PlainEvent& event = incoming.event;
    const auto place = std::pair(incoming.population, event.user);
    if (!has_id(event)) {
      return plain_.insert({place.first, place.second, event.key}).second ? Verdict::kAccepted
                                                                          : Verdict::kDuplicate;
    }
    const auto [owner, fresh] = owners_.try_emplace(event.key, place, is_part(event));
    if (owner->second != std::pair(place, is_part(event))) return Verdict::kIdConflict;
    const std::uint64_t id = is_part(event) ? line_key(event) : 0;
    const auto [digest, first] = digests_.try_emplace({event.key, id}, event.digest);
    if (first) return Verdict::kAccepted;
    return digest->second == event.digest ? Verdict::kDuplicate : Verdict::kIdConflict;
  }

 private:
  std::set<std::tuple<std::size_t, UserNumber, std::uint64_t>> plain_;
  std::map<std::uint64_t, std::pair<std::pair<std::size_t, UserNumber>, bool>> owners_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> digests_;
};

// A shop as the store keeps it: batches judged, joined and kept as sources.
struct Shop {
  std::array<Sources, 2> sources;
  IdIndex ids;
  std::vector<Echo> echoes;
  std::vector<std::uint32_t> beside;  // beside_equal_items of both parts.

  // The verdicts in the batch's order.
  std::vector<Verdict> take(const std::vector<Incoming>& batch, std::size_t threads,
                            bool with_index) {
    std::array<EventTable, 2> tables;
    std::array<std::vector<std::uint32_t>, 2> rows;
    std::vector<JudgePart> parts;
    for (std::size_t p = 0; p < 2; ++p) {
      std::vector<PlainEvent> events;
      std::vector<std::uint32_t> places;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch[i].population != p) continue;
        events.push_back(batch[i].event);
        places.push_back(static_cast<std::uint32_t>(i));
      }
      tables[p] = table_of(events);
      const Column<std::uint32_t> order = sort_events(tables[p], threads);
      rows[p] = places;
      for (std::size_t i = 0; i < order.size(); ++i) rows[p][i] = places[order[i]];
      parts.push_back({&tables[p], rows[p], kPopulations[p], sources[p]});
    }
    JudgeOptions options;
    options.threads = threads;
    options.ids = with_index ? &ids : nullptr;
    const auto judged = judge(parts, options);
    EXPECT_TRUE(judged.ok());
    std::vector<Verdict> verdicts(batch.size());
    echoes.clear();
    beside.clear();
    for (std::size_t p = 0; p < 2; ++p) {
      for (std::size_t i = 0; i < rows[p].size(); ++i) {
        verdicts[rows[p][i]] = (*judged)[p].verdicts[i];
      }
      echoes.insert(echoes.end(), (*judged)[p].echoes.begin(), (*judged)[p].echoes.end());
      const auto& found = (*judged)[p].beside_equal_items;
      EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
      beside.insert(beside.end(), found.begin(), found.end());
      keep_events(tables[p], (*judged)[p].store, threads);
      settle(tables[p], threads);
      ids.add(tables[p], kPopulations[p]);
      sources[p].push_back(table_source(std::make_shared<const EventTable>(tables[p])));
    }
    return verdicts;
  }
};

std::vector<std::vector<Incoming>> random_batches(base::Random& random, bool conflicts) {
  RandomShape shape;
  shape.users = 1 + random.below(4);
  shape.instants = 1 + random.below(5);
  shape.contents = 1 + random.below(20);
  shape.id_times_differ = conflicts;
  shape.free_lines = conflicts;
  std::vector<std::vector<Incoming>> batches(1 + random.below(4));
  for (PlainEvent& event : random_events(random, random.below(50), shape)) {
    event.known_time = event.time;
    event.batch = 1;
    if (conflicts && has_id(event) && random.chance(0.3)) {
      event.key %= 5;
      if (random.chance(0.3)) event.digest ^= 64;
    }
    const std::size_t population = conflicts && random.chance(0.3) ? 1 : 0;
    batches[random.below(batches.size())].push_back({population, event});
  }
  return batches;
}

TEST(Judge, EqualsTakingOneEventAfterTheOther) {
  const std::uint64_t histories = test_histories();
  std::map<Verdict, int> seen;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    Shop shop;
    SlowShop slow;
    for (const auto& batch : random_batches(random, seed % 3 != 0)) {
      std::vector<Verdict> expected;
      for (const Incoming& event : batch) expected.push_back(slow.take(event));
      ASSERT_EQ(shop.take(batch, 1 + seed % 2, seed % 5 < 3), expected) << "seed " << seed;
      for (const Verdict verdict : expected) ++seen[verdict];
    }
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST(Judge, TellsOfUnnumberedLinesBesideEarlierOnesOfTheirItem) {
  std::size_t told = 0;
  for (std::uint64_t seed = 0; seed < std::min<std::uint64_t>(test_histories(), 20'000); ++seed) {
    base::Random random(seed);
    Shop shop;
    std::set<std::pair<std::uint64_t, ItemCode>> in_shop;  // Order and item.
    for (const auto& batch : random_batches(random, seed % 3 == 0)) {
      const std::vector<Verdict> verdicts = shop.take(batch, 1 + seed % 2, seed % 5 < 3);
      std::set<std::pair<std::uint64_t, ItemCode>> taken;
      std::set<std::uint32_t> expected;
      for (std::uint32_t i = 0; i < batch.size(); ++i) {
        const PlainEvent& event = batch[i].event;
        if (!is_part(event) || verdicts[i] != Verdict::kAccepted) continue;
        const auto item = std::pair(event.key, event.lines[0].item);
        taken.insert(item);
        if ((event.flags & events::kSequenceIsRow) != 0 && in_shop.contains(item)) {
          expected.insert(i);
        }
      }
      ASSERT_EQ(std::set<std::uint32_t>(shop.beside.begin(), shop.beside.end()), expected)
          << "seed " << seed;
      in_shop.insert(taken.begin(), taken.end());
      told += expected.size();
    }
  }
  EXPECT_GT(told, 100u);
}

TEST(Judge, WhatIsStoredDoesNotDependOnTheBatches) {
  const std::uint64_t histories = test_histories();
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    Shop shop;
    std::vector<PlainEvent> all;
    for (const auto& batch : random_batches(random, false)) {
      shop.take(batch, 1, true);
      for (const Incoming& incoming : batch) all.push_back(incoming.event);
    }
    EventTable expected = table_of(all);
    settle(expected, 1);
    const auto merged = merge_to_table(shop.sources[0], {}, base::silent_progress());
    ASSERT_TRUE(merged.ok());
    ASSERT_EQ(difference(*merged, expected), "") << "seed " << seed;
  }
}

TEST(Judge, EchoesAreTheDuplicatesOfTheShopOnceEach) {
  base::Random random(4);
  RandomShape shape;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<Incoming> first, second;
    std::set<std::tuple<UserNumber, std::uint64_t, std::uint64_t>> brought, expected;
    const auto id = [](const PlainEvent& e) {
      return std::tuple(e.user, e.key, is_part(e) ? line_key(e) : 0);
    };
    for (const PlainEvent& event : random_events(random, 20, shape)) {
      first.push_back({0, event});
      brought.insert(id(event));
    }
    for (const PlainEvent& event : random_events(random, 20, shape)) {
      second.push_back({0, event});
      if (brought.count(id(event)) > 0) expected.insert(id(event));
    }
    Shop shop;
    shop.take(first, 1, true);
    EXPECT_TRUE(shop.echoes.empty());
    shop.take(second, 2, true);
    std::set<std::tuple<UserNumber, std::uint64_t, std::uint64_t>> echoes;
    for (const Echo& echo : shop.echoes) {
      EXPECT_TRUE(echoes.insert({echo.user, echo.key, echo.line_key}).second);
    }
    ASSERT_EQ(echoes, expected);
  }
}

PlainEvent with_id(UserNumber user, std::uint64_t key, std::uint64_t digest) {
  PlainEvent event;
  event.user = user;
  event.time = event.known_time = static_cast<base::TimeMs>(digest);
  event.flags = events::kHasEventId;
  event.key = key;
  event.digest = digest;
  return event;
}

TEST(Judge, Cases) {
  using V = Verdict;
  struct Case {
    const char* why;
    std::vector<PlainEvent> shop, batch;
    std::vector<Verdict> verdicts;
  };
  const PlainEvent a = with_id(1, 10, 800);
  const PlainEvent changed = with_id(1, 10, 1600);
  const PlainEvent other_user = with_id(2, 10, 800);
  for (const Case& c : {
           Case{"the first row of a batch counts, whatever its time",
                {},
                {changed, a},
                {V::kAccepted, V::kIdConflict}},
           Case{"the shop comes before the batch",
                {a},
                {changed, a, changed},
                {V::kIdConflict, V::kDuplicate, V::kIdConflict}},
           Case{"an id belongs to one user", {other_user}, {a}, {V::kIdConflict}},
           Case{"also within a batch",
                {},
                {a, other_user, a},
                {V::kAccepted, V::kIdConflict, V::kDuplicate}},
       }) {
    const auto batch_of = [](const std::vector<PlainEvent>& events) {
      std::vector<Incoming> batch;
      for (const PlainEvent& event : events) batch.push_back({0, event});
      return batch;
    };
    Shop shop;
    shop.take(batch_of(c.shop), 1, true);
    EXPECT_EQ(shop.take(batch_of(c.batch), 1, true), c.verdicts) << c.why;
  }
}

TEST(IdIndex, FindsWhatWasPutIn) {
  base::Random random(1);
  IdIndex index;
  EXPECT_FALSE(index.find(0).has_value());
  std::map<std::uint64_t, IdIndex::Owner> expected;
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t key = i < 5'000 ? random.below(4'000) : random();
    const auto owner =
        IdIndex::owner(kPopulations[random.below(2)], static_cast<UserNumber>(random()),
                       random.chance(0.2), random());
    index.insert(key, owner);
    expected.try_emplace(key, owner);
  }
  EXPECT_EQ(index.size(), expected.size());
  EXPECT_LE(index.bytes(), expected.size() * 20 * 4);
  for (const auto& [key, owner] : expected) EXPECT_EQ(index.find(key), owner);
  EXPECT_FALSE(index.find(4'000).has_value());
}

}  // namespace
}  // namespace footfall::store
