#include "footfall/analytics/sales.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "footfall/analytics/random_orders.h"
#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

using store::BuilderEvent;
using store::BuilderLine;
using Key = std::pair<std::int32_t, std::uint32_t>;

struct Expected {
  std::map<Key, SalesTally> rows;
  SalesTally total;
  SalesCounts counts;
};

// The definition, over lists of events: people one after the other, figure by figure.
class Definition {
 public:
  Definition(const SalesRule& rule, const base::Zone& zone) : rule_(rule), zone_(zone) {}

  Expected of(const std::vector<BuilderEvent>& all, bool guests) {
    std::map<store::UserNumber, std::vector<BuilderEvent>> people;
    for (const BuilderEvent& event : all) people[event.user].push_back(event);
    for (const auto& [user, events] : people) add_person(events, guests);
    return expected_;
  }

 private:
  bool takes(const BuilderEvent& event) const {
    return rule_.currency.takes(property_of(event, "currency"));
  }

  store::TextCode country(const std::vector<BuilderEvent>& events, const BuilderEvent& of) const {
    if (const store::TextCode own = property_of(of, "country"); own != 0) return own;
    std::map<std::string_view, int> counts;
    for (const BuilderEvent& event : events) {
      const store::TextCode code = property_of(event, "country");
      if (code != 0) ++counts[made_text(code)];
    }
    int most = 0;
    store::TextCode best = 0;
    for (const auto& [text, count] : counts) {
      if (count <= most) continue;
      most = count;
      best = static_cast<store::TextCode>(
          std::find(std::begin(kMadeTexts), std::end(kMadeTexts), text) - kMadeTexts);
    }
    return best;
  }

  Key key(const std::vector<BuilderEvent>& events, const BuilderEvent& event, base::TimeMs time,
          store::ItemCode item) const {
    const std::int32_t period = period_index(rule_.period, zone_.day(time), rule_.week_start);
    if (rule_.by == SalesBy::kCountry) return {period, country(events, event)};
    return {period, rule_.by == SalesBy::kItem ? item : 0};
  }

  void add_person(const std::vector<BuilderEvent>& events, bool guests) {
    std::map<Key, int> orders;
    int all_orders = 0;
    for (const BuilderEvent& event : events) {
      const bool in_range = rule_.range.holds(event.time);
      if (event.type == events::kPurchase || event.type == events::kRefund) {
        ++expected_.counts.events;
        if (in_range && !takes(event)) ++expected_.counts.other_currency;
      }
      if (event.type != events::kPurchase || !in_range || !takes(event)) continue;
      ++all_orders;
      const std::vector<BuilderLine> all_lines = lines_of(event);
      expected_.counts.no_amount +=
          std::none_of(all_lines.begin(), all_lines.end(), [](const BuilderLine& line) {
            return line.price != 0 || (line.marks & events::kFreeLine) != 0;
          });
      std::set<Key> keys;
      for (const BuilderLine& line : lines_of(event)) {
        keys.insert(key(events, event, event.time, line.item));
        SalesTally& tally = expected_.rows[key(events, event, event.time, line.item)];
        const std::int64_t amount = *base::line_amount(line.quantity, line.price, 2);
        const std::int64_t units = line.marks & events::kBookkeeping ? 0 : line.quantity;
        tally.gross += amount;
        tally.units += units;
        expected_.total.gross += amount;
        expected_.total.units += units;
      }
      if (keys.empty()) keys.insert(key(events, event, event.time, 0));
      for (const Key& found : keys) ++orders[found];
    }
    for (const auto& [found, count] : orders) count_orders(expected_.rows[found], count, guests);
    count_orders(expected_.total, all_orders, guests);
    add_refunds(events);
  }

  static void count_orders(SalesTally& tally, int count, bool guests) {
    tally.orders += count;
    tally.guest_orders += guests ? count : 0;
    tally.customers += !guests && count >= 1;
    tally.repeat_customers += !guests && count >= 2;
  }

