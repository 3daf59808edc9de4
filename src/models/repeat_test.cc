#include "footfall/models/repeat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(Repeat, LearnsHowOftenEachItemIsTakenAgain) {
  // User 0 takes item 0 twice running; item 1 never comes back. Last baskets are not counted.
  const Interactions data({{0, 0, 1}, {0, 1, 1}, {0, 0, 2}, {0, 2, 3}}, 1, 3);
  const Repeat model = Repeat::fit(data, {3, 1.0, 0});
  // Counted takings: 0 at 1 (again), 1 at 1 (not), 0 at 2 (not). Mean 1/3.
  EXPECT_THAT(model.rates(),
              ElementsAre(DoubleNear((1 + 1.0 / 3) / 3, 1e-12),
                          DoubleNear((0 + 1.0 / 3) / 2, 1e-12), DoubleNear(1.0 / 3, 1e-12)));
}

TEST(Repeat, EqualsItsDefinitionOnRandomHistories) {
  base::Random random(5);
  for (std::uint64_t round = 0; round < random_rounds(10); ++round) {
    const Interactions data = random_interactions(random, {4, 5, 14, 6, 1});
    const int following = 1 + static_cast<int>(random.below(3));
    std::vector<double> taken(5, 0.0);
    std::vector<double> again(5, 0.0);
    for (std::size_t user = 0; user < data.user_count(); ++user) {
      std::map<TimeMs, std::set<ItemIndex>> baskets;
      const History history = data.history(user);
      for (std::size_t e = 0; e < history.size(); ++e) {
        baskets[history.times[e]].insert(history.items[e]);
      }
      for (auto basket = baskets.begin(); basket != baskets.end(); ++basket) {
        if (std::next(basket) == baskets.end()) continue;
        for (const ItemIndex item : basket->second) {
          taken[item] += 1;
          auto later = std::next(basket);
          bool found = false;
          for (int q = 0; q < following && later != baskets.end(); ++q, ++later) {
            found = found || later->second.count(item) > 0;
          }
          again[item] += found ? 1 : 0;
        }
      }
    }
    double all_taken = 0;
    double all_again = 0;
    for (int i = 0; i < 5; ++i) {
      all_taken += taken[i];
      all_again += again[i];
    }
    const double mean = all_taken == 0 ? 0 : all_again / all_taken;
    const Repeat model = Repeat::fit(data, {following, 2.0, 0});
    for (int i = 0; i < 5; ++i) {
      ASSERT_NEAR(model.rates()[i], (again[i] + 2 * mean) / (taken[i] + 2), 1e-12) << round;
    }
  }
}

TEST(Repeat, ContributionsAddUpToTheScore) {
  const Interactions data({{0, 0, 0}, {0, 0, 10}, {0, 1, 10}, {0, 0, 20}}, 1, 2);
  const Repeat model = Repeat::fit(data, {3, 1.0, 10});
  Scores scores(2);
  model.score(data.history(0), 20, scores);
  std::vector<double> by_event(4, 0.0);
  model.contributions(data.history(0), 20, 0, by_event);
  const double rate = model.rates()[0];
  EXPECT_THAT(by_event, ElementsAre(rate * 0.25, rate * 0.5, 0.0, rate));
  EXPECT_DOUBLE_EQ(scores.values()[0], rate * 1.75);
}

}  // namespace
}  // namespace footfall::models
