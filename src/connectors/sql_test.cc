#include "footfall/connectors/sql.h"
#include "footfall/connectors/test_progress.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>

#include "footfall/base/random.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::connectors {
namespace {

using store::build_block;
using store::BuilderEvent;
using store::Population;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Scans of one query begin on several threads.
std::mutex asked_mutex;

/// A shop in memory: blocks and dictionaries.
struct Shop {
  std::vector<store::OwnedBlock> people;
  std::vector<store::OwnedBlock> guests;
  std::vector<store::OwnedBlock> things;
  std::vector<std::string> items{""};
  std::vector<std::string> orders{""};
  std::vector<std::string> texts{""};
  std::vector<std::string> properties;
  mutable std::vector<std::string> asked = {};  // Which columns each scan wanted.

  const std::vector<store::OwnedBlock>& of(Population population) const {
    return population == Population::kPeople   ? people
           : population == Population::kGuests ? guests
                                               : things;
  }

  SqlData data() const {
    SqlData data;
    data.blocks = [this](Population population, const store::Columns& columns) {
      const std::lock_guard lock(asked_mutex);
      asked.push_back(fmt::format("{}{}{}{}", columns.orders ? "o" : "", columns.batches ? "b" : "",
                                  columns.lines ? "l" : "", fmt::join(columns.properties, ",")));
      std::vector<store::Block> blocks;
      for (const store::OwnedBlock& block : of(population)) blocks.push_back(block.block);
      return base::Result<std::vector<store::Block>>(std::move(blocks));
    };
    data.event_count = [this](Population population) {
      std::uint64_t count = 0;
      for (const store::OwnedBlock& block : of(population)) count += block.block.event_count();
      return count;
    };
    data.event_name = [](store::EventCode code) {
      return code >= events::kOwnCodeFirst ? std::string_view("own_event_with_a_long_name")
                                           : events::built_in_name(code);
    };
    data.item = [this](store::ItemCode code) { return std::string_view(items[code]); };
    data.order = [this](store::OrderCode code) { return std::string_view(orders[code]); };
    data.text = [this](store::TextCode code) { return std::string_view(texts[code]); };
    data.property_names = properties;
    return data;
  }
};

std::string show(const SqlCell& cell) {
  struct Shown {
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const { return value; }
  };
  return std::visit(Shown{}, cell);
}

std::vector<std::string> ask(const Shop& shop, const std::string& query, SqlOptions options = {}) {
  auto answer = run_sql(shop.data(), query, options);
  if (!answer.ok()) return {"error: " + answer.error().message};
  std::vector<std::string> rows;
  for (const auto& row : answer->rows) {
    std::string text;
    for (const SqlCell& cell : row) text += (text.empty() ? "" : "|") + show(cell);
    rows.push_back(text);
  }
  if (answer->more) rows.push_back("...");
  return rows;
}

Shop small_shop() {
  Shop shop;
  shop.items = {"", "22423", "85123A", "POST"};
  shop.orders = {"", "536365", "C536379", "a transaction id longer than twelve bytes"};
  shop.texts = {"", "France", "EIRE", "a country name that is longer"};
  shop.properties = {"country", "Item"};
  const base::TimeMs noon = 1'314'792'000'000;  // 2011-08-31 12:00 UTC.
  BuilderEvent view{.user = 1, .time = noon, .type = events::kViewItem, .item = 1};
  view.properties = {{"country", 1}};
  BuilderEvent order{
      .user = 1, .time = noon + 60'000, .type = events::kPurchase, .item = 1, .order = 1};
  order.lines = {{1, 2, 2'550'000, 0}, {2, 3, 1'005'000, 0}, {3, 1, 0, 3}};
  order.properties = {{"country", 2}, {"Item", 3}};
  BuilderEvent refund{
      .user = 2, .time = noon + 120'000, .type = events::kRefund, .item = 2, .order = 2};
  refund.lines = {{2, 1, 1'005'000, 0}};
  BuilderEvent own{.user = 2, .time = noon + 180'000, .type = events::kOwnCodeFirst};
  BuilderEvent bare{.user = 3, .time = noon, .type = events::kPurchase, .item = 2};
  shop.people.push_back(build_block({view, order, refund}));
  shop.people.push_back(build_block({bare}, true));
  shop.people.push_back(build_block({}));
  own.user = 9;
  shop.people.push_back(build_block({own}));
  BuilderEvent guest{.user = 1, .time = noon, .type = events::kPurchase, .item = 1, .order = 3};
  guest.lines = {{1, 4, 2'000'000, 0}};
  shop.guests.push_back(build_block({guest}));
  shop.things.push_back(
      build_block({{.user = 0, .time = noon, .type = events::kStockOut, .item = 3}}));
  return shop;
}

struct TableCase {
  const char* why;
  const char* query;
  std::vector<std::string> expected;
};
const std::vector<TableCase> kTableCases = {
    {"events of all populations; an order of several items is of none of them",
     "SELECT person, event, item, guest FROM events",
     {"1|view_item|22423|false", "1|purchase|-|false", "2|refund|85123A|false",
      "3|purchase|85123A|false", "9|own_event_with_a_long_name|-|false", "-|purchase|22423|true",
      "-|stock_out|POST|false"}},
    {"times",
     "SELECT time, local_time, batch FROM events LIMIT 1",
     {"1314792000000000|1314795600000000|1"}},
    {"properties, one with a name that is taken",
     "SELECT country, property_Item FROM events WHERE country IS NOT NULL",
     {"France|-", "EIRE|a country name that is longer"}},
    {"count without columns", "select count(*) from events", {"7"}},
    {"lines",
     "SELECT transaction_id, event, line, item, quantity, price, amount, bookkeeping, "
     "free_line, country FROM order_lines",
     {"536365|purchase|1|22423|2|2.550000|5.10|false|false|EIRE",
      "536365|purchase|2|85123A|3|1.005000|3.02|false|false|EIRE",
      "536365|purchase|3|POST|1|0.000000|0.00|true|true|EIRE",
      "C536379|refund|1|85123A|1|1.005000|1.00|false|false|-",
      "-|purchase|1|85123A|1|-|-|false|false|-",
      "a transaction id longer than twelve "
      "bytes|purchase|1|22423|4|2.000000|8.00|false|false|-"}},
    {"orders",
     "SELECT transaction_id, person, guest, lines, quantity, gross, country FROM orders",
     {"536365|1|false|3|6|8.12|EIRE", "-|3|false|1|1|-|-",
      "a transaction id longer than twelve bytes|-|true|1|4|8.00|-"}},
    {"usual cleaning", "SELECT item, quantity FROM usual_cleaning", {"22423|2", "85123A|3"}},
    {"items",
     "SELECT item, name, lines, quantity, gross, bookkeeping FROM items ORDER BY item",
     {"22423|-|2|6|13.10|false", "85123A|-|2|4|3.02|false", "POST|-|1|1|0.00|true"}},
    {"users",
     "SELECT person, events, orders, country, last_time - first_time FROM users "
     "ORDER BY person",
     {"1|2|1|EIRE|00:01:00", "2|1|0|-|00:00:00", "3|1|1|-|00:00:00", "9|1|0|-|00:00:00"}},
    {"sums are exact", "SELECT sum(amount), sum(quantity) FROM order_lines", {"17.12|12"}},
    {"lists are text",
     "SELECT list(item ORDER BY item) AS l, 1 FROM usual_cleaning; -- end",
     {"[22423, 85123A]|1"}},
    {"order is kept behind a cast",
     "SELECT INTERVAL 1 DAY * i AS d, i FROM range(3) r(i) "
     "ORDER BY i DESC",
     {"2 days|2", "1 day|1", "00:00:00|0"}},
    {"dates, reals, wide integers",
     "SELECT DATE '1970-01-03', 0.5::DOUBLE, -7::HUGEINT, "
     "18446744073709551615::UBIGINT, NULL, (-0.05)::DECIMAL(4,2), 12.5::DECIMAL(38,1)",
     {"2|0.5|-7|18446744073709551615|-|-0.05|12.5"}},
    {"several lines and a semicolon", "\n-- a comment; with a semicolon\nSELECT\n  1;\n", {"1"}},
    {"FROM first", "FROM orders SELECT count(*)", {"3"}},
    {"parentheses", "(SELECT 1)", {"1"}},
    {"time zone of the shop", "SELECT time::TIMESTAMPTZ::VARCHAR FROM events LIMIT 0", {}},
};

TEST(Sql, TablesHoldTheEvents) {
  const Shop shop = small_shop();
  SqlOptions options;
  options.zone = base::Zone::open("Europe/London").value();
  for (const TableCase& c : kTableCases) {
    for (const std::size_t threads : {1, 2}) {
      options.threads = threads;
      EXPECT_EQ(ask(shop, c.query, options), c.expected) << c.why << ": " << c.query;
    }
  }
  EXPECT_THAT(ask(shop, "DESCRIBE events"), Not(ElementsAre()));
  EXPECT_THAT(ask(shop, "SHOW ALL TABLES"), testing::Contains(HasSubstr("order_lines")))
      << "each with a list of its columns";
  EXPECT_THAT(ask(shop, "SHOW TABLES"),
              ElementsAre("events", "items", "order_lines", "orders", "users", "usual_cleaning"));
  EXPECT_THAT(ask(shop, "EXPLAIN SELECT * FROM events"), ElementsAre(HasSubstr("FOOTFALL_EVENTS")));
}

// An instant is shown on any clock; what the local clock showed is shown as it was.
TEST(Sql, InstantsAndLocalReadingsAreTold) {
  const auto answer = run_sql(small_shop().data(), "SELECT time, local_time FROM events", {});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->columns[0].type, SqlType::kInstant);
  EXPECT_EQ(answer->columns[1].type, SqlType::kLocalTime);
}

TEST(Sql, OnlyNamedColumnsAreRead) {
  const Shop shop = small_shop();
  shop.asked.clear();
  ask(shop, "SELECT count(*) FROM events WHERE event = 'purchase'");
  EXPECT_THAT(shop.asked, ElementsAre("", "", ""));
  shop.asked.clear();
  ask(shop, "SELECT transaction_id, country FROM orders");
  EXPECT_THAT(shop.asked, ElementsAre("olcountry", "olcountry"));
}

TEST(Sql, RefusesWhatDoesNotRead) {
  const Shop shop = small_shop();
  struct Case {
    const char* query;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"", "expected a statement that only reads"},
      {";", "expected a statement that only reads"},
      {"-- nothing", "expected a statement that only reads"},
      {"DROP VIEW events", "expected a statement that only reads"},
      {"CREATE TABLE t (a INT)", "expected a statement that only reads"},
      {"INSTALL httpfs", "expected a statement that only reads"},
      {"ATTACH 'x.db'", "expected a statement that only reads"},
      {"COPY events TO '/tmp/x.csv'", "expected a statement that only reads"},
      {"SET threads = 4", "expected a statement that only reads"},
      {"PRAGMA database_list", "expected a statement that only reads"},
      {"SELECT 1; SELECT 2", "expected one SQL statement, found 2"},
      {"SELECT * FROM read_csv('/etc/passwd')", "disabled by configuration"},
      {"SELECT * FROM '/etc/passwd'", "SQL: "},
      {"SELECT content FROM read_text('/etc/passwd')", "disabled by configuration"},
      {"EXPLAIN ANALYZE COPY events TO '/tmp/x.csv'", "SQL: "},
      {"SELECT ?", "without parameters"},
      {"SELECT amuont FROM order_lines", "Referenced column \"amuont\" not found"},
      {"SELECT amuont FROM order_lines", "; line 1, at: amuont FROM order_lines"},
      {"SELECT * FROM event", "Did you mean \"events\"?; line 1, at: event"},
      {"SELECT\n 1 +\n FROM", "line 3, at: "},
      {"SELECT 'a'::INT", "Could not convert string 'a' to INT32"},
      {"SELEC 1", "SQL: syntax error"},
      {"SELECT 'open", "SQL: unterminated quoted string"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(ask(shop, c.query), ElementsAre(HasSubstr(c.expected))) << c.query;
  }
}

TEST(Sql, LimitsAndStops) {
  const Shop shop = small_shop();
  SqlOptions options;
  options.row_limit = 3;
  EXPECT_THAT(ask(shop, "SELECT i FROM range(100000) r(i)", options),
              ElementsAre("0", "1", "2", "..."));
  EXPECT_THAT(ask(shop, "SELECT i FROM range(3) r(i)", options), ElementsAre("0", "1", "2"));
  const std::atomic<bool> stop{true};
  const StopAtOnce progress(&stop);
  options.progress = &progress;
  const auto stopped = run_sql(
      shop.data(), "SELECT sum(a.i * b.i) FROM range(1000000) a(i), range(1000000) b(i)", options);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, base::ErrorCode::kInterrupted);
  SqlData damaged = shop.data();
  damaged.blocks = [](Population,
                      const store::Columns&) -> base::Result<std::vector<store::Block>> {
    return base::Error{base::ErrorCode::kDamaged, "segment 7, column items, block 3"};
  };
  const auto refused = run_sql(damaged, "SELECT count(*) FROM events", {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kDamaged);
  EXPECT_EQ(refused.error().message, "segment 7, column items, block 3");
  options = {};
  options.memory_bytes = 20'000'000;
  const auto greedy =
      run_sql(shop.data(), "SELECT count(DISTINCT i) FROM range(50000000) r(i)", options);
  ASSERT_FALSE(greedy.ok());
  EXPECT_EQ(greedy.error().code, base::ErrorCode::kMemory);
  EXPECT_THAT(greedy.error().message, HasSubstr("at most 20,000,000 bytes of memory"));
}

TEST(Sql, AmountsThatDoNotFitAreErrors) {
  Shop shop;
  shop.items = {"", "x"};
  BuilderEvent order{.user = 1, .type = events::kPurchase, .item = 1};
  order.lines = {{1, 2'000'000, 9'000'000'000'000'000, 0}};
  shop.people.push_back(build_block({order}));
  EXPECT_THAT(ask(shop, "SELECT amount FROM order_lines"),
              ElementsAre(HasSubstr("at most 18 digits")));
  EXPECT_THAT(ask(shop, "SELECT quantity FROM order_lines"), ElementsAre("2000000"));
}

struct Totals {
  std::map<std::string, std::int64_t> quantity_by_item;
  std::map<std::string, std::int64_t> events_by_country;
  std::int64_t lines = 0;
  std::int64_t gross = 0;
  std::int64_t orders = 0;
};

// An event, counted by loops while it is made.
BuilderEvent random_event(base::Random& random, const Shop& shop, Totals& totals) {
  BuilderEvent event;
  event.time = random.between(0, 90 * base::kDayMs);
  event.type = random.chance(0.1) ? events::kPurchase : events::kViewItem;
  const auto country = static_cast<store::TextCode>(random.below(21));
  if (country > 0) {
    event.properties = {{"country", country}};
    ++totals.events_by_country[shop.texts[country]];
  }
  if (event.type != events::kPurchase) return event;
  ++totals.orders;
  event.order = 1;
  // A few orders have more lines than an output vector holds.
  const std::uint64_t count = random.chance(0.0005) ? 5'000 : random.below(6);
  for (std::uint64_t line = 0; line < count; ++line) {
    const auto item = static_cast<store::ItemCode>(1 + random.below(50));
    event.lines.push_back({item, random.between(0, 20), random.between(0, 5'000'000), 0});
    const auto& made = event.lines.back();
    totals.quantity_by_item[shop.items[item]] += made.quantity;
    totals.gross += base::line_amount(made.quantity, made.price, 2).value();
    ++totals.lines;
  }
  return event;
}

TEST(Sql, EqualsLoops) {
  base::Random random(17);
  Shop shop;
  for (int i = 1; i <= 50; ++i) shop.items.push_back(fmt::format("item number {}", i));
  for (int i = 1; i <= 20; ++i) shop.texts.push_back(fmt::format("c{}", i));
  shop.orders.push_back("order");
  shop.properties = {"country"};
  Totals totals;
  for (int block = 0; block < 3; ++block) {
    std::vector<BuilderEvent> list;
    for (int i = 0; i < 80'000; ++i) {
      list.push_back(random_event(random, shop, totals));
      list.back().user = static_cast<store::UserNumber>(block * 10'000 + random.between(0, 9'999));
    }
    shop.people.push_back(build_block(std::move(list)));
  }
  const auto& [quantity_by_item, events_by_country, lines, gross, orders] = totals;
  const auto listed = [](const std::map<std::string, std::int64_t>& counts) {
    std::vector<std::string> rows;
    for (const auto& [name, count] : counts) rows.push_back(fmt::format("{}|{}", name, count));
    return rows;
  };
  for (const std::size_t threads : {1, 2}) {
    SqlOptions options;
    options.threads = threads;
    EXPECT_EQ(ask(shop, "SELECT item, sum(quantity) FROM order_lines GROUP BY item ORDER BY item",
                  options),
              listed(quantity_by_item));
    EXPECT_EQ(ask(shop,
                  "SELECT country, count(*) FROM events WHERE country IS NOT NULL GROUP BY "
                  "country ORDER BY country",
                  options),
              listed(events_by_country));
    EXPECT_THAT(ask(shop, "SELECT count(*), sum(amount) FROM order_lines", options),
                ElementsAre(fmt::format("{}|{}", lines, base::format_money(gross, 2))));
    EXPECT_THAT(ask(shop, "SELECT count(*), sum(lines), sum(gross) FROM orders", options),
                ElementsAre(fmt::format("{}|{}|{}", orders, lines, base::format_money(gross, 2))));
    EXPECT_THAT(ask(shop,
                    "SELECT bool_and(person = (SELECT min(person) FROM events)) FROM "
                    "(SELECT person FROM events LIMIT 1)",
                    options),
                ElementsAre("true"));
  }
}

}  // namespace
}  // namespace footfall::connectors
