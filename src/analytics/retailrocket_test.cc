// The public retailrocket events, outside the repository: numbers that other code gave as well.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "footfall/analytics/funnel.h"
#include "footfall/analytics/sessions.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {
namespace {

std::string events_file() {
  const char* folder = std::getenv("FOOTFALL_DATA");
  return std::string(folder == nullptr ? "../shared/data" : folder) +
         "/retailrocket/events.csv.zst";
}

// Events in the order of (time, row); empty when the file cannot be read.
std::vector<store::BuilderEvent> read_events() {
  std::vector<store::BuilderEvent> events;
  FILE* const input = popen(("zstd -dc '" + events_file() + "'").c_str(), "r");
  if (input == nullptr) return events;
  char line[256];
  while (std::fgets(line, sizeof line, input) != nullptr) {
    unsigned user = 0;
    unsigned item = 0;
    char behaviour[16] = "";
    long long seconds = 0;
    if (std::sscanf(line, "%lld,%u,%u,%15[a-z]", &seconds, &user, &item, behaviour) != 4) continue;
    const std::string name = behaviour;
    const events::EventCode type = name == "view"   ? events::kViewItem
                                   : name == "cart" ? events::kAddToCart
                                                    : events::kPurchase;
    events.push_back({.user = user, .time = seconds * 1000, .type = type, .item = item + 1});
  }
  pclose(input);
  return events;
}

class Retailrocket : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(events_file())) GTEST_SKIP() << "no " << events_file();
    owned_ = store::build_block(read_events());
    ASSERT_EQ(owned_.block.event_count(), 97'381u);
    ASSERT_EQ(owned_.block.user_count(), 2'174u);
  }
  store::OwnedBlock owned_;
};

TEST_F(Retailrocket, FunnelOfViewCartBuy) {
  struct Row {
    base::TimeMs window_ms;
    std::uint64_t best[2];
    std::uint64_t first[2];
  };
  const Row rows[] = {{30 * base::kMinuteMs, {1640, 1221}, {1067, 668}},
                      {base::kDayMs, {1750, 1638}, {1412, 1275}},
                      {7 * base::kDayMs, {1786, 1709}, {1554, 1452}},
                      {kNoWindow, {1812, 1749}, {1812, 1749}}};
  for (const Row& row : rows) {
    for (const FunnelEntry entry : {FunnelEntry::kBestChain, FunnelEntry::kFirstEntry}) {
      const FunnelSpec spec{
          .steps = {{events::kViewItem}, {events::kAddToCart}, {events::kPurchase}},
          .window_ms = row.window_ms,
          .entry = entry};
      const Funnel funnel = Funnel::create(spec).value();
      FunnelPartial partial;
      funnel.fold(partial, owned_.block, 0, owned_.block.user_count());
      const FunnelAnswer answer = funnel.finish(partial);
      const auto& expected = entry == FunnelEntry::kBestChain ? row.best : row.first;
      EXPECT_EQ(answer.steps[0].persons, 2'083u);
      EXPECT_EQ(answer.steps[1].persons, expected[0]) << row.window_ms;
      EXPECT_EQ(answer.steps[2].persons, expected[1]) << row.window_ms;
    }
  }
}

TEST_F(Retailrocket, SessionsOfThirtyMinutes) {
  for (const SessionBound bound : {SessionBound::kGe, SessionBound::kGt}) {
    SessionSpec spec;
    spec.rule.bound = bound;
    const Sessions sessions = Sessions::create(spec).value();
    SessionPartial partial;
    sessions.fold(partial, owned_.block, 0, owned_.block.user_count());
    const SessionAnswer answer = sessions.finish(std::move(partial));
    EXPECT_EQ(answer.rows[0].counts.sessions, bound == SessionBound::kGe ? 15'880u : 15'877u);
  }
}

}  // namespace
}  // namespace footfall::analytics
