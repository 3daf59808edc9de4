#include "footfall/store/overlay.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "footfall/store/event_columns.h"
#include "footfall/store/random_timelines.h"
#include "footfall/store/segment_writer.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

const Columns kAll{true,
                   true,
                   true,
                   true,
                   true,
                   {"country", "device", "unheard of"},
                   {"country", "device", "unheard of"}};

// Everything a block says of its users, as text that can be compared.
std::map<UserNumber, std::string> told(const std::vector<Block>& blocks) {
  std::map<UserNumber, std::string> users;
  for (const Block& block : blocks) {
    EXPECT_EQ(block.offsets.size(), block.users.size() + 1);
    EXPECT_EQ(block.offsets.front(), 0u);
    EXPECT_EQ(block.offsets.back(), block.event_count());
    EXPECT_TRUE(std::is_sorted(block.users.begin(), block.users.end()));
    if (!block.lines.events.empty()) {
      EXPECT_EQ(block.lines.starts.size(), block.lines.events.size() + 1);
      EXPECT_EQ(block.lines.starts.front(), 0u);
      EXPECT_EQ(block.lines.starts.back(), block.lines.items.size());
    }
    std::size_t group = 0;
    for (std::size_t user = 0; user < block.user_count(); ++user) {
      std::string text;
      const auto say = [&](auto value) { text += std::to_string(value) + " "; };
      for (std::size_t i = block.offsets[user]; i < block.offsets[user + 1]; ++i) {
        say(block.time(i));
        say(block.types[i]);
        say(block.items[i]);
        say(block.orders.at(i));
        say(block.flags.at(i));
        say(block.batches.at(i));
        say(block.known_delays.at(i));
        for (const std::string& name : kAll.properties) say(block.property(name).at(i));
        if (group == block.lines.events.size() || block.lines.events[group] != i) continue;
        for (std::uint32_t l = block.lines.starts[group]; l < block.lines.starts[group + 1]; ++l) {
          say(block.lines.items[l]);
          say(block.lines.quantities[l]);
          say(block.lines.prices[l]);
          say(block.lines.marks[l]);
          say(block.lines.names.at(l));
          say(block.lines.batches.at(l));
          for (const std::string& name : kAll.line_properties) {
            const TextCode own = block.line_property(name).at(l);
            say(own == kSameAsEvent ? block.property(name).at(i) : own);
          }
        }
        ++group;
      }
      EXPECT_EQ(block.lines.first_group(block.offsets[user + 1]), group);
      EXPECT_TRUE(users.emplace(block.users[user], text).second) << "a user stands in two blocks";
    }
  }
  return users;
}

