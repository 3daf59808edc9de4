// What an answer says it left out is not in its figures, and what it says it counted is: for every
// question, by taking the rows that a reason is about away.
#include <gtest/gtest.h>

#include <fstream>

#include "footfall/engine/question.h"
#include "footfall/engine/small_shop.h"

namespace footfall::engine {
namespace {

const std::string kHeader = "event,time,user,order_id,item,quantity,price,currency\n";
const std::string kEveryday =
    "view_item,2024-01-01T09:00:00Z,u,,A,,,\nadd_to_cart,2024-01-01T09:01:00Z,u,,A,,,\n"
    "purchase,2024-01-01T09:02:00Z,u,1,A,2,5.00,\npurchase,2024-01-01T09:02:00Z,u,1,B,1,7.00,\n"
    "view_item,2024-01-02T09:00:00Z,v,,B,,,\nadd_to_cart,2024-01-02T09:01:00Z,v,,B,,,\n"
    "purchase,2024-01-02T09:02:00Z,v,2,A,1,5.00,\npurchase,2024-01-02T09:02:00Z,v,2,B,3,7.00,\n"
    "purchase,2024-01-09T09:00:00Z,u,3,B,1,7.00,\npurchase,2024-02-20T09:00:00Z,w,4,C,1,1.00,\n";

struct Special {
  std::string reason;
  std::string rows;
};

const std::vector<Special> kSpecials = {
    {"guest",
     "purchase,2024-01-03T09:00:00Z,,5,A,4,5.00,\npurchase,2024-01-03T09:00:00Z,,5,B,4,7,\n"},
    {"no_amount", "purchase,2024-01-03T09:00:00Z,u,5,A,4,,\n"},
    {"orphan_refund", "refund,2024-01-03T09:00:00Z,u,77,C,4,5.00,\n"},
    {"other_currency", "purchase,2024-01-03T09:00:00Z,x,5,A,4,9.00,USD\n"},
    {"no_item", "purchase,2024-01-03T09:00:00Z,u,5,,,,\n"},
};

const std::vector<Json>& all_questions() {
  static const std::vector<Json> questions = {
      {{"question", "funnel"}, {"steps", "view_item,purchase"}},
      {{"question", "sessions"}},
      {{"question", "retention"}, {"start", "purchase"}, {"return", "purchase"}},
      {{"question", "transitions"}},
      {{"question", "paths"}},
      {{"question", "sales"}},
      {{"question", "sales"}, {"by", "week"}},
      {{"question", "sales"}, {"by", "item"}},
      {{"question", "rfm"}},
      {{"question", "rfm"}, {"by", "score"}},
      {{"question", "bought_together"}, {"support", 1}, {"false_discovery_rate", 1}},
      {{"question", "top_items"}},
      {{"question", "top_items"}, {"by", "units"}},
      {{"question", "top_items"}, {"by", "orders"}},
      {{"question", "top_items"}, {"by", "persons"}},
      {{"question", "top_items"}, {"event", "view_item"}},
      {{"question", "sql"}, {"query", "select count(*) from orders"}},
  };
  return questions;
}

// A shop that holds the rows.
class Shop {
 public:
  explicit Shop(const std::string& rows) : engine_(shop_.open()) {
    std::ofstream(shop_ / "rows.csv") << kHeader << rows;
    EXPECT_TRUE(engine_->collect({{"files", {shop_ / "rows.csv"}}}).ok());
  }
  Json ask(const Json& question) const {
    const auto answer = engine_->ask(question);
    EXPECT_TRUE(answer.ok()) << question.dump() << ": " << answer.error().message;
    return answer.ok() ? *answer : Json::object();
  }

 private:
  SmallShop shop_;
  std::unique_ptr<Engine> engine_;
};

// The figures that the answer is about: the column its view draws, else all cells.
Json figures(const Json& answer) {
  const Json& view = answer.at("view");
  const std::string main = view.contains("value") ? view["value"].get<std::string>()
                           : view.contains("y")   ? view["y"][0].get<std::string>()
                                                  : "";
  Json found = Json::array();
  for (const Json& row : answer.at("rows")) {
    for (std::size_t i = 0; i < answer.at("columns").size(); ++i) {
      if (main.empty() || answer.at("columns")[i]["name"] == main) found.push_back(row[i]);
    }
  }
  return found;
}

bool names(const Json& counts, const std::string& reason) {
  for (const Json& entry : counts) {
    if (entry["reason"] == reason) return true;
  }
  return false;
}

TEST(CountedReasons, AreInTheFiguresAndThoseLeftOutAreNot) {
  const Shop plain(kEveryday);
  for (const Special& special : kSpecials) {
    const Shop shop(kEveryday + special.rows);
    for (const Json& question : all_questions()) {
      const Json answer = shop.ask(question);
      const bool changed = figures(answer) != figures(plain.ask(question));
      const std::string what = special.reason + ": " + answer.dump();
      // An order of amount 0 changes the number of orders, and no money.
      const bool invisible = special.reason == "no_amount";
      if (names(answer.at("counted"), special.reason)) {
        EXPECT_TRUE(changed || invisible) << what;
      }
      if (names(answer.at("left_out"), special.reason)) {
        EXPECT_FALSE(changed) << what;
      }
    }
  }
}

TEST(CountedReasons, AreTestedForEveryQuestion) {
  for (const QuestionKind& kind : question_kinds()) {
    bool tested = false;
    for (const Json& question : all_questions()) {
      tested = tested || question["question"] == kind.name;
    }
    EXPECT_TRUE(tested) << kind.name;
  }
}

TEST(CountedReasons, OfAnOrderWithoutAPersonAreWhereItStands) {
  const Shop shop(kEveryday + kSpecials[0].rows);
  const auto where = [&](const Json& question) {
    const Json answer = shop.ask(question);
    return std::string(names(answer.at("counted"), "guest") ? "counted" : "") +
           (names(answer.at("left_out"), "guest") ? "left out" : "");
  };
  EXPECT_EQ(where({{"question", "sales"}}), "counted");
  EXPECT_EQ(where({{"question", "top_items"}}), "counted");
  EXPECT_EQ(where({{"question", "top_items"}, {"by", "persons"}}), "left out");
  EXPECT_EQ(where({{"question", "rfm"}}), "left out");
}

}  // namespace
}  // namespace footfall::engine
