#include "footfall/store/timeline_merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "footfall/store/event_columns.h"
#include "footfall/store/event_sort.h"
#include "footfall/store/order_join.h"
#include "footfall/store/random_timelines.h"

namespace footfall::store {
namespace {

using Sources = std::vector<std::shared_ptr<const TimelineSource>>;

// One order as the definition in order_join.h has it.
struct PlainOrder {
  struct Line {
    PlainEvent part;
    std::uint64_t key = 0;
  };
  std::vector<Line> lines;
};

std::uint64_t line_key(const PlainEvent& part) {
  return (part.flags & events::kSequenceIsRow) != 0
             ? part.digest
             : base::hash_combine(part.key, part.lines[0].number);
}

EventCode order_kind(EventCode type) {
  return type == events::kFreeIssue ? EventCode{events::kPurchase} : type;
}

// Size: the definition in one piece, to be read from top to bottom.
// Settled events by brute force: for each (user, key) the survivor, for each order its lines.
EventTable settled_by_definition(const std::vector<PlainEvent>& events) {
  std::map<std::pair<UserNumber, std::uint64_t>, PlainEvent> whole;
  std::map<std::tuple<UserNumber, EventCode, std::uint64_t>, PlainOrder> orders;
  const auto rank = [](const PlainEvent& e) {
    return std::tuple(e.time, e.sequence, e.known_time, e.flags, e.digest);
  };
  for (const PlainEvent& event : events) {
    if ((event.flags & events::kOrderPart) == 0) {
      const auto [at, fresh] = whole.try_emplace({event.user, event.key}, event);
      if (fresh) continue;
      const BatchNumber batch = std::min(event.batch, at->second.batch);
      if (rank(event) < rank(at->second)) at->second = event;
      at->second.batch = batch;
      continue;
    }
    PlainOrder& order = orders[{event.user, order_kind(event.type), event.key}];
    bool known = false;
    for (PlainOrder::Line& line : order.lines) {
      if (line.key != line_key(event) || line.part.digest != event.digest) continue;
      known = true;
      line.part.lines[0].number = std::min(line.part.lines[0].number, event.lines[0].number);
      line.part.batch = std::min(line.part.batch, event.batch);
      line.part.known_time = std::min(line.part.known_time, event.known_time);
    }
    if (!known) order.lines.push_back({event, line_key(event)});
  }
  std::vector<PlainEvent> result;
  for (const auto& [key, event] : whole) result.push_back(event);
  std::map<std::tuple<UserNumber, EventCode, std::uint64_t>, PlainOrder> sorted_orders;
  for (auto& [key, order] : orders) {
    std::sort(order.lines.begin(), order.lines.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.part.time, a.part.lines[0].number, a.key, a.part.digest) <
             std::tuple(b.part.time, b.part.lines[0].number, b.key, b.part.digest);
    });
    PlainEvent event = order.lines[0].part;
    event.sequence = 0;
    event.lines.clear();
    event.digest = 0;
    event.type = events::kFreeIssue;
    for (const PlainOrder::Line& line : order.lines) {
      if ((line.part.lines[0].marks & events::kIssued) == 0) event.type = events::kPurchase;
      event.lines.push_back(line.part.lines[0]);
      event.digest =
          base::hash_combine(base::hash_combine(event.digest, line.key), line.part.digest);
      event.known_time = std::min(event.known_time, line.part.known_time);
      for (const auto& [name, code] : line.part.properties)
        event.properties.try_emplace(name, code);
    }
    result.push_back(event);
  }
  std::sort(result.begin(), result.end(), [](const PlainEvent& a, const PlainEvent& b) {
    return std::tuple(a.user, a.time, a.sequence, a.key, a.digest) <
           std::tuple(b.user, b.time, b.sequence, b.key, b.digest);
  });
  EventTable table = table_of(result);
  LineTable& lines = table.lines;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const PlainEvent& event = result[i];
    const auto order = orders.find({event.user, order_kind(event.type), event.key});
    for (std::size_t l = 0; l < event.lines.size(); ++l) {
      const bool joined = (event.flags & events::kOrderPart) != 0;
      const PlainEvent& part = joined ? order->second.lines[l].part : event;
      lines.times.push_back(part.time);
      lines.known_times.push_back(part.known_time);
      lines.keys.push_back(joined ? order->second.lines[l].key : 0);
      lines.digests.push_back(joined ? part.digest : 0);
      lines.batches.push_back(part.batch);
      for (PropertyTable& property : table.properties) {
        const auto own = part.properties.find(property.name);
        property.line_codes.push_back(own == part.properties.end() ? 0 : own->second);
      }
    }
  }
  normalise(table, 2);
  return table;
}

EventTable settled(const std::vector<PlainEvent>& events, std::size_t threads = 1) {
  EventTable table = table_of(events);
  settle(table, threads);
  return table;
}

RandomShape random_shape(base::Random& random) {
  RandomShape shape;
  shape.users = 1 + random.below(4);
  shape.instants = 1 + random.below(6);
  shape.contents = 1 + random.below(24);
  shape.id_times_differ = random.chance(0.5);
  shape.free_lines = random.chance(0.5);
  return shape;
}

TEST(Settle, EqualsTheDefinition) {
  const std::uint64_t histories = test_histories();
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    const RandomShape shape = random_shape(random);
    const std::vector<PlainEvent> events = random_events(random, random.below(40), shape);
    ASSERT_EQ(difference(settled(events, 1 + seed % 2), settled_by_definition(events)), "")
        << "seed " << seed;
  }
}

