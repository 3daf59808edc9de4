#include "footfall/analytics/transitions.h"

#include <gtest/gtest.h>

#include <map>

#include "footfall/analytics/random_timelines.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {
namespace {

using PairCounts = std::map<std::pair<int, int>, std::uint64_t>;

PairCounts counts_of(const TransitionAnswer& answer) {
  PairCounts counts;
  for (const Transition& pair : answer.pairs) counts[{pair.from, pair.to}] = pair.count;
  return counts;
}

PairCounts counts_of(const TransitionSpec& spec, const store::Block& block) {
  TransitionPartial partial;
  Transitions(spec).fold(partial, block, 0, block.user_count());
  return counts_of(Transitions::finish(partial));
}

TEST(Transitions, ReadTimelines) {
  struct Case {
    const char* why;
    std::vector<const char*> people;
    PairCounts counts;
  };
  const Case cases[] = {
      {"one event has no neighbour", {"a0"}, {}},
      {"equal neighbours are a pair", {"a0 a1"}, {{{1, 1}, 1}}},
      {"a night between changes nothing", {"a0 b2000"}, {{{1, 2}, 1}}},
      {"stored order breaks ties", {"b0 a0"}, {{{2, 1}, 1}}},
      {"two persons have no pair together", {"a0 b1", "a0 b1", "b0"}, {{{1, 2}, 2}}},
      {"attributes are no deeds", {"a0 p1 b2"}, {{{1, 2}, 1}}},
  };
  for (const Case& test : cases) {
    std::vector<store::BuilderEvent> events;
    for (std::size_t user = 0; user < test.people.size(); ++user) {
      for (const auto& event :
           store::events_from_text(static_cast<store::UserNumber>(user), test.people[user],
                                   {{'a', store::EventCode{1}},
                                    {'b', store::EventCode{2}},
                                    {'p', store::EventCode{events::kUserProfile}}})) {
        events.push_back(event);
      }
    }
    EXPECT_EQ(counts_of({}, store::build_block(events).block), test.counts) << test.why;
  }
}

TEST(Transitions, SharesAreOfTheFirstEvent) {
  const auto owned = store::build_block(store::events_from_text(
      1, "a0 b1 a2 c3 a4 b5",
      {{'a', store::EventCode{1}}, {'b', store::EventCode{2}}, {'c', store::EventCode{3}}}));
  TransitionPartial partial;
  Transitions({}).fold(partial, owned.block, 0, 1);
  const TransitionAnswer answer = Transitions::finish(partial);
  ASSERT_EQ(answer.pairs.size(), 4u);
  EXPECT_EQ(answer.pairs[0].count, 2u);
  EXPECT_EQ(answer.pairs[0].from_count, 3u);
  EXPECT_EQ(answer.pair_count, 5u);
}

TEST(Transitions, EqualTheirDefinitionOnRandomHistories) {
  for (std::uint64_t seed = 0; seed < test_histories() / 4; ++seed) {
    base::Random random(seed);
    MadeShape shape;
    shape.events_max = 1 + random.below(12);
    if (random.chance(0.4)) shape.types.push_back(events::kUserProfile);
    const base::TimeMs base_ms = 1'300'000'000'000;
    const MadeBlock made(made_histories(random, shape, base_ms), {base_ms, 1000},
                         random.chance(0.5));
    TransitionSpec spec;
    if (random.chance(0.3)) spec.from = base_ms + random.between(-1, 9) * shape.instant_ms;
    if (random.chance(0.3)) spec.to = base_ms + random.between(0, 14) * shape.instant_ms;
    PairCounts expected;
    for (const auto& history : made.histories) {
      std::vector<int> types;
      for (const MadeEvent& event : history) {
        if (event.time < spec.from || event.time >= spec.to) continue;
        if (event.type != events::kUserProfile) types.push_back(event.type);
      }
      for (std::size_t i = 1; i < types.size(); ++i) ++expected[{types[i - 1], types[i]}];
    }
    const Transitions kernel(spec);
    const auto both = fold_in_two<TransitionPartial>(kernel, made.block, random);
    ASSERT_EQ(counts_of(Transitions::finish(both)), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace footfall::analytics
