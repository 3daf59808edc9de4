#include "footfall/analytics/sessions.h"

#include <gtest/gtest.h>

#include <map>

#include "footfall/analytics/random_timelines.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {
namespace {

constexpr store::EventCode kA = 1;
constexpr store::EventCode kServer = 2;
constexpr store::EventCode kProfile = events::kUserProfile;

SessionAnswer answer(const SessionSpec& spec, const store::Block& block) {
  const Sessions sessions = Sessions::create(spec).value();
  SessionPartial partial;
  sessions.fold(partial, block, 0, block.user_count());
  return sessions.finish(std::move(partial));
}

struct Case {
  const char* why;
  const char* events;  // A letter and minutes: a client, s server, p profile.
  std::uint64_t sessions_ge;
  std::uint64_t sessions_gt;
  std::uint64_t no_session;  // With bound ge.
};

const Case kCases[] = {
    {"a gap of exactly 30 min opens a new session", "a0 a30", 2, 1, 0},
    {"29 minutes do not", "a0 a29 a58", 1, 1, 0},
    {"there is no longest session", "a0 a29 a58 a87 a116", 1, 1, 0},
    {"no cut at midnight", "a1430 a1450", 1, 1, 0},
    {"a server event does not extend", "a0 s29 a40", 2, 2, 0},
    {"a server event does not open", "s0", 0, 0, 1},
    {"a server event in the gap after a session joins it", "a0 s29", 1, 1, 0},
    {"30 minutes after it, there is none", "a0 s30", 1, 1, 1},
    {"at the instant of the first event it joins", "s5 a5", 1, 1, 0},
    {"a minute before the first event it does not", "s4 a5", 1, 1, 1},
    {"an attribute is no event of a session", "p0 a10 p20 a40", 2, 1, 0},
    {"nothing is no session", "p0", 0, 0, 0},
};

TEST(Sessions, CutsTimelines) {
  for (const Case& test : kCases) {
    std::vector<store::BuilderEvent> events =
        store::events_from_text(1, test.events, {{'a', kA}, {'s', kServer}, {'p', kProfile}});
    for (auto& event : events) event.flags = event.type == kServer ? events::kServerOrigin : 0;
    for (const bool wide : {false, true}) {
      for (const bool details : {false, true}) {
        const auto owned = store::build_block(events, wide);
        SessionSpec spec{.details = details};
        const SessionAnswer ge = answer(spec, owned.block);
        EXPECT_EQ(ge.rows[0].counts.sessions, test.sessions_ge) << test.why;
        EXPECT_EQ(ge.no_session, test.no_session) << test.why;
        spec.rule.bound = SessionBound::kGt;
        EXPECT_EQ(answer(spec, owned.block).rows[0].counts.sessions, test.sessions_gt) << test.why;
      }
    }
  }
}

TEST(Sessions, DescribesThem) {
  const auto owned = store::build_block({
      {.user = 1, .time = 0, .type = events::kSearch},  // A bounce, not engaged.
      {.user = 1, .time = base::kDayMs, .type = events::kViewItem},
      {.user = 1, .time = base::kDayMs + 1, .type = events::kViewItem},  // Two views.
      {.user = 2, .time = 0, .type = events::kSearch},
      {.user = 2, .time = 10'000, .type = events::kSearch},  // Not longer than 10 s.
      {.user = 3, .time = 0, .type = events::kSearch},
      {.user = 3, .time = 10'001, .type = events::kSearch},  // Longer.
      {.user = 4, .time = 0, .type = events::kSearch},       // A key event from the backend.
      {.user = 4, .time = 5, .type = events::kPurchase, .flags = events::kServerOrigin},
  });
  const SessionAnswer found = answer({.details = true}, owned.block);
  const SessionCounts& counts = found.rows[0].counts;
  EXPECT_EQ(counts.sessions, 5u);
  EXPECT_EQ(counts.persons, 4u);
  EXPECT_EQ(counts.events, 9u);
  EXPECT_EQ(counts.bounces, 1u);
  EXPECT_EQ(counts.engaged, 3u);
  EXPECT_EQ(counts.converted, 1u);
  EXPECT_EQ(found.rows[0].duration->median, 1);
  EXPECT_EQ(found.rows[0].duration->upper_quartile, 10'000);
}

TEST(Sessions, BelongToTheDayOfTheirFirstEvent) {
  const auto owned =
      store::build_block(store::events_from_text(1, "a1430 a1450 a1500 a4000", {{'a', kA}}));
  const SessionAnswer found = answer({.details = true, .by = Calendar{}}, owned.block);
  ASSERT_EQ(found.rows.size(), 3u);
  EXPECT_EQ(found.rows[0].period, 0);
  EXPECT_EQ(found.rows[0].counts.events, 2u);
  EXPECT_EQ(found.rows[1].period, 1);
  EXPECT_EQ(found.rows[2].period, 2);
}

TEST(Sessions, PersonsOfADayInTwoPiecesCountOnce) {
  // The clock went from 00:01 on 1 November 2009 back to 23:01 on 31 October.
  const base::TimeMs midnight = 1'257'042'600'000;  // The first one of 1 November.
  std::vector<store::BuilderEvent> events;
  for (const base::TimeMs second : {-5, 5, 100, 3700}) {
    events.push_back({.user = 1, .time = midnight + second * base::kSecondMs, .type = kA});
  }
  const auto owned = store::build_block(events);
  SessionSpec spec{.rule = {.gap_ms = base::kSecondMs}, .details = true};
  spec.by = Calendar{base::Zone::open("America/St_Johns").value(), PeriodUnit::kDay, 1};
  const SessionAnswer found = answer(spec, owned.block);
  ASSERT_EQ(found.rows.size(), 2u);
  for (const SessionRow& row : found.rows) {
    EXPECT_EQ(row.counts.sessions, 2u);
    EXPECT_EQ(row.counts.persons, 1u);
  }
}

TEST(Sessions, AGapOfMoreThan32BitsOfTicks) {
  const auto owned = store::build_block(store::events_from_text(1, "a0 a1 a2000", {{'a', kA}}));
  ASSERT_FALSE(owned.block.wide);
  const base::TimeMs tick_ms = owned.block.scale.tick_ms;
  const SessionSpec spec{.rule = {.gap_ms = ((base::TimeMs{1} << 32) + 1) * tick_ms}};
  EXPECT_EQ(answer(spec, owned.block).rows[0].counts.sessions, 1u);
}

TEST(Sessions, RefusesNoGap) {
  EXPECT_EQ(Sessions::create({.rule = {.gap_ms = 0}}).error().message,
            "expected a gap of more than 0 ms: 0");
}

// The definition, SEMANTICS 2: clients first, then the server events one by one.
struct Oracle {
  struct Visit {
    std::vector<const MadeEvent*> clients;
    std::vector<const MadeEvent*> servers;
  };
  std::uint64_t sessions = 0, persons = 0, events = 0, bounces = 0, engaged = 0, converted = 0;
  std::uint64_t no_session = 0;
  std::vector<base::TimeMs> durations;

  void add(const SessionSpec& spec, const std::vector<MadeEvent>& history) {
    const auto less_than_gap = [&spec](base::TimeMs apart) {
      return spec.rule.bound == SessionBound::kGe ? apart < spec.rule.gap_ms
                                                  : apart <= spec.rule.gap_ms;
    };
    std::vector<Visit> visits;
    for (const MadeEvent& event : history) {
      if (event.flags != 0 || spec.ignored.contains(event.type)) continue;
      if (visits.empty() || !less_than_gap(event.time - visits.back().clients.back()->time)) {
        visits.emplace_back();
      }
      visits.back().clients.push_back(&event);
    }
    for (const MadeEvent& event : history) {
      if (event.flags == 0 || spec.ignored.contains(event.type)) continue;
      bool joined = false;
      for (Visit& visit : visits) {
        const base::TimeMs after = event.time - visit.clients.back()->time;
        if (event.time < visit.clients.front()->time || !less_than_gap(after)) continue;
        EXPECT_FALSE(joined) << "sessions do not overlap";
        joined = true;
        visit.servers.push_back(&event);
      }
      no_session += !joined && event.time >= spec.from && event.time < spec.to ? 1 : 0;
    }
    bool any = false;
    for (const Visit& visit : visits) {
      const base::TimeMs start = visit.clients.front()->time;
      if (start < spec.from || start >= spec.to) continue;
      any = true;
      describe(spec, visit);
    }
    persons += any ? 1 : 0;
  }
  void describe(const SessionSpec& spec, const Visit& visit) {
    std::vector<const MadeEvent*> all = visit.clients;
    all.insert(all.end(), visit.servers.begin(), visit.servers.end());
    const auto count = [&all](const EventSet& set) {
      return std::count_if(all.begin(), all.end(),
                           [&set](const MadeEvent* event) { return set.contains(event->type); });
    };
    const base::TimeMs duration = visit.clients.back()->time - visit.clients.front()->time;
    ++sessions;
    events += all.size();
    bounces += all.size() == 1 ? 1 : 0;
    converted += count(spec.key_events) > 0 ? 1 : 0;
    engaged += duration > 10'000 || count(spec.key_events) > 0 || count(spec.views) >= 2 ? 1 : 0;
    durations.push_back(duration);
  }
};

TEST(Sessions, EqualTheirDefinitionOnRandomHistories) {
  for (std::uint64_t seed = 0; seed < test_histories(); ++seed) {
    base::Random random(seed);
    MadeShape shape;
    shape.events_max = seed % 50 == 0 ? 200 : 9;
    shape.instant_ms = random.chance(0.5) ? 5'000 : 600'000;
    shape.instants = seed % 50 == 0 ? 400 : 25;
    if (random.chance(0.3)) shape.types.push_back(kProfile);
    shape.server_share = random.chance(0.5) ? 0.4 : 0.0;
    const base::TimeMs base_ms = random.chance(0.5) ? 0 : 1'300'000'000'000;
    const MadeBlock made(made_histories(random, shape, base_ms),
                         {base_ms, random.chance(0.5) ? 1000 : shape.instant_ms},
                         random.chance(0.5));
    SessionSpec spec;
    spec.rule.gap_ms = random.between(1, 8) * shape.instant_ms + random.between(-1, 1);
    spec.rule.bound = random.chance(0.5) ? SessionBound::kGe : SessionBound::kGt;
    spec.key_events = {1};
    spec.views = {2, 3};
    spec.details = random.chance(0.6);
    if (random.chance(0.2)) spec.from = base_ms + random.between(-1, 9) * shape.instant_ms;
    if (random.chance(0.2)) {
      spec.to = std::max(spec.from, base_ms) + random.between(1, 20) * shape.instant_ms;
    }
    Oracle oracle;
    for (const auto& history : made.histories) oracle.add(spec, history);
    const Sessions sessions = Sessions::create(spec).value();
    const SessionAnswer found =
        sessions.finish(fold_in_two<SessionPartial>(sessions, made.block, random));
    const SessionCounts& counts = found.rows[0].counts;
    ASSERT_EQ(counts.sessions, oracle.sessions) << "seed " << seed;
    ASSERT_EQ(counts.persons, oracle.persons) << "seed " << seed;
    ASSERT_EQ(found.no_session, oracle.no_session) << "seed " << seed;
    if (!spec.details) continue;
    ASSERT_EQ(counts.events, oracle.events) << "seed " << seed;
    ASSERT_EQ(counts.bounces, oracle.bounces) << "seed " << seed;
    ASSERT_EQ(counts.engaged, oracle.engaged) << "seed " << seed;
    ASSERT_EQ(counts.converted, oracle.converted) << "seed " << seed;
    const auto expected = summarize(oracle.durations);
    ASSERT_EQ(found.rows[0].duration.has_value(), expected.has_value());
    if (!expected) continue;
    ASSERT_EQ(found.rows[0].duration->median, expected->median) << "seed " << seed;
  }
}

}  // namespace
}  // namespace footfall::analytics
