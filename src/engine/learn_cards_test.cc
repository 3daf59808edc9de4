#include "footfall/engine/learn_cards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "footfall/base/random.h"
#include "footfall/engine/model_trial.h"

namespace footfall::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr base::TimeMs kDay = base::kDayMs;
constexpr base::TimeMs kEnd = 1'314'000'000'000;

KnownPurchases never_cancelled(const models::Interactions& bought) {
  return {bought, bought, bought};
}

// With `habits`, each person buys their own items week by week; else everybody draws from the same
// bestseller list, and nothing beats popularity.
LearnData shop(bool habits, std::uint64_t seed, std::uint32_t users = 150) {
  base::Random random(seed);
  constexpr std::size_t kItems = 60;
  std::vector<models::Interaction> events;
  for (std::uint32_t user = 0; user < users; ++user) {
    const std::uint64_t own = random.below(kItems - 4);
    for (int week = 20; week > 0; --week) {
      if (!random.chance(0.6)) continue;
      const base::TimeMs at = kEnd - week * 7 * kDay + random.between(0, 6) * kDay;
      for (int i = 0; i < 4; ++i) {
        const double u = random.uniform();
        const auto drawn = static_cast<std::uint64_t>(u * u * u * static_cast<double>(kItems));
        const std::uint64_t item = habits ? own + random.below(4) : drawn;
        events.push_back({user, static_cast<models::ItemIndex>(item), at});
      }
    }
  }
  LearnData data;
  for (std::size_t i = 0; i < kItems; ++i) {
    data.items.push_back(std::string("item") + static_cast<char>('A' + i / 10) +
                         static_cast<char>('0' + i % 10));
  }
  data.names.assign(kItems, "");
  data.known = never_cancelled({std::move(events), users, kItems});
  data.end = kEnd;
  return data;
}

LearnWish wish_for(std::vector<std::string> models) {
  LearnWish wish;
  wish.models = std::move(models);
  wish.clock = [] { return 0.0; };
  return wish;
}

Learned learnt(const LearnData& data, const LearnWish& wish) {
  auto learned = learn_models(data, wish);
  EXPECT_TRUE(learned.ok());
  return learned.ok() ? *std::move(learned) : Learned{};
}

TEST(LearnCards, AModelThatBeatsPopularityIsPublished) {
  const LearnData data = shop(true, 1);
  const Learned learned = learnt(data, wish_for(model_names()));
  EXPECT_NE(learned.published, "popularity");
  ASSERT_EQ(learned.cards.size(), model_names().size());
  int published = 0;
  for (const Json& card : learned.cards) {
    for (const char* key : {"model", "version", "trained_to", "protocol", "metrics", "interval",
                            "baseline", "published", "why", "settings", "seconds"}) {
      EXPECT_TRUE(card.contains(key)) << key;
    }
    const double ndcg = card["metrics"]["ndcg@10"];
    EXPECT_LE(card["interval"]["ndcg@10"][0].get<double>(), ndcg);
    EXPECT_GE(card["interval"]["ndcg@10"][1].get<double>(), ndcg);
    if (!card["published"].get<bool>()) continue;
    ++published;
    EXPECT_EQ(card["model"], learned.published);
    EXPECT_EQ(card["version"], learned.version);
    EXPECT_GT(card["difference"][0]["interval"]["ndcg@10"][0].get<double>(), 0.0);
    EXPECT_EQ(card["trained_to"], "2011-08-22T08:00:00Z");
    EXPECT_THAT(card["protocol"].get<std::string>(), HasSubstr("2011-07-25T08:00:00Z"));
  }
  EXPECT_EQ(published, 1);
  const auto model = decisions::ShopModel::load(learned.bytes);
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(model->trained_to, kEnd);
  EXPECT_EQ(decisions::model_version(learned.bytes), learned.version);
}

TEST(LearnCards, AModelThatDoesNotIsNotPublishedAndTheCardSaysWhy) {
  std::set<bool> below;  // Whether the interval is wholly below 0: both are met.
  for (const auto& [users, model] : {std::pair{150U, "transitions"}, {600U, "repeat"}}) {
    const Learned learned = learnt(shop(false, 2, users), wish_for({model}));
    EXPECT_EQ(learned.published, "popularity");
    ASSERT_EQ(learned.cards.size(), 2u) << "the wished model and what is published instead";
    for (const Json& card : learned.cards) {
      EXPECT_EQ(card["published"], card["model"] == "popularity");
      const auto why = card["why"].get<std::string>();
      EXPECT_THAT(why, HasSubstr(std::string(model) + " does not beat popularity"));
      if (card["model"] == "popularity") continue;
      below.insert(card["difference"][0]["interval"]["ndcg@10"][1] < 0.0);
      EXPECT_EQ(why.find("which holds 0: nothing can be concluded") == std::string::npos,
                card["difference"][0]["interval"]["ndcg@10"][1] < 0.0);
    }
  }
  EXPECT_EQ(below.size(), 2u);
}

