#include "footfall/events/harvest.h"

#include <gtest/gtest.h>

namespace footfall::events {
namespace {

void add_events(Harvest& harvest, std::size_t count) {
  NewEvent event;
  event.user = harvest.users.text("a");
  event.type = kViewItem;
  for (std::size_t i = 0; i < count; ++i) {
    event.time = static_cast<base::TimeMs>(harvest.batch.size());
    event.known_time = event.time;
    harvest.add_event(event);
  }
}

TEST(Harvest, ExpectsTheMemoryThatEventsFill) {
  Harvest harvest({});
  add_events(harvest, 10);
  const std::vector<std::span<std::byte>> room = harvest.expect(1000).reading;
  const auto* const times = reinterpret_cast<const std::byte*>(harvest.batch.times.data());
  EXPECT_EQ(room.front().data(), times + 10 * sizeof(base::TimeMs)) << "behind what is there";
  EXPECT_EQ(room.front().size(), 1000 * sizeof(base::TimeMs));
  std::size_t bytes = 0;
  for (const auto& column : room) bytes += column.size();
  EXPECT_EQ(bytes, 1000u * (8 + 4 + 1 + 4 + 1)) << "times users types items flags";
  add_events(harvest, 1000);
  EXPECT_EQ(reinterpret_cast<const std::byte*>(harvest.batch.times.data()), times);
}

TEST(Harvest, ExpectsEventsLikeThoseThatAreThere) {
  Harvest harvest({});
  add_events(harvest, 3);
  NewEvent purchase;
  purchase.user = harvest.users.text("a");
  purchase.type = kPurchase;
  purchase.order = harvest.orders.text("7");
  purchase.event_id = 7;
  harvest.add_event(purchase);
  harvest.add_line({});
  const ColumnRoom room = harvest.expect(996);
  ASSERT_EQ(room.reading.size(), 5u + 3 + 6);
  EXPECT_EQ(room.reading[5].size(), 996 * sizeof(StringTable::Code)) << "orders";
  EXPECT_EQ(room.reading[6].size(), 996 * sizeof(std::uint64_t)) << "ids";
  EXPECT_EQ(room.reading[7].size(), 996 * sizeof(std::uint32_t)) << "starts of lines";
  EXPECT_EQ(room.reading[8].size(), 274 * sizeof(StringTable::Code)) << "a quarter, and a tenth";
  ASSERT_EQ(room.sealing.size(), 1u);
  EXPECT_EQ(room.sealing[0].size(), 1000 * sizeof(std::uint64_t)) << "digests";
}

// A folder of daily files: each file is expected by itself.
TEST(Harvest, MovesItsColumnsSeldomHoweverManyFilesThereAre) {
  Harvest harvest({});
  const base::TimeMs* before = nullptr;
  std::size_t moves = 0;
  for (int file = 0; file < 500; ++file) {
    harvest.expect(200);
    moves += harvest.batch.times.data() != before ? 1 : 0;
    before = harvest.batch.times.data();
    add_events(harvest, 200);
  }
  EXPECT_EQ(harvest.batch.size(), 100'000u);
  EXPECT_LE(moves, 12u);
}

TEST(Harvest, KnownTimesAreKeptFromTheFirstThatDiffers) {
  Harvest harvest({});
  add_events(harvest, 2);
  NewEvent event;
  event.user = harvest.users.text("a");
  event.type = kViewItem;
  event.time = 7;
  event.known_time = 9;
  harvest.add_event(event);
  add_events(harvest, 1);
  harvest.seal();
  EXPECT_EQ(harvest.batch.known_times, (base::Column<base::TimeMs>{0, 1, 9, 3}));
  EXPECT_EQ(harvest.batch.times, (base::Column<base::TimeMs>{0, 1, 7, 3}));
}

// EventBatch's own contract, however the batch was made.
TEST(Harvest, AnIdIsAKeyOnlyWhereItsFlagSaysSo) {
  Harvest harvest({});
  NewEvent event;
  event.user = harvest.users.text("a");
  event.type = kViewItem;
  event.event_id = 77;
  event.flags = kHasEventId;
  harvest.add_event(event);
  event.flags = 0;
  harvest.add_event(event);
  harvest.seal();
  EXPECT_EQ(harvest.batch.keys[0], 77u);
  EXPECT_EQ(harvest.batch.keys[1], harvest.batch.digests[1]);
  EXPECT_EQ(harvest.batch.digests[0], harvest.batch.digests[1]) << "the payload alone";
}

}  // namespace
}  // namespace footfall::events