  void add_refunds(const std::vector<BuilderEvent>& events) {
    std::vector<PurchaseLine> purchases;
    std::vector<RefundLine> refunds;
    std::vector<const BuilderEvent*> refund_events;
    for (const BuilderEvent& event : events) {
      if (!takes(event)) continue;
      const std::vector<BuilderLine> lines = lines_of(event);
      for (const BuilderLine& line : lines) {
        if (event.type == events::kPurchase) {
          purchases.push_back(
              {event.time, event.order, line.item, line.quantity, line.price, line.marks});
        } else if (event.type == events::kRefund) {
          refunds.push_back(
              {event.time, event.order, line.item, line.quantity, line.price, line.marks, false});
          refund_events.push_back(&event);
        }
      }
      if (event.type == events::kRefund && lines.empty()) {
        refunds.push_back({event.time, event.order, 0, 0, 0, 0, true});
        refund_events.push_back(&event);
      }
    }
    std::vector<std::size_t> numbers;
    std::vector<std::optional<base::MoneyMinor>> stated;
    for (const BuilderEvent* event : refund_events) {
      numbers.push_back(static_cast<std::size_t>(event - events.data()));
      const store::TextCode text = property_of(*event, "value");
      stated.emplace_back();
      if (text != 0) stated.back() = *base::line_amount(1, *base::parse_price(made_text(text)), 2);
    }
    // Their own test holds their definition.
    const RefundAmounts found =
        refund_amounts({purchases, refunds, numbers, stated}, LineAmounts(2));
    for (const SettledRefund& refund : found.refunds) {
      const BuilderEvent& event = *refund_events[refund.begin];
      for (std::uint32_t i = refund.begin; i < refund.end; ++i) {
        if (rule_.range.holds(event.time)) count_kind(found, i);
      }
      for (const RefundPart& part : refund.parts) {
        add_part(events, event, rule_.refunds_on_order_day ? part.order_time : event.time,
                 part.item, static_cast<std::int64_t>(part.amount), part.units);
      }
    }
  }

  void count_kind(const RefundAmounts& found, std::uint32_t refund) {
    const RefundKind kind = found.matching.kinds[refund];
    expected_.counts.refunds.add(kind);
    if (found.over[refund] != 0) ++expected_.counts.over_refunds;
    if (kind == RefundKind::kExact || kind == RefundKind::kByQuantity) return;
    if (found.matching.order_known[refund] == 0) ++expected_.counts.orphan_refunds;
  }

  // Size: the parts of one line, as the definition names them.
  void add_part(const std::vector<BuilderEvent>& events, const BuilderEvent& event,
                base::TimeMs time, store::ItemCode item, std::int64_t amount, std::int64_t units) {
    if (!rule_.range.holds(time)) return;
    for (SalesTally* tally : {&expected_.rows[key(events, event, time, item)], &expected_.total}) {
      tally->refunds += amount;
      tally->units_refunded += units;
    }
  }

  SalesRule rule_;
  base::Zone zone_;
  Expected expected_;
};

std::string in_words(const SalesTally& tally) {
  std::string words;
  for (const ExactSum figure : {tally.gross, tally.refunds, ExactSum{tally.orders},
                                ExactSum{tally.guest_orders}, tally.units, tally.units_refunded,
                                ExactSum{tally.customers}, ExactSum{tally.repeat_customers}}) {
    words += std::to_string(clamp_sum(figure)) + " ";
  }
  return words;
}

std::string in_words(const SalesCounts& counts) {
  std::string words;
  for (const std::int64_t count :
       {counts.refunds.exact, counts.refunds.by_quantity, counts.refunds.partly,
        counts.refunds.orphan, counts.refunds.over, counts.orphan_refunds, counts.over_refunds,
        counts.other_currency, counts.amounts_too_large, counts.no_amount, counts.events}) {
    words += std::to_string(count) + " ";
  }
  return words;
}

SalesRule random_rule(base::Random& random) {
  SalesRule rule;
  rule.period = static_cast<SalesPeriod>(random.below(4));
  rule.by = static_cast<SalesBy>(random.below(3));
  rule.week_start = 1 + static_cast<int>(random.below(7));
  rule.refunds_on_order_day = random.chance(0.5);
  rule.currency = {random.chance(0.8) ? store::TextCode{1} : store::TextCode{2}, true, 2};
  rule.currency.is_shop_currency = rule.currency.code == 1;
  if (random.chance(0.5)) {
    rule.range.from = random.between(0, 6) * 11 * base::kHourMs;
    rule.range.to = rule.range.from + random.between(1, 9) * 11 * base::kHourMs;
  }
  return rule;
}

