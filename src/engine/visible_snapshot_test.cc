// What was imported without consent is not there for any question, whatever else brought it.
#include "footfall/engine/visible_snapshot.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "footfall/base/random.h"
#include "footfall/engine/collecting_shop.h"

namespace footfall::engine {
namespace {

class Visible : public CollectingShop {
 protected:
  // A second shop beside that of the fixture.
  std::unique_ptr<Engine> other_shop(const std::string& name) const {
    EngineOptions options = options_;
    options.shop = folder_ + "/" + name;
    EXPECT_TRUE(Engine::init(options, {{"zone", "Europe/London"}, {"currency", "GBP"}}).ok());
    auto engine = Engine::open(options, Access::kWrite);
    EXPECT_TRUE(engine.ok());
    return std::move(*engine);
  }
  static void take(Engine& engine, const std::string& file, const char* consent) {
    const auto report = engine.collect({{"files", {file}}, {"consent", consent}});
    ASSERT_TRUE(report.ok()) << report.error().message;
  }
};

std::string events_file(base::Random& random) {
  std::string rows = "event,time,user,item\n";
  for (int i = 0; i < 60; ++i) {
    rows +=
        fmt::format("{},2021-01-{:02} 10:{:02}:00,u{},i{}\n", random.chance(0.5) ? "view" : "cart",
                    1 + random.below(25), random.below(60), random.below(12), random.below(8));
  }
  return rows;
}

// Lines of few orders, so that one order's come by several files, and cancellations of some. What a
// line says follows from its order and item: nothing conflicts.
std::string orders_file(base::Random& random) {
  std::string rows = "order_id,time,user,item,quantity,price,country\n";
  for (int i = 0; i < 25; ++i) {
    const std::uint64_t order = 10 + random.below(25);
    const std::uint64_t item = random.below(8);
    const bool cancels = random.chance(0.2);
    const std::string user = order % 7 == 0 ? "" : fmt::format("u{}", order % 12);
    rows += fmt::format("{}{},2021-0{}-{:02} 10:00:00,{},i{},{}{},{}.5,{}\n", cancels ? "C" : "",
                        order, cancels ? 3 : 2, 1 + order % 25, user, item, cancels ? "-" : "",
                        1 + (order + item) % 3, item, order % 2 == 0 ? "France" : "");
  }
  return rows;
}

// All that is to be equal of an answer.
std::string answers(Engine& engine) {
  std::string all;
  const Json questions[] = {
      {{"question", "sales"}},
      {{"question", "sales"}, {"by", "day"}},
      {{"question", "top_items"}},
      {{"question", "bought_together"}, {"min_count", 1}},
      {{"question", "rfm"}},
      {{"question", "funnel"}, {"steps", "view_item,add_to_cart,purchase"}, {"window", "7d"}},
      {{"question", "retention"}, {"start", "view_item"}, {"return", "purchase"}},
      {{"question", "sessions"}},
      {{"question", "transitions"}},
      {{"question", "paths"}}};
  for (const Json& question : questions) {
    const auto answer = engine.ask(question);
    if (!answer.ok()) {
      all += answer.error().message + "\n";
      continue;
    }
    for (const char* key : {"columns", "rows", "rule", "open", "interval", "counted"}) {
      all += (*answer)[key].dump() + "\n";
    }
    for (const Json& left_out : (*answer)["left_out"]) {
      if (left_out["reason"] != "no_consent") all += left_out.dump() + "\n";
    }
    all += (*answer)["snapshot"]["complete_to"].dump() + "\n";
  }
  for (const char* query :
       {"select count(*), min(time), max(time) from events",
        "select transaction_id, gross from orders order by 1, 2",
        "select transaction_id, quantity, price from order_lines order by 1, 2, 3",
        "select count(*) from users"}) {
    const auto answer = engine.sql({{"query", query}});
    all += answer.ok() ? (*answer)["rows"].dump() + "\n" : answer.error().message;
  }
  return all;
}

TEST_F(Visible, IsWhatTheImportsWithConsentBroughtAlone) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    base::Random random(seed);
    const auto with = other_shop(fmt::format("with{}", seed));
    const auto without = other_shop(fmt::format("without{}", seed));
    std::vector<std::string> files;
    for (int import = 0; import < 6; ++import) {
      // Some files come again, so that one of them may have consent and the other none.
      if (files.empty() || random.chance(0.7)) {
        files.push_back(write(fmt::format("f{}-{}.csv", seed, import),
                              random.chance(0.4) ? events_file(random) : orders_file(random)));
      }
      const std::string& file = files[random.below(files.size())];
      const bool granted = random.chance(0.5);
      take(*with, file, granted ? "granted:analytics_storage" : "denied");
      if (granted) take(*without, file, "granted:analytics_storage");
    }
    ASSERT_EQ(answers(*with), answers(*without)) << "seed " << seed;
  }
}

