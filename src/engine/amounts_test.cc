// Amounts at their edges, from a file to every answer that shows them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "footfall/engine/engine.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

const std::string kHeader = "order,date,user,item,quantity,price";
const std::string kEuros = "1,2024-01-01 10:00:00,u,A,1,5.00,EUR\n";

class Amounts : public testing::Test {
 protected:
  // A shop in euros that holds the files, one import each.
  struct Shop {
    std::unique_ptr<Engine> engine;
    std::vector<Json> reports;

    Json ask(const Json& request) const {
      const auto answer = engine->ask(request);
      EXPECT_TRUE(answer.ok()) << answer.error().message;
      return answer.ok() ? *answer : Json();
    }
    std::string content() const { return ask({{"question", "sales"}})["snapshot"]["content"]; }
    // Gross of all sales in a currency, and what was left out.
    std::string sales(const std::string& currency) const {
      const Json answer = ask({{"question", "sales"}, {"currency", currency}});
      std::string words;
      for (std::size_t i = 0; i < answer["columns"].size(); ++i) {
        const std::string name = answer["columns"][i]["name"];
        if (name != "gross" && name != "orders") continue;
        words += name + " " + answer["rows"][0][i].dump() + " ";
      }
      for (const Json& left : answer["left_out"]) {
        if (left["count"] != 0) {
          words += left["reason"].get<std::string>() + " " + left["count"].dump() + " ";
        }
      }
      return words;
    }
    Json sql(const std::string& query) const {
      return ask({{"question", "sql"}, {"query", query}})["rows"];
    }
  };

  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "footfall-amounts-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override {
    std::error_code failure;
    fs::remove_all(folder_, failure);
  }

  Shop shop(const std::vector<std::string>& files) {
    const std::string name = folder_ + "/" + std::to_string(++shops_);
    const EngineOptions options{name, "", 1, 1'800'000'000'000, nullptr};
    EXPECT_TRUE(Engine::init(options, {{"currency", "EUR"}}).ok());
    auto engine = Engine::open(options, Access::kWrite);
    EXPECT_TRUE(engine.ok());
    Shop shop{std::move(*engine), {}};
    for (const std::string& text : files) {
      std::ofstream(name + ".csv") << text;
      auto report = shop.engine->collect({{"files", {name + ".csv"}}});
      EXPECT_TRUE(report.ok()) << report.error().message;
      shop.reports.push_back(report.ok() ? *report : Json());
    }
    return shop;
  }

  std::string folder_;
  int shops_ = 0;
};

TEST_F(Amounts, OfTwoCurrenciesInOneOrderAreNeverAdded) {
  const std::string header = kHeader + ",currency\n";
  const std::string yen = "1,2024-01-01 10:00:00,u,B,3,100,JPY\n";
  const Shop euros_first = shop({header + kEuros + yen});
  const Shop yen_first = shop({header + yen + kEuros});
  const Shop two_imports = shop({header + yen, header + kEuros});
  for (const Shop* each : {&euros_first, &yen_first, &two_imports}) {
    EXPECT_EQ(each->sales("EUR"), "gross 5.0 orders 1 other_currency 1 ");
    EXPECT_EQ(each->sales("JPY"), "gross 300.0 orders 1 other_currency 1 ");
    EXPECT_EQ(each->content(), euros_first.content());
  }
}

TEST_F(Amounts, OfALaterImportInAnotherCurrencyAreAnOrderOfTheirOwn) {
  const std::string header = kHeader + ",currency\n";
  const std::string dollars = "1,2024-01-01 10:00:00,u,A,1,100.00,usd\n";
  const Shop found = shop({header + kEuros, header + dollars, header + dollars});
  EXPECT_EQ(found.reports[2]["duplicates"], 1);
  EXPECT_EQ(found.sales("EUR"), "gross 5.0 orders 1 other_currency 1 ");
  EXPECT_EQ(found.sales("USD"), "gross 100.0 orders 1 other_currency 1 ");
}

TEST_F(Amounts, WithoutACurrencyAreInTheShops) {
  const Shop found = shop({kHeader + ",currency\n1,2024-01-01 10:00:00,u,B,1,2.00,\n" + kEuros});
  EXPECT_EQ(found.sales("EUR"), "gross 7.0 orders 1 ");
}

TEST_F(Amounts, AreTakenBackInTheirOwnCurrency) {
  const std::string header = kHeader + ",currency\n";
  const Shop found = shop({header + kEuros + "1,2024-01-01 10:00:00,u,A,1,100.00,USD\n" +
                           "C1,2024-01-02 10:00:00,u,A,-1,100.00,USD\n"});
  EXPECT_THAT(found.sales("EUR"), testing::HasSubstr("gross 5.0 orders 1 other_currency 2"));
}

