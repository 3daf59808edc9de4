#include "footfall/events/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

namespace footfall::events {
namespace {

using testing::EndsWith;

GeneratorOptions small() {
  GeneratorOptions options;
  options.events = 200'000;
  options.users = 5'000;
  return options;
}

bool equal(const GeneratedEvent& a, const GeneratedEvent& b) {
  return std::tie(a.second, a.user, a.item, a.type, a.quantity) ==
         std::tie(b.second, b.user, b.item, b.type, b.quantity);
}

TEST(Generator, RefusesWhatCannotBe) {
  struct Case {
    const char* why;
    GeneratorOptions options;
    const char* message_end;
  };
  const auto with = [](auto set) {
    GeneratorOptions options = small();
    set(options);
    return options;
  };
  const Case cases[] = {
      {"no events", with([](auto& o) { o.events = 0; }), ": 0"},
      {"no users", with([](auto& o) { o.users = 0; }), ": 0"},
      {"more users than events", with([](auto& o) { o.users = 200'001; }), ": 200001"},
      {"no days", with([](auto& o) { o.days = 0; }), ": 0"},
      {"negative days", with([](auto& o) { o.days = -1; }), ": -1"},
      {"no items", with([](auto& o) { o.items = 0; }), ": 0"},
      {"events beyond 32 bits", with([](auto& o) { o.events = 1ull << 40; }), ": 1099511627776"},
      {"one user cannot do it all", with([](auto& o) {
         o.users = 1;
         o.days = 1;
       }),
       ": 200000"},
  };
  for (const Case& c : cases) {
    const auto generator = Generator::create(c.options);
    ASSERT_FALSE(generator.ok()) << c.why;
    EXPECT_THAT(generator.error().message, EndsWith(c.message_end)) << c.why;
  }
}

TEST(Generator, TheSameSeedGivesTheSameEventsOnAnyNumberOfThreads) {
  const auto generator = Generator::create(small());
  const auto one = generator->stream(1);
  const auto three = generator->stream(3);
  ASSERT_EQ(one.size(), 200'000u);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), three.begin(), three.end(), equal));
  GeneratorOptions other = small();
  other.seed = 2;
  const auto different = Generator::create(other)->stream(1);
  EXPECT_FALSE(std::equal(one.begin(), one.end(), different.begin(), different.end(), equal));
}

// Sizes at the edges: every user there, seconds strictly rising, nothing outside the days.
TEST(Generator, KeepsItsPromisesAtAnySize) {
  struct Case {
    std::uint64_t events;
    std::uint64_t users;
    std::int64_t days;
    std::uint64_t items;
  };
  for (const Case& c :
       {Case{1, 1, 1, 1}, Case{1'000, 1'000, 1, 5}, Case{71, 1, 1, 3}, Case{6'000, 1, 90, 30'000},
        Case{50'000, 800, 2, 10}, Case{100'000, 20'000, 400, 1'000}}) {
    GeneratorOptions options;
    options.events = c.events;
    options.users = c.users;
    options.days = c.days;
    options.items = c.items;
    const auto generator = Generator::create(options);
    ASSERT_TRUE(generator.ok()) << c.events;
    const auto events = generator->stream(2);
    ASSERT_EQ(events.size(), c.events);
    std::map<std::uint32_t, std::uint32_t> last;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const GeneratedEvent& event = events[i];
      ASSERT_LT(event.second, c.days * 86'400);
      ASSERT_TRUE(event.user >= 1 && event.user <= c.users);
      ASSERT_TRUE(event.item >= 1 && event.item <= c.items);
      ASSERT_EQ(event.type == kPurchase, event.quantity > 0);
      ASSERT_GT(generator->price(event.item), 0);
      if (i > 0) {
        ASSERT_LE(std::tie(events[i - 1].second, events[i - 1].user),
                  std::tie(event.second, event.user));
      }
      const auto [seen, is_new] = last.try_emplace(event.user, event.second);
      if (!is_new) {
        ASSERT_GT(event.second, std::exchange(seen->second, event.second));
      }
    }
    EXPECT_EQ(last.size(), c.users);
  }
}

// The shares of the event mix it is calibrated on, within what the simplifications cost.
TEST(Generator, BehavesLikeTheShopsItWasCalibratedOn) {
  GeneratorOptions options;
  options.events = 500'000;
  options.users = 11'000;
  const auto generator = Generator::create(options);
  std::map<EventCode, double> types;
  std::vector<double> items(options.items, 0);
  std::vector<double> counts;
  double pauses_short = 0;
  double pauses = 0;
  double gaps = 0;
  for (std::uint32_t user = 1; user <= options.users; ++user) {
    std::vector<GeneratedEvent> events;
    generator->user_events(user, events);
    counts.push_back(static_cast<double>(events.size()));
    for (std::size_t i = 0; i < events.size(); ++i) {
      ++types[events[i].type];
      ++items[events[i].item - 1];
      if (i == 0) continue;
      ++gaps;
      const std::uint32_t gap = events[i].second - events[i - 1].second;
      if (gap >= 1'800) continue;
      ++pauses;
      if (gap <= 126) ++pauses_short;
    }
  }
  const auto total = static_cast<double>(options.events);
  EXPECT_NEAR(types[kViewItem] / total, 0.774, 0.02);
  EXPECT_NEAR(types[kAddToCart] / total, 0.128, 0.015);
  EXPECT_NEAR(types[kPurchase] / total, 0.098, 0.015);
  EXPECT_NEAR(pauses / gaps, 0.856, 0.04) << "gaps inside a session";
  EXPECT_NEAR(pauses_short / pauses, 0.5, 0.06) << "median pause 126 s";
  std::sort(items.begin(), items.end(), std::greater<>());
  std::sort(counts.begin(), counts.end(), std::greater<>());
  const auto share_of_first = [&](const std::vector<double>& sorted, double part) {
    const auto first = static_cast<std::ptrdiff_t>(static_cast<double>(sorted.size()) * part);
    return std::accumulate(sorted.begin(), sorted.begin() + first, 0.0) / total;
  };
  EXPECT_NEAR(share_of_first(items, 0.01), 0.099, 0.02);
  EXPECT_NEAR(share_of_first(items, 0.10), 0.394, 0.05);
  EXPECT_NEAR(share_of_first(counts, 0.01), 0.351, 0.06);
  EXPECT_NEAR(share_of_first(counts, 0.10), 0.772, 0.05);
}

}  // namespace
}  // namespace footfall::events
