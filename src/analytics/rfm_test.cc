#include "footfall/analytics/rfm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "footfall/analytics/random_orders.h"
#include "footfall/analytics/random_timelines.h"
#include "footfall/analytics/sales.h"

namespace footfall::analytics {
namespace {

using store::BuilderEvent;

BuilderEvent purchase(store::UserNumber user, base::TimeMs time, std::int64_t pounds) {
  BuilderEvent event;
  event.user = user;
  event.time = time;
  event.type = events::kPurchase;
  event.lines = {{1, 1, pounds * 1'000'000}};
  return event;
}

struct Folded {
  std::vector<RfmFold> parts;
  explicit Folded(const std::vector<BuilderEvent>& events, const RfmRule& rule,
                  const LocalDays& days, const TextLookup& text_of) {
    const store::OwnedBlock owned = store::build_block(events);
    parts.emplace_back(rule, days, text_of);
    parts[0].fold(owned.block, {0, owned.block.user_count()});
  }
};

// The values of all persons, measure by measure.
struct Flat {
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> orders;
  std::vector<std::int64_t> money;

  void add(const RfmFold& fold) {
    for (const auto& piece : fold.pieces()) {
      for (const RfmValues& person : piece) {
        recency.push_back(person.recency_days);
        orders.push_back(person.orders);
        money.push_back(person.money);
      }
    }
  }
};

// SEMANTICS 7 word for word: everyone is compared with everyone.
template <typename Value>
int score_by_definition(const std::vector<Value>& values, Value value, bool low_is_worse) {
  std::size_t worse = 0;
  for (const Value other : values) worse += low_is_worse ? other < value : other > value;
  return 1 + static_cast<int>(5 * worse / values.size());
}

TEST(Rfm, TheWorkedExampleOfTheTieRule) {
  std::vector<BuilderEvent> events;
  const int orders[] = {1, 1, 1, 1, 1, 2, 2, 3, 4, 9};
  for (store::UserNumber user = 0; user < 10; ++user) {
    for (int i = 0; i < orders[user]; ++i) events.push_back(purchase(user, i, 1));
  }
  const TextLookup text_of = made_text;
  const LocalDays days(base::Zone::utc(), {}, base::kDayMs);
  const RfmRule rule;
  const Folded folded(events, rule, days, text_of);
  const RfmScores scores(rule, folded.parts);
  std::vector<int> found;
  for (const int count : orders) found.push_back(scores.score(0, count, 0).frequency);
  EXPECT_THAT(found, testing::ElementsAre(1, 1, 1, 1, 1, 3, 3, 4, 5, 5));
}

// One person's values, event by event.
struct Values : Flat {
  std::int64_t without = 0;
};

Values values_by_definition(const std::vector<BuilderEvent>& all, const RfmRule& rule,
                            const base::Zone& zone, const LocalDays& days) {
  const TextLookup text_of = made_text;
  std::map<store::UserNumber, std::vector<BuilderEvent>> people;
  for (const BuilderEvent& event : all) people[event.user].push_back(event);
  Values values;
  for (const auto& [user, events] : people) {
    std::uint32_t orders = 0;
    std::set<base::DayNumber> order_days;
    base::TimeMs last = base::kTimeMin;
    for (const BuilderEvent& event : events) {
      if (event.type != events::kPurchase || !rule.range.holds(event.time)) continue;
      if (!rule.currency.takes(property_of(event, "currency"))) continue;
      ++orders;
      order_days.insert(zone.day(event.time));
      last = std::max(last, event.time);
    }
    if (orders == 0) {
      ++values.without;
      continue;
    }
    SalesRule sales_rule;
    sales_rule.range = rule.range;
    sales_rule.currency = rule.currency;
    SalesFold sales(sales_rule, days, text_of);
    const store::OwnedBlock owned = store::build_block(events);
    sales.fold(owned.block, {0, 1}, store::Population::kPeople);
    // Where the clock went back over midnight, the range may end on an earlier date.
    values.recency.push_back(std::max(0, rule.reference_day - zone.day(last)));
    values.orders.push_back(rule.count_days ? static_cast<std::uint32_t>(order_days.size())
                                            : orders);
    values.money.push_back(sales.total().net());
  }
  return values;
}

TEST(Rfm, ValuesEqualTheirDefinition) {
  base::Random random(7);
  const base::Zone london = *base::Zone::open("Europe/London");
  const base::Zone newfoundland = *base::Zone::open("America/St_Johns");
  const TextLookup text_of = made_text;
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    // Around a clock change, or around one that goes back over midnight.
    const base::Zone& zone = i % 2 == 0 ? london : newfoundland;
    MadeOrdersShape shape;
    shape.from_ms = i % 2 == 0 ? 1'301'000'000'000 : 1'257'042'500'000;
    if (i % 2 == 1) shape.instant_ms = random.chance(0.5) ? 30'000 : 10 * base::kMinuteMs;
    const std::vector<BuilderEvent> all = made_orders(random, shape);
    RfmRule rule;
    rule.range.from = shape.from_ms + random.between(-1, 6) * shape.instant_ms;
    rule.range.to = rule.range.from + random.between(1, 12) * shape.instant_ms;
    rule.reference_day = zone.day(rule.range.to - 1);
    rule.count_days = random.chance(0.5);
    rule.currency.code = 1;
    const LocalDays days(zone, rule.range, rule.range.to);
    const Values expected = values_by_definition(all, rule, zone, days);
    RfmFold fold(rule, days, text_of);
    const store::OwnedBlock owned = store::build_block(all, random.chance(0.5));
    const std::size_t half = random.below(owned.block.user_count() + 1);
    fold.fold(owned.block, {0, half});
    fold.fold(owned.block, {half, owned.block.user_count()});
    Flat found;
    found.add(fold);
    ASSERT_EQ(found.recency, expected.recency) << i;
    ASSERT_EQ(found.orders, expected.orders) << i;
    ASSERT_EQ(found.money, expected.money) << i;
    ASSERT_EQ(fold.counts().without_order, expected.without) << i;
  }
}

TEST(Rfm, ScoresEqualTheTieRule) {
  base::Random random(8);
  const TextLookup text_of = made_text;
  const LocalDays days(base::Zone::utc(), {}, base::kDayMs);
  const std::size_t rounds = std::max<std::size_t>(1, test_histories() / 10);
  for (std::size_t i = 0; i < rounds; ++i) {
    RfmRule rule;
    rule.reference_day = 40;
    const auto people = static_cast<store::UserNumber>(1 + random.below(40));
    const bool alike = random.chance(0.5);
    std::vector<BuilderEvent> events[2];
    for (store::UserNumber user = 0; user < people; ++user) {
      const std::uint64_t orders = 1 + random.below(4);
      for (std::uint64_t k = 0; k < orders; ++k) {
        BuilderEvent event = purchase(user, random.between(0, 40) * base::kDayMs,
                                      alike ? random.between(1, 3) : random.between(0, 1'000'000));
        if (k > 0 && random.chance(0.4)) event.type = events::kRefund;
        events[user % 2].push_back(event);
      }
    }
    std::vector<RfmFold> parts;
    for (const auto& some : events) {
      parts.push_back(std::move(Folded(some, rule, days, text_of).parts[0]));
    }
    Flat all;
    for (const RfmFold& part : parts) all.add(part);
    const auto& [recency, orders, money] = all;
    const RfmScores scores(rule, parts);
    std::map<std::array<int, 3>, std::int64_t> expected;
    for (std::size_t k = 0; k < money.size(); ++k) {
      const RfmScore score = scores.score(recency[k], orders[k], money[k]);
      ASSERT_EQ(score.recency, score_by_definition(recency, recency[k], false)) << i;
      ASSERT_EQ(score.frequency, score_by_definition(orders, orders[k], true)) << i;
      ASSERT_EQ(score.money, score_by_definition(money, money[k], true)) << i;
      ++expected[{score.recency, score.frequency, score.money}];
    }
    RfmTable table;
    for (const RfmFold& part : parts) scores.tally(part, table);
    for (const auto& [key, persons] : expected) {
      ASSERT_EQ(table.at({key[0], key[1], key[2]}).persons, persons);
    }
  }
}

TEST(Rfm, MoneyOfAnySizeKeepsItsOrder) {
  // Values around powers of two and of both signs, where the counted stretches meet.
  const TextLookup text_of = made_text;
  const LocalDays days(base::Zone::utc(), {}, base::kDayMs);
  RfmRule rule;
  rule.currency.decimals = 0;
  std::vector<BuilderEvent> events;
  std::vector<std::int64_t> values;
  store::UserNumber user = 0;
  for (int power = 0; power < 40; ++power) {
    for (const int off : {-1, 0, 1}) {
      for (const bool negative : {false, true}) {
        const std::int64_t value = (std::int64_t{1} << power) + off;
        events.push_back(purchase(user, 0, negative ? 0 : value));
        if (negative) {
          events.push_back(purchase(user, 0, value));
          events.back().type = events::kRefund;
        }
        values.push_back(negative ? -value : value);
        ++user;
      }
    }
  }
  const Folded folded(events, rule, days, text_of);
  Flat found;
  found.add(folded.parts[0]);
  ASSERT_EQ(found.money, values);
  const RfmScores scores(rule, folded.parts);
  for (const std::int64_t value : values) {
    EXPECT_EQ(scores.score(0, 1, value).money, score_by_definition(values, value, true)) << value;
  }
}

TEST(Rfm, FixedCutPointsReplaceRanks) {
  RfmRule rule;
  rule.fixed.recency_days = {{7, 30, 90, 180}};
  rule.fixed.orders = {{2, 3, 5, 10}};
  rule.fixed.money = {{1'000, 5'000, 10'000, 50'000}};
  const RfmScores scores(rule, {});
  struct Case {
    const char* why;
    std::int64_t recency;
    std::int64_t orders;
    std::int64_t money;
    int scores;
  };
  const Case cases[] = {
      {"a cut point of days is inside", 7, 1, 0, 511},
      {"one day later is outside", 8, 2, 999, 421},
      {"cut points of orders and money begin a score", 30, 3, 1'000, 432},
      {"the middle", 90, 5, 10'000, 344},
      {"between the cut points", 181, 4, 49'999, 134},
      {"the best of orders and money", 180, 10, 50'000, 255},
  };
  for (const Case& c : cases) {
    const RfmScore score = scores.score(c.recency, c.orders, c.money);
    EXPECT_EQ(score.recency * 100 + score.frequency * 10 + score.money, c.scores) << c.why;
  }
}

TEST(Rfm, CellsFollowTheTableWhereTheFirstThatFitsCounts) {
  struct Box {
    const char* name;
    int r_from, r_to, f_from, f_to;
  };
  // The words of SEMANTICS 17, in their order.
  const Box boxes[] = {{"Champions", 4, 5, 4, 5},
                       {"Loyal", 3, 3, 4, 5},
                       {"Loyal", 3, 4, 3, 3},
                       {"Potential loyalist", 4, 5, 2, 3},
                       {"New", 5, 5, 1, 1},
                       {"Promising", 4, 4, 1, 1},
                       {"Needs attention", 3, 3, 2, 3},
                       {"About to sleep", 3, 3, 1, 1},
                       {"At risk", 2, 2, 3, 5},
                       {"Can't lose", 1, 1, 4, 5},
                       {"Hibernating", 2, 2, 1, 2},
                       {"Hibernating", 1, 1, 2, 3},
                       {"Lost", 1, 1, 1, 1}};
  for (int r = 1; r <= 5; ++r) {
    for (int f = 1; f <= 5; ++f) {
      const char* expected = nullptr;
      for (const Box& box : boxes) {
        const bool fits = box.r_from <= r && r <= box.r_to && box.f_from <= f && f <= box.f_to;
        if (fits && expected == nullptr) expected = box.name;
      }
      ASSERT_NE(expected, nullptr);
      EXPECT_EQ(kRfmCellNames[rfm_cell_name(r, f)], expected) << "R " << r << " F " << f;
    }
  }
}

TEST(RfmTable, BinsAndCellsAreSums) {
  RfmTable table;
  table.at({5, 4, 1}) = {3, 100};
  table.at({5, 4, 2}) = {2, 50};
  table.at({1, 4, 2}) = {1, -20};
  RfmTable other = table;
  table.add(other);
  EXPECT_EQ(table.recency_frequency(5, 4).persons, 10);
  EXPECT_EQ(clamp_sum(table.recency_frequency(5, 4).money), 300);
  EXPECT_THAT(table.recency_bins(), testing::ElementsAre(2, 0, 0, 0, 10));
  EXPECT_THAT(table.frequency_bins(), testing::ElementsAre(0, 0, 0, 12, 0));
  EXPECT_THAT(table.money_bins(), testing::ElementsAre(6, 6, 0, 0, 0));
}

}  // namespace
}  // namespace footfall::analytics
