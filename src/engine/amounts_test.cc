// Amounts at their edges, from a file to every answer that shows them.
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

}  // namespace
}  // namespace footfall::engine