TEST(Sales, EqualTheirDefinition) {
  base::Random random(5);
  const base::Zone zone = *base::Zone::open("Australia/Lord_Howe");
  const TextLookup text_of = made_text;
  // Its definition is slow: a tenth of the full test's million is what half an hour allows.
  const std::size_t histories = std::min<std::size_t>(test_histories(), 100'000);
  for (std::size_t i = 0; i < histories; ++i) {
    const SalesRule rule = random_rule(random);
    const LocalDays days(zone, rule.range, 12 * 11 * base::kHourMs);
    const std::vector<BuilderEvent> all = made_orders(random, {});
    const bool guests = random.chance(0.3);
    std::vector<SalesFold> parts;
    const auto blocks = dealt_blocks(random, all);
    for (const store::OwnedBlock& owned : blocks) {
      parts.emplace_back(rule, days, text_of);
      const std::size_t users = owned.block.user_count();
      const std::size_t half = random.below(users + 1);
      const auto population = guests ? store::Population::kGuests : store::Population::kPeople;
      parts.back().fold(owned.block, {half, users}, population);
      parts.back().fold(owned.block, {0, half}, population);
    }
    parts[0].merge(parts[1]);
    const Expected expected = Definition(rule, zone).of(all, guests);
    std::map<Key, std::string> found;
    for (const SalesRow& row : parts[0].rows()) {
      found[{row.period, row.group}] = in_words(row.tally);
    }
    std::map<Key, std::string> wanted;
    for (const auto& [key, tally] : expected.rows) wanted[key] = in_words(tally);
    ASSERT_EQ(found, wanted) << "history " << i;
    ASSERT_EQ(in_words(parts[0].total()), in_words(expected.total)) << "history " << i;
    ASSERT_EQ(in_words(parts[0].counts()), in_words(expected.counts)) << "history " << i;
  }
}

BuilderEvent order(store::UserNumber user, base::TimeMs time, store::OrderCode number,
                   std::vector<BuilderLine> lines, store::EventCode type = events::kPurchase) {
  BuilderEvent event;
  event.user = user;
  event.time = time;
  event.type = type;
  event.order = number;
  event.lines = std::move(lines);
  return event;
}

SalesTally total_of(std::vector<BuilderEvent> events, SalesRule rule = {}) {
  const TextLookup text_of = made_text;
  const LocalDays days(base::Zone::utc(), rule.range, base::kDayMs);
  SalesFold fold(rule, days, text_of);
  const store::OwnedBlock owned = store::build_block(std::move(events));
  fold.fold(owned.block, {0, owned.block.user_count()}, store::Population::kPeople);
  return fold.total();
}

TEST(Sales, AddUpAsInTheDefinitionsExample) {
  // SEMANTICS 11: 3 x 8.00 + 1 x 17.60 = 41.60.
  const SalesTally total = total_of({order(1, 0, 1, {{1, 3, 8'000'000}, {2, 1, 17'600'000}})});
  EXPECT_EQ(clamp_sum(total.gross), 4160);
  EXPECT_EQ(total.orders, 1);
}

TEST(Sales, RoundEachLineOnce) {
  // Two lines of 1.005 are 1.00 each; their sum is not 2.01.
  const SalesTally total = total_of({order(1, 0, 1, {{1, 1, 1'005'000}, {1, 1, 1'005'000}})});
  EXPECT_EQ(clamp_sum(total.gross), 200);
}

TEST(Sales, OrdersWithoutAPriceAreCountedAndAreOrders) {
  const BuilderLine unknown{1, 2, 0};
  BuilderLine free = unknown;
  free.marks = events::kFreeLine;
  const std::vector<BuilderEvent> orders = {
      order(1, 0, 1, {unknown}), order(1, 5, 2, {unknown, {2, 1, 1'000'000}}),
      order(2, 5, 3, {unknown, free}), order(2, 9, 0, {}), order(2, base::kDayMs, 5, {unknown})};
  SalesRule rule;
  rule.range.to = base::kDayMs;
  const TextLookup text_of = made_text;
  const LocalDays days(base::Zone::utc(), rule.range, base::kDayMs);
  SalesFold fold(rule, days, text_of);
  const store::OwnedBlock owned = store::build_block(orders);
  fold.fold(owned.block, {0, owned.block.user_count()}, store::Population::kPeople);
  EXPECT_EQ(fold.counts().no_amount, 2) << "of person 1 the first, of person 2 the one without";
  EXPECT_EQ(fold.total().orders, 4);
  EXPECT_EQ(clamp_sum(fold.total().gross), 100);
  EXPECT_EQ(clamp_sum(fold.total().units), 9);
}

TEST(Sales, APersonWithTwoOrdersIsOneRepeatCustomer) {
  const SalesTally total =
      total_of({order(1, 0, 1, {{1, 1, 1'000'000}}), order(1, 5, 2, {{1, 1, 1'000'000}}),
                order(2, 5, 3, {{1, 1, 1'000'000}})});
  EXPECT_EQ(total.orders, 3);
  EXPECT_EQ(total.customers, 2);
  EXPECT_EQ(total.repeat_customers, 1);
}

TEST(Sales, ARefundedOrderStillCounts) {
  const SalesTally total = total_of(
      {order(1, 0, 1, {{1, 2, 1'000'000}}), order(1, 5, 0, {{1, 2, 1'000'000}}, events::kRefund)});
  EXPECT_EQ(total.orders, 1);
  EXPECT_EQ(total.net(), 0);
  EXPECT_EQ(clamp_sum(total.units_refunded), 2);
}

TEST(Sales, TheEndOfTheRangeIsOutside) {
  SalesRule rule;
  rule.range = {10, 20};
  const SalesTally total =
      total_of({order(1, 9, 1, {{1, 1, 1'000'000}}), order(1, 10, 2, {{1, 1, 1'000'000}}),
                order(1, 19, 3, {{1, 1, 1'000'000}}), order(1, 20, 4, {{1, 1, 1'000'000}})},
               rule);
  EXPECT_EQ(total.orders, 2);
}

}  // namespace
}  // namespace footfall::analytics
