#include "footfall/analytics/funnel.h"

#include <gtest/gtest.h>

#include <numeric>

#include "footfall/analytics/random_timelines.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {
namespace {

using store::EventCode;

constexpr EventCode kA = 1;
constexpr EventCode kB = 2;
constexpr EventCode kC = 3;
constexpr EventCode kD = 4;
constexpr EventCode kOther = 9;

std::vector<EventSet> steps_of(const std::string& letters) {
  std::vector<EventSet> steps;
  for (const char letter : letters) {
    if (letter == '+') continue;
    steps.push_back({static_cast<EventCode>(letter - 'a' + 1)});
  }
  return steps;
}

FunnelAnswer answer(const Funnel& funnel, const store::Block& block) {
  FunnelPartial partial;
  funnel.fold(partial, block, 0, block.user_count());
  return funnel.finish(partial);
}

std::size_t depth(const FunnelAnswer& answer) {
  std::size_t deepest = 0;
  while (deepest < answer.steps.size() && answer.steps[deepest].persons > 0) ++deepest;
  return deepest;
}

struct Case {
  const char* why;
  const char* steps;
  const char* events;  // A letter and minutes; x is no step.
  std::size_t best_chain;
  std::size_t first_entry;
};

constexpr base::TimeMs kWindow = 30 * base::kMinuteMs;

const Case kCases[] = {
    {"the window's last instant is inside", "abc", "a0 b5 c30", 3, 3},
    {"one minute later is outside", "abc", "a0 b5 c31", 2, 2},
    {"a later start can save the chain", "abc", "a0 a10 b12 c35", 3, 2},
    {"the older start keeps the depth that the newer one lost", "abc", "a0 b5 a20 c25", 3, 3},
    {"stored order breaks ties", "ab", "b0 a0", 1, 1},
    {"a tie in order is a chain", "ab", "a0 b0", 2, 2},
    {"other events are ignored", "ab", "a0 x1 d2 b3", 2, 2},
    {"steps out of order do not count", "abc", "a0 c1 b2", 2, 2},
    {"without the first step there is nothing", "abc", "b0 c1", 0, 0},
    {"a repeat of a filled step is ignored", "abcd", "a0 b1 c2 b3 d4", 4, 4},
    {"one event fills one step of a chain", "aa", "a0", 1, 1},
    {"a type may stand twice", "aab", "a0 a1 b2", 3, 3},
    {"a type that stands twice needs two events", "aab", "a0 b1 a2", 2, 2},
    {"the window counts from entry, not from the step before", "abc", "a0 b20 c40", 2, 2},
    {"newer chains do not erase older depth", "abc", "a0 b1 a60 c61", 2, 2},
    {"SEMANTICS 3.11, first row, in half the time", "abc", "a0 a15 b22 c37", 3, 2},
};

TEST(Funnel, ReadsTimelines) {
  const std::vector<std::pair<char, EventCode>> letters = {
      {'a', kA}, {'b', kB}, {'c', kC}, {'d', kD}, {'x', kOther}};
  for (const Case& test : kCases) {
    for (const bool wide : {false, true}) {
      const auto owned = store::build_block(store::events_from_text(1, test.events, letters), wide);
      FunnelSpec spec{.steps = steps_of(test.steps), .window_ms = kWindow};
      EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)), test.best_chain)
          << test.why;
      spec.entry = FunnelEntry::kFirstEntry;
      EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)), test.first_entry)
          << test.why;
    }
  }
}

TEST(Funnel, WindowOfOneMillisecondMore) {
  const base::TimeMs hour = base::kHourMs;
  for (const base::TimeMs late : {0, 1}) {
    const auto owned = store::build_block(
        {{.user = 1, .time = 0, .type = kA}, {.user = 1, .time = hour + late, .type = kB}});
    const FunnelSpec spec{.steps = steps_of("ab"), .window_ms = hour};
    EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)), late == 0 ? 2u : 1u);
  }
}

TEST(Funnel, ConvertsAfterTheRangeThatHoldsTheEntry) {
  const auto owned =
      store::build_block(store::events_from_text(1, "a0 a10 b25", {{'a', kA}, {'b', kB}}));
  FunnelSpec spec{.steps = steps_of("ab"), .window_ms = 20 * base::kMinuteMs};
  spec.from = 5 * base::kMinuteMs;
  spec.to = 20 * base::kMinuteMs;
  EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)), 2u);
  spec.to = 10 * base::kMinuteMs;
  EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)), 0u) << "to is exclusive";
  spec.from = 10 * base::kMinuteMs;
  spec.to = 11 * base::kMinuteMs;
  EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)), 2u) << "from is inclusive";
}

