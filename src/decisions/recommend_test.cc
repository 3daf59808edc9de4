#include "footfall/decisions/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "footfall/base/random.h"
#include "footfall/models/model_bytes.h"

namespace footfall::decisions {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr base::TimeMs kDay = base::kDayMs;
constexpr base::TimeMs kEnd = 1'314'000'000'000;  // 2011-08-22T08:00:00Z

// Items are "i00", "i01", ...; cups (0) and saucers (1) go together; 2 is what most people buy;
// 5 is out of the catalogue although it is the most popular of all.
ShopModel small_shop() {
  std::vector<models::Interaction> events;
  for (std::uint32_t user = 0; user < 20; ++user) {
    for (int week = 8; week > 0; --week) {
      const base::TimeMs at = kEnd - week * 7 * kDay;
      if (user < 8) {
        events.push_back({user, 0, at});
        events.push_back({user, 1, at});
      }
      if (user >= 6) events.push_back({user, 2, at});
      if (user == 19) events.push_back({user, 3, at});
      events.push_back({user, 5, at});
    }
  }
  ShopModel model;
  model.name = "blend";
  for (int i = 0; i < 6; ++i) model.items.push_back("i0" + std::to_string(i));
  model.names = {"CUP", "SAUCER", "BAG", "", "LAMP", "CLOCK"};
  model.in_catalogue = {1, 1, 1, 1, 1, 0};
  model.trained_to = kEnd;
  model.catalogue_window = 90 * kDay;
  model.blend = models::Blend::fit(models::Interactions(events, 20, 6), kEnd, {}, 1);
  return model;
}

std::vector<ItemIndex> items_of(const Recommendations& found) {
  std::vector<ItemIndex> items;
  for (const auto& result : found.results) items.push_back(result.item);
  return items;
}

TEST(Recommend, ANewPersonGetsWhatIsPopularNowAndItIsSaid) {
  const ShopModel model = small_shop();
  const Recommendations found = recommend_for_person(model, {{}, kEnd, 3, false});
  EXPECT_TRUE(found.popular);
  EXPECT_THAT(items_of(found), ElementsAre(2, 0, 1));
  ASSERT_THAT(found.results[0].reasons, SizeIs(1));
  EXPECT_EQ(reason_text(model, {}, found.results[0].reasons[0], base::Zone::utc()),
            "popular: in 42 customers' baskets of the 28 days before 2011-08-22");
}

TEST(Recommend, ReasonsAreThePastEventsThatSpeakForIt) {
  const ShopModel model = small_shop();
  const std::vector<ItemIndex> items{4, 0, 0};
  const std::vector<base::TimeMs> times{kEnd - 20 * kDay, kEnd - 12 * kDay, kEnd - 5 * kDay};
  const PersonRequest request{{items, times}, kEnd, 2, false};
  const Recommendations found = recommend_for_person(model, request);
  EXPECT_FALSE(found.popular);
  EXPECT_THAT(items_of(found), ElementsAre(0, 1));
  EXPECT_EQ(reason_text(model, request, found.results[0].reasons[0], base::Zone::utc()),
            "bought i00 CUP on 2011-08-17 and once before");
  for (const auto& result : found.results) {
    ASSERT_FALSE(result.reasons.empty());
    double before = result.reasons[0].value;
    double sum = 0.0;
    for (const Reason& reason : result.reasons) {
      EXPECT_LE(reason.value, before);
      before = reason.value;
      sum += reason.value;
    }
    EXPECT_LE(sum, result.value + 1e-9);
  }
}

TEST(Recommend, BoughtItemsCanBeLeftOut) {
  const ShopModel model = small_shop();
  const std::vector<ItemIndex> items{0, 2};
  const std::vector<base::TimeMs> times{kEnd - 9 * kDay, kEnd - 9 * kDay};
  const auto found = recommend_for_person(model, {{items, times}, kEnd, 10, true});
  EXPECT_THAT(items_of(found), ElementsAre(1, 3));
}

TEST(Recommend, WhatIsOutOfTheCatalogueIsNeverShownForAnyHistory) {
  const ShopModel model = small_shop();
  base::Random random(1);
  for (int round = 0; round < 500; ++round) {
    std::vector<ItemIndex> items;
    std::vector<base::TimeMs> times;
    const std::size_t count = random.below(12);
    for (std::size_t i = 0; i < count; ++i) {
      items.push_back(static_cast<ItemIndex>(random.below(6)));
      times.push_back(kEnd - static_cast<base::TimeMs>(count - i) * kDay);
    }
    const std::size_t k = 1 + random.below(6);
    const auto found = recommend_for_person(model, {{items, times}, kEnd, k, random.chance(0.5)});
    EXPECT_LE(found.results.size(), k);
    for (const auto& result : found.results) {
      ASSERT_NE(result.item, 5u);
      ASSERT_GE(result.reasons.size(), 1u);
      ASSERT_LE(result.reasons.size(), kReasonsMax);
    }
    const auto with = recommend_with(model, items, k);
    for (const auto& result : with.results) {
      ASSERT_NE(result.item, 5u);
      ASSERT_TRUE(std::find(items.begin(), items.end(), result.item) == items.end());
    }
  }
}

TEST(Recommend, WithAnItemShowsWhatIsBoughtTogetherWithIt) {
  const ShopModel model = small_shop();
  const auto found = recommend_with(model, {0}, 2);
  EXPECT_FALSE(found.popular);
  ASSERT_THAT(items_of(found), ElementsAre(1, 2));
  EXPECT_EQ(reason_text(model, {}, found.results[0].reasons[0], base::Zone::utc()),
            "in 64 of the 64 customers' baskets that hold i00 CUP");
  EXPECT_TRUE(recommend_with(model, {4}, 2).popular) << "nobody ever bought item 4";
}

TEST(Recommend, AHistoryBeyondTheLimitKeepsItsOwnNumbering) {
  const ShopModel model = small_shop();
  std::vector<ItemIndex> items(models::kHistoryEventsMax + 10, 2);
  std::vector<base::TimeMs> times;
  for (std::size_t i = 0; i < items.size(); ++i) {
    times.push_back(kEnd - static_cast<base::TimeMs>(items.size() - i) * 1'000);
  }
  items.back() = 0;
  const PersonRequest request{{items, times}, kEnd, 3, false};
  for (const auto& result : recommend_for_person(model, request).results) {
    for (const Reason& reason : result.reasons) {
      if (reason.because != Because::kTaken) continue;
      ASSERT_LT(reason.event, items.size());
      ASSERT_EQ(items[reason.event], reason.item);
    }
  }
}

TEST(ShopModel, SavedAndLoadedItDecidesTheSame) {
  const ShopModel model = small_shop();
  const std::string bytes = model.save();
  const auto loaded = ShopModel::load(bytes);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->save(), bytes);
  EXPECT_EQ(model_version(bytes), model_version(small_shop().save()));
  EXPECT_EQ(loaded->find("i03"), ItemIndex{3});
  EXPECT_EQ(loaded->find("i9"), std::nullopt);
  EXPECT_EQ(loaded->label(3), "i03");
  std::string damaged = bytes;
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_EQ(ShopModel::load(damaged).error().code, base::ErrorCode::kDamaged);
}

// The payload of a framed model, and the frame around another payload.
std::string payload_of(const std::string& framed, std::string_view kind) {
  const std::size_t head = 8 + 1 + kind.size() + 4 + 8;
  return framed.substr(head, framed.size() - head - 4);
}
std::string frame(const std::string& payload, std::string_view kind) {
  models::ModelWriter writer;
  for (const char byte : payload) writer.number(byte);
  return writer.frame(kind, 1);
}

TEST(ShopModel, BytesThatAreSoundButWereNeverSavedAreRefusedOrGiveNumbers) {
  const ShopModel model = small_shop();
  const std::string blend = model.blend.save();
  const std::string inner = payload_of(blend, "blend");
  const std::string outer = payload_of(model.save(), "shop_model");
  const std::string words = outer.substr(0, outer.size() - blend.size() - 8);  // And its length.
  const auto whole = [&](const std::string& of_words, const std::string& of_blend) {
    models::ModelWriter writer;
    for (const char byte : of_words) writer.number(byte);
    writer.text(of_blend);
    return writer.frame("shop_model", 1);
  };
  ASSERT_EQ(whole(words, blend), model.save());
  const std::vector<ItemIndex> items{0, 1, 2};
  const std::vector<base::TimeMs> times(items.size(), kEnd);
  const PersonRequest request{{items, times}, kEnd, 10, false};
  int refused = 0;
  const auto decide = [&](const std::string& bytes) {
    const auto loaded = ShopModel::load(bytes);
    refused += loaded.ok() ? 0 : 1;
    if (!loaded.ok()) return;
    for (const auto& result : recommend_for_person(*loaded, request).results) {
      ASSERT_TRUE(result.value >= 0.0 && std::isfinite(result.value)) << result.value;
      for (const Reason& reason : result.reasons) {
        ASSERT_FALSE(reason_text(*loaded, request, reason, base::Zone::utc()).empty());
      }
    }
  };
  for (const double wrong : {std::nan(""), -1.0, 1e300, 0.0}) {
    for (std::size_t at = 0; at + sizeof(wrong) <= inner.size(); ++at) {
      std::string changed = inner;
      std::memcpy(changed.data() + at, &wrong, sizeof(wrong));
      decide(whole(words, frame(changed, "blend")));
    }
    for (std::size_t at = 0; at + sizeof(wrong) <= words.size(); ++at) {
      std::string changed = words;
      std::memcpy(changed.data() + at, &wrong, sizeof(wrong));
      decide(whole(changed, blend));
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace footfall::decisions