// Everybody buys the same four items each week, so that each person is in the test.
LearnData constant_shop(std::uint32_t users) {
  std::vector<models::Interaction> events;
  for (std::uint32_t user = 0; user < users; ++user) {
    for (int week = 20; week > 0; --week) {
      for (models::ItemIndex item = 0; item < 4; ++item) {
        events.push_back({user, item + 4 * (user % 5), kEnd - week * 7 * kDay + 1});
      }
    }
  }
  LearnData data;
  for (int i = 0; i < 20; ++i) data.items.push_back(std::string("i") + static_cast<char>('a' + i));
  data.names.assign(20, "");
  data.known = never_cancelled({std::move(events), users, 20});
  data.end = kEnd;
  return data;
}

TEST(LearnCards, NothingIsConcludedFromTooFewPersons) {
  struct Case {
    std::uint32_t persons;
    const char* why;  // "" = judged.
  };
  for (const Case& c : {Case{1, "only 1 person is in the test, fewer than 20"},
                        Case{19, "only 19 persons are in the test, fewer than 20"}, Case{20, ""}}) {
    const Learned learned = learnt(constant_shop(c.persons), wish_for(model_names()));
    for (const Json& card : learned.cards) {
      const auto why = card["why"].get<std::string>();
      if (*c.why != '\0') {
        EXPECT_EQ(learned.published, "popularity") << c.persons;
        EXPECT_THAT(why, HasSubstr(c.why));
        EXPECT_THAT(why, HasSubstr("nothing can be concluded, so what is popular stands"));
      } else {
        EXPECT_NE(learned.published, "popularity") << "who buys the same again is known to do so";
        EXPECT_THAT(why, Not(HasSubstr("fewer than")));
      }
    }
  }
}

// Ten weeks before the end a fashion begins: the last 14 days foretell the validation best. In the
// test weeks it is over, and what was bought most of the time foretells best.
LearnData changing_fashion() {
  base::Random random(9);
  LearnData data = shop(false, 9);
  std::vector<models::Interaction> events;
  for (std::uint32_t user = 0; user < 150; ++user) {
    for (int week = 20; week > 0; --week) {
      const std::uint64_t first = week > 10 || week <= 4 ? 0 : 30;
      for (int i = 0; i < 3; ++i) {
        const auto item = static_cast<models::ItemIndex>(first + random.below(12));
        events.push_back({user, item, kEnd - week * 7 * kDay + random.between(0, 6) * kDay});
      }
    }
  }
  data.known = never_cancelled({std::move(events), 150, data.items.size()});
  return data;
}

TEST(LearnCards, PopularityIsToldByTheWindowThatItHas) {
  const Learned learned = learnt(changing_fashion(), wish_for({"popularity"}));
  ASSERT_EQ(learned.cards.size(), 1u);
  const Json& card = learned.cards[0];
  ASSERT_EQ(card["baseline"]["model"], "popularity (all time)");
  ASSERT_EQ(card["settings"]["popularity_window"], "14 days");
  const auto model = decisions::ShopModel::load(learned.bytes);
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(model->blend.popularity().options().window, 14 * kDay);
  const auto why = card["why"].get<std::string>();
  EXPECT_THAT(why, testing::Not(HasSubstr("it is the baseline")));
  EXPECT_THAT(why, HasSubstr("popularity (14 days) was chosen before the test"));
  EXPECT_THAT(why, HasSubstr("difference to popularity (all time)"));
  const Learned other = learnt(changing_fashion(), wish_for({"transitions"}));
  ASSERT_EQ(other.published, "popularity");
  for (const Json& each : other.cards) {
    EXPECT_THAT(each["why"].get<std::string>(), HasSubstr("popularity (14 days), chosen before"));
  }
}

TEST(LearnCards, TheCatalogueIsWhatWasSoldLately) {
  LearnData data = shop(true, 3);
  std::vector<models::Interaction> events;
  for (std::uint32_t user = 0; user < 3; ++user) {
    events.push_back({user, 0, kEnd - 90 * kDay});      // As old as the window: out.
    events.push_back({user, 1, kEnd - 90 * kDay + 1});  // Just inside.
    events.push_back({user, 1, kEnd - 10 * kDay});
  }
  data.items = {"a", "b"};
  data.names = {"", ""};
  data.known = never_cancelled({events, 3, 2});
  const Learned learned = learnt(data, wish_for(model_names()));
  const auto model = decisions::ShopModel::load(learned.bytes);
  ASSERT_TRUE(model.ok());
  EXPECT_THAT(model->in_catalogue, ElementsAre(0, 1));
}

