#include "footfall/engine/learn_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "footfall/base/random.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::engine {
namespace {

using testing::ElementsAre;

store::BuilderEvent purchase(store::UserNumber user, base::TimeMs time,
                             const std::vector<store::ItemCode>& items) {
  store::BuilderEvent event;
  event.user = user;
  event.time = time;
  event.type = events::kPurchase;
  for (const store::ItemCode item : items) event.lines.push_back({item, 1, 1'000'000, 0});
  return event;
}

PurchaseWalk walk_to(base::TimeMs end) {
  const auto moments = trial_moments(end);
  return {{moments.begin(), moments.end()}, {}, 2, [](store::TextCode) { return ""; }};
}

TEST(LearnData, ItemsAreInTheOrderOfTheirKeys) {
  const std::vector<std::string> keys{"", "pear", "apple", "fig"};
  const store::OwnedBlock owned =
      store::build_block({purchase(7, 10, {1, 3}), purchase(7, 20, {1}), purchase(9, 5, {3})});
  const ShopTexts texts{[&](store::ItemCode code) { return std::string_view(keys[code]); },
                        [](store::TextCode) { return std::string_view(); }};
  const LearnData data = gather_learn_data({&owned.block, 1}, texts, walk_to(100));
  EXPECT_THAT(data.items, ElementsAre("fig", "pear"));
  ASSERT_EQ(data.known.at_end.user_count(), 2u);
  EXPECT_THAT(data.known.at_end.history(0).items, ElementsAre(0)) << "the earlier history is first";
  EXPECT_THAT(data.known.at_end.history(1).items, ElementsAre(0, 1, 1));
  EXPECT_EQ(data.end, 100);
}

TEST(LearnData, TheCommonestNameStandsTiesByText) {
  const store::OwnedBlock owned =
      store::build_block({purchase(1, 10, {1, 2}), purchase(1, 20, {1, 2}), purchase(2, 30, {1})});
  store::Block block = owned.block;
  const std::vector<store::TextCode> names{1, 3, 2, 4, 2};  // Of the five lines, in block order.
  block.lines.names = store::ColumnView<store::TextCode>::dense(names);
  const std::vector<std::string> said{"", "LAMP", "  NICE LAMP ", "ZEBRA", "ANT"};
  const ShopTexts texts{[](store::ItemCode code) {
                          return code == 1 ? std::string_view("a") : std::string_view("b");
                        },
                        [&](store::TextCode code) { return std::string_view(said[code]); }};
  const LearnData data = gather_learn_data({&block, 1}, texts, walk_to(100));
  EXPECT_THAT(data.names, ElementsAre("NICE LAMP", "ANT"));
}

TEST(LearnData, LeavesOutChargesByCodeAndByName) {
  const store::OwnedBlock owned =
      store::build_block({purchase(1, 10, {1, 2, 3}), purchase(2, 20, {3}), purchase(3, 30, {1})});
  store::Block block = owned.block;
  const std::vector<store::TextCode> names{1, 2, 3, 3, 1};
  block.lines.names = store::ColumnView<store::TextCode>::dense(names);
  const std::vector<std::string> keys{"", "mug", "POST", "x9"};
  const std::vector<std::string> said{"", "MUG", "", "Postage "};
  const ShopTexts texts{[&](store::ItemCode code) { return std::string_view(keys[code]); },
                        [&](store::TextCode code) { return std::string_view(said[code]); }};
  const LearnData data = gather_learn_data({&block, 1}, texts, walk_to(100));
  EXPECT_THAT(data.items, ElementsAre("mug"));
  EXPECT_THAT(data.names, ElementsAre("MUG"));
  EXPECT_EQ(data.left_out.charges, 3);
  EXPECT_EQ(data.known.at_end.size(), 2u);
}

store::BuilderEvent refund(store::UserNumber user, base::TimeMs time, store::ItemCode item) {
  store::BuilderEvent event = purchase(user, time, {item});
  event.type = events::kRefund;
  return event;
}

std::string single_letters(const models::Interactions& bought) {
  std::string words;
  for (std::size_t user = 0; user < bought.user_count(); ++user) {
    if (user > 0) words += '|';
    for (const models::ItemIndex item : bought.history(user).items) {
      words += static_cast<char>('a' + item);
    }
  }
  return words;
}

TEST(LearnData, APurchaseIsKnownUntilItIsCancelled) {
  constexpr base::TimeMs kEnd = 3 * kTrialWindow;
  const store::OwnedBlock owned = store::build_block({
      purchase(1, 1, {1, 2, 3}), refund(1, 2, 1),  // Before both cuts.
      refund(1, kTrialWindow + 1, 2),              // In the validation weeks.
      refund(1, 2 * kTrialWindow + 1, 3),          // In the test weeks.
      purchase(1, kEnd, {4}),                      // With its own cancellation.
      refund(1, kEnd, 4), purchase(2, 5, {2}), refund(2, kEnd + 1, 2),  // After the end: not known.
  });
  const std::vector<std::string> keys{"", "a", "b", "c", "d"};
  const ShopTexts texts{[&](store::ItemCode code) { return std::string_view(keys[code]); },
                        [](store::TextCode) { return std::string_view(); }};
  const LearnData data = gather_learn_data({&owned.block, 1}, texts, walk_to(kEnd));
  EXPECT_THAT(data.items, ElementsAre("b", "c")) << "a and d stood at no moment";
  EXPECT_EQ(single_letters(data.known.at_validation_cut), "ab|a");
  EXPECT_EQ(single_letters(data.known.at_cut), "b|a");
  EXPECT_EQ(single_letters(data.known.at_end), "|a");
  EXPECT_EQ(data.left_out.cancelled, 4);
}

// The same purchases under other user numbers, item codes and block borders give the same data.
TEST(LearnData, DependsOnTheDataAloneNotOnHowItCameIn) {
  base::Random random(3);
  constexpr std::size_t kUsers = 30;
  constexpr std::size_t kItems = 12;
  struct Bought {
    std::size_t user;
    base::TimeMs time;
    std::size_t item;
  };
  std::vector<Bought> list;
  for (int i = 0; i < 400; ++i) {
    list.push_back({random.below(kUsers), random.between(0, 50), random.below(kItems)});
  }
  const auto gathered = [&](bool turned) {
    const auto code = [&](std::size_t item) {
      return static_cast<store::ItemCode>(turned ? kItems - item : item + 1);
    };
    std::vector<store::BuilderEvent> low;
    std::vector<store::BuilderEvent> high;
    for (const Bought& one : list) {
      const auto user = static_cast<store::UserNumber>(turned ? kUsers * 2 - one.user : one.user);
      (one.user < 10 && turned ? high : low).push_back(purchase(user, one.time, {code(one.item)}));
    }
    const store::OwnedBlock first = store::build_block(low);
    const store::OwnedBlock second = store::build_block(high);
    const std::vector<store::Block> blocks{first.block, second.block};
    std::vector<std::string> keys(kItems + 1);
    for (std::size_t item = 0; item < kItems; ++item) {
      keys[code(item)] = std::string(1, static_cast<char>('a' + item));
    }
    const ShopTexts texts{[&](store::ItemCode c) { return std::string_view(keys[c]); },
                          [](store::TextCode) { return std::string_view(); }};
    return gather_learn_data(blocks, texts, walk_to(100));
  };
  const LearnData straight = gathered(false);
  const LearnData turned = gathered(true);
  EXPECT_EQ(straight.items, turned.items);
  ASSERT_EQ(straight.known.at_end.user_count(), turned.known.at_end.user_count());
  for (std::size_t user = 0; user < straight.known.at_end.user_count(); ++user) {
    const models::History a = straight.known.at_end.history(user);
    const models::History b = turned.known.at_end.history(user);
    ASSERT_TRUE(std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end()));
    ASSERT_TRUE(std::equal(a.times.begin(), a.times.end(), b.times.begin(), b.times.end()));
  }
}

}  // namespace
}  // namespace footfall::engine