TEST_F(Amounts, ThatNoAnswerCanHoldAreHeld) {
  const Shop found = shop({kHeader + "\n1,2024-01-01 10:00:00,u,A,999999999,999999999.99\n"
                                     "2,2024-01-01 10:00:00,u,A,1,5.00\n"
                                     "3,2024-01-01 10:00:00,u,A,1,1000000000000\n"});
  EXPECT_EQ(found.reports[0]["taken"], 1);
  const Json& held = found.reports[0]["quarantined"][0];
  EXPECT_EQ(held["reason"], "amount_too_large");
  EXPECT_EQ(held["count"], 2);
  EXPECT_THAT(held["examples"][0]["message"].get<std::string>(),
              testing::EndsWith("at most 18 digits: 999999999 x 999999999.99"));
  EXPECT_EQ(found.reports[0]["views"]["usual_cleaning"].dump(),
            R"({"rows":1,"rows_without_duplicates":1,"amount_without_duplicates":5.0})");
  EXPECT_EQ(found.sql("select sum(amount), sum(price) from order_lines").dump(), "[[5.0,5.0]]");
  const Shop events =
      shop({"event,time,user,order_id,item,quantity,price\n"
            "purchase,2024-01-01,u,1,A,999999999,999999999.99\npurchase,2024-01-01,u,2,A,1,5\n"});
  EXPECT_EQ(events.reports[0]["quarantined"][0]["reason"], "amount_too_large");
  const Shop lists = shop(
      {"event_name,event_timestamp,user_pseudo_id,ecommerce.transaction_id,items\n"
       "purchase,1609459200000000,p,T1,"
       "\"[{\"\"item_id\"\":\"\"a\"\",\"\"price\"\":999999999999,\"\"quantity\"\":1000000}]\"\n"});
  EXPECT_EQ(lists.reports[0]["quarantined"][0]["reason"], "amount_too_large");
}

TEST_F(Amounts, OfUsualCleaningAreThoseOfTakenRows) {
  const std::string header = kHeader + ",lineno,currency\n";
  const Shop found =
      shop({header + "1,2024-01-01 10:00:00,u,A,1,5.00,1,\n",
            header + "1,2024-01-01 10:00:00,u,A,2,5.00,1,\n1,2024-01-01 10:00:00,u,B,1,7.00,2,\n"
                     "1,2024-01-01 10:00:00,u,,1,9.00,3,\n"});
  EXPECT_EQ(found.reports[1]["quarantined"].size(), 2) << "no_item and id_conflict";
  EXPECT_EQ(found.reports[1]["views"]["usual_cleaning"].dump(),
            R"({"rows":1,"rows_without_duplicates":1,"amount_without_duplicates":7.0})");
  EXPECT_EQ(found.sql("select count(*), sum(amount) from usual_cleaning").dump(), "[[2,12.0]]");
}

TEST_F(Amounts, AddUpBeyondSixtyFourBits) {
  std::string orders = kHeader + "\n";
  std::string lines = kHeader + "\n";
  for (int i = 1; i <= 50; ++i) {
    orders += fmt::format("{},2024-01-01 10:00:00,u,A,1000000,9000000000.00\n", i);
    lines += fmt::format("1,2024-01-01 10:00:00,u,A{},1000000,9000000000.00\n", i);
  }
  const Shop many = shop({orders});
  EXPECT_EQ(many.reports[0]["views"]["usual_cleaning"]["amount_without_duplicates"], 4.5e17);
  EXPECT_EQ(many.sales("EUR"), "gross 4.5e+17 orders 50 ");
  EXPECT_EQ(many.sql("select sum(amount) from order_lines").dump(),
            R"([["450000000000000000.00"]])");
  const Json rfm = many.ask({{"question", "rfm"}, {"by", "cell"}});
  EXPECT_THAT(rfm["left_out"].dump(),
              testing::HasSubstr(R"({"reason":"money_too_large","count":1})"));
  for (const Json& row : rfm["rows"]) EXPECT_EQ(row[1], 0);
  const Shop one = shop({lines});
  EXPECT_EQ(one.sql("select gross from orders").dump(), R"([["450000000000000000.00"]])");
}

TEST_F(Amounts, OfOtherCurrenciesAreNullInSql) {
  const Shop found = shop({kHeader + ",currency\n1,2024-01-01 10:00:00,u,A,1,10.00,\n" +
                           "2,2024-01-01 10:00:00,u,A,1,1000,JPY\n"
                           "3,2024-01-01 10:00:00,u,B,1,1.234,KWD\n"});
  EXPECT_EQ(found.sql("select currency, price, amount from order_lines order by price").dump(),
            R"([["KWD",1.234,null],["EUR",10.0,10.0],["JPY",1000.0,null]])");
  EXPECT_EQ(found.sql("select currency, gross from orders order by currency").dump(),
            R"([["EUR",10.0],["JPY",null],["KWD",null]])");
  EXPECT_EQ(found.sql("select sum(gross) from orders").dump(), "[[10.0]]");
  EXPECT_EQ(found.sql("select item, gross from items order by item").dump(),
            R"([["A",10.0],["B",null]])");
  EXPECT_EQ(found.reports[0]["views"]["usual_cleaning"]["amount_without_duplicates"], 10.0);
  EXPECT_EQ(found.reports[0]["views"]["usual_cleaning"]["rows_without_duplicates"], 3);
}

TEST_F(Amounts, AreRoundedHalfToEvenInMeansToo) {
  const Shop found = shop({kHeader + ",currency\n1,2024-01-01 10:00:00,u,A,1,1005,JPY\n"
                                     "2,2024-01-01 10:00:00,v,A,1,0,JPY\n"
                                     "2,2024-01-01 10:00:00,v,B,1,2,JPY\n"
                                     "3,2024-01-01 10:00:00,w,B,1,1001,JPY\n"
                                     "4,2024-01-01 10:00:00,w,B,1,2,JPY\n"});
  const auto mean = [&](const std::string& to) {
    const Json answer = found.ask({{"question", "sales"}, {"currency", "JPY"}, {"by", "item"}});
    for (const Json& row : answer["rows"]) {
      if (row[0] == to) return row[6].dump();
    }
    return std::string();
  };
  EXPECT_EQ(mean("A"), "502.0") << "1005 / 2";
  EXPECT_EQ(mean("B"), "335.0") << "1005 / 3";
}

}  // namespace
}  // namespace footfall::engine