TEST(Funnel, RefusesWhatIsNoFunnel) {
  const auto message = [](FunnelSpec spec) {
    const auto made = Funnel::create(std::move(spec));
    return made.ok() ? std::string() : made.error().message;
  };
  EXPECT_EQ(message({.steps = steps_of("a")}), "expected at least 2 steps: 1");
  EXPECT_EQ(message({.steps = std::vector<EventSet>(65, EventSet{kA})}),
            "expected at most 64 steps: 65");
  EXPECT_EQ(message({.steps = {{kA}, {}}}), "expected an event for every step: step 2 has none");
  EXPECT_EQ(message({.steps = steps_of("ab"), .window_ms = -1}),
            "expected a window of 0 or more ms: -1");
  EXPECT_EQ(message({.steps = std::vector<EventSet>(64, EventSet{kA}), .window_ms = 0}), "");
}

TEST(Funnel, SixtyFourSteps) {
  std::vector<store::BuilderEvent> events;
  for (int i = 0; i < 200; ++i) events.push_back({.user = 1, .time = i, .type = kA});
  const FunnelSpec spec{.steps = std::vector<EventSet>(64, EventSet{kA}), .window_ms = 63};
  for (const std::size_t count : {63u, 64u, 200u}) {
    events.resize(count);
    for (std::size_t i = 0; i < count; ++i) events[i].type = kA, events[i].user = 1;
    for (std::size_t i = 0; i < count; ++i) events[i].time = static_cast<base::TimeMs>(i);
    const auto owned = store::build_block(events);
    EXPECT_EQ(depth(answer(Funnel::create(spec).value(), owned.block)),
              std::min<std::size_t>(count, 64));
  }
}

// The definition, SEMANTICS 3.1 and 3.4, by looking at every chain.
struct Oracle {
  const std::vector<MadeEvent>& history;
  const FunnelSpec& spec;
  std::vector<std::size_t> chain = {};
  std::vector<std::size_t> best = {};

  bool may_enter(std::size_t event) const {
    if (!spec.steps[0].contains(history[event].type)) return false;
    if (history[event].time < spec.from || history[event].time >= spec.to) return false;
    if (spec.entry == FunnelEntry::kBestChain) return true;
    for (std::size_t earlier = 0; earlier < event; ++earlier) {
      if (spec.steps[0].contains(history[earlier].type) && history[earlier].time >= spec.from) {
        return false;
      }
    }
    return true;
  }
  // Deeper; then the one that completes first, then the newest entry, then the earliest events.
  bool better() const {
    if (chain.size() != best.size()) return chain.size() > best.size();
    if (chain.back() != best.back()) return chain.back() < best.back();
    if (chain.front() != best.front()) return chain.front() > best.front();
    return chain < best;
  }
  void extend() {
    if (!chain.empty() && better()) best = chain;
    if (chain.size() == spec.steps.size()) return;
    for (std::size_t event = chain.empty() ? 0 : chain.back() + 1; event < history.size();
         ++event) {
      if (chain.empty() && !may_enter(event)) continue;
      if (!spec.steps[chain.size()].contains(history[event].type)) continue;
      if (!chain.empty() && spec.window_ms != kNoWindow &&
          history[event].time - history[chain[0]].time > spec.window_ms) {
        continue;
      }
      chain.push_back(event);
      extend();
      chain.pop_back();
    }
  }
};

struct Expected {
  std::vector<std::uint64_t> persons;
  std::vector<std::vector<base::TimeMs>> times;
  FunnelWindows windows;
};

void expect_person(Expected& expected, const std::vector<MadeEvent>& history,
                   const FunnelSpec& spec) {
  Oracle oracle{history, spec};
  oracle.extend();
  for (std::size_t step = 0; step < oracle.best.size(); ++step) {
    ++expected.persons[step];
    if (step > 0) {
      expected.times[step].push_back(history[oracle.best[step]].time -
                                     history[oracle.best[0]].time);
    }
  }
  if (oracle.best.empty()) return;
  base::TimeMs newest = 0;
  for (std::size_t event = 0; event < history.size(); ++event) {
    if (oracle.may_enter(event)) newest = history[event].time;
  }
  const bool converted = oracle.best.size() == spec.steps.size();
  if (spec.window_ms == kNoWindow) {
    expected.windows.open += converted ? 0 : 1;
  } else if (newest + spec.window_ms <= spec.complete_to) {
    ++expected.windows.closed;
    expected.windows.closed_converted += converted ? 1 : 0;
  } else {
    expected.windows.open += converted ? 0 : 1;
  }
}

