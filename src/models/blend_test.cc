#include "footfall/models/blend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/models/random_interactions.h"

namespace footfall::models {
namespace {

constexpr TimeMs kCut = 60 * base::kDayMs;

Interactions some_data(std::uint64_t seed) {
  base::Random random(seed);
  return random_interactions(random, {40, 15, 30, 60, base::kDayMs});
}

TEST(Blend, IsTheWeightedSumOfItsPartsEachDividedByItsGreatest) {
  const Interactions data = some_data(1);
  const Blend blend = Blend::fit(data, kCut, {}, 1);
  for (std::size_t user = 0; user < data.user_count(); ++user) {
    const History history = data.history(user);
    BlendScores scores(data.item_count());
    blend.score(history, kCut, scores);
    std::vector<double> expected(data.item_count(), 0.0);
    for (std::size_t part = 0; part < kBlendParts; ++part) {
      Scores alone(data.item_count());
      blend.part(part).score(history, kCut, alone);
      double greatest = 0.0;
      for (const double value : alone.values()) greatest = std::max(greatest, value);
      if (greatest == 0.0) continue;
      for (std::size_t item = 0; item < expected.size(); ++item) {
        expected[item] += blend.settings().weights[part] * alone.values()[item] / greatest;
      }
    }
    for (std::size_t item = 0; item < expected.size(); ++item) {
      ASSERT_NEAR(scores.values[item], expected[item], 1e-12);
    }
  }
}

TEST(Blend, ContributionsAndPopularityAddUpToTheScore) {
  const Interactions data = some_data(2);
  const Blend blend = Blend::fit(data, kCut, {}, 1);
  BlendScores scores(data.item_count());
  for (std::size_t user = 0; user < data.user_count(); ++user) {
    const History history = data.history(user);
    blend.score(history, kCut, scores);
    for (ItemIndex item = 0; item < data.item_count(); ++item) {
      std::vector<double> by_event(history.size());
      blend.contributions(history, kCut, item, scores, by_event);
      double sum = scores.factors[kPopularityPart] * blend.popularity().weights()[item];
      for (const double part : by_event) sum += part;
      ASSERT_NEAR(sum, scores.values[item], 1e-9);
    }
  }
}

TEST(Blend, SavedAndLoadedItScoresTheSameAndSavesTheSameBytes) {
  const Interactions data = some_data(3);
  const Blend blend = Blend::fit(data, kCut, {}, 1);
  const std::string bytes = blend.save();
  const auto loaded = Blend::load(bytes);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->save(), bytes);
  EXPECT_EQ(Blend::fit(some_data(3), kCut, {}, 2).save(), bytes) << "same data, same bytes";
  EXPECT_NE(Blend::fit(some_data(4), kCut, {}, 1).save(), bytes);
  BlendScores ours(data.item_count());
  BlendScores theirs(data.item_count());
  for (std::size_t user = 0; user < data.user_count(); ++user) {
    blend.score(data.history(user), kCut, ours);
    loaded->score(data.history(user), kCut, theirs);
    ASSERT_EQ(ours.values, theirs.values);
  }
}

TEST(Blend, BytesWhosePartsDoNotFitTogetherAreRefused) {
  ModelWriter writer;
  for (std::size_t part = 0; part < kBlendParts; ++part) writer.number(1.0);
  const Blend small = Blend::fit(Interactions({{0, 0, 0}}, 1, 1), 0, {}, 1);
  const Blend large = Blend::fit(Interactions({{0, 1, 0}}, 1, 2), 0, {}, 1);
  small.part(kPopularityPart).save(writer);
  small.part(kRepeatPart).save(writer);
  large.part(kTransitionsPart).save(writer);
  small.part(kCopurchasePart).save(writer);
  const auto loaded = Blend::load(writer.frame("blend", 1));
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, base::ErrorCode::kDamaged);
}

TEST(Blend, ANewUserGetsPopularityAlone) {
  const Interactions data = some_data(5);
  const Blend blend = Blend::fit(data, kCut, {}, 1);
  BlendScores scores(data.item_count());
  blend.score({}, kCut, scores);
  EXPECT_GT(scores.factors[kPopularityPart], 0.0);
  EXPECT_EQ(scores.factors[kRepeatPart], 0.0);
  EXPECT_EQ(scores.factors[kTransitionsPart], 0.0);
}

}  // namespace
}  // namespace footfall::models
