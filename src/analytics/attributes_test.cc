#include "footfall/analytics/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "footfall/analytics/random_orders.h"
#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

using store::BuilderEvent;

/// A block whose lines have names: build_block knows none, so they are laid over it.
struct NamedBlock {
  NamedBlock(std::vector<BuilderEvent> events, std::vector<store::TextCode> line_names)
      : owned(store::build_block(std::move(events))), names(std::move(line_names)) {
    owned.block.lines.names = store::ColumnView<store::TextCode>::dense(names);
  }
  NamedBlock(const NamedBlock&) = delete;
  NamedBlock& operator=(const NamedBlock&) = delete;

  store::OwnedBlock owned;
  std::vector<store::TextCode> names;
};

constexpr store::TextCode kNorway = 3;
constexpr store::TextCode kMalta = 4;

BuilderEvent sold(store::UserNumber user, base::TimeMs time,
                  const std::vector<store::ItemCode>& items, std::uint8_t flags = 0) {
  BuilderEvent event;
  event.user = user;
  event.time = time;
  event.type = events::kPurchase;
  event.flags = flags;
  for (const store::ItemCode item : items) event.lines.push_back({item});
  event.item = items.empty() ? 0 : items[0];
  return event;
}

AttributeFold folded(const NamedBlock& named) {
  AttributeFold fold{made_text};
  fold.fold(named.owned.block, {0, named.owned.block.user_count()});
  return fold;
}

TEST(Attributes, AnItemHasItsMostFrequentName) {
  const NamedBlock named({sold(1, 0, {7, 7, 7, 8, 9})}, {kMalta, kNorway, kNorway, kMalta, 0});
  const AttributeFold fold = folded(named);
  EXPECT_EQ(fold.item_names().of(7), kNorway);
  EXPECT_EQ(fold.item_names().of(8), kMalta);
  EXPECT_EQ(fold.item_names().of(9), 0u) << "no line has a name";
  EXPECT_EQ(fold.item_names().of(1'000), 0u) << "never met";
}

TEST(Attributes, EquallyFrequentNamesGoByBytes) {
  const NamedBlock named({sold(1, 0, {7, 7})}, {kNorway, kMalta});
  EXPECT_EQ(folded(named).item_names().of(7), kMalta) << "Malta < Norway";
}

TEST(Attributes, AProfileWinsAndTheLatestOfThem) {
  BuilderEvent old = sold(1, 5, {});
  old.type = events::kItemProfile;
  old.item = 7;
  old.properties = {{"name", kNorway}};
  BuilderEvent recent = old;
  recent.time = 6;
  recent.properties = {{"name", kMalta}};
  BuilderEvent same_time = recent;
  same_time.properties = {{"name", 5}};  // Norge: behind Malta by bytes.
  for (const auto& order : {std::vector{old, recent, same_time}, {same_time, recent, old}}) {
    AttributeFold fold{made_text};
    for (const BuilderEvent& event : order) {
      const store::OwnedBlock owned = store::build_block({event});
      AttributeFold part{made_text};
      part.fold(owned.block, {0, 1});
      fold.merge(part);
    }
    const NamedBlock lines({sold(1, 0, {7, 7})}, {kNorway, kNorway});
    fold.merge(folded(lines));
    EXPECT_EQ(fold.item_names().of(7), kMalta);
  }
}

TEST(Attributes, AnEventWithoutLinesMayNameItsItem) {
  BuilderEvent viewed = sold(1, 0, {});
  viewed.type = events::kViewItem;
  viewed.item = 7;
  viewed.properties = {{"item_name", kMalta}};
  const NamedBlock named({viewed}, {});
  EXPECT_EQ(folded(named).item_names().of(7), kMalta);
}

TEST(Attributes, FilledCountsAreRowsThatCouldBeFilled) {
  BuilderEvent with = sold(1, 0, {7, 7});
  with.properties = {{"country", kMalta}};
  const NamedBlock named({with, sold(1, 1, {7, 8, 9}), sold(2, 1, {7})},
                         {kNorway, 0, 0, 0, kMalta, kNorway});
  std::map<std::string, std::int64_t> filled;
  for (const FilledCount& count : folded(named).filled()) filled[count.field] = count.count;
  EXPECT_EQ(filled["item_name"], 2) << "item 7 twice; item 8 has no name anywhere";
  EXPECT_EQ(filled["country"], 3) << "the second order's lines; person 2 has no country anywhere";
}

TEST(Attributes, EventsMadeBesideOthersAreNotCountedAgain) {
  const NamedBlock named({sold(1, 0, {7}), sold(1, 1, {7, 7, 7}, events::kSecondary)},
                         {kNorway, kMalta, kMalta, 0});
  EXPECT_EQ(folded(named).item_names().of(7), kNorway);
  EXPECT_EQ(folded(named).filled()[1].count, 0);
}

TEST(Attributes, EqualACountOverAllLinesWhateverTheParts) {
  base::Random random(31);
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    std::map<store::ItemCode, std::map<std::string_view, int>> counts;
    std::vector<AttributeFold> parts;
    const std::size_t blocks = 1 + random.below(3);
    for (std::size_t block = 0; block < blocks; ++block) {
      std::vector<store::TextCode> names;
      std::vector<store::ItemCode> items;
      for (std::size_t line = 0; line < 1 + random.below(6); ++line) {
        items.push_back(static_cast<store::ItemCode>(1 + random.below(2)));
        names.push_back(static_cast<store::TextCode>(random.chance(0.3) ? 0 : 3 + random.below(3)));
        if (names.back() != 0) ++counts[items.back()][made_text(names.back())];
      }
      names.resize(items.size());
      const NamedBlock named({sold(1, 0, items)}, names);
      parts.insert(random.chance(0.5) ? parts.begin() : parts.end(), folded(named));
    }
    for (std::size_t part = 1; part < parts.size(); ++part) parts[0].merge(parts[part]);
    for (const store::ItemCode item : {1u, 2u}) {
      int most = 0;
      std::string_view best;
      for (const auto& [name, count] : counts[item]) {
        if (count > most) best = name;
        most = std::max(most, count);
      }
      ASSERT_EQ(made_text(parts[0].item_names().of(item)), best) << "history " << i;
    }
  }
}

}  // namespace
}  // namespace footfall::analytics