TEST(LearnCards, SameDataAndSeedSameBytesAndCards) {
  LearnWish two = wish_for(model_names());
  two.threads = 2;
  const Learned first = learnt(shop(true, 4), wish_for(model_names()));
  const Learned again = learnt(shop(true, 4), two);
  EXPECT_EQ(first.bytes, again.bytes);
  EXPECT_EQ(first.cards.dump(), again.cards.dump());
  LearnWish other = wish_for(model_names());
  other.seed = 2;
  const Learned seeded = learnt(shop(true, 4), other);
  EXPECT_EQ(first.bytes, seeded.bytes) << "the seed draws intervals, not models";
  EXPECT_NE(first.cards.dump(), seeded.cards.dump());
}

TEST(LearnCards, TooLittleHistoryPublishesPopularityAndSaysSo) {
  LearnData data;
  data.items = {"a"};
  data.names = {"A"};
  data.known = never_cancelled({{{0, 0, kEnd - kDay}}, 1, 1});
  data.end = kEnd;
  const Learned learned = learnt(data, wish_for(model_names()));
  EXPECT_EQ(learned.published, "popularity");
  for (const Json& card : learned.cards) {
    EXPECT_TRUE(card["metrics"].empty());
    EXPECT_THAT(card["why"].get<std::string>(), HasSubstr("nothing can be measured"));
  }
}

TEST(LearnCards, ABudgetThatIsUpKeepsTheBestSoFar) {
  LearnWish wish = wish_for(model_names());
  double now = 0.0;
  wish.clock = [&now] { return now += 1.0; };
  wish.budget_seconds = 0.5;
  const Learned learned = learnt(shop(true, 5), wish);
  ASSERT_EQ(learned.warnings.size(), 1u);
  EXPECT_THAT(learned.warnings[0].get<std::string>(), HasSubstr("budget"));
  EXPECT_FALSE(learned.bytes.empty());
}

// A wish to stop is heard wherever it comes, and then little more is done.
TEST(LearnCards, AnInterruptionIsHeardBetweenModelsAndTrials) {
  const LearnData data = shop(true, 7);
  const auto asked_when_stopped_at = [&](int stop_at) {
    int asked = 0;
    LearnWish wish = wish_for(model_names());
    wish.interrupted = [&] { return ++asked > stop_at; };
    const auto learned = learn_models(data, wish);
    EXPECT_EQ(learned.ok(), asked <= stop_at);
    if (!learned.ok()) {
      EXPECT_EQ(learned.error().code, base::ErrorCode::kInterrupted);
    }
    return asked;
  };
  const int all = asked_when_stopped_at(1'000'000);
  EXPECT_GT(all, 50) << "once a setting and once a model at least";
  for (int stop_at = 0; stop_at < all; ++stop_at) {
    EXPECT_LE(asked_when_stopped_at(stop_at), stop_at + 2) << stop_at;
  }
}

// Nothing from the test weeks may reach what is measured on them: other purchases there change the
// targets, but not one choice or figure of the validation.
TEST(ModelTrial, ChoicesDoNotDependOnTheTestWeeks) {
  const LearnData data = shop(true, 6);
  const models::Interactions& bought = data.known.at_end;
  std::vector<models::Interaction> changed;
  base::Random random(1);
  for (std::size_t user = 0; user < bought.user_count(); ++user) {
    const models::History history = bought.history(user);
    for (std::size_t event = 0; event < history.size(); ++event) {
      const bool test = history.times[event] > kEnd - kTrialWindow;
      const auto item =
          test ? static_cast<models::ItemIndex>(random.below(60)) : history.items[event];
      changed.push_back({static_cast<std::uint32_t>(user), item, history.times[event]});
    }
  }
  const TrialOptions options{kEnd, 1, 1, [] { return 0.0; }, nullptr};
  const ModelTrial before = try_models(data.known, options).value();
  const ModelTrial after =
      try_models(never_cancelled({changed, bought.user_count(), 60}), options).value();
  EXPECT_EQ(before.choice.settings.weights, after.choice.settings.weights);
  EXPECT_EQ(before.choice.part_ndcg, after.choice.part_ndcg);
  EXPECT_EQ(before.choice.blend_ndcg, after.choice.blend_ndcg);
  EXPECT_EQ(before.offered, after.offered);
  EXPECT_NE(before.models.back().test[0].mean, after.models.back().test[0].mean);
}

}  // namespace
}  // namespace footfall::engine
