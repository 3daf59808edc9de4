#include "footfall/analytics/event_marks.h"

#include <gtest/gtest.h>

#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

bool bit(const std::vector<std::uint64_t>& words, std::size_t index) {
  return (words[index / 64] >> (index % 64) & 1) != 0;
}

TEST(EventMarks, AreTheTypesOfTheSet) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    base::Random random(seed);
    EventSet set;
    for (std::uint64_t codes = random.below(13); codes > 0; --codes) {
      set.insert(static_cast<EventCode>(random.below(256)));
    }
    if (random.chance(0.5)) set = ~set;
    std::vector<EventCode> types(random.below(200));
    const std::vector<EventCode> some = (random.chance(0.5) ? set : ~set).codes();
    for (EventCode& type : types) {
      type = random.chance(0.3) && !some.empty() ? some[random.below(some.size())]
                                                 : static_cast<EventCode>(random.below(256));
    }
    const EventMarker marker(set);
    std::vector<std::uint64_t> words = {~std::uint64_t{0}};  // What was there does not matter.
    marker.mark(types, words);
    ASSERT_EQ(words.size(), (types.size() + 63) / 64);
    bool any = false;
    for (std::size_t i = 0; i < words.size() * 64; ++i) {
      ASSERT_EQ(bit(words, i), i < types.size() && set.contains(types[i])) << "seed " << seed;
      any = any || bit(words, i);
    }
    // A block that says nothing of its codes, and one that says them all.
    store::Block block;
    block.types = types;
    ASSERT_EQ(marker.any(block, 0, types.size()), any) << "seed " << seed;
    block.may_occur.reset();
    for (const EventCode type : types) block.may_occur.set(type);
    ASSERT_EQ(marker.any(block, 0, types.size()), any) << "seed " << seed;
  }
}

TEST(EventMarks, ServersInEveryFormOfColumn) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    base::Random random(seed);
    std::vector<std::uint8_t> flags(1 + random.below(300));
    const auto otherwise = static_cast<std::uint8_t>(random.below(4));
    std::vector<std::uint32_t> positions;
    std::vector<std::uint8_t> values;
    for (std::size_t i = 0; i < flags.size(); ++i) {
      flags[i] = otherwise;
      if (!random.chance(0.2)) continue;
      flags[i] = static_cast<std::uint8_t>(random.below(8));
      positions.push_back(static_cast<std::uint32_t>(i));
      values.push_back(flags[i]);
    }
    using Column = store::ColumnView<std::uint8_t>;
    const bool constant = positions.empty();
    const Column columns[] = {
        Column::dense(flags),
        constant ? Column::constant(otherwise) : Column::sparse(positions, values, otherwise)};
    const std::size_t first = random.below(flags.size());
    const std::size_t count = 1 + random.below(flags.size() - first);
    for (const Column& column : columns) {
      std::vector<std::uint64_t> words;
      const bool may = mark_servers(column, first, count, words);
      if (!may) words.assign((count + 63) / 64, 0);
      ASSERT_EQ(words.size(), (count + 63) / 64);
      for (std::size_t i = 0; i < words.size() * 64; ++i) {
        const bool server = i < count && (flags[first + i] & events::kServerOrigin) != 0;
        ASSERT_EQ(bit(words, i), server) << "seed " << seed << " event " << i;
      }
    }
  }
}

TEST(EventMarks, RunsCoverAllUsersAndCutNone) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    base::Random random(seed);
    const MadeBlock made(made_histories(random, {.people_max = 30}, 0), {0, 1000}, false);
    const std::size_t users = made.block.user_count();
    const std::size_t begin = random.below(users + 1);
    const std::size_t events_max = random.below(20);
    std::size_t next = begin;
    for_user_runs(made.block, begin, users, events_max, [&](std::size_t from, std::size_t to) {
      ASSERT_EQ(from, next);
      ASSERT_LT(from, to);
      const std::size_t events = made.block.offsets[to] - made.block.offsets[from];
      ASSERT_TRUE(events <= events_max || to == from + 1);
      next = to;
    });
    ASSERT_EQ(next, users);
  }
}

}  // namespace
}  // namespace footfall::analytics
