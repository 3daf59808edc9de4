// Refunds through the front door: what events say of them is in the sales as SEMANTICS 11 has it.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "footfall/base/random.h"
#include "footfall/engine/small_shop.h"

namespace footfall::engine {
namespace {

constexpr std::string_view kBought =
    R"({"event":"purchase","time":"2024-01-01T10:00:00Z","user_id":"u","transaction_id":"t1",)"
    R"("value":35,"items":[{"item_id":"A","price":10,"quantity":3},)"
    R"({"item_id":"B","price":5,"quantity":1}]})"
    "\n";

std::string refund(int day, const std::string& rest, const std::string& order = "t1") {
  return R"({"event":"refund","time":"2024-01-0)" + std::to_string(day) +
         R"(T10:00:00Z","user_id":"u","transaction_id":")" + order + "\"" + rest + "}\n";
}

class Shop {
 public:
  Shop() : engine_(shop_.open()) {}

  Json collect(const std::string& rows, const std::string& name = "rows.jsonl") {
    const std::string path = shop_ / (std::to_string(++files_) + name);
    std::ofstream(path) << rows;
    const auto report = engine_->collect({{"files", {path}}});
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? *report : Json();
  }
  // "gross refunds net units_refunded", then what is counted.
  std::string sales() {
    const auto answer = engine_->ask({{"question", "sales"}});
    EXPECT_TRUE(answer.ok());
    std::string words;
    for (const std::size_t column : {0, 1, 2, 7}) {
      words += (*answer)["rows"][0][column].dump() + " ";
    }
    for (const Json& entry : (*answer)["counted"]) {
      words += entry["reason"].get<std::string>() + " " + entry["count"].dump() + " ";
    }
    return words;
  }
  // Everything but the snapshot's number, which counts imports.
  std::string answer_bytes() {
    Json answer = *engine_->ask({{"question", "sales"}, {"by", "item"}});
    answer["snapshot"].erase("id");
    return answer.dump();
  }

 private:
  SmallShop shop_;
  std::unique_ptr<Engine> engine_;
  int files_ = 0;
};

std::string sales_of(const std::string& rows, const std::string& name = "rows.jsonl") {
  Shop shop;
  shop.collect(rows, name);
  return shop.sales();
}

TEST(Refunds, AreWhatTheDefinitionSays) {
  const std::string a = R"(,"items":[{"item_id":"A","quantity":1}])";
  const auto after = [](const std::string& refunds) { return std::string(kBought) + refunds; };
  EXPECT_EQ(sales_of(after(refund(2, R"(,"value":3)") + refund(3, ""))), "35.0 35.0 0.0 4 ");
  EXPECT_EQ(sales_of(after(refund(2, R"(,"value":3)") + refund(3, R"(,"value":4)"))),
            "35.0 7.0 28.0 0 ");
  EXPECT_EQ(sales_of(after(refund(2, R"(,"value":36)"))), "35.0 36.0 -1.0 4 over_refund 1 ");
  EXPECT_EQ(sales_of(after(refund(2, a))), "35.0 10.0 25.0 1 ");
  EXPECT_EQ(sales_of(after(refund(2, a) + refund(3, ""))), "35.0 35.0 0.0 4 ");
  EXPECT_EQ(sales_of(after(refund(2, a, "nope"))), "35.0 0.0 35.0 1 orphan_refund 1 ");
}

TEST(Refunds, OfItemsWithoutAPriceInRowsAreWorthWhatWasBought) {
  EXPECT_EQ(sales_of("event,time,user_id,transaction_id,item_id,quantity,price\n"
                     "purchase,2024-01-01,u,t1,A,3,10\n"
                     "purchase,2024-01-01,u,t1,B,1,5\n"
                     "refund,2024-01-02,u,t1,A,2,\n",
                     "rows.csv"),
            "35.0 20.0 15.0 2 ");
}

TEST(Refunds, ThatStateNoAmountAreHeldWithTheirReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"\"abc\"", "bad_number"},  {"true", "bad_number"},   {"1e1", "bad_number"},
      {"NaN", "bad_number"},      {"1e300", "bad_number"},  {"9000000000000000", "bad_number"},
      {"\"7,50\"", "bad_number"}, {"-5", "negative_value"},
  };
  for (const auto& [value, reason] : cases) {
    // The file's own style is with a point.
    const std::string other = refund(3, R"(,"value":2.50)");
    for (const bool late : {false, true}) {
      Shop shop;
      const std::string bad = refund(2, std::string(R"(,"value":)") + value);
      const Json report = shop.collect(std::string(kBought) + (late ? other + bad : bad + other));
      ASSERT_EQ(report["quarantined"].size(), 1u) << value;
      EXPECT_EQ(report["quarantined"][0]["reason"], reason) << value;
      EXPECT_EQ(shop.sales(), "35.0 2.5 32.5 0 ") << value;
    }
  }
}

