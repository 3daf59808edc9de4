#include "footfall/analytics/refund_amounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "footfall/analytics/random_timelines.h"

namespace footfall::analytics {
namespace {

constexpr base::PriceMicros kCent = 10'000;
constexpr base::TimeMs kRefunded = 100;

// One refund event.
struct Refund {
  base::TimeMs time = kRefunded;
  store::OrderCode order = 1;
  std::vector<RefundLine> lines = {};  // Item, quantity, price; none = the whole order.
  std::optional<base::MoneyMinor> stated = {};
};

RefundLine line(store::ItemCode item, std::int64_t quantity, std::int64_t cents = 0) {
  return {0, 0, item, quantity, cents * kCent, 0};
}

struct History {
  std::vector<PurchaseLine> purchases;
  std::vector<RefundLine> refunds;
  std::vector<std::size_t> events;
  std::vector<std::optional<base::MoneyMinor>> stated;

  void add(const Refund& refund) {
    const std::size_t event = events.empty() ? 0 : events.back() + 1;
    std::vector<RefundLine> lines = refund.lines;
    if (lines.empty()) lines.push_back({0, 0, 0, 0, 0, 0, true});
    for (RefundLine& one : lines) {
      one.time = refund.time;
      one.order = refund.order;
      refunds.push_back(one);
      events.push_back(event);
      stated.push_back(refund.stated);
    }
  }
  RefundAmounts settled() const {
    return refund_amounts({purchases, refunds, events, stated}, LineAmounts(2));
  }
};

// Each refund as "amount/units", "+" where it is over its order, "?" where it is an orphan.
std::string in_words(const RefundAmounts& found) {
  std::string words;
  for (const SettledRefund& refund : found.refunds) {
    ExactSum amount = 0;
    std::int64_t units = 0;
    for (const RefundPart& part : refund.parts) {
      amount += part.amount;
      units += part.units;
    }
    words += std::to_string(clamp_sum(amount)) + "/" + std::to_string(units);
    for (std::uint32_t i = refund.begin; i < refund.end; ++i) {
      const bool whole = found.matching.kinds[i] == RefundKind::kExact ||
                         found.matching.kinds[i] == RefundKind::kByQuantity;
      words += found.over[i] != 0 ? "+" : !whole && !found.matching.order_known[i] ? "?" : "";
    }
    words += " ";
  }
  return words;
}

TEST(RefundAmounts, TakeWhatTheRuleSays) {
  struct Case {
    const char* why;
    std::vector<Refund> refunds;
    const char* words;
  };
  // The order: 3 of item 1 at 10.00 and 1 of item 2 at 5.00.
  const Case cases[] = {
      {"no items: the whole order", {{}}, "3500/4 "},
      {"a second one finds nothing left", {{}, {}}, "3500/4 0/0+ "},
      {"an amount, then the rest", {{.stated = 300}, {}}, "300/0 3200/4 "},
      {"two amounts below the order", {{.stated = 300}, {.stated = 400}}, "300/0 400/0 "},
      {"amounts that make up the order take its pieces",
       {{.stated = 3000}, {.stated = 500}},
       "3000/0 500/4 "},
      {"an amount above the order", {{.stated = 3501}}, "3501/4+ "},
      {"amounts above the order", {{.stated = 3000}, {.stated = 600}}, "3000/0 600/4+ "},
      {"a piece without a price, then the rest", {{.lines = {line(1, 1)}}, {}}, "1000/1 2500/3 "},
      {"pieces below what was paid, then the rest",
       {{.lines = {line(1, 3, 800), line(2, 1, 500)}}, {}},
       "2900/4 600/0 "},
      {"pieces in full after an amount are above the order",
       {{.stated = 1}, {.lines = {line(1, 3, 1000), line(2, 1, 500)}}},
       "1/0 3500/4+ "},
      {"an amount wins over the pieces",
       {{.lines = {line(1, 1)}, .stated = 300}, {}},
       "300/1 3200/3 "},
      {"more pieces than were bought", {{.lines = {line(1, 4, 100)}}}, "400/4+ "},
      {"more pieces without a price are worth those bought", {{.lines = {line(1, 4)}}}, "3000/4+ "},
      {"an unknown order",
       {{.order = 9, .lines = {line(1, 1)}}, {.order = 9, .stated = 300}, {}},
       "0/1? 300/0? 3500/4 "},
      {"a piece without an order takes from the one it matches",
       {{.order = 0, .lines = {line(1, 1, 900)}}, {}},
       "900/1 2600/3 "},
      {"an amount of no order takes from none",
       {{.order = 0, .stated = 300}, {}},
       "300/0? 3500/4 "},
  };
  for (const Case& c : cases) {
    History history;
    history.purchases = {{0, 1, 1, 3, 1000 * kCent, 0}, {0, 1, 2, 1, 500 * kCent, 0}};
    for (const Refund& refund : c.refunds) history.add(refund);
    EXPECT_EQ(in_words(history.settled()), c.words) << c.why;
  }
}

TEST(RefundAmounts, OfTheRestAddUpByItem) {
  History history;
  history.purchases = {{0, 1, 1, 3, 1000 * kCent, 0}, {7, 1, 2, 1, 500 * kCent, 0}};
  history.add({.stated = 300});
  history.add({.lines = {line(1, 1)}});
  history.add({});
  std::map<store::ItemCode, std::int64_t> items;
  for (const SettledRefund& refund : history.settled().refunds) {
    for (const RefundPart& part : refund.parts) {
      items[part.item] += clamp_sum(part.amount);
      EXPECT_EQ(part.order_time, part.item == 2 ? 7 : 0) << "no item: the order's first line";
    }
  }
  EXPECT_THAT(items, testing::ElementsAre(std::pair(0, 0), std::pair(1, 3000), std::pair(2, 500)));
}

std::int64_t amount_of(std::int64_t quantity, base::PriceMicros price) {
  return *base::line_amount(quantity, price, 2);
}

// The definition, refund by refund: everything that came before is looked at again each time.
class Definition {
 public:
  explicit Definition(const History& history) : history_(history), purchases_(history.purchases) {}