// So many events that threads share the table: persons and orders lie across the borders of what
// one thread does at a time.
TEST(Settle, EqualsTheDefinitionOnLargeTables) {
  base::Random random(1);
  RandomShape shape;
  shape.users = 100;
  shape.instants = 200;
  shape.contents = 2'000;
  const std::vector<PlainEvent> events = random_events(random, 150'000, shape);
  const EventTable expected = settled_by_definition(events);
  for (const std::size_t threads : {1, 3}) {
    EXPECT_EQ(difference(settled(events, threads), expected), "") << threads << " threads";
  }
}

TEST(Settle, AKeyOfZeroIsAKeyLikeAnyOther) {
  PlainEvent event;
  event.time = event.known_time = 5;
  EXPECT_EQ(settled({event, event}).size(), 1u);
}

TEST(Merge, OfAnyPartsInAnyOrderEqualsSettlingAllAtOnce) {
  const std::uint64_t histories = test_histories();
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    const RandomShape shape = random_shape(random);
    std::vector<std::vector<PlainEvent>> parts(1 + random.below(4));
    std::vector<PlainEvent> all;
    for (const PlainEvent& event : random_events(random, random.below(40), shape)) {
      parts[random.below(parts.size())].push_back(event);
      all.push_back(event);
    }
    std::vector<std::shared_ptr<const EventTable>> tables;
    for (const auto& part : parts) {
      tables.push_back(std::make_shared<const EventTable>(settled(part)));
    }
    Sources sources;
    while (!tables.empty()) {
      const std::size_t i = random.below(tables.size());
      sources.push_back(table_source(tables[i]));
      tables.erase(tables.begin() + static_cast<std::ptrdiff_t>(i));
    }
    MergeOptions options;
    options.chunk_events = 1 + random.below(20);
    const auto merged = merge_to_table(sources, options, base::silent_progress());
    ASSERT_TRUE(merged.ok());
    ASSERT_EQ(difference(*merged, settled_by_definition(all)), "") << "seed " << seed;
  }
}

TEST(Merge, WithoutOneBatchEqualsAShopThatNeverHadIt) {
  const std::uint64_t histories = test_histories() / 2;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    const RandomShape shape = random_shape(random);
    std::map<std::tuple<UserNumber, std::uint64_t, std::uint64_t>, std::set<BatchNumber>> brought;
    std::vector<PlainEvent> rest;
    std::vector<PlainEvent> all = random_events(random, random.below(40), shape);
    for (PlainEvent& event : all) {
      // An echo does not hold these, so here all copies are alike.
      event.known_time = event.time;
      event.sequence = 0;
      const bool part = (event.flags & events::kOrderPart) != 0;
      if (part && (event.flags & events::kSequenceIsRow) != 0) event.lines[0].number = 0;
      brought[{event.user, event.key, part ? line_key(event) : 0}].insert(event.batch);
      if (event.batch != 1) rest.push_back(event);
    }
    if (shape.id_times_differ) continue;
    const Sources sources{table_source(std::make_shared<const EventTable>(settled(all)))};
    MergeOptions options;
    options.filter = [&](MergeFacts& facts) {
      for (const BatchNumber batch : brought.at({facts.user, facts.key, facts.line_key})) {
        if (batch == 1) continue;
        if (facts.batch == 1) facts.batch = batch;
        return true;
      }
      return facts.batch != 1;
    };
    const auto merged = merge_to_table(sources, options, base::silent_progress());
    ASSERT_TRUE(merged.ok());
    ASSERT_EQ(difference(*merged, settled(rest)), "") << "seed " << seed;
  }
}

TEST(Merge, StopsWhenAsked) {
  std::atomic<bool> stop{true};
  class Stopped final : public base::Progress {
   public:
    explicit Stopped(const std::atomic<bool>* flag) : Progress(flag) {}
    void stage(const std::string&, std::int64_t, const std::string&) override {}
    void advance(std::int64_t) override {}
  } progress(&stop);
  base::Random random(1);
  const Sources sources{
      table_source(std::make_shared<const EventTable>(settled(random_events(random, 9, {}))))};
  const auto merged = merge_to_table(sources, {}, progress);
  ASSERT_FALSE(merged.ok());
  EXPECT_EQ(merged.error().code, base::ErrorCode::kInterrupted);
}

TEST(OrderJoin, Cases) {
  // A part: time, line number, digest; rows count where the number is 0.
  struct Case {
    const char* why;
    std::vector<std::tuple<base::TimeMs, std::uint32_t, std::uint64_t>> parts;
    Column<std::uint32_t> numbers;
    base::TimeMs time;
  };
  const std::vector<Case> cases = {
      {"lines stand by time, then number", {{20, 1, 7}, {10, 3, 8}, {10, 2, 9}}, {2, 3, 1}, 10},
      {"an equal line is one", {{10, 1, 7}, {10, 1, 7}, {10, 2, 8}}, {1, 2}, 10},
      {"equal content under another number is another line", {{10, 1, 7}, {10, 2, 7}}, {1, 2}, 10},
  };
  for (const Case& c : cases) {
    std::vector<PlainEvent> parts;
    for (const auto& [time, number, digest] : c.parts) {
      PlainEvent part;
      part.time = part.known_time = time;
      part.type = events::kPurchase;
      part.flags = events::kOrderPart | events::kHasEventId;
      part.key = 5;
      part.digest = digest;
      part.lines.push_back({1, 0, 1, 100, number, 0});
      parts.push_back(part);
    }
    EventTable table = table_of(parts);
    sort_events(table, 1);
    join_orders(table, 1);
    ASSERT_EQ(table.size(), 1u) << c.why;
    EXPECT_EQ(table.lines.numbers, c.numbers) << c.why;
    EXPECT_EQ(table.times[0], c.time) << c.why;
  }
}

}  // namespace
}  // namespace footfall::store