TEST(Refunds, AreHeldAlsoWhereNothingIsReadableOrTheMappingIsSilent) {
  Shop shop;
  shop.collect(std::string(kBought));
  const Json report = shop.collect(refund(2, R"(,"value":"abc")"));
  EXPECT_EQ(report["quarantined"][0]["reason"], "bad_number");
  const Json listed = shop.collect(
      "event,time,user_id,transaction_id,event_params\n"
      "refund,2024-01-02,u,t1,\"[{\"\"key\"\":\"\"value\"\",\"\"value\"\":{\"\"string_value\"\":"
      "\"\"abc\"\"}}]\"\n",
      "rows.csv");
  EXPECT_EQ(listed["quarantined"][0]["reason"], "bad_number");
  EXPECT_EQ(shop.sales(), "35.0 0.0 35.0 0 ");
}

TEST(Refunds, WhatOtherEventsSayUnderTheNameIsKept) {
  Shop shop;
  const Json report = shop.collect(
      "event,time,user_id,value\n"
      "setting,2024-01-01,u,dark\n"
      "setting,2024-01-02,u,007\n"
      "add_to_cart,2024-01-03,u,-1.50\n");
  EXPECT_EQ(report["taken"], 3) << report.dump();
  EXPECT_EQ(report["mapping"]["value"]["column"], "value") << report["mapping"].dump();
}

TEST(Refunds, APurchasesValueIsComparedWithItsLines) {
  Shop shop;
  const Json report =
      shop.collect(R"({"event":"purchase","time":"2024-01-01","user_id":"u","transaction_id":"t1",)"
                   R"("value":12.5,"items":[{"item_id":"A","price":10}]})"
                   "\n"
                   R"({"event":"purchase","time":"2024-01-02","user_id":"u","transaction_id":"t2",)"
                   R"("value":12.5})"
                   "\n");
  EXPECT_EQ(report["marked"].dump(),
            R"([{"reason":"no_amount","count":1},{"reason":"value_mismatch","count":1}])");
  EXPECT_EQ(shop.sales(), "10.0 0.0 10.0 0 no_amount 1 ");
}

TEST(Refunds, AColumnOfLineValuesInOrdersIsNoStatedAmount) {
  EXPECT_EQ(sales_of("order_id,created_at,customer_id,sku,quantity,price,value\n"
                     "1001,2024-01-01 10:00:00,u1,A,3,10,30\n"
                     "1001,2024-01-01 10:00:00,u1,B,1,5,5\n"
                     "C1002,2024-01-02 10:00:00,u1,A,-1,10,-10\n"
                     "C1002,2024-01-02 10:00:00,u1,B,-1,5,-5\n",
                     "orders.csv"),
            "35.0 15.0 20.0 2 ");
}

// Made-up rows, no two equal: of one person, few orders, refunds of every form.
std::vector<std::string> made_rows(base::Random& random) {
  std::vector<std::string> rows;
  const auto item = [&](bool priced) {
    return std::string(R"({"item_id":")") + "AB"[random.below(2)] + R"(","quantity":)" +
           std::to_string(random.between(1, 3)) +
           (priced ? ",\"price\":" + std::to_string(random.between(1, 9)) : "") + "}";
  };
  for (int order = 1; order <= 3; ++order) {
    rows.push_back(R"({"event":"purchase","time":"2024-01-0)" + std::to_string(order) +
                   R"(T10:00:00Z","user_id":"u","transaction_id":"t)" + std::to_string(order) +
                   R"(","items":[)" + item(true) + "," + item(true) + "]}\n");
  }
  for (int i = 0; i < 6; ++i) {
    std::string rest = R"(,"event_id":")" + std::to_string(i) + "\"";
    if (random.chance(0.5)) rest += R"(,"value":)" + std::to_string(random.between(1, 20));
    if (random.chance(0.5)) rest += ",\"items\":[" + item(random.chance(0.5)) + "]";
    rows.push_back(refund(static_cast<int>(random.between(1, 5)), rest,
                          "t" + std::to_string(random.between(1, 4))));
  }
  return rows;
}

