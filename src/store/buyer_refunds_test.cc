#include "footfall/store/buyer_refunds.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "footfall/store/random_timelines.h"
#include "footfall/store/segment_writer.h"
#include "footfall/store/test_shop.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

constexpr UserNumber kUsers = 6;
constexpr OrderCode kOrders = 8;  // Codes 1 .. kOrders are bought; the ones after them by nobody.

// Each person's events by their times, no two of which are equal.
using Told = std::map<std::pair<int, UserNumber>, std::set<base::TimeMs>>;

struct History {
  std::array<std::vector<PlainEvent>, 2> events;  // Of people and guests.
  Told expected;                                  // With each refund at its buyer.
};

using PersonPlace = std::pair<int, UserNumber>;

struct Buyer {
  int population;
  UserNumber user;
  TextCode currency;
};

// Where the definition puts a refund by `own` of an order with these buyers.
PersonPlace home_of(const PersonPlace& own, TextCode currency, const std::vector<Buyer>& buyers) {
  std::set<PersonPlace> anyone;
  std::set<PersonPlace> in_currency;
  for (const Buyer& buyer : buyers) {
    anyone.emplace(buyer.population, buyer.user);
    if (buyer.currency == currency) in_currency.emplace(buyer.population, buyer.user);
  }
  const auto& meant = in_currency.empty() ? anyone : in_currency;
  return meant.contains(own) || meant.size() != 1 ? own : *meant.begin();
}

History random_history(base::Random& random) {
  const auto person = [&] {
    return std::pair(static_cast<int>(random.below(2)),
                     static_cast<UserNumber>(random.below(kUsers)));
  };
  History history;
  base::TimeMs time = 0;
  const auto add = [&](PlainEvent event, int population, UserNumber user, TextCode currency) {
    event.user = user;
    event.time = event.known_time = (time += 1000);
    event.key = event.digest = base::mix64(static_cast<std::uint64_t>(time));
    if (currency != 0) event.properties["currency"] = currency;
    history.events[static_cast<std::size_t>(population)].push_back(event);
    return event.time;
  };
  std::map<OrderCode, std::vector<Buyer>> buyers;
  for (OrderCode order = 1; order <= kOrders; ++order) {
    // Some numbers stand in two currencies, some twice in one: whose they are cannot be told.
    const int times = order % 3 == 0 || order % 4 == 1 ? 2 : 1;
    for (int time_of_it = 0; time_of_it < times; ++time_of_it) {
      const auto currency = static_cast<TextCode>(order % 4 == 1 ? 0 : time_of_it);
      const auto [population, user] = person();
      PlainEvent event;
      event.type = events::kPurchase;
      event.order = order;
      if (random.chance(0.5)) event.lines.push_back({7, 0, 2, 1'000'000, 1, 0});
      const base::TimeMs made = add(event, population, user, currency);
      history.expected[{population, user}].insert(made);
      buyers[order].push_back({population, user, currency});
    }
  }
  for (std::uint64_t i = random.below(12); i > 0; --i) {
    const auto [population, user] = person();
    PlainEvent event;
    const bool refund = random.chance(0.7);
    event.type = refund ? events::kRefund : events::kViewItem;
    event.order = static_cast<OrderCode>(random.below(kOrders + 3));
    const auto currency = static_cast<TextCode>(random.below(2));
    const base::TimeMs made = add(event, population, user, currency);
    PersonPlace at(population, user);
    const auto known = buyers.find(event.order);
    if (refund && known != buyers.end()) at = home_of(at, currency, known->second);
    history.expected[at].insert(made);
  }
  return history;
}

class BuyerRefunds : public testing::Test {
 protected:
  // Deals the events of each population to segments and a tail.
  std::shared_ptr<SnapshotData> deal(const History& history, base::Random& random) {
    auto data = std::make_shared<SnapshotData>();
    for (std::size_t population = 0; population < 2; ++population) {
      std::array<std::vector<PlainEvent>, 3> parts;
      for (const PlainEvent& event : history.events[population]) {
        parts[random.below(parts.size())].push_back(event);
      }
      for (std::size_t i = 0; i < parts.size(); ++i) {
        EventTable table = table_of(parts[i]);
        settle(table, 1);
        if (table.size() == 0) continue;
        PopulationSources& sources = data->sources[population];
        if (i == 0) {
          sources.tail = std::make_shared<const EventTable>(std::move(table));
          continue;
        }
        const std::string path = folder_ / std::to_string(count_++);
        EXPECT_TRUE(write_segment(path, table, 1).ok());
        sources.segments.push_back(*Segment::open(path, {}));
      }
    }
    return data;
  }

  static Told told(const Snapshot& snapshot) {
    Told found;
    for (int population = 0; population < 2; ++population) {
      const auto blocks = snapshot.blocks(static_cast<Population>(population), {});
      EXPECT_TRUE(blocks.ok());
      for (const Block& block : *blocks) {
        for (std::size_t user = 0; user < block.user_count(); ++user) {
          for (std::size_t i = block.offsets[user]; i < block.offsets[user + 1]; ++i) {
            const auto person = std::pair(population, block.users[user]);
            EXPECT_TRUE(found[person].insert(block.time(i)).second);
          }
        }
      }
    }
    return found;
  }

  const TemporaryFolder folder_;
  int count_ = 0;
};

TEST_F(BuyerRefunds, StandWithWhoeverBoughtTheOrder) {
  const std::uint64_t histories = std::min<std::uint64_t>(test_histories(), 50'000) / 100;
  std::size_t moved = 0;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    base::Random random(seed);
    const History history = random_history(random);
    const Snapshot snapshot(deal(history, random));
    const auto at_buyers = snapshot.with_refunds_at_buyers("EUR");
    ASSERT_TRUE(at_buyers.ok()) << at_buyers.error().message;
    ASSERT_EQ(told(*at_buyers), history.expected) << "seed " << seed;
    moved += told(snapshot) == history.expected ? 0 : 1;
  }
  EXPECT_GT(moved, histories / 2);
}

}  // namespace
}  // namespace footfall::store
