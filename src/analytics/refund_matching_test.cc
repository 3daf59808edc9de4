#include "footfall/analytics/refund_matching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

constexpr base::PriceMicros kPound = 1'000'000;

// time, order, item, quantity, price in pounds.
PurchaseLine bought(base::TimeMs time, store::OrderCode order, store::ItemCode item,
                    std::int64_t quantity, std::int64_t pounds) {
  return {time, order, item, quantity, pounds * kPound, 0};
}
RefundLine returned(base::TimeMs time, store::OrderCode order, store::ItemCode item,
                    std::int64_t quantity, std::int64_t pounds) {
  return {time, order, item, quantity, pounds * kPound, 0, false};
}
RefundLine cancelled(base::TimeMs time, store::OrderCode order, store::ItemCode item,
                     std::int64_t quantity, std::int64_t pounds) {
  RefundLine line = returned(time, order, item, quantity, pounds);
  line.own_number = true;
  return line;
}
RefundLine whole(base::TimeMs time, store::OrderCode order) {
  return {time, order, 0, 0, 0, 0, true};
}

// Matches as "refund<-purchase:quantity", kinds as letters, unmatched quantities.
std::string in_words(const RefundMatching& found) {
  std::string words;
  for (const RefundMatch& match : found.matches) {
    words += std::to_string(match.refund) + "<-" + std::to_string(match.purchase) + ":" +
             std::to_string(match.quantity) + " ";
  }
  for (std::size_t i = 0; i < found.kinds.size(); ++i) {
    words += "eqpov"[static_cast<std::size_t>(found.kinds[i])];
    if (found.unmatched[i] > 0) words += std::to_string(found.unmatched[i]);
  }
  return words;
}