class OverlayTest : public testing::Test {
 protected:
  OverlayTest() {
    folder_ = fs::temp_directory_path() / ("footfall_overlay_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  ~OverlayTest() override { fs::remove_all(folder_); }

  std::shared_ptr<const Segment> segment(const std::vector<PlainEvent>& events) {
    EventTable table = table_of(events);
    settle(table, 1);
    const std::string path = folder_ / std::to_string(count_++);
    EXPECT_TRUE(write_segment(path, table, 2).ok());
    return *Segment::open(path, {});
  }
  std::shared_ptr<const EventTable> table(const std::vector<PlainEvent>& events) {
    EventTable result = table_of(events);
    settle(result, 1);
    return std::make_shared<const EventTable>(std::move(result));
  }

  fs::path folder_;
  int count_ = 0;
};

TEST_F(OverlayTest, EqualsABlockMadeFromScratch) {
  const std::uint64_t histories = std::min<std::uint64_t>(test_histories(), 20'000) / 40;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    RandomShape shape;
    shape.users = 1 + random.below(30);
    shape.instants = 1 + random.below(40);
    std::vector<std::vector<PlainEvent>> parts(random.below(5));
    std::vector<PlainEvent> all;
    std::vector<std::shared_ptr<const Segment>> segments;
    std::vector<std::shared_ptr<const EventTable>> tables;
    for (auto& part : parts) {
      part = random_events(random, random.below(60), shape);
      all.insert(all.end(), part.begin(), part.end());
      if (random.chance(0.5)) {
        segments.push_back(segment(part));
      } else {
        tables.push_back(table(part));
      }
    }
    const auto overlay = Overlay::create(segments, tables, 1 + seed % 2);
    ASSERT_TRUE(overlay.ok()) << overlay.error().message;
    const auto blocks = (*overlay)->blocks(kAll);
    ASSERT_TRUE(blocks.ok()) << blocks.error().message;
    const OwnedBlock scratch = make_block(table(all));
    ASSERT_EQ(told(*blocks), told({scratch.block})) << "seed " << seed;
    ASSERT_EQ((*overlay)->event_count(), scratch.block.event_count());
    ASSERT_EQ((*overlay)->user_count(), scratch.block.user_count());
    const auto again = (*overlay)->blocks(kAll);
    ASSERT_EQ(told(*again), told(*blocks)) << "what was kept says the same";
  }
}

TEST_F(OverlayTest, LongStretchesAreViewedWhereTheyLie) {
  base::Random random(2);
  RandomShape shape;
  shape.users = 60'000;
  shape.instants = 5'000;
  std::vector<PlainEvent> events = random_events(random, 500'000, shape);
  const auto large = segment(events);
  RandomShape few = shape;
  few.users = 1;
  std::vector<PlainEvent> tail = random_events(random, 20, few);
  for (std::size_t i = 0; i < tail.size(); ++i) {
    tail[i].user = static_cast<UserNumber>(i % 2 == 0 ? 90'000 : 90'012);
  }
  const auto overlay = Overlay::create({large}, {table(tail)}, 2);
  ASSERT_TRUE(overlay.ok());
  const auto blocks = (*overlay)->blocks(kAll);
  ASSERT_TRUE(blocks.ok());
  // Before the first hidden user, after the last, what lies between, and the merged ones.
  EXPECT_EQ(blocks->size(), 4u);
  const auto whole = large->block({});
  EXPECT_EQ((*blocks)[0].types.data(), whole->types.data());
  events.insert(events.end(), tail.begin(), tail.end());
  EXPECT_EQ(told(*blocks), told({make_block(table(events)).block}));
}

TEST(TableBlock, SlicesAndGathersEqualTheUsersOfTheBlock) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    base::Random random(seed);
    RandomShape shape;
    shape.users = 1 + random.below(12);
    EventTable table = table_of(random_events(random, 1 + random.below(60), shape));
    settle(table, 1);
    const OwnedBlock whole = make_block(std::make_shared<const EventTable>(table));
    const auto expected = told({whole.block});
    std::vector<Block> pieces;
    std::vector<OwnedBlock> owned;
    std::vector<UserRange> gathered;
    for (std::size_t from = 0; from < whole.block.user_count();) {
      const std::size_t to = from + 1 + random.below(whole.block.user_count() - from);
      if (random.chance(0.5)) {
        owned.push_back(slice_block(whole.block, {from, to}));
      } else {
        gathered.push_back({from, to});
      }
      from = to;
    }
    owned.push_back(gather_block(whole.block, gathered, 1 + seed % 2));
    for (const OwnedBlock& block : owned) pieces.push_back(block.block);
    ASSERT_EQ(told(pieces), expected) << "seed " << seed;
  }
}

TEST(TableBlock, TimesOfFarApartEventsAreWide) {
  PlainEvent first, last;
  last.user = 1;
  last.time = (base::TimeMs{1} << 33) + 1;
  first.key = 1;
  EventTable table = table_of({first, last});
  settle(table, 1);
  const OwnedBlock block = make_block(std::make_shared<const EventTable>(table));
  EXPECT_FALSE(block.block.wide) << "two instants are one step apart";
  PlainEvent middle;
  middle.time = 1;
  middle.key = 2;
  EventTable wide = table_of({first, middle, last});
  settle(wide, 1);
  const OwnedBlock wide_block = make_block(std::make_shared<const EventTable>(wide));
  EXPECT_TRUE(wide_block.block.wide);
  EXPECT_EQ(wide_block.block.time(2), last.time);
}

}  // namespace
}  // namespace footfall::store