FunnelSpec random_spec(base::Random& random, const MadeShape& shape, base::TimeMs base_ms) {
  FunnelSpec spec;
  const std::size_t step_count = 2 + random.below(3);
  for (std::size_t step = 0; step < step_count; ++step) {
    EventSet set{static_cast<EventCode>(1 + random.below(4))};
    if (random.chance(0.25)) set.insert(static_cast<EventCode>(1 + random.below(4)));
    if (random.chance(0.03)) set = EventSet::all();
    if (random.chance(0.03)) {
      for (EventCode code = 1; code < 40; code += 2) set.insert(code);
    }
    spec.steps.push_back(set);
  }
  spec.window_ms = random.between(0, shape.instants) * shape.instant_ms;
  if (random.chance(0.2)) spec.window_ms += random.between(-1, 1);
  spec.window_ms = std::max<base::TimeMs>(0, spec.window_ms);
  if (random.chance(0.1)) spec.window_ms = kNoWindow;
  spec.entry = random.chance(0.5) ? FunnelEntry::kBestChain : FunnelEntry::kFirstEntry;
  if (random.chance(0.3)) spec.from = base_ms + random.between(-1, 8) * shape.instant_ms;
  if (random.chance(0.3)) spec.to = base_ms + random.between(0, 14) * shape.instant_ms;
  spec.details = random.chance(0.3);
  spec.complete_to = base_ms + random.between(11, 20) * shape.instant_ms;
  return spec;
}

// Folds the users of a block in pieces and merges the pieces in a random order.
FunnelPartial fold_in_pieces(base::Random& random, const Funnel& funnel,
                             const store::Block& block) {
  std::vector<FunnelPartial> pieces;
  for (std::size_t begin = 0; begin < block.user_count();) {
    const std::size_t end = begin + 1 + random.below(block.user_count() - begin);
    pieces.emplace_back();
    funnel.fold(pieces.back(), block, begin, end);
    begin = end;
  }
  FunnelPartial whole;
  while (!pieces.empty()) {
    const std::size_t next = random.below(pieces.size());
    Funnel::merge(whole, pieces[next]);
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(next));
  }
  return whole;
}

void expect_equal(const FunnelAnswer& found, Expected& expected, const FunnelSpec& spec,
                  std::uint64_t seed) {
  for (std::size_t step = 0; step < spec.steps.size(); ++step) {
    ASSERT_EQ(found.steps[step].persons, expected.persons[step])
        << "step " << step << " seed " << seed;
    if (!spec.details || step == 0) continue;
    std::vector<base::TimeMs>& times = expected.times[step];
    std::sort(times.begin(), times.end());
    ASSERT_EQ(found.steps[step].from_entry.has_value(), !times.empty());
    if (times.empty()) continue;
    ASSERT_EQ(found.steps[step].from_entry->median, times[(times.size() + 1) / 2 - 1])
        << "step " << step << " seed " << seed;
    ASSERT_EQ(found.steps[step].from_entry->count, times.size());
  }
  if (!spec.details) return;
  ASSERT_EQ(found.windows.open, expected.windows.open) << "seed " << seed;
  ASSERT_EQ(found.windows.closed, expected.windows.closed) << "seed " << seed;
  ASSERT_EQ(found.windows.closed_converted, expected.windows.closed_converted) << "seed " << seed;
}

TEST(Funnel, EqualsItsDefinitionOnRandomHistories) {
  const std::size_t histories = test_histories();
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    MadeShape shape;
    // Every hundredth history runs over more than one word of marks.
    if (seed % 100 == 0) shape = {.people_max = 40, .events_max = 12};
    const base::TimeMs base_ms = random.between(0, 1) * 1'300'000'000'000;
    const MadeBlock made(made_histories(random, shape, base_ms),
                         {base_ms, random.chance(0.5) ? 1000 : shape.instant_ms},
                         random.chance(0.5));
    const FunnelSpec spec = random_spec(random, shape, base_ms);
    const Funnel funnel = Funnel::create(spec).value();
    const FunnelAnswer found = funnel.finish(fold_in_pieces(random, funnel, made.block));
    Expected expected{std::vector<std::uint64_t>(spec.steps.size()),
                      std::vector<std::vector<base::TimeMs>>(spec.steps.size()),
                      {}};
    for (const auto& history : made.histories) expect_person(expected, history, spec);
    ASSERT_EQ(found.persons, made.histories.size());
    expect_equal(found, expected, spec, seed);
    if (HasFatalFailure()) return;
  }
}

