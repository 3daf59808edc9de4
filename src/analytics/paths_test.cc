#include "footfall/analytics/paths.h"

#include <gtest/gtest.h>

#include <map>

#include "footfall/analytics/random_timelines.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::analytics {
namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> list = [] {
    std::vector<std::string> made(256);
    for (std::size_t code = 1; code < 256; ++code)
      made[code] = std::string(1, static_cast<char>('`' + code % 26));
    return made;
  }();
  return list;
}

// "0:a>b 2, 0:a>(other) 1" and ends as "1:b. 2".
std::string text(const PathAnswer& answer) {
  const auto name = [](EventCode code) { return code == 0 ? std::string("*") : names()[code]; };
  std::string lines;
  for (const PathLink& link : answer.links) {
    lines += std::to_string(link.column) + name(link.near) + ">" + name(link.far) + " " +
             std::to_string(link.sessions) + ", ";
  }
  for (const PathNode& node : answer.nodes) {
    if (node.ends == 0) continue;
    lines +=
        std::to_string(node.column) + name(node.event) + ". " + std::to_string(node.ends) + ", ";
  }
  return lines.empty() ? lines : lines.substr(0, lines.size() - 2);
}

struct Case {
  const char* why;
  const char* events;
  PathDirection direction;
  EventCode anchor;
  std::size_t steps;
  std::size_t top;
  const char* expected;
};

constexpr PathDirection kForward = PathDirection::kForward;
constexpr PathDirection kBackward = PathDirection::kBackward;

const Case kCases[] = {
    {"the path of a session", "a0 b1 c2", kForward, 1, 5, 9, "0a>b 1, 1b>c 1, 2c. 1"},
    {"equal neighbours are one node", "a0 a1 b2 b3", kForward, 1, 5, 9, "0a>b 1, 1b. 1"},
    {"from the first occurrence of the start", "c0 a1 b2 a3", kForward, 1, 5, 9,
     "0a>b 1, 1b>a 1, 2a. 1"},
    {"a session without the start is no path", "b0 c1", kForward, 1, 5, 9, ""},
    {"after the steps it is cut, which is no end", "a0 b1 c2", kForward, 1, 1, 9, "0a>b 1"},
    {"a new session is a new path", "a0 b1 a100 c101", kForward, 1, 5, 9,
     "0a>b 1, 0a>c 1, 1b. 1, 1c. 1"},
    {"back from the last occurrence of the end", "a0 c1 b2 c3 d4", kBackward, 3, 5, 9,
     "0c>b 1, 1b>c 1, 2c>a 1, 3a. 1"},
    {"the rest folds into other", "a0 b1 a100 b101 a200 c201 a300 d301", kForward, 1, 5, 1,
     "0a>b 2, 0a>* 2, 1b. 2, 1*. 2"},
    {"ties go by name", "a0 d1 a100 c101", kForward, 1, 5, 1, "0a>c 1, 0a>* 1, 1c. 1, 1*. 1"},
};

TEST(Paths, ReadTimelines) {
  for (const Case& test : kCases) {
    const auto owned = store::build_block(store::events_from_text(
        1, test.events,
        {{'a', EventCode{1}}, {'b', EventCode{2}}, {'c', EventCode{3}}, {'d', EventCode{4}}}));
    const Paths paths =
        Paths::create({.direction = test.direction, .anchor = {test.anchor}, .steps = test.steps})
            .value();
    PathPartial partial;
    paths.fold(partial, owned.block, 0, 1);
    EXPECT_EQ(text(paths.finish(partial, test.top, names())), test.expected) << test.why;
  }
}

TEST(Paths, RefusesWhatIsNoQuestion) {
  EXPECT_EQ(Paths::create({.rule = {.gap_ms = -5}}).error().message,
            "expected a gap of more than 0 ms: -5");
  EXPECT_EQ(Paths::create({.anchor = {}}).error().message, "expected a start or end event: none");
  EXPECT_EQ(Paths::create({.steps = 0}).error().message, "expected 1 to 20 steps: 0");
  EXPECT_EQ(Paths::create({.steps = 21}).error().message, "expected 1 to 20 steps: 21");
}

// The definition: the session as a list, cut to its path, folded, and every link counted.
using Links = std::map<std::tuple<std::size_t, int, int>, std::uint64_t>;

void add_path(Links& links, const PathSpec& spec, std::vector<int> types) {
  if (spec.direction == kBackward) std::reverse(types.begin(), types.end());
  const auto anchor = std::find_if(types.begin(), types.end(), [&](int type) {
    return spec.anchor.contains(static_cast<EventCode>(type));
  });
  types.erase(types.begin(), anchor);
  types.erase(std::unique(types.begin(), types.end()), types.end());
  if (types.size() > spec.steps + 1) types.resize(spec.steps + 1);
  for (std::size_t i = 1; i < types.size(); ++i) ++links[{i - 1, types[i - 1], types[i]}];
}

TEST(Paths, EqualTheirDefinitionOnRandomHistories) {
  for (std::uint64_t seed = 0; seed < test_histories() / 10; ++seed) {
    base::Random random(seed);
    MadeShape shape;
    shape.events_max = 14;
    shape.instant_ms = 600'000;
    const MadeBlock made(made_histories(random, shape, 0), {0, 1000}, random.chance(0.5));
    PathSpec spec;
    spec.rule.gap_ms = random.between(1, 5) * shape.instant_ms;
    spec.direction = random.chance(0.5) ? kForward : kBackward;
    if (random.chance(0.7)) spec.anchor = {static_cast<EventCode>(1 + random.below(4))};
    spec.steps = 1 + random.below(6);
    Links expected;
    std::uint64_t sessions = 0;
    for (const auto& history : made.histories) {
      std::vector<int> types;
      for (std::size_t i = 0; i < history.size(); ++i) {
        if (i > 0 && history[i].time - history[i - 1].time >= spec.rule.gap_ms) {
          add_path(expected, spec, std::exchange(types, {}));
          ++sessions;
        }
        types.push_back(history[i].type);
      }
      if (types.empty()) continue;
      add_path(expected, spec, types);
      ++sessions;
    }
    const Paths paths = Paths::create(spec).value();
    const PathPartial both = fold_in_two<PathPartial>(paths, made.block, random);
    const PathAnswer found = paths.finish(both, 256, names());
    Links links;
    for (const PathLink& link : found.links)
      links[{link.column, link.near, link.far}] = link.sessions;
    ASSERT_EQ(links, expected) << "seed " << seed;
    ASSERT_EQ(found.sessions, sessions) << "seed " << seed;
    // Every node before the last column has in = out + ends, whatever is folded.
    const PathAnswer folded = paths.finish(both, 2, names());
    for (const PathNode& node : folded.nodes) {
      std::uint64_t in = 0;
      std::uint64_t out = 0;
      for (const PathLink& link : folded.links) {
        if (link.column == node.column && link.near == node.event) out += link.sessions;
        if (link.column + 1 == node.column && link.far == node.event) in += link.sessions;
      }
      ASSERT_EQ(node.column > 0 ? in : node.sessions, node.sessions);
      ASSERT_EQ(node.column < spec.steps ? out + node.ends : node.sessions, node.sessions);
    }
  }
}

}  // namespace
}  // namespace footfall::analytics