TEST_F(Visible, LeavesOutAndCountsWhatWasDenied) {
  const auto ask = [&] { return *engine_->ask({{"question", "sales"}}); };
  const std::string file =
      write("o.csv", "order_id,time,user,item,quantity,price\n1,2021-01-03,k,a,2,1.50\n");
  collect({{"files", {file}}, {"consent", "denied"}});
  EXPECT_EQ(ask()["rows"][0][0], 0);
  EXPECT_EQ(count_of(ask()["left_out"], "no_consent"), 1);
  EXPECT_EQ(ask()["consent"], "analytics_storage: none");
  const Json sql = *engine_->sql({{"query", "select count(*) from orders"}});
  EXPECT_EQ(sql["rows"][0][0], 0);
  EXPECT_EQ(count_of(sql["left_out"], "no_consent"), 1);
  collect({{"files", {file}}});
  EXPECT_EQ(count_of(ask()["left_out"], "no_consent"), 0) << "another import brought it as well";
  EXPECT_EQ(ask()["consent"], "analytics_storage: imported");
  collect({{"undo", 2}});
  EXPECT_EQ(count_of(ask()["left_out"], "no_consent"), 1);
  collect({{"undo", 1}});
  EXPECT_EQ(count_of(ask()["left_out"], "no_consent"), 0) << "there is nothing to leave out";
}

// Also where no event is hidden with them.
TEST_F(Visible, CountsEachLineThatIsHidden) {
  const std::string head = "order_id,time,user,item,quantity,price\n";
  const std::string granted =
      write("g.csv", head + "1,2021-01-03,k,a,1,2.50\n1,2021-01-03,k,b,1,4\n");
  const std::string line = write("l.csv", head + "1,2021-01-03,k,c,1,8\n");
  const std::string more = write("m.csv", head +
                                              "1,2021-01-03,k,c,1,8\n1,2021-01-03,k,d,1,9\n"
                                              "2,2021-01-04,k,a,1,1\n2,2021-01-04,k,b,1,1\n");
  const std::string views = write("v.csv", "event,time,user,item\nview,2021-01-02,k,a\n");
  struct Case {
    const char* why;
    std::vector<std::pair<std::string, const char*>> imports;
    std::int64_t hidden;
  };
  const Case cases[] = {
      {"a line of a granted order", {{granted, "imported"}, {line, "denied"}}, 1},
      {"the denied one came first", {{line, "denied"}, {granted, "imported"}}, 1},
      {"an order of its own beside", {{granted, "imported"}, {more, "denied"}}, 4},
      {"an event without lines", {{granted, "imported"}, {views, "denied"}}, 1},
      {"brought with consent as well", {{line, "denied"}, {line, "imported"}}, 0}};
  int number = 0;
  for (const Case& c : cases) {
    const auto shop = other_shop(fmt::format("lines{}", ++number));
    for (const auto& [file, consent] : c.imports) {
      Json request = {{"files", {file}}};
      if (std::string_view(consent) == "denied") request["consent"] = consent;
      ASSERT_TRUE(shop->collect(request).ok());
    }
    EXPECT_EQ(count_of((*shop->ask({{"question", "sales"}}))["left_out"], "no_consent"), c.hidden)
        << c.why;
  }
}

}  // namespace
}  // namespace footfall::engine
