#include "footfall/analytics/top_items.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "footfall/analytics/random_orders.h"
#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

using store::BuilderEvent;

struct Expected {
  std::int64_t units = 0;
  std::int64_t revenue = 0;
  std::int64_t events = 0;
  std::set<store::UserNumber> persons;
};

std::string in_words(std::int64_t units, std::int64_t revenue, std::int64_t events,
                     std::size_t persons) {
  return std::to_string(units) + " " + std::to_string(revenue) + " " + std::to_string(events) +
         " " + std::to_string(persons);
}

TEST(TopItems, TalliesEqualTheirDefinition) {
  base::Random random(21);
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    const std::vector<BuilderEvent> all = made_orders(random, {});
    TopRule rule;
    rule.event = random.chance(0.7) ? events::kPurchase : events::kViewItem;
    rule.with_bookkeeping = random.chance(0.3);
    rule.currency.code = 1;
    rule.range = {random.between(0, 3) * 11 * base::kHourMs, 9 * 11 * base::kHourMs};
    const bool guests = random.chance(0.3);
    std::map<store::ItemCode, Expected> expected;
    TopItemsFold::Counts counts;
    for (const BuilderEvent& event : all) {
      if (event.type != rule.event || !rule.range.holds(event.time)) continue;
      ++counts.events;
      counts.guest_events += guests;
      counts.without_item += lines_of(event).empty();
      const bool takes = rule.currency.takes(property_of(event, "currency"));
      counts.other_currency += !takes;
      std::set<store::ItemCode> items;
      for (const store::BuilderLine& line : lines_of(event)) {
        if (line.marks != 0 && !rule.with_bookkeeping) {
          ++counts.bookkeeping_lines;
          continue;
        }
        Expected& item = expected[line.item];
        item.units += line.quantity;
        if (takes) item.revenue += *base::line_amount(line.quantity, line.price, 2);
        if (items.insert(line.item).second) ++item.events;
        if (!guests) item.persons.insert(event.user);
      }
    }
    std::vector<TopItemsFold> parts;
    for (const store::OwnedBlock& owned : dealt_blocks(random, all)) {
      parts.emplace_back(rule);
      const std::size_t half = random.below(owned.block.user_count() + 1);
      const auto population = guests ? store::Population::kGuests : store::Population::kPeople;
      parts.back().fold(owned.block, {0, half}, population);
      parts.back().fold(owned.block, {half, owned.block.user_count()}, population);
    }
    parts[0].merge(parts[1]);
    const std::vector<ItemTally>& tallies = parts[0].tallies();
    for (store::ItemCode item = 1; item <= 4; ++item) {
      const Expected& wanted = expected[item];
      const ItemTally found = item < tallies.size() ? tallies[item] : ItemTally{};
      ASSERT_EQ(in_words(clamp_sum(found.units), clamp_sum(found.revenue), found.events,
                         static_cast<std::size_t>(found.persons)),
                in_words(wanted.units, wanted.revenue, wanted.events, wanted.persons.size()))
          << "history " << i << " item " << item;
    }
    const TopItemsFold::Counts& found = parts[0].counts();
    ASSERT_EQ(found.events, counts.events);
    ASSERT_EQ(found.guest_events, counts.guest_events);
    ASSERT_EQ(found.without_item, counts.without_item);
    ASSERT_EQ(found.other_currency, counts.other_currency);
    ASSERT_EQ(found.bookkeeping_lines, counts.bookkeeping_lines);
  }
}

TEST(TopItems, EqualValuesShareARankAndStandByTheirKeys) {
  std::vector<ItemTally> tallies(6);
  const std::int64_t units[] = {0, 5, 9, 5, 0, 1};
  for (std::size_t i = 0; i < tallies.size(); ++i) tallies[i].units = units[i];
  const auto key_of = [](store::ItemCode item) {
    static constexpr std::string_view kKeys[] = {"", "b", "z", "a", "y", "c"};
    return kKeys[item];
  };
  const std::vector<TopItem> top = rank_items(tallies, TopBy::kUnits, key_of);
  std::string found;
  for (const TopItem& item : top) {
    found += std::string(key_of(item.item)) + std::to_string(item.rank) + " ";
  }
  EXPECT_EQ(found, "z1 a2 b2 c4 ") << "items without any are not listed";
  EXPECT_DOUBLE_EQ(top[0].share, 0.45);
  EXPECT_TRUE(rank_items(tallies, TopBy::kPersons, key_of).empty());
}

}  // namespace
}  // namespace footfall::analytics
