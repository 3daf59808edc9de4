#include "footfall/engine/cancelled_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "footfall/base/random.h"

namespace footfall::engine {
namespace {

using analytics::PurchaseLine;
using analytics::RefundLine;

constexpr base::PriceMicros kPound = 1'000'000;

struct Stated {
  base::TimeMs time;
  store::OrderCode order;
  std::int64_t pounds;
};

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

std::string words_at(const CancelledLines& lines, base::TimeMs moment, base::TimeMs known_by) {
  std::vector<std::uint8_t> flags;
  lines.standing_at(moment, known_by, flags);
  std::string words;
  for (const std::uint8_t flag : flags) words += flag != 0 ? 's' : '.';
  return words;
}

// One letter a purchase line: s stands, . is not there at the moment.
std::string standing(const std::vector<PurchaseLine>& purchases,
                     const std::vector<RefundLine>& refunds, const std::vector<Stated>& stated,
                     base::TimeMs moment) {
  CancelledLines lines(2);
  for (const PurchaseLine& line : purchases) lines.add_purchase(line, line.time);
  for (const RefundLine& line : refunds) lines.add_refund(line, line.time);
  for (const Stated& one : stated) {
    lines.add_stated(one.time, one.order, one.pounds * kPound, one.time);
  }
  return words_at(lines, moment, base::kTimeEnd);
}

TEST(CancelledLines, StandUntilAllOfThemIsTakenBack) {
  struct Case {
    const char* why;
    std::vector<PurchaseLine> purchases;
    std::vector<RefundLine> refunds;
    std::vector<Stated> stated;
    base::TimeMs moment;
    const char* standing;
  };
  const Case cases[] = {
      {"nothing was taken back", {bought(1, 0, 5, 2, 3)}, {}, {}, 9, "s"},
      {"a later purchase is not known yet", {bought(1, 0, 5, 2, 3)}, {}, {}, 0, "."},
      {"one of the moment itself is", {bought(1, 0, 5, 2, 3)}, {}, {}, 1, "s"},
      {"taken back in full", {bought(1, 0, 5, 2, 3)}, {returned(4, 0, 5, 2, 3)}, {}, 9, "."},
      {"but not before that", {bought(1, 0, 5, 2, 3)}, {returned(4, 0, 5, 2, 3)}, {}, 3, "s"},
      {"at the same moment", {bought(1, 0, 5, 2, 3)}, {returned(4, 0, 5, 2, 3)}, {}, 4, "."},
      {"taken back in part", {bought(1, 0, 5, 2, 3)}, {returned(4, 0, 5, 1, 3)}, {}, 9, "s"},
      {"part by part",
       {bought(1, 0, 5, 2, 3)},
       {returned(4, 0, 5, 1, 3), returned(5, 0, 5, 1, 3)},
       {},
       9,
       "."},
      {"bought again, the later one is taken back",
       {bought(1, 0, 5, 2, 3), bought(2, 0, 5, 2, 3)},
       {returned(4, 0, 5, 2, 3)},
       {},
       9,
       "s."},
      {"cancelled, then bought again",
       {bought(1, 0, 5, 2, 3), bought(6, 0, 5, 2, 3)},
       {returned(4, 0, 5, 2, 3)},
       {},
       9,
       ".s"},
      {"an order of the future takes no line from the present",
       {bought(1, 0, 5, 2, 3), bought(6, 7, 5, 2, 3)},
       {returned(4, 7, 5, 2, 3)},
       {},
       5,
       "s."},
      {"the number of a cancellation is none that it names",
       {bought(1, 7, 5, 2, 3)},
       {cancelled(4, 8, 5, 2, 3)},
       {},
       9,
       "."},
      {"when it is there the refund is of it alone",
       {bought(1, 0, 5, 2, 3), bought(6, 7, 5, 2, 3)},
       {returned(4, 7, 5, 2, 3)},
       {},
       6,
       "s."},
      {"the rest of an order",
       {bought(1, 7, 5, 2, 3), bought(1, 7, 6, 1, 3), bought(2, 8, 5, 1, 1)},
       {whole(4, 7)},
       {},
       9,
       "..s"},
      {"a stated amount below the order's takes no line back",
       {bought(1, 7, 5, 2, 3), bought(1, 7, 6, 1, 3)},
       {},
       {{4, 7, 8}},
       9,
       "ss"},
      {"one that reaches it takes all",
       {bought(1, 7, 5, 2, 3), bought(1, 7, 6, 1, 3), bought(1, 8, 5, 2, 3)},
       {},
       {{4, 7, 9}},
       9,
       "..s"},
      {"not before it is dated", {bought(1, 7, 5, 2, 3)}, {}, {{4, 7, 6}}, 3, "s"},
      {"several add up", {bought(1, 7, 5, 2, 3)}, {}, {{4, 7, 2}, {5, 7, 4}}, 9, "."},
      {"but only those known", {bought(1, 7, 5, 2, 3)}, {}, {{4, 7, 2}, {5, 7, 4}}, 4, "s"},
      {"lines taken back count with what is stated",
       {bought(1, 7, 5, 2, 3), bought(1, 7, 6, 1, 3)},
       {returned(3, 7, 5, 2, 3)},
       {{4, 7, 3}},
       9,
       ".."},
      {"a line without a price counts as it was bought",
       {bought(1, 7, 5, 2, 3), bought(1, 7, 6, 1, 3)},
       {returned(3, 7, 5, 1, 0)},
       {{4, 7, 6}},
       9,
       ".."},
      {"a stated amount of no order is of none", {bought(1, 0, 5, 1, 3)}, {}, {{4, 0, 9}}, 9, "s"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(standing(c.purchases, c.refunds, c.stated, c.moment), c.standing) << c.why;
  }
}

struct MadeHistory {
  std::vector<PurchaseLine> purchases;
  std::vector<RefundLine> refunds;
  std::vector<Stated> stated;
};

// The rule read word for word: every refund looks at every purchase line of the moment.
struct TakenBack {
  std::vector<bool> lines;                            // All of it.
  std::map<store::OrderCode, std::int64_t> unpriced;  // Worth of what refunds name without a price.
};

TakenBack all_taken_back(const MadeHistory& made, base::TimeMs moment) {
  const std::vector<PurchaseLine>& purchases = made.purchases;
  std::vector<std::int64_t> left;
  for (const PurchaseLine& line : purchases) left.push_back(line.quantity);
  TakenBack back;
  std::vector<bool>& taken = back.lines;
  taken.resize(purchases.size(), false);
  for (const RefundLine& refund : made.refunds) {
    if (refund.time > moment) continue;
    bool known = false;
    for (const PurchaseLine& p : purchases) {
      known |= p.time <= moment && refund.order != 0 && p.order == refund.order;
    }
    const auto may_take = [&](std::size_t p) {
      if (purchases[p].time > moment || left[p] == 0) return false;
      if (refund.whole_order) return known && purchases[p].order == refund.order;
      if (purchases[p].item != refund.item) return false;
      if (!known && refund.order != 0 && !refund.own_number) return false;
      return known ? purchases[p].order == refund.order : purchases[p].time <= refund.time;
    };
    std::int64_t open = refund.quantity;
    const auto take = [&](std::size_t p, std::int64_t count) {
      left[p] -= count;
      open -= count;
      if (refund.price == 0 && !refund.whole_order) {
        back.unpriced[refund.order] += count * purchases[p].price;
      }
      taken[p] = taken[p] || left[p] == 0;
    };
    for (std::size_t p = purchases.size(); p-- > 0 && !refund.whole_order && open > 0;) {
      const bool untouched = left[p] == purchases[p].quantity;
      const bool equal = left[p] == open && purchases[p].price == refund.price && refund.price != 0;
      if (may_take(p) && untouched && equal) take(p, open);
    }
    for (std::size_t p = purchases.size(); p-- > 0;) {
      if (!may_take(p)) continue;
      if (refund.whole_order) {
        take(p, left[p]);
      } else if (open > 0) {
        take(p, std::min(open, left[p]));
      }
    }
  }
  return back;
}

bool order_reached(const MadeHistory& made, const TakenBack& taken, store::OrderCode order,
                   base::TimeMs moment) {
  std::int64_t worth = 0;
  const auto unpriced = taken.unpriced.find(order);
  std::int64_t back = unpriced == taken.unpriced.end() ? 0 : unpriced->second;
  bool is_stated = false;
  for (const PurchaseLine& line : made.purchases) {
    if (line.time <= moment && line.order == order) worth += line.quantity * line.price;
  }
  for (const RefundLine& refund : made.refunds) {
    if (refund.time <= moment && refund.order == order) back += refund.quantity * refund.price;
  }
  for (const Stated& one : made.stated) {
    if (one.time > moment || one.order == 0 || one.order != order) continue;
    is_stated = true;
    back += one.pounds * kPound;
  }
  return is_stated && back >= worth;
}

std::string by_definition(const MadeHistory& made, base::TimeMs moment) {
  const TakenBack taken = all_taken_back(made, moment);
  std::string words;
  for (std::size_t p = 0; p < made.purchases.size(); ++p) {
    const PurchaseLine& line = made.purchases[p];
    const bool stands =
        line.time <= moment && !taken.lines[p] && !order_reached(made, taken, line.order, moment);
    words += stands ? 's' : '.';
  }
  return words;
}

std::size_t histories() {
  const char* text = std::getenv("FOOTFALL_TEST_HISTORIES");
  return text == nullptr ? 10'000 : std::strtoull(text, nullptr, 10);
}

MadeHistory made_history(base::Random& random) {
  MadeHistory made;
  made.purchases.resize(random.below(9));
  made.refunds.resize(random.below(6));
  made.stated.resize(random.below(3));
  const auto order = [&] { return static_cast<store::OrderCode>(random.below(4)); };
  const auto item = [&] { return static_cast<store::ItemCode>(1 + random.below(2)); };
  for (PurchaseLine& line : made.purchases) {
    line =
        bought(random.between(0, 5), order(), item(), random.between(1, 3), random.between(1, 2));
  }
  for (RefundLine& line : made.refunds) {
    line =
        returned(random.between(0, 6), order(), item(), random.between(0, 4), random.between(0, 2));
    line.own_number = random.chance(0.5);
    if (random.chance(0.15)) line = whole(line.time, line.order);
  }
  for (Stated& one : made.stated) one = {random.between(0, 6), order(), random.between(0, 6)};
  const auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };
  std::stable_sort(made.purchases.begin(), made.purchases.end(), by_time);
  std::stable_sort(made.refunds.begin(), made.refunds.end(), by_time);
  std::stable_sort(made.stated.begin(), made.stated.end(), by_time);
  return made;
}

TEST(CancelledLines, EqualTheDefinition) {
  base::Random random(11);
  for (std::size_t i = 0; i < histories(); ++i) {
    const MadeHistory made = made_history(random);
    const base::TimeMs moment = random.between(-1, 7);
    ASSERT_EQ(standing(made.purchases, made.refunds, made.stated, moment),
              by_definition(made, moment))
        << "history " << i;
  }
}

// No leak: a moment looks the same whatever comes after it.
TEST(CancelledLines, WhatComesAfterAMomentNeverShowsAtIt) {
  base::Random random(12);
  std::size_t differing = 0;
  for (std::size_t i = 0; i < histories(); ++i) {
    const MadeHistory made = made_history(random);
    const base::TimeMs moment = random.between(0, 5);
    MadeHistory cut = made;
    const auto later = [&](const auto& one) { return one.time > moment; };
    std::erase_if(cut.purchases, later);
    std::erase_if(cut.refunds, later);
    std::erase_if(cut.stated, later);
    const std::string whole_words = standing(made.purchases, made.refunds, made.stated, moment);
    const std::string cut_words = standing(cut.purchases, cut.refunds, cut.stated, moment);
    ASSERT_EQ(whole_words.substr(0, cut_words.size()), cut_words) << "history " << i;
    const std::string end_words = standing(made.purchases, made.refunds, made.stated, 9);
    if (end_words.substr(0, cut_words.size()) != cut_words) ++differing;
  }
  EXPECT_GT(differing, histories() / 10) << "the histories hold later cancellations";
}

// What was told later might as well not be there.
TEST(CancelledLines, WhatWasNotKnownByThenNeverShows) {
  base::Random random(13);
  std::size_t differing = 0;
  for (std::size_t i = 0; i < histories(); ++i) {
    const MadeHistory made = made_history(random);
    const base::TimeMs moment = random.between(0, 6);
    CancelledLines all(2);
    CancelledLines known(2);
    std::string letters;  // k known, u unknown.
    const auto delayed = [&](base::TimeMs time) { return time + (random.chance(0.3) ? 5 : 0); };
    for (const PurchaseLine& line : made.purchases) {
      const base::TimeMs known_time = delayed(line.time);
      all.add_purchase(line, known_time);
      if (known_time <= moment) known.add_purchase(line, known_time);
      letters += known_time <= moment ? 'k' : 'u';
    }
    for (const RefundLine& line : made.refunds) {
      const base::TimeMs known_time = delayed(line.time);
      all.add_refund(line, known_time);
      if (known_time <= moment) known.add_refund(line, known_time);
    }
    for (const Stated& one : made.stated) {
      const base::TimeMs known_time = delayed(one.time);
      all.add_stated(one.time, one.order, one.pounds * kPound, known_time);
      if (known_time > moment) continue;
      known.add_stated(one.time, one.order, one.pounds * kPound, known_time);
    }
    const std::string found = words_at(all, moment, moment);
    const std::string expected = words_at(known, moment, base::kTimeEnd);
    for (std::size_t line = 0, at = 0; line < letters.size(); ++line) {
      ASSERT_EQ(found[line], letters[line] == 'k' ? expected[at++] : '.') << "history " << i;
    }
    differing += found != words_at(all, moment, base::kTimeEnd) ? 1 : 0;
  }
  EXPECT_GT(differing, histories() / 10) << "the histories hold what was known late";
}

}  // namespace
}  // namespace footfall::engine
