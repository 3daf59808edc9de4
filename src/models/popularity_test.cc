#include "footfall/models/popularity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

using testing::ElementsAre;

TEST(Popularity, WorkedCases) {
  const Interactions data({{0, 0, 0}, {0, 1, 10}, {1, 1, 20}, {1, 0, 20}, {2, 1, 30}}, 3, 3);
  struct Case {
    const char* why;
    TimeMs cut;
    PopularityOptions options;
    std::vector<double> expected;
  };
  const Case cases[] = {
      {"all history counts 1 a basket", 30, {0, 0}, {2, 3, 0}},
      {"what is later than the cut is not known yet", 20, {0, 0}, {2, 2, 0}},
      {"an event as old as the window is outside", 30, {20, 0}, {1, 2, 0}},
      {"one millisecond more and it is inside", 30, {21, 0}, {1, 3, 0}},
      {"half after a half-life", 30, {0, 10}, {0.125 + 0.5, 0.25 + 0.5 + 1, 0}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Popularity::fit(data, c.cut, c.options).weights(), c.expected) << c.why;
  }
}

TEST(Popularity, OwesNothingToAHistory) {
  const Interactions data({{0, 0, 0}, {1, 1, 0}}, 2, 2);
  const Popularity model = Popularity::fit(data, 0, {});
  std::vector<double> by_event(1, 0.0);
  model.contributions(data.history(0), 0, 0, by_event);
  EXPECT_THAT(by_event, ElementsAre(0.0));
  Scores scores(2);
  model.score({}, 0, scores);
  EXPECT_THAT(scores.values(), ElementsAre(1.0, 1.0));
}

}  // namespace
}  // namespace footfall::models
