// Why an answer has no rows, in words that are true of the shop and the question.
#include <gmock/gmock.h>

#include <fstream>

#include "footfall/engine/small_shop.h"

namespace footfall::engine {
namespace {

const std::string kHeader = "event,time,user,order_id,item,quantity,price\n";
const std::string kOrders =
    "purchase,2024-01-01T09:00:00Z,u,1,A,1,5\npurchase,2024-01-01T09:00:00Z,u,1,B,1,5\n"
    "purchase,2024-01-02T09:00:00Z,v,2,A,1,5\npurchase,2024-01-02T09:00:00Z,v,2,C,1,0\n";
const std::string kVisits =
    "view_item,2024-01-01T09:00:00Z,u,,A,,\nadd_to_cart,2024-01-05T09:00:00Z,u,,A,,\n";

struct Case {
  std::string rows;
  Json question;
  std::string why_none;  // As the answer says it.
  std::string consent = "";
};

const std::string kNone = "the shop holds no events";

const std::vector<Case> kCases = {
    {kOrders,
     {{"question", "bought_together"}, {"support", 2}},
     "no two items were bought together in at least 2 of 2 baskets (support)"},
    {kOrders,
     {{"question", "bought_together"}, {"support", 2}, {"item", "C"}},
     "no item was, with C, bought together in at least 2 of 2 baskets (support)"},
    {kOrders,
     {{"question", "bought_together"}, {"support", 1}},
     "2 pairs were bought together in at least 1 of 2 baskets, none more often than chance may "
     "bring about (false_discovery_rate 0.05)"},
    {kOrders,
     {{"question", "bought_together"}, {"basket_min", 3}},
     "no purchase in the range is a basket of at least 3 items"},
    {kVisits,
     {{"question", "bought_together"}},
     "no purchase in the range is a basket of at least 1 item"},
    {kOrders,
     {{"question", "sql"}, {"query", "select * from orders where false"}},
     "the query gave no rows"},
    {kVisits,
     {{"question", "sales"}, {"by", "week"}},
     "no purchase or refund in EUR is in the range"},
    {kVisits, {{"question", "top_items"}}, "no purchase is in the range"},
    {kVisits,
     {{"question", "top_items"}, {"event", "view_item"}, {"to", "2024-01-01"}},
     "no view_item is in the range"},
    {"purchase,2024-01-02T09:00:00Z,v,2,C,1,\n",
     {{"question", "top_items"}},
     "no item in the range has revenue"},
    {"purchase,2024-01-02T09:00:00Z,v,2,,,\n",
     {{"question", "top_items"}},
     "no purchase in the range names an item"},
    {kOrders, {{"question", "transitions"}}, "no person has two events in the range"},
    {kOrders,
     {{"question", "paths"}},
     "no session begins in the range: server events, such as orders, open none"},
    {kVisits, {{"question", "paths"}, {"to", "2024-01-01"}}, "no session begins in the range"},
    {kVisits,
     {{"question", "paths"}, {"start", "add_to_cart"}, {"to", "2024-01-02"}},
     "no session in the range holds add_to_cart"},
    {kVisits,
     {{"question", "sessions"}, {"by", "day"}, {"to", "2024-01-01"}},
     "no session begins in the range"},
    {kOrders,
     {{"question", "retention"}},
     "no person has a client event in the range: name the events that count, such as start "
     "purchase"},
    {kVisits,
     {{"question", "retention"}, {"to", "2024-01-01"}},
     "no person began in the range (any client event)"},
    {kOrders,
     {{"question", "retention"}, {"start", "purchase"}, {"to", "2024-01-01"}},
     "no person began in the range (purchase)"},
    {kOrders,
     {{"question", "top_items"}, {"from", "2025-01-01"}},
     "the range begins after the end of the history"},
    {"", {{"question", "sales"}, {"by", "day"}}, kNone},
    {"", {{"question", "bought_together"}}, kNone},
    {"", {{"question", "retention"}, {"from", "2025-01-01"}}, kNone},
    {kOrders,
     {{"question", "sales"}, {"by", "day"}},
     "no event in the shop has a consent that covers this question",
     "denied"},
};

class Asked {
 public:
  Asked(const std::string& rows, const std::string& consent, const Json& question)
      : engine_(shop_.open()) {
    if (!rows.empty()) {
      std::ofstream(shop_ / "rows.csv") << kHeader << rows;
      Json collect = {{"files", {shop_ / "rows.csv"}}, {"as", "events"}};
      if (!consent.empty()) collect["consent"] = consent;
      const auto report = engine_->collect(collect);
      EXPECT_TRUE(report.ok()) << report.error().message;
    }
    const auto asked = engine_->ask(question);
    EXPECT_TRUE(asked.ok()) << question.dump() << ": " << asked.error().message;
    if (asked.ok()) answer = *asked;
  }
  Json answer = Json::object();

 private:
  SmallShop shop_;
  std::unique_ptr<Engine> engine_;
};

TEST(NoRows, HaveAReasonThatIsTrue) {
  for (const Case& one : kCases) {
    const Asked asked(one.rows, one.consent, one.question);
    EXPECT_TRUE(asked.answer["rows"].empty()) << asked.answer.dump();
    EXPECT_EQ(asked.answer.value("no_rows", ""), one.why_none) << one.question.dump();
  }
}

TEST(NoRows, AreNotExplainedWhereThereAreSome) {
  const Asked asked(kOrders, "", {{"question", "sales"}, {"by", "day"}});
  EXPECT_FALSE(asked.answer.contains("no_rows"));
}

// Samoa went from the 29th of December 2011 to the 31st.
TEST(NoRows, AreMadeUpForDaysThatWereAndForNoOther) {
  const Asked asked(
      "purchase,2011-12-28T20:00:00Z,u,1,A,1,5\npurchase,2012-01-01T20:00:00Z,u,2,A,1,5\n", "",
      {{"question", "sales"}, {"by", "day"}, {"zone", "Pacific/Apia"}});
  std::string days;
  for (const Json& row : asked.answer["rows"]) days += row[0].get<std::string>() + " ";
  EXPECT_EQ(days, "2011-12-28 2011-12-29 2011-12-31 2012-01-01 2012-01-02 ");
}

TEST(NoRows, OfZerosAloneAreWarnedOf) {
  const auto warning = [](const std::string& rows, const Json& question) {
    return Asked(rows, "", question).answer.at("warnings").dump();
  };
  EXPECT_EQ(
      warning(kVisits,
              {{"question", "funnel"}, {"steps", "add_to_cart,view_item"}, {"to", "2024-01-02"}}),
      R"(["nobody enters: no person has add_to_cart in the range"])");
  EXPECT_EQ(warning(kVisits, {{"question", "sessions"}, {"to", "2024-01-01"}}),
            R"(["no session begins in the range"])");
  EXPECT_EQ(warning("", {{"question", "sessions"}}), R"(["no session begins in the range"])");
  EXPECT_THAT(warning(kVisits, {{"question", "rfm"}}),
              testing::HasSubstr("no person has an order"));
}

}  // namespace
}  // namespace footfall::engine
