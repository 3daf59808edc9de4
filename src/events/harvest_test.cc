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
  const auto room = harvest.expect(1000);
  const auto* const times = reinterpret_cast<const std::byte*>(harvest.batch.times.data());
  EXPECT_EQ(room.front().data(), times + 10 * sizeof(base::TimeMs)) << "behind what is there";
  EXPECT_EQ(room.front().size(), 1000 * sizeof(base::TimeMs));
  std::size_t bytes = 0;
  for (const auto& column : room) bytes += column.size();
  EXPECT_EQ(bytes, 1000u * (8 + 4 + 1 + 4 + 1 + 4)) << "times users types items flags rows";
  add_events(harvest, 1000);
  EXPECT_EQ(reinterpret_cast<const std::byte*>(harvest.batch.times.data()), times);
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

}  // namespace
}  // namespace footfall::events
