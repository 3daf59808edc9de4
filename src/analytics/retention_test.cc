// Size: one definition, on histories of every kind, and one known sample.
#include "footfall/analytics/retention.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>

#include "footfall/analytics/random_timelines.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {
namespace {

constexpr store::EventCode kA = 1;
constexpr store::EventCode kB = 2;

RetentionAnswer answer(const RetentionSpec& spec, const store::Block& block) {
  const Retention retention = Retention::create(spec).value();
  RetentionPartial partial;
  retention.fold(partial, block, 0, block.user_count());
  return retention.finish(partial);
}

std::vector<std::uint64_t> returned(const RetentionCohort& cohort) {
  std::vector<std::uint64_t> counts;
  for (const RetentionCell& cell : cohort.cells) counts.push_back(cell.returned);
  return counts;
}

struct Case {
  const char* why;
  const char* events;  // A letter and hours after Monday 1970-01-05 00:00 UTC.
  const char* zone;
  PeriodUnit unit;
  RetentionVariant variant;
  std::vector<std::uint64_t> returned;
};

const Case kCases[] = {
    {"20:00 to 06:00 is the next day",
     "a20 a30",
     "UTC",
     PeriodUnit::kDay,
     RetentionVariant::kOn,
     {1, 1, 0, 0}},
    {"the same instants are one day further west",
     "a28 a38",
     "America/New_York",
     PeriodUnit::kDay,
     RetentionVariant::kOn,
     {1, 1, 0, 0}},
    {"twice in a day counts once",
     "a0 a26 a27 a50",
     "UTC",
     PeriodUnit::kDay,
     RetentionVariant::kOn,
     {1, 1, 1, 0}},
    {"a day left out is a 0 in the row",
     "a0 a49",
     "UTC",
     PeriodUnit::kDay,
     RetentionVariant::kOn,
     {1, 0, 1, 0}},
    {"on or after fills the gap",
     "a0 a49",
     "UTC",
     PeriodUnit::kDay,
     RetentionVariant::kOnOrAfter,
     {1, 1, 1, 0}},
    {"later than the last column still is later",
     "a0 a490",
     "UTC",
     PeriodUnit::kDay,
     RetentionVariant::kOnOrAfter,
     {1, 1, 1, 1}},
    {"Sunday and Monday are two weeks",
     "a167 a168",
     "UTC",
     PeriodUnit::kWeek,
     RetentionVariant::kOn,
     {1, 1, 0, 0}},
    {"January and February",
     "a0 a650",
     "UTC",
     PeriodUnit::kMonth,
     RetentionVariant::kOn,
     {1, 1, 0, 0}},
};

TEST(Retention, ReadsTimelines) {
  for (const Case& test : kCases) {
    std::vector<store::BuilderEvent> events =
        store::events_from_text(1, test.events, {{'a', kA}, {'b', kB}});
    for (auto& event : events) event.time = 4 * base::kDayMs + event.time * 60;
    for (const bool wide : {false, true}) {
      RetentionSpec spec;
      spec.calendar = {base::Zone::open(test.zone).value(), test.unit, 1};
      spec.variant = test.variant;
      spec.periods = 3;
      const auto owned = store::build_block(events, wide);
      const RetentionAnswer found = answer(spec, owned.block);
      ASSERT_EQ(found.cohorts.size(), 1u) << test.why;
      EXPECT_EQ(returned(found.cohorts[0]), test.returned) << test.why;
    }
  }
}

TEST(Retention, CellsAreCompleteWhenTheirPeriodHasEnded) {
  const auto owned = store::build_block(
      store::events_from_text(1, "a0 a1500 a3000", {{'a', kA}}));  // Days 0, 1 and 2.
  RetentionSpec spec;
  spec.periods = 5;
  spec.complete_to = 3 * base::kDayMs - 2;  // One millisecond is missing of day 2.
  RetentionAnswer found = answer(spec, owned.block);
  ASSERT_EQ(found.cohorts[0].cells.size(), 3u) << "later periods have not begun";
  EXPECT_TRUE(found.cohorts[0].cells[1].complete);
  EXPECT_FALSE(found.cohorts[0].cells[2].complete);
  EXPECT_FALSE(found.mean[2].has_value()) << "incomplete cells stay out of means";
  spec.complete_to = 3 * base::kDayMs - 1;
  found = answer(spec, owned.block);
  EXPECT_TRUE(found.cohorts[0].cells[2].complete);
  EXPECT_EQ(found.mean[2], 1.0);
  spec.variant = RetentionVariant::kOnOrAfter;
  EXPECT_FALSE(answer(spec, owned.block).cohorts[0].cells[1].complete) << "a lower bound for ever";
}

TEST(Retention, RefusesWhatIsNoQuestion) {
  EXPECT_EQ(Retention::create({.start = EventSet()}).error().message,
            "expected a start event: none");
  EXPECT_EQ(Retention::create({.returning = EventSet()}).error().message,
            "expected a return event: none");
  EXPECT_EQ(Retention::create({.periods = 0}).error().message, "expected 1 to 400 periods: 0");
  EXPECT_EQ(Retention::create({.periods = 401}).error().message, "expected 1 to 400 periods: 401");
}

// The definition, SEMANTICS 5, one person and one event at a time.
struct Oracle {
  std::map<Period, std::uint64_t> persons;
  std::map<Period, std::map<std::size_t, std::uint64_t>> cells;
  std::uint64_t without_start = 0;
  std::uint64_t out_of_range = 0;

