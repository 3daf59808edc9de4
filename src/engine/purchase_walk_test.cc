#include "footfall/engine/purchase_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/events/batch.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::engine {
namespace {

using testing::ElementsAre;
using testing::Pair;

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
  EXPECT_THAT(bought(owned.block, 0, {40, {}}, left_out),
              ElementsAre(Pair(5, 10), Pair(8, 10), Pair(9, 30)));
  EXPECT_EQ(left_out.bookkeeping, 1);
  EXPECT_EQ(left_out.free_lines, 1);
  EXPECT_EQ(left_out.after_end, 1);
  EXPECT_EQ(left_out.no_consent, 0);
  EXPECT_THAT(bought(owned.block, 1, {40, {}}, left_out), ElementsAre(Pair(8, 15)));
  EXPECT_THAT(bought(owned.block, 0, {50, {}}, left_out).back(), Pair(5, 50))
      << "the last instant counts";
}

TEST(PurchaseWalk, LeavesOutImportsWithoutConsent) {
  std::vector<store::BuilderEvent> events;
  events.push_back({1, 10, events::kPurchase, 5, 0, 0, 0, {{5, 1, 1'000'000, 0}}});
  const store::OwnedBlock owned = store::build_block(events);  // Import number 1.
  LeftOutLines left_out;
  EXPECT_TRUE(bought(owned.block, 0, {40, {1, 3}}, left_out).empty());
  EXPECT_EQ(left_out.no_consent, 1);
  EXPECT_EQ(bought(owned.block, 0, {40, {3}}, left_out).size(), 1u);
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
  EXPECT_THAT(bought(block, 0, {40, {2}}, left_out), ElementsAre(Pair(5, 10)));
  EXPECT_EQ(left_out.no_consent, 1);
}

}  // namespace
}  // namespace footfall::engine