// Long histories cannot be enumerated; instead, the definition by dynamic programming: for every
// entry apart, the earliest event for each next step.
TEST(Funnel, LongHistoriesEqualOneGreedyChainAnEntry) {
  for (std::uint64_t seed = 0; seed < test_histories() / 50; ++seed) {
    base::Random random(seed);
    const MadeShape shape{.people_max = 3, .events_max = 400, .instants = 2000};
    const MadeBlock made(made_histories(random, shape, 0), {0, shape.instant_ms}, false);
    FunnelSpec spec{.steps = steps_of("abc"), .window_ms = random.between(0, 40) * 60'000};
    if (random.chance(0.5)) spec.steps.push_back({kD, kA});
    std::vector<std::uint64_t> persons(spec.steps.size());
    for (const auto& history : made.histories) {
      std::size_t deepest = 0;
      for (std::size_t entry = 0; entry < history.size(); ++entry) {
        if (history[entry].type != kA) continue;
        std::size_t reached = 1;
        for (std::size_t i = entry + 1; i < history.size() && reached < spec.steps.size(); ++i) {
          if (history[i].time - history[entry].time > spec.window_ms) break;
          if (spec.steps[reached].contains(history[i].type)) ++reached;
        }
        deepest = std::max(deepest, reached);
      }
      for (std::size_t step = 0; step < deepest; ++step) ++persons[step];
    }
    const FunnelAnswer found = answer(Funnel::create(spec).value(), made.block);
    for (std::size_t step = 0; step < persons.size(); ++step) {
      ASSERT_EQ(found.steps[step].persons, persons[step]) << "seed " << seed;
    }
  }
}

// People who enter again and again and convert after a delay, with the history cut at 30 days.
struct CutHistory {
  static constexpr base::TimeMs kEnd = 30 * base::kDayMs;
  static constexpr base::TimeMs kWindow = 14 * base::kDayMs;
  std::vector<std::vector<MadeEvent>> people;
  std::uint64_t convert_ever = 0;

  CutHistory(std::uint64_t seed, bool first_entry_alone_converts) : people(60'000) {
    base::Random random(seed);
    const auto days = [](double value) {
      return static_cast<base::TimeMs>(value * static_cast<double>(base::kDayMs));
    };
    for (auto& history : people) {
      base::TimeMs entry = random.between(0, kEnd - 1);
      base::TimeMs conversion = base::kTimeEnd;
      for (bool again = true; again && entry < kEnd;) {
        const bool may = history.empty() || !first_entry_alone_converts;
        history.push_back({entry, kA, 0});
        const base::TimeMs delay = days(random.exponential(6));
        if (may && random.chance(0.25) && delay <= kWindow) {
          conversion = std::min(conversion, entry + delay);
        }
        again = random.chance(0.6);
        entry += days(random.exponential(5));
      }
      convert_ever += conversion < base::kTimeEnd ? 1 : 0;
      if (conversion < kEnd) history.push_back({conversion, kB, 0});
      std::stable_sort(history.begin(), history.end(),
                       [](const MadeEvent& a, const MadeEvent& b) { return a.time < b.time; });
    }
  }
};

// The corrected share is near what would be seen later, the naive one far below.
TEST(Funnel, CorrectsOpenWindows) {
  for (const FunnelEntry entry : {FunnelEntry::kBestChain, FunnelEntry::kFirstEntry}) {
    CutHistory cut(7, entry == FunnelEntry::kFirstEntry);
    const MadeBlock made(std::move(cut.people), {0, 1}, true);
    const FunnelSpec spec{.steps = steps_of("ab"),
                          .window_ms = CutHistory::kWindow,
                          .entry = entry,
                          .details = true,
                          .complete_to = CutHistory::kEnd};
    const FunnelAnswer found = answer(Funnel::create(spec).value(), made.block);
    const double persons = static_cast<double>(found.persons);
    const double truth = static_cast<double>(cut.convert_ever) / persons;
    EXPECT_LT(static_cast<double>(found.steps[1].persons) / persons, truth - 0.03);
    EXPECT_NEAR(*found.windows.corrected, truth, 0.008);
    if (entry == FunnelEntry::kBestChain) continue;
    EXPECT_LT(found.windows.corrected_interval->first, *found.windows.corrected);
    EXPECT_GT(found.windows.corrected_interval->second, *found.windows.corrected);
  }
}

}  // namespace
}  // namespace footfall::analytics