  void add(const RetentionSpec& spec, const std::vector<MadeEvent>& history) {
    const auto counts = [&spec](const MadeEvent& event, const EventSet& set) {
      return set.contains(event.type) &&
             !(spec.clients_only && (event.flags & events::kServerOrigin) != 0);
    };
    std::optional<std::size_t> start;
    bool any = false;
    for (std::size_t i = 0; i < history.size() && !start; ++i) {
      if (!counts(history[i], spec.start)) continue;
      const bool inside = history[i].time >= spec.from && history[i].time < spec.to;
      if (inside && (spec.entry == CohortEntry::kFirstInRange || !any)) start = i;
      any = true;
    }
    if (!start) {
      ++(any ? out_of_range : without_start);
      return;
    }
    const Period cohort = spec.calendar.period_of(history[*start].time);
    ++persons[cohort];
    std::set<std::size_t> periods;
    if (spec.start == spec.returning) periods.insert(0);
    for (std::size_t i = *start + 1; i < history.size(); ++i) {
      if (!counts(history[i], spec.returning)) continue;
      const Period period = spec.calendar.period_of(history[i].time);
      // Where the clock went back over midnight, an earlier date may come later.
      if (period >= cohort) periods.insert(static_cast<std::size_t>(period - cohort));
    }
    for (std::size_t n = 0; n <= spec.periods; ++n) {
      const bool on = periods.count(n) > 0;
      const bool or_after = !periods.empty() && *periods.rbegin() >= n;
      cells[cohort][n] += spec.variant == RetentionVariant::kOn ? on : or_after;
    }
  }
};

RetentionSpec random_spec(base::Random& random, base::TimeMs base_ms, base::TimeMs span,
                          base::TimeMs instant_ms) {
  static const base::Zone kZones[] = {base::Zone::utc(), base::Zone::open("Europe/London").value(),
                                      base::Zone::open("Asia/Tokyo").value()};
  RetentionSpec spec;
  if (random.chance(0.6)) {
    spec.start = {static_cast<store::EventCode>(1 + random.below(4))};
    if (random.chance(0.3)) spec.start.insert(2);
    spec.returning = random.chance(0.4)
                         ? spec.start
                         : EventSet{static_cast<store::EventCode>(1 + random.below(4)), 3};
  }
  spec.clients_only = random.chance(0.3);
  spec.calendar = {kZones[random.below(3)], static_cast<PeriodUnit>(random.below(3)),
                   static_cast<int>(1 + random.below(7))};
  spec.variant = random.chance(0.5) ? RetentionVariant::kOn : RetentionVariant::kOnOrAfter;
  spec.entry = random.chance(0.5) ? CohortEntry::kFirstEver : CohortEntry::kFirstInRange;
  spec.periods = random.chance(0.2) ? 63 + random.below(40) : 1 + random.below(15);
  const std::int64_t instants = span / instant_ms;
  if (random.chance(0.2)) spec.from = base_ms + random.between(-1, instants) * instant_ms;
  if (random.chance(0.4)) {
    spec.to = std::max(spec.from, base_ms) + random.between(1, instants) * instant_ms;
  }
  return spec;
}

// Two folds, merged.
void expect_equal(const RetentionSpec& spec, const MadeBlock& made, base::Random& random) {
  Oracle oracle;
  for (const auto& history : made.histories) oracle.add(spec, history);
  const Retention retention = Retention::create(spec).value();
  const RetentionAnswer found =
      retention.finish(fold_in_two<RetentionPartial>(retention, made.block, random));

  ASSERT_EQ(found.cohorts.size(), oracle.persons.size());
  ASSERT_EQ(found.without_start, oracle.without_start);
  ASSERT_EQ(found.start_out_of_range, oracle.out_of_range);
  for (const RetentionCohort& cohort : found.cohorts) {
    ASSERT_EQ(cohort.persons, oracle.persons[cohort.period]);
    ASSERT_EQ(cohort.cells.size(), spec.periods + 1);
    for (std::size_t n = 0; n <= spec.periods; ++n) {
      ASSERT_EQ(cohort.cells[n].returned, oracle.cells[cohort.period][n])
          << "cohort " << cohort.period << " period " << n;
    }
  }
}

TEST(Retention, EqualsItsDefinitionOnRandomHistories) {
  for (std::uint64_t seed = 0; seed < test_histories(); ++seed) {
    base::Random random(seed);
    // Two winters and a summer, or two weeks; from 1970 or from 2011.
    MadeShape shape;
    shape.events_max = seed % 50 == 0 ? 60 : 9;
    shape.instant_ms = random.chance(0.5) ? 7 * base::kHourMs : base::kHourMs * 48;
    shape.instants = random.chance(0.5) ? 50 : 250;
    shape.types = {1, 2, 3, 4};
    if (random.chance(0.3)) shape.types.push_back(events::kUserProfile);
    shape.server_share = random.chance(0.3) ? 0.4 : 0.0;
    const base::TimeMs base_ms = random.chance(0.5) ? 0 : 1'300'000'000'000;
    const MadeBlock made(made_histories(random, shape, base_ms),
                         {base_ms, random.chance(0.5) ? 1000 : base::kHourMs}, random.chance(0.5));
    const RetentionSpec spec =
        random_spec(random, base_ms, shape.instants * shape.instant_ms, shape.instant_ms);
    expect_equal(spec, made, random);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

// Clocks that went back over midnight, and how they stood there.
struct TwoPieces {
  const char* zone;
  const char* date;     // The later of the two dates.
  base::TimeMs change;  // Since its beginning in UTC.
};

const TwoPieces kTwoPieces[] = {
    {"America/St_Johns", "2009-11-01", 2 * base::kHourMs + 31 * base::kMinuteMs},
    {"America/St_Johns", "1987-10-25", 2 * base::kHourMs + 31 * base::kMinuteMs},
    {"America/Goose_Bay", "2009-11-01", 3 * base::kHourMs + base::kMinuteMs},
    {"America/Moncton", "2006-10-29", 3 * base::kHourMs + base::kMinuteMs},
    {"Antarctica/Casey", "2010-03-05", -9 * base::kHourMs},
};

TEST(Retention, EqualsItsDefinitionWhereDaysComeInTwoPieces) {
  for (std::uint64_t seed = 0; seed < test_histories(); ++seed) {
    base::Random random(seed);
    const TwoPieces& clock = kTwoPieces[seed % std::size(kTwoPieces)];
    const base::Zone zone = base::Zone::open(clock.zone).value();
    const base::TimeMs change =
        base::TimeMs{base::parse_date(clock.date).value()} * base::kDayMs + clock.change;
    ASSERT_EQ(zone.day(change), zone.day(change - 1) - 1) << clock.zone << " " << clock.date;
    MadeShape shape;
    shape.types = {1, 2};
    // Half a minute apart, or days before and after as well.
    shape.instant_ms = random.chance(0.6) ? base::kMinuteMs / 2 : 15 * base::kMinuteMs;
    shape.instants = random.chance(0.5) ? 8 : 400;
    const base::TimeMs base_ms = change - random.between(1, shape.instants / 2) * shape.instant_ms;
    const MadeBlock made(made_histories(random, shape, base_ms), {base_ms, 1000},
                         random.chance(0.5));
    RetentionSpec spec =
        random_spec(random, base_ms, shape.instants * shape.instant_ms, shape.instant_ms);
    spec.calendar.zone = zone;
    expect_equal(spec, made, random);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

TEST(Retention, CountsAPeriodOnceWhereItComesInTwoPieces) {
  const base::TimeMs midnight = 1'257'042'600'000;  // The first one of 1 November 2009.
  const auto history = [midnight](std::vector<base::TimeMs> minutes) {
    std::vector<MadeEvent> events;
    for (const base::TimeMs minute : minutes) {
      events.push_back({midnight + minute * base::kMinuteMs / 2, kA, 0});
    }
    return events;
  };
  // October, November, October, November; then November before October alone.
  const MadeBlock made({history({-9, 1, 9, 200}), history({0, 9})}, {midnight - base::kDayMs, 1000},
                       false);
  RetentionSpec spec;
  spec.calendar = {base::Zone::open("America/St_Johns").value(), PeriodUnit::kMonth, 1};
  spec.periods = 1;
  for (const RetentionVariant variant : {RetentionVariant::kOn, RetentionVariant::kOnOrAfter}) {
    spec.variant = variant;
    const RetentionAnswer found = answer(spec, made.block);
    ASSERT_EQ(found.cohorts.size(), 2u);
    EXPECT_EQ(returned(found.cohorts[0]), (std::vector<std::uint64_t>{1, 1}));
    EXPECT_EQ(returned(found.cohorts[1]), (std::vector<std::uint64_t>{1, 0}))
        << "an earlier date is no return";
  }
}

TEST(Retention, CellsAreCompleteWhenBothPiecesOfTheirPeriodHaveEnded) {
  const base::TimeMs midnight = 1'257'042'600'000;  // The first one of 1 November 2009.
  const MadeBlock made({{{midnight - 1000, kA, 0}}}, {midnight - base::kDayMs, 1000}, false);
  RetentionSpec spec;
  spec.calendar = {base::Zone::open("America/St_Johns").value(), PeriodUnit::kMonth, 1};
  spec.complete_to = midnight + base::kHourMs - 2;
  RetentionAnswer found = answer(spec, made.block);
  EXPECT_EQ(found.cohorts[0].cells.size(), 2u) << "November had begun";
  EXPECT_FALSE(found.cohorts[0].cells[0].complete);
  ++spec.complete_to;
  found = answer(spec, made.block);
  EXPECT_TRUE(found.cohorts[0].cells[0].complete);
}

TEST(Retention, ManyPersonsOfOneCohort) {
  // More than the 255 that the bytes of a cohort word hold, in several runs.
  std::vector<std::vector<MadeEvent>> people(70'000);
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i] = {{0, kA, 0}};
    if (i % 2 == 0) people[i].push_back({base::kDayMs, kA, 0});
    if (i % 7 == 0) people[i].push_back({11 * base::kDayMs, kA, 0});
  }
  const MadeBlock made(std::move(people), {0, 1000}, false);
  const RetentionAnswer found = answer({}, made.block);
  EXPECT_EQ(returned(found.cohorts.at(0)),
            (std::vector<std::uint64_t>{70'000, 35'000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10'000, 0}));
}

// Purchases of known customers of the sample, as CONTRACT.md's usual cleaning leaves them.
std::vector<store::BuilderEvent> read_sample(const std::string& folder, const base::Zone& zone) {
  std::vector<store::BuilderEvent> events;
  FILE* const input = popen(("zstd -dcq '" + folder + "'/*.csv.zst").c_str(), "r");
  if (input == nullptr) return events;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, input) != nullptr) {
    // Fields from the right: the description alone may hold commas.
    std::string line = buffer;
    std::vector<std::string> fields;
    for (int field = 0; field < 5; ++field) {
      const std::size_t comma = line.rfind(',');
      if (comma == std::string::npos) break;
      fields.push_back(line.substr(comma + 1));
      line.resize(comma);
    }
    if (fields.size() < 5 || fields[1].empty()) continue;
    int parts[6];
    if (std::sscanf(fields[3].c_str(), "%d-%d-%d %d:%d:%d", &parts[0], &parts[1], &parts[2],
                    &parts[3], &parts[4], &parts[5]) != 6) {
      continue;
    }
    if (std::stoi(fields[4]) <= 0 || std::stod(fields[2]) <= 0) continue;
    const base::TimeMs local =
        base::TimeMs{base::day_of({parts[0], parts[1], parts[2]})} * base::kDayMs +
        parts[3] * base::kHourMs + parts[4] * base::kMinuteMs;
    events.push_back({.user = static_cast<store::UserNumber>(std::stod(fields[1])),
                      .time = zone.from_local(local).instant,
                      .type = events::kPurchase});
  }
  pclose(input);
  return events;
}

TEST(Retention, EqualsTheKnownCohortsOfTheSample) {
  const char* data = std::getenv("FOOTFALL_DATA");
  const std::string folder =
      std::string(data == nullptr ? "../shared/data" : data) + "/online_retail";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  const base::Zone zone = base::Zone::open("Europe/London").value();
  const auto owned = store::build_block(read_sample(folder, zone));
  ASSERT_EQ(owned.block.event_count(), 226'467u);
  RetentionSpec spec{.start = {events::kPurchase}, .returning = {events::kPurchase}};
  spec.calendar = {zone, PeriodUnit::kMonth, 1};
  spec.complete_to = owned.block.time(0);
  for (std::size_t i = 0; i < owned.block.event_count(); ++i) {
    spec.complete_to = std::max(spec.complete_to, owned.block.time(i));
  }
  const RetentionAnswer found = answer(spec, owned.block);
  ASSERT_EQ(found.cohorts.size(), 9u);
  EXPECT_EQ(returned(found.cohorts[0]),
            (std::vector<std::uint64_t>{885, 324, 286, 340, 321, 352, 321, 309, 313}));
  EXPECT_EQ(returned(found.cohorts[1]),
            (std::vector<std::uint64_t>{417, 92, 111, 96, 134, 120, 103, 101}));
  EXPECT_FALSE(found.cohorts[0].cells[8].complete) << "August ends after the last event";
  EXPECT_TRUE(found.cohorts[0].cells[7].complete);
}

}  // namespace
}  // namespace footfall::analytics