TEST(RefundMatching, TakesWhatTheRuleSays) {
  struct Case {
    const char* why;
    std::vector<PurchaseLine> purchases;
    std::vector<RefundLine> refunds;
    const char* words;  // Kinds: e exact, q by quantity, p partly, o orphan, v over.
  };
  const Case cases[] = {
      {"equal quantity and price", {bought(1, 0, 5, 2, 3)}, {returned(2, 0, 5, 2, 3)}, "0<-0:2 e"},
      {"the latest equal one, not the first",
       {bought(1, 0, 5, 2, 3), bought(2, 0, 5, 2, 3)},
       {returned(3, 0, 5, 2, 3)},
       "0<-1:2 e"},
      {"an equal one beats a later unequal one",
       {bought(1, 0, 5, 2, 3), bought(2, 0, 5, 9, 3)},
       {returned(3, 0, 5, 2, 3)},
       "0<-0:2 e"},
      {"another price is taken by quantity",
       {bought(1, 0, 5, 2, 4)},
       {returned(2, 0, 5, 2, 3)},
       "0<-0:2 q"},
      {"by quantity goes latest first over several",
       {bought(1, 0, 5, 4, 3), bought(2, 0, 5, 3, 3)},
       {returned(3, 0, 5, 5, 3)},
       "0<-1:3 0<-0:2 q"},
      {"the rest is an orphan", {bought(1, 0, 5, 2, 3)}, {returned(2, 0, 5, 5, 3)}, "0<-0:2 p3"},
      {"another item is not taken", {bought(1, 0, 6, 2, 3)}, {returned(2, 0, 5, 2, 3)}, "o2"},
      {"a later purchase is not taken", {bought(3, 0, 5, 2, 3)}, {returned(2, 0, 5, 2, 3)}, "o2"},
      {"one of the same instant is",
       {bought(2, 0, 5, 2, 3)},
       {returned(2, 0, 5, 2, 3)},
       "0<-0:2 e"},
      {"what is taken back once is gone",
       {bought(1, 0, 5, 2, 3)},
       {returned(2, 0, 5, 2, 3), returned(3, 0, 5, 2, 3)},
       "0<-0:2 eo2"},
      {"a line that was touched is no equal one",
       {bought(1, 0, 5, 2, 3), bought(2, 0, 5, 4, 3)},
       {returned(3, 0, 5, 1, 3), returned(4, 0, 5, 4, 3)},
       "0<-1:1 1<-1:3 1<-0:1 qq"},
      {"a named order alone is taken from",
       {bought(1, 7, 5, 2, 3), bought(2, 8, 5, 2, 3)},
       {returned(3, 7, 5, 2, 3)},
       "0<-0:2 e"},
      {"more than a named order holds is over",
       {bought(1, 7, 5, 2, 3), bought(2, 8, 5, 2, 3)},
       {returned(3, 7, 5, 3, 3), returned(4, 7, 5, 1, 3)},
       "0<-0:2 p1v1"},
      {"a named order that this person did not place has nothing to take",
       {bought(1, 7, 5, 2, 3)},
       {returned(3, 9, 5, 2, 3), whole(3, 9)},
       "o2o"},
      {"the number of a cancellation is as none where nobody placed it",
       {bought(1, 7, 5, 2, 3)},
       {cancelled(3, 9, 5, 2, 3)},
       "0<-0:2 e"},
      {"a refund without a price equals no line, the latest is taken",
       {bought(1, 7, 5, 2, 0), bought(2, 7, 5, 3, 4)},
       {returned(3, 7, 5, 2, 0)},
       "0<-1:2 q"},
      {"a refund without lines takes the rest of its order",
       {bought(1, 7, 5, 2, 3), bought(1, 7, 6, 1, 3), bought(2, 8, 5, 9, 3)},
       {returned(2, 7, 5, 1, 3), whole(3, 7), whole(4, 7), whole(4, 6)},
       "0<-0:1 1<-1:1 1<-0:1 qqvo"},
      {"nothing to take back is no orphan", {}, {returned(1, 0, 5, 0, 3)}, "q"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(in_words(match_refunds(c.purchases, c.refunds)), c.words) << c.why;
  }
}

// The rule read word for word: every refund looks at every purchase line.
RefundMatching by_definition(const std::vector<PurchaseLine>& purchases,
                             const std::vector<RefundLine>& refunds) {
  RefundMatching found;
  std::vector<std::int64_t> remaining;
  for (const PurchaseLine& line : purchases) remaining.push_back(line.quantity);
  for (std::uint32_t refund = 0; refund < refunds.size(); ++refund) {
    const RefundLine& line = refunds[refund];
    bool known = false;
    for (const PurchaseLine& p : purchases) known |= line.order != 0 && p.order == line.order;
    const auto may_take = [&](std::size_t p) {
      if (remaining[p] == 0) return false;
      if (line.whole_order) return known && purchases[p].order == line.order;
      if (purchases[p].item != line.item) return false;
      if (!known && line.order != 0 && !line.own_number) return false;
      return known ? purchases[p].order == line.order : purchases[p].time <= line.time;
    };
    std::int64_t left = line.quantity;
    bool exact = false;
    bool took = !line.whole_order && left == 0;
    for (std::size_t p = purchases.size(); p-- > 0 && !exact && !line.whole_order;) {
      const bool equal =
          line.price != 0 && purchases[p].quantity == left && purchases[p].price == line.price;
      if (left == 0 || !may_take(p) || !equal || remaining[p] != purchases[p].quantity) continue;
      found.matches.push_back({refund, static_cast<std::uint32_t>(p), left});
      remaining[p] = 0;
      left = 0;
      exact = took = true;
    }
    for (std::size_t p = purchases.size(); p-- > 0;) {
      if (!may_take(p) || (left == 0 && !line.whole_order)) continue;
      const std::int64_t part = line.whole_order ? remaining[p] : std::min(left, remaining[p]);
      found.matches.push_back({refund, static_cast<std::uint32_t>(p), part});
      remaining[p] -= part;
      if (!line.whole_order) left -= part;
      took = true;
    }
    found.order_known.push_back(known);
    found.unmatched.push_back(left);
    found.kinds.push_back(exact              ? RefundKind::kExact
                          : took && left > 0 ? RefundKind::kPartly
                          : took             ? RefundKind::kByQuantity
                          : known            ? RefundKind::kOver
                                             : RefundKind::kOrphan);
  }
  return found;
}

TEST(RefundMatching, EqualsItsDefinition) {
  base::Random random(3);
  const std::size_t histories = test_histories();
  for (std::size_t i = 0; i < histories; ++i) {
    std::vector<PurchaseLine> purchases(random.below(9));
    std::vector<RefundLine> refunds(random.below(7));
    for (PurchaseLine& line : purchases) {
      line = bought(random.between(0, 5), static_cast<store::OrderCode>(random.below(3)),
                    static_cast<store::ItemCode>(1 + random.below(2)), random.between(0, 3),
                    random.between(0, 2));
    }
    for (RefundLine& line : refunds) {
      const auto order = static_cast<store::OrderCode>(random.below(4));
      line =
          returned(random.between(0, 6), order, static_cast<store::ItemCode>(1 + random.below(2)),
                   random.between(0, 4), random.between(0, 2));
      line.own_number = random.chance(0.5);
      if (random.chance(0.15)) line = whole(line.time, order);
    }
    const auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };
    std::stable_sort(purchases.begin(), purchases.end(), by_time);
    std::stable_sort(refunds.begin(), refunds.end(), by_time);
    const RefundMatching found = match_refunds(purchases, refunds);
    const RefundMatching expected = by_definition(purchases, refunds);
    ASSERT_EQ(in_words(found), in_words(expected)) << "history " << i;
    ASSERT_EQ(found.order_known, expected.order_known) << "history " << i;
  }
}

TEST(RefundMatching, ALongHistoryOfOneItemTakesLittleTime) {
  // 200,000 of each: a scan of all lines for each refund would take minutes.
  std::vector<PurchaseLine> purchases;
  std::vector<RefundLine> refunds;
  for (int i = 0; i < 200'000; ++i) {
    purchases.push_back(bought(i, 0, 5, 1 + i % 3, 1));
    refunds.push_back(returned(200'000 + i, 0, 5, 2, 1));
  }
  const RefundMatching found = match_refunds(purchases, refunds);
  std::int64_t taken = 0;
  for (const RefundMatch& match : found.matches) taken += match.quantity;
  EXPECT_EQ(taken, 399'999) << "everything that was bought but no more";
}

TEST(RefundCounts, CountEachKind) {
  RefundCounts counts;
  counts.add(RefundKind::kExact);
  counts.add(RefundKind::kOrphan);
  RefundCounts more;
  more.add(RefundKind::kOrphan);
  more.add(RefundKind::kPartly);
  counts.add(more);
  EXPECT_EQ(counts.exact, 1);
  EXPECT_EQ(counts.orphan, 2);
  EXPECT_EQ(counts.partly, 1);
  EXPECT_EQ(counts.over, 0);
}

}  // namespace
}  // namespace footfall::analytics
