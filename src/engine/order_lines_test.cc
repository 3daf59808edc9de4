// What order files say line by line, and what is told of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/engine/collecting_shop.h"

namespace footfall::engine {
namespace {

using testing::Contains;
using testing::HasSubstr;

class OrderLines : public CollectingShop {
 protected:
  Json rows(const std::string& query) {
    const auto answer = engine_->sql({{"query", query}});
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer.ok() ? (*answer)["rows"] : Json();
  }
  Json take(const std::string& name, const std::string& text) {
    return collect({{"files", {write(name, text)}}});
  }
};

constexpr const char* kHead = "order,date,customer,sku,quantity,price\n";

TEST_F(OrderLines, EachLineHasItsOwnProperties) {
  const std::string first =
      "order,date,customer,sku,quantity,price,category,country\n"
      "1,2024-01-02 10:00,u1,A,1,2.00,,DE\n"
      "1,2024-01-02 10:00,u1,B,2,3.00,toys,FR\n"
      "2,2024-01-03 10:00,u1,B,2,3.00,books,FR\n";
  take("a.csv", first);
  const auto expect = [&] {
    EXPECT_EQ(rows("select item, category, country from order_lines order by time, item").dump(),
              R"([["A",null,"DE"],["B","toys","FR"],["B","books","FR"]])");
    // An order has what its first line has that has any.
    EXPECT_EQ(rows("select transaction_id, category, country from orders order by 1").dump(),
              R"([["1","toys","DE"],["2","books","FR"]])");
    EXPECT_EQ(rows("select item, category from items order by 1").dump(),
              R"([["A",null],["B","books"]])");
    EXPECT_EQ(rows("select item from events where event = 'purchase' order by time").dump(),
              R"([[null],["B"]])");
  };
  expect();
  // The same from a sealed segment, and from one beside which the person has more events.
  ASSERT_TRUE(engine_->compact().ok());
  expect();
  take("b.csv", std::string(kHead) + "3,2024-01-04 10:00,u2,C,1,1.00\n");
  take("c.csv", "time,user,event,item\n2024-01-01 09:00,u1,view_item,D\n");
  EXPECT_EQ(rows("select category from order_lines where category is not null order by 1").dump(),
            R"([["books"],["toys"]])");
}

TEST_F(OrderLines, ItemsOfAListHaveTheirOwnCategory) {
  const std::string list =
      R"({"event":"purchase","time":"2024-01-01","user":"u","transaction_id":"1","items":)"
      R"([{"item_id":"A","price":2,"item_category":"toys"},{"item_id":"B","price":1}]})";
  const std::string profiles = "sku,name,category\nA,Ant,animals\nC,Cat,animals\n";
  take("a.jsonl", list);
  const auto expect = [&] {
    EXPECT_EQ(rows("select item, category from order_lines order by item").dump(),
              R"([["A","toys"],["B",null]])");
    // The latest that was said; what an item is says nothing of when it was seen.
    EXPECT_EQ(
        rows("select item, category, events, year(first_time) from items order by item").dump(),
        R"([["A","toys",0,2024],["B",null,0,2024],["C","animals",0,null]])");
  };
  collect({{"files", {write("items.csv", profiles)}}, {"as", "items"}});
  expect();
  ASSERT_TRUE(engine_->compact().ok());
  expect();
  collect({{"undo", 2}});
  EXPECT_EQ(rows("select item, category from order_lines order by item").dump(),
            R"([["A","toys"],["B",null]])")
      << "no event says a category of its own now";
  // Held as a conflict, it comes back as it was.
  const std::string before = content();
  collect({{"undo", 1}});
  take("other.jsonl", R"({"event":"purchase","time":"2024-01-01","user":"u","transaction_id":"1",)"
                      R"("items":[{"item_id":"A","price":3}]})");
  EXPECT_EQ(count_of(take("a.jsonl", list)["quarantined"], "id_conflict"), 1);
  collect({{"undo", 3}});
  collect({{"quarantine", true}});
  EXPECT_EQ(content(), before);
  EXPECT_EQ(rows("select item, category from order_lines order by item").dump(),
            R"([["A","toys"],["B",null]])");
}

TEST_F(OrderLines, AChangedLineOfALaterExportIsTold) {
  const std::string head = kHead;
  take("a.csv", head + "1,2024-01-02 10:00,u1,A,2,2.00\n1,2024-01-02 10:00,u1,A,1,2.00\n");
  const Json later = take("b.csv", head +
                                       "1,2024-01-02 10:00,u1,A,3,2.00\n"
                                       "1,2024-01-02 10:00,u1,A,1,2.00\n"
                                       "1,2024-01-02 10:00,u1,B,1,9.00\n"
                                       "2,2024-01-02 10:00,u1,A,3,2.00\n");
  EXPECT_EQ(later["taken"], 3);
  EXPECT_EQ(later["duplicates"], 1);
  EXPECT_EQ(count_of(later["marked"], "repeated_line"), 1);
  EXPECT_THAT(later["notes"].dump(), HasSubstr("such as order 1 ("));
  EXPECT_THAT(later["notes"].dump(), HasSubstr("b.csv row 2"));
  // A dry run tells it before.
  const Json again = collect(
      {{"files", {write("c.csv", head + "1,2024-01-02 10:00,u1,B,7,9.00\n")}}, {"dry_run", true}});
  EXPECT_EQ(count_of(again["marked"], "repeated_line"), 1);
  // Taken back, nothing stands beside anything.
  collect({{"undo", 1}});
  collect({{"undo", 2}});
  const Json anew = take("d.csv", head + "1,2024-01-02 10:00,u1,A,3,2.00\n");
  EXPECT_EQ(count_of(anew["marked"], "repeated_line"), 0);
}

TEST_F(OrderLines, LinesWithNumbersOfTheirOwnAreNotDoubted) {
  const std::string head = "order,line number,date,customer,sku,quantity,price\n";
  take("a.csv", head + "1,1,2024-01-02 10:00,u1,A,2,2.00\n");
  const Json later = take("b.csv", head +
                                       "1,2,2024-01-02 10:00,u1,A,2,2.00\n"
                                       "1,1,2024-01-02 10:00,u1,A,3,2.00\n");
  EXPECT_EQ(count_of(later["marked"], "repeated_line"), 0);
  EXPECT_EQ(count_of(later["quarantined"], "id_conflict"), 1);
}

TEST_F(OrderLines, AnOrderIsAFreeIssueWhileAllItsLinesAreFree) {
  const std::string free = "1,2024-01-02 10:00,u1,A,2,0\n";
  const std::string paid = "1,2024-01-02 10:00,u1,B,1,5.00\n";
  const std::string other = "2,2024-01-03 10:00,u1,A,1,0\n";
  take("both.csv", kHead + free + paid + other);
  const std::string together = content();
  EXPECT_EQ(rows("select event, item from order_lines order by time, line").dump(),
            R"([["purchase","A"],["purchase","B"],["free_issue","A"]])");
  collect({{"undo", 1}});
  take("free.csv", kHead + free + other);
  EXPECT_EQ(rows("select distinct event from order_lines").dump(), R"([["free_issue"]])");
  take("paid.csv", kHead + paid);
  EXPECT_EQ(content(), together) << "the same whatever came first, in however many files";
  EXPECT_EQ(rows("select event, count(*) from events group by 1 order by 1").dump(),
            R"([["free_issue",1],["purchase",1]])");
  // Without the line that was paid the order is free again.
  collect({{"undo", 3}});
  EXPECT_EQ(rows("select distinct event from order_lines").dump(), R"([["free_issue"]])");
}

TEST_F(OrderLines, RowsOfAPersonWithoutAnOrderNumberAreMarked) {
  const Json report = take("a.csv", std::string(kHead) +
                                        "1,2024-01-02 10:00,u1,A,2,2.00\n"
                                        ",2024-01-02 10:00,u1,B,2,2.00\n"
                                        ",2024-01-02 10:00,,B,2,2.00\n");
  EXPECT_EQ(report["taken"], 2);
  EXPECT_EQ(count_of(report["marked"], "no_order"), 1);
  EXPECT_EQ(count_of(report["quarantined"], "no_id"), 1);
}

TEST_F(OrderLines, WhatIsReadAsOnePieceOrAsItsPriceIsTold) {
  const Json counted = collect(
      {{"files", {write("a.csv", "order,date,customer,sku,Size,price\n1,2024-01-02,u,A,3,2\n")}},
       {"dry_run", true}});
  EXPECT_THAT(counted["notes"].dump(), HasSubstr("so each counts one"));
  const Json multiplied = collect(
      {{"files", {write("b.csv", "order,date,customer,sku,qty,Amount\n1,2024-01-02,u,A,3,2\n")}},
       {"dry_run", true}});
  EXPECT_THAT(multiplied["notes"].dump(), HasSubstr("the column Amount was taken for the price"));
  const Json french = collect({{"files",
                                {write("c.csv",
                                       "N° commande;Date;Client;Référence;Qté;Prix;Catégorie\n"
                                       "1;2024-01-02;u;A;3;2,50;Thé\n")}}});
  EXPECT_EQ(french["mapping"]["quantity"]["column"], "Qté");
  EXPECT_EQ(rows("select quantity, amount, categorie from order_lines").dump(),
            R"([[3,7.5,"Thé"]])");
}

TEST_F(OrderLines, APriceThatNobodyStatedIsNoPriceOfZero) {
  take("a.jsonl",
       R"({"event":"purchase","time":"2024-01-01","user":"u","transaction_id":"1","items":)"
       R"([{"item_id":"A","price":2},{"item_id":"B","price":0},{"item_id":"C"}]})"
       "\n");
  EXPECT_EQ(rows("select item, price, amount from order_lines order by 1").dump(),
            R"([["A",2.0,2.0],["B",0.0,0.0],["C",null,null]])");
}

TEST_F(OrderLines, ACurrencyInTheParametersIsHeardBeforeTheSignOfAnAmount) {
  take("a.csv",
       "event,time,user,order,item,price,event_params\n"
       "purchase,2024-01-02 10:00,u,1,A,$12.50,\"{\"\"currency\"\":\"\"USD\"\"}\"\n"
       "purchase,2024-01-02 10:00,u,2,A,£2.50,\"{\"\"currency\"\":\"\"GBP\"\"}\"\n");
  EXPECT_EQ(rows("select transaction_id, price, currency from order_lines order by 1").dump(),
            R"([["1",12.5,"USD"],["2",2.5,"GBP"]])");
}

}  // namespace
}  // namespace footfall::engine