  std::string in_words() {
    std::string words;
    for (std::size_t begin = 0, end = 0; begin < history_.refunds.size(); begin = end) {
      while (end < history_.refunds.size() && history_.events[end] == history_.events[begin]) ++end;
      words += settle(begin, end);
    }
    return words;
  }

 private:
  struct Taken {
    store::OrderCode order = 0;
    std::int64_t purchase = -1;  // -1: of the order itself.
    std::int64_t amount = 0;
  };

  std::string settle(std::size_t begin, std::size_t end) {
    const RefundLine& first = history_.refunds[begin];
    const auto stated = history_.stated[begin];
    known_ = false;
    std::int64_t rest = 0;
    for (const PurchaseLine& bought : purchases_) {
      if (first.order == 0 || bought.order != first.order) continue;
      known_ = true;
      rest += amount_of(bought.quantity, bought.price);
    }
    for (const Taken& one : taken_) rest -= known_ && one.order == first.order ? one.amount : 0;
    rest = std::max<std::int64_t>(0, rest);
    sum_ = units_ = 0;
    marks_.clear();
    any_match_ = false;
    const bool alone = first.whole_order && known_ && stated && *stated < rest;
    for (std::size_t i = begin; i < end && !alone; ++i) add_line(history_.refunds[i]);
    const std::int64_t amount = stated ? *stated : first.whole_order ? rest : sum_;
    if (known_) taken_.push_back({first.order, -1, amount});
    const bool too_late = first.whole_order && !stated && rest == 0 && !any_match_;
    if (known_ && marks_.empty() && (amount > rest || too_late)) marks_ = "+";
    if (!known_ && first.whole_order) marks_ = "?";
    return std::to_string(amount) + "/" + std::to_string(units_) + marks_ + " ";
  }

  void add_line(const RefundLine& refund) {
    takers_.push_back(refund);
    const RefundMatching matching = match_refunds(purchases_, takers_);
    std::int64_t quantity = 0;
    for (const RefundMatch& match : matching.matches) {
      if (match.refund != takers_.size() - 1) continue;
      any_match_ = true;
      const PurchaseLine& bought = purchases_[match.purchase];
      std::int64_t amount = amount_of(match.quantity, bought.price);
      if (refund.whole_order) {
        amount = amount_of(bought.quantity, bought.price);
        for (const Taken& one : taken_) amount -= one.purchase == match.purchase ? one.amount : 0;
        amount = std::max<std::int64_t>(0, amount);
      } else if (refund.price != 0) {
        amount =
            amount_of(quantity + match.quantity, refund.price) - amount_of(quantity, refund.price);
      }
      quantity += match.quantity;
      sum_ += amount;
      units_ += match.quantity;
      taken_.push_back({known_ ? 0 : bought.order, match.purchase, amount});
    }
    const std::int64_t unmatched = matching.unmatched.back();
    sum_ += amount_of(quantity + unmatched, refund.price) - amount_of(quantity, refund.price);
    units_ += unmatched;
    if (unmatched > 0) marks_ += known_ ? "+" : "?";
  }

  const History& history_;
  const std::vector<PurchaseLine>& purchases_;
  std::vector<Taken> taken_;
  std::vector<RefundLine> takers_;  // Lines so far that took or may have taken pieces.
  // Of the refund in hand:
  bool known_ = false;
  bool any_match_ = false;
  std::int64_t sum_ = 0;
  std::int64_t units_ = 0;
  std::string marks_;
};

TEST(RefundAmounts, EqualTheirDefinition) {
  base::Random random(11);
  static constexpr base::PriceMicros kPrices[] = {0, 1'005'000, 2'500'000, 12'345};
  const std::size_t histories = std::min<std::size_t>(test_histories(), 200'000);
  for (std::size_t i = 0; i < histories; ++i) {
    History history;
    history.purchases.resize(random.below(6));
    for (PurchaseLine& bought : history.purchases) {
      bought = {random.between(0, 5),
                static_cast<store::OrderCode>(random.below(3)),
                static_cast<store::ItemCode>(1 + random.below(2)),
                random.between(0, 3),
                kPrices[random.below(4)],
                0};
    }
    std::stable_sort(history.purchases.begin(), history.purchases.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    const std::size_t refunds = random.below(6);
    for (std::size_t r = 0; r < refunds; ++r) {
      Refund refund{static_cast<base::TimeMs>(r + 1),
                    static_cast<store::OrderCode>(random.below(4)),
                    {},
                    std::nullopt};
      for (std::size_t lines = random.below(3); lines > 0; --lines) {
        refund.lines.push_back(
            line(static_cast<store::ItemCode>(1 + random.below(2)), random.between(0, 3)));
        refund.lines.back().price = kPrices[random.below(4)];
      }
      if (random.chance(0.4)) refund.stated = random.between(0, 900);
      history.add(refund);
    }
    ASSERT_EQ(in_words(history.settled()), Definition(history).in_words()) << "history " << i;
  }
}

}  // namespace
}  // namespace footfall::analytics
