#include "footfall/engine/purchase_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/events/batch.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::engine {
namespace {

using testing::ElementsAre;
using testing::Pair;

PurchaseWalk walk_to(base::TimeMs until, std::vector<store::BatchNumber> denied) {
  return {{until}, std::move(denied), 2, [](store::TextCode) { return ""; }};
}

std::vector<std::pair<store::ItemCode, base::TimeMs>> bought(const store::Block& block,
                                                             std::size_t user,
                                                             const PurchaseWalk& walk,
                                                             LeftOutLines& left_out) {
  std::vector<std::pair<store::ItemCode, base::TimeMs>> items;
  walk.user(block, user, left_out,
            [&](const BoughtItem& one) { items.emplace_back(one.item, one.time); });
  return items;
}

TEST(PurchaseWalk, CountsPricedMerchandiseOfPurchases) {
  using events::kPurchase;
  std::vector<store::BuilderEvent> events;
  events.push_back({1,
                    10,
                    kPurchase,
                    5,
                    0,
                    0,
                    0,
                    {{5, 1, 1'000'000, 0},
                     {6, 1, 2'000'000, events::kBookkeeping},
                     {7, 1, 0, events::kFreeLine},
                     {8, 2, 500'000, 0}}});
  events.push_back({1, 20, events::kRefund, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}}});
  events.push_back({1, 30, kPurchase, 9});  // Without lines.
  events.push_back({1, 40, events::kViewItem, 4});
  events.push_back({1, 50, kPurchase, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}}});
  events.push_back({2, 15, kPurchase, 8, 0, 0, 0, {{8, 1, 500'000, 0}}});
  const store::OwnedBlock owned = store::build_block(events);

  LeftOutLines left_out;
  EXPECT_THAT(bought(owned.block, 0, walk_to(40, {}), left_out),
              ElementsAre(Pair(8, 10), Pair(9, 30)))
      << "the line of item 5 was taken back";
  EXPECT_EQ(left_out.bookkeeping, 1);
  EXPECT_EQ(left_out.free_lines, 1);
  EXPECT_EQ(left_out.after_end, 1);
  EXPECT_EQ(left_out.cancelled, 1);
  EXPECT_EQ(left_out.no_consent, 0);
  EXPECT_THAT(bought(owned.block, 1, walk_to(40, {}), left_out), ElementsAre(Pair(8, 15)));
  EXPECT_THAT(bought(owned.block, 0, walk_to(50, {}), left_out).back(), Pair(5, 50))
      << "the last instant counts";
}

// Each taken item with the moments at which it stood, as "item:moments".
std::string known(const store::Block& block, const PurchaseWalk& walk, LeftOutLines& left_out) {
  std::string words;
  walk.user(block, 0, left_out, [&](const BoughtItem& one) {
    words += (words.empty() ? "" : " ") + std::to_string(one.item) + ":";
    for (std::size_t m = 0; m < walk.moments.size(); ++m) {
      if ((one.known >> m & 1) != 0) words += std::to_string(walk.moments[m]) + ",";
    }
  });
  return words;
}

TEST(PurchaseWalk, AMomentKnowsWhatWasKnownThen) {
  using events::kPurchase;
  store::OwnedBlock owned =
      store::build_block({{1, 10, kPurchase, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}}},
                          {1, 12, kPurchase, 6, 0, 0, 0, {{6, 1, 1'000'000, 0}}},
                          {1, 14, events::kRefund, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}}},
                          {1, 30, kPurchase, 7}});
  PurchaseWalk walk = walk_to(40, {});
  walk.moments = {15, 25, 40};
  LeftOutLines left_out;
  EXPECT_EQ(known(owned.block, walk, left_out), "6:15,25,40, 7:40,");
  // The second purchase came late, and the refund later still.
  const std::vector<std::int64_t> delays = {0, 8, 20, 100};
  owned.block.known_delays = store::ColumnView<std::int64_t>::dense(delays);
  EXPECT_EQ(known(owned.block, walk, left_out), "5:15,25, 6:25,40, 7:40,")
      << "at the end counts all that the shop knows now";
}

TEST(PurchaseWalk, ALineThatIsCancelledInFullStoodUntilThen) {
  using events::kPurchase;
  using events::kRefund;
  const std::vector<store::BuilderEvent> events = {
      {1, 10, kPurchase, 5, 0, 0, 0, {{5, 2, 1'000'000, 0}, {6, 1, 1'000'000, 0}}},
      {1, 12, kPurchase, 7, 0, 0, 0, {{7, 1, 1'000'000, 0}}},
      {1, 15, kRefund, 7, 0, 0, 0, {{7, 1, 1'000'000, 0}}},
      {1, 25, kRefund, 5, 0, 0, 0, {{5, 2, 1'000'000, 0}}},
      {1, 26, kRefund, 6, 0, 0, 0, {{6, 2, 0, 0}}},  // More than was bought.
      {1, 28, kPurchase, 8},
      {1, 29, kRefund, 8},  // Of an item without lines.
      {1, 30, kPurchase, 9, 0, 0, 0, {{9, 2, 1'000'000, 0}}},
      {1, 35, kRefund, 9, 0, 0, 0, {{9, 1, 1'000'000, 0}}}};
  const store::OwnedBlock owned = store::build_block(events);
  PurchaseWalk walk = walk_to(40, {});
  walk.moments = {11, 20, 28, 40};
  LeftOutLines left_out;
  EXPECT_EQ(known(owned.block, walk, left_out), "5:11,20, 6:11,20, 8:28, 9:40,");
  EXPECT_EQ(left_out.cancelled, 4) << "5, 6, 7 and 8 by the last moment";
}

TEST(PurchaseWalk, ARefundThatMayNotBeUsedCancelsNothing) {
  const std::vector<store::BuilderEvent> events = {
      {1, 10, events::kPurchase, 5, 3, 0, 0, {{5, 1, 1'000'000, 0}}},
      {1, 15, events::kRefund, 5, 3, 0, 0, {{5, 1, 1'000'000, 0}}}};
  const store::OwnedBlock owned = store::build_block(events);
  store::Block block = owned.block;
  const std::vector<store::BatchNumber> batches{1, 2};
  block.batches = store::ColumnView<store::BatchNumber>::dense(batches);
  LeftOutLines left_out;
  EXPECT_THAT(bought(block, 0, walk_to(40, {2}), left_out), ElementsAre(Pair(5, 10)));
  EXPECT_TRUE(bought(block, 0, walk_to(40, {}), left_out).empty());
  block.batches = owned.block.batches;
  block.lines.batches = store::ColumnView<store::BatchNumber>::dense(batches);
  EXPECT_THAT(bought(block, 0, walk_to(40, {2}), left_out), ElementsAre(Pair(5, 10)));
}

TEST(PurchaseWalk, APurchaseThatMayNotBeUsedTakesNoRefund) {
  const std::vector<store::BuilderLine> line = {{5, 1, 1'000'000, 0}};
  const store::OwnedBlock owned = store::build_block({{1, 10, events::kPurchase, 5, 0, 0, 0, line},
                                                      {1, 12, events::kPurchase, 5, 0, 0, 0, line},
                                                      {1, 15, events::kRefund, 5, 0, 0, 0, line}});
  store::Block block = owned.block;
  const std::vector<store::BatchNumber> batches{1, 2, 1};
  block.batches = store::ColumnView<store::BatchNumber>::dense(batches);
  LeftOutLines left_out;
  EXPECT_THAT(bought(block, 0, walk_to(40, {}), left_out), ElementsAre(Pair(5, 10)));
  EXPECT_TRUE(bought(block, 0, walk_to(40, {2}), left_out).empty());
}

TEST(PurchaseWalk, AStatedAmountCancelsAnOrderThatItReaches) {
  const auto block_with = [](store::TextCode stated) {
    std::vector<store::BuilderEvent> events = {
        {1, 10, events::kPurchase, 5, 3, 0, 0, {{5, 2, 1'500'000, 0}, {6, 1, 1'000'000, 0}}},
        {1, 15, events::kRefund, 0, 3}};
    if (stated != 0) events[1].properties.emplace_back("value", stated);
    return store::build_block(events);
  };
  PurchaseWalk walk = walk_to(40, {});
  walk.text_of = [](store::TextCode code) { return code == 1 ? "3.99" : "4.00"; };
  LeftOutLines left_out;
  EXPECT_EQ(known(block_with(0).block, walk, left_out), "") << "the rest of its order";
  EXPECT_EQ(known(block_with(1).block, walk, left_out), "5:40, 6:40,") << "of some of it";
  EXPECT_EQ(known(block_with(2).block, walk, left_out), "") << "of all of it";
}

TEST(PurchaseWalk, ARefundTakesBackLinesOfItsOwnCurrencyAlone) {
  constexpr store::TextCode kShops = 1;
  constexpr store::TextCode kOther = 2;
  const auto known_with = [&](store::TextCode refund) {
    const std::vector<store::BuilderLine> line = {{5, 1, 1'000'000, 0}};
    std::vector<store::BuilderEvent> events = {{1, 10, events::kPurchase, 5, 3, 0, 0, line},
                                               {1, 11, events::kPurchase, 5, 3, 0, 0, line},
                                               {1, 15, events::kRefund, 5, 3, 0, 0, line}};
    events[1].properties.emplace_back("currency", kOther);
    if (refund != 0) events[2].properties.emplace_back("currency", refund);
    const store::OwnedBlock owned = store::build_block(events);
    PurchaseWalk walk = walk_to(40, {});
    walk.shop_currency = kShops;
    LeftOutLines left_out;
    return bought(owned.block, 0, walk, left_out);
  };
  EXPECT_THAT(known_with(0), ElementsAre(Pair(5, 11)));
  EXPECT_THAT(known_with(kShops), ElementsAre(Pair(5, 11))) << "named or not, the shop's";
  EXPECT_THAT(known_with(kOther), ElementsAre(Pair(5, 10)));
}

TEST(PurchaseWalk, LeavesOutImportsWithoutConsent) {
  std::vector<store::BuilderEvent> events;
  events.push_back({1, 10, events::kPurchase, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}}});
  const store::OwnedBlock owned = store::build_block(events);  // Import number 1.
  LeftOutLines left_out;
  EXPECT_TRUE(bought(owned.block, 0, walk_to(40, {1, 3}), left_out).empty());
  EXPECT_EQ(left_out.no_consent, 1);
  EXPECT_EQ(bought(owned.block, 0, walk_to(40, {3}), left_out).size(), 1u);
}

TEST(PurchaseWalk, AnOrderOfTwoImportsKeepsTheLinesOfTheOneThatMayBeUsed) {
  std::vector<store::BuilderEvent> events;
  events.push_back(
      {1, 10, events::kPurchase, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}, {6, 1, 1'000'000, 0}}});
  const store::OwnedBlock owned = store::build_block(events);
  store::Block block = owned.block;
  const std::vector<store::BatchNumber> batches{1, 2};
  block.lines.batches = store::ColumnView<store::BatchNumber>::dense(batches);
  LeftOutLines left_out;
  EXPECT_THAT(bought(block, 0, walk_to(40, {2}), left_out), ElementsAre(Pair(5, 10)));
  EXPECT_EQ(left_out.no_consent, 1);
}

}  // namespace
}  // namespace footfall::engine