TEST(Refunds, DoNotDependOnArrivalBatchesOrRepeats) {
  base::Random random(31);
  for (int history = 0; history < 8; ++history) {
    std::vector<std::string> rows = made_rows(random);
    std::string expected;
    for (int arrival = 0; arrival < 4; ++arrival) {
      Shop shop;
      const std::size_t batches = 1 + random.below(3);
      std::vector<std::string> files(batches);
      for (const std::string& row : rows) {
        files[random.below(batches)] += row;
        if (random.chance(0.2)) files[random.below(batches)] += row;
      }
      for (const std::string& file : files) {
        if (!file.empty()) shop.collect(file);
      }
      if (arrival == 0) expected = shop.answer_bytes();
      EXPECT_EQ(shop.answer_bytes(), expected) << "history " << history;
      for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
    }
  }
}

// The same refunds, some of them by a clerk or by nobody.
std::vector<std::string> by_others(std::vector<std::string> rows, base::Random& random) {
  for (std::string& row : rows) {
    if (row.find("\"refund\"") == std::string::npos) continue;
    const std::string own = R"("user_id":"u",)";
    const std::string other = random.chance(0.4)   ? R"("user_id":"clerk",)"
                              : random.chance(0.5) ? ""
                                                   : own;
    row.replace(row.find(own), own.size(), other);
  }
  return rows;
}

TEST(Refunds, BelongToTheOrderWhoeverBookedThem) {
  base::Random random(77);
  const auto answer_of = [](const std::vector<std::string>& rows) {
    Shop shop;
    std::string text;
    for (const std::string& row : rows) text += row;
    shop.collect(text);
    Json answer = Json::parse(shop.answer_bytes());
    return Json{answer["rows"], answer["left_out"]}.dump() + shop.sales();
  };
  for (int history = 0; history < 8; ++history) {
    std::vector<std::string> rows = made_rows(random);
    EXPECT_EQ(answer_of(by_others(rows, random)), answer_of(rows)) << "history " << history;
  }
}

TEST(Refunds, ByAnotherStandUnderTheOrdersCountry) {
  SmallShop small;
  const auto engine = small.open();
  const auto take = [&](const std::string& name, const std::string& rows) {
    std::ofstream(small / name) << rows;
    EXPECT_TRUE(engine->collect({{"files", {small / name}}}).ok());
  };
  const auto sales = [&] {
    std::string words;
    const auto answer = engine->ask({{"question", "sales"}, {"by", "country"}});
    EXPECT_TRUE(answer.ok());
    for (const Json& row : (*answer)["rows"]) {
      words += row[0].dump() + " " + row[1].dump() + " " + row[2].dump() + " ";
    }
    return words;
  };
  take("orders.csv",
       "order,date,customer,sku,quantity,price,country\n"
       "1,2024-01-01,ann,A,2,10,\n2,2024-01-02,ann,A,1,10,UK\n");
  EXPECT_EQ(sales(), "\"UK\" 30.0 0.0 ");
  take("refunds.csv",
       "event,time,order,user,value,country\n"
       "refund,2024-01-03,1,agent,5,DE\nrefund,2024-01-04,2,agent,5,DE\n");
  EXPECT_EQ(sales(), "\"UK\" 30.0 10.0 ");
}

TEST(Refunds, OfAnOrderAloneTakesItsRest) {
  Shop shop;
  shop.collect(kBought.data());
  shop.collect(R"({"event":"refund","time":"2024-01-05T10:00:00Z","transaction_id":"t1"})"
               "\n");
  EXPECT_EQ(shop.sales(), "35.0 35.0 0.0 4 ");
}

}  // namespace
}  // namespace footfall::engine
