#include "footfall/events/event_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "footfall/events/test_files.h"

namespace footfall::events {
namespace {

using test::adds_up;
using test::describe;
using test::Files;
using test::interpret;
using test::property;
using test::reasons;
using testing::ElementsAre;

std::unique_ptr<Harvest> take(const std::string& csv, const Files& files = {}) {
  Files with = files;
  with.texts = {csv};
  auto harvest = interpret(with);
  EXPECT_TRUE(harvest.ok()) << harvest.error().message;
  if (!harvest.ok()) return std::make_unique<Harvest>(ShopFacts{});
  EXPECT_TRUE(adds_up(**harvest));
  return std::move(*harvest);
}

TEST(EventFile, WordsBecomeEventNames) {
  const auto harvest = take(
      "event,time,user,item\n"
      "view,2021-01-01 00:00:00,u1,a\n"
      "Add to Cart,2021-01-01 00:00:01,u1,a\n"
      "Checked Voucher,2021-01-01 00:00:02,u1,\n"
      "!!!,2021-01-01 00:00:03,u1,a\n"
      ",2021-01-01 00:00:04,u1,a\n");
  EXPECT_THAT(describe(*harvest), ElementsAre("view_item user:u1 a 2021-01-01T00:00:00Z ",
                                              "add_to_cart user:u1 a 2021-01-01T00:00:01Z ",
                                              "checked_voucher user:u1 2021-01-01T00:00:02Z "));
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_event 1, no_event 1");
}

TEST(EventFile, APersonIsUserElseDeviceElseSessionElseOrder) {
  const auto harvest = take(
      "event,time,user_id,device_id,session_id,transaction_id\n"
      "login,2021-01-01,u,d,s,\n"
      "view,2021-01-01,,d,s,\n"
      "view,2021-01-01,null,0,s,\n"
      "purchase,2021-01-01,,,,T1\n"
      "view,2021-01-01,,undefined,,\n");
  EXPECT_THAT(describe(*harvest), ElementsAre("login user:u 2021-01-01T00:00:00Z ",
                                              "view_item device:d 2021-01-01T00:00:00Z ",
                                              "view_item session:s 2021-01-01T00:00:00Z ",
                                              "purchase order:T1 T1 2021-01-01T00:00:00Z I"));
  EXPECT_EQ(harvest->ledger.marked.at("bad_id"), 3u);
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "no_id 1");
}

TEST(EventFile, ListsAndObjectsNameNobody) {
  const auto harvest = take(
      "event,time,user\n"
      "view,2021-01-01,\"[\"\"a\"\"]\"\n"
      "view,2021-01-01,\"{\"\"id\"\":1}\"\n"
      "view,2021-01-01,{3F2504E0-4F89-11D3-9A0C-0305E82C3301}\n");
  EXPECT_THAT(describe(*harvest),
              ElementsAre("view_item user:{3F2504E0-4F89-11D3-9A0C-0305E82C3301} "
                          "2021-01-01T00:00:00Z "));
  EXPECT_EQ(harvest->ledger.marked.at("bad_id"), 2u);
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "no_id 2");
}

TEST(EventFile, BadCellsQuarantineTheirRowAlone) {
  const auto harvest = take(
      "event,time,user,item,price,quantity\n"
      "view,2021-01-01,u1,a,1.5,1\n"
      "view,yesterday,u1,a,1.5,1\n"
      "view,2021-02-30,u1,a,1.5,1\n"
      "view,,u1,a,1.5,1\n"
      "view,2021-01-01,u1,a,1e308,1\n"
      "view,2021-01-01,u1,a,NaN,1\n"
      "view,2021-01-01,u1,a,-1,1\n"
      "view,2021-01-01,u1,a,1.5,0.5\n"
      "view,2021-01-01,u1,a,1.5,-1\n"
      "view,2021-01-01," +
          std::string(10'240, 'x') +
          ",a,1.5,1\n"
          "view,9999-01-01,u1,a,1.5,1\n",
      {.now = 1'700'000'000'000});
  EXPECT_EQ(describe(*harvest).size(), 1u);
  EXPECT_EQ(reasons(harvest->ledger.quarantined),
            "bad_number 4, bad_time 2, future_time 1, id_too_long 1, negative_price 1, no_time 1");
  const RowExample& example = harvest->ledger.quarantined.at("bad_time").examples.front();
  EXPECT_EQ(example.row, 3u) << "the line in the file";
  EXPECT_EQ(example.column, "time");
  EXPECT_EQ(example.message, "expected a time such as 2011-08-31 17:45:00: yesterday");
  EXPECT_THAT(harvest->ledger.quarantined.at("id_too_long").examples.front().message,
              testing::StartsWith("expected at most 512 bytes, found 10240: xxx"));
  ASSERT_EQ(harvest->held.size(), 10u);
  EXPECT_EQ(harvest->held[0].cells.size(), 6u) << "the row is kept whole";
}

TEST(EventFile, ATimeOutsideTheYearsIsToldWhichThereAre) {
  const auto harvest = take(
      "event,time,user\nview,1610000000,u\nview,1610000001,u\nview,-62167219201,u\n"
      "view,999999999999,u\n",
      {.now = 1'700'000'000'000});
  EXPECT_EQ(describe(*harvest).size(), 2u);
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_time 2");
  const auto& examples = harvest->ledger.quarantined.at("bad_time").examples;
  EXPECT_EQ(examples[0].message, "expected a time from year 0 to 9999: -62167219201");
  EXPECT_EQ(examples[1].message, "expected a time from year 0 to 9999: 999999999999");
}

TEST(EventFile, OneColumnOneDateStyle) {
  const auto harvest = take(
      "event,time,user\nview,13/02/2021,u\nview,14/02/2021,u\nview,01/02/2021,u\n"
      "view,02/13/2021,u\n");
  EXPECT_THAT(describe(*harvest), ElementsAre("view_item user:u 2021-02-13T00:00:00Z ",
                                              "view_item user:u 2021-02-14T00:00:00Z ",
                                              "view_item user:u 2021-02-01T00:00:00Z "));
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_time 1");
  const auto open = interpret({.texts = {"event,time,user\nview,01/02/2021,u\n"}});
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().where.column, "time");
  EXPECT_THAT(open.error().hint, testing::HasSubstr("dmy"));
}

TEST(EventFile, LocalTimes) {
  const auto harvest = take(
      "event,time,user\nview,2011-03-27 01:30,u\nview,2011-10-30 01:30,u\n"
      "view,2011-08-31 17:45,u\n",
      {.zone = "Europe/London"});
  EXPECT_THAT(describe(*harvest), ElementsAre("view_item user:u 2011-10-30T00:30:00Z ",
                                              "view_item user:u 2011-08-31T16:45:00Z "));
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "skipped_local_time 1");
  EXPECT_EQ(harvest->ledger.marked.at("repeated_local_time"), 1u);
}

TEST(EventFile, RowsOfATransactionAreParts) {
  const auto harvest = take(
      "timestamp,visitorid,event,itemid,transactionid\n"
      "1433221332117,7,view,a,\n"
      "1433221332118,7,transaction,a,11\n"
      "1433221332118,7,transaction,b,11\n"
      "1433221332119,0,transaction,b,\n");
  EXPECT_THAT(describe(*harvest),
              ElementsAre("view_item user:7 a 2015-06-02T05:02:12.117Z ",
                          "purchase user:7 a 11 2015-06-02T05:02:12.118Z IPR [a x1 @0 #0]",
                          "purchase user:7 b 11 2015-06-02T05:02:12.118Z IPR [b x1 @0 #0]",
                          "purchase user:0 b 2015-06-02T05:02:12.119Z "));
  const EventBatch& batch = harvest->batch;
  EXPECT_EQ(batch.keys[1], batch.keys[2]) << "one order";
  EXPECT_EQ(batch.keys[1], business_key("purchase", "11"));
  EXPECT_NE(batch.digests[1], batch.digests[2]);
}

TEST(EventFile, ListsOfItemsBecomeLines) {
  const auto harvest = take(
      "event_name,event_timestamp,user_pseudo_id,ecommerce.transaction_id,"
      "ecommerce.purchase_revenue,items\n"
      "purchase,1609459200000123,p,T1,41.6,"
      "\"[{\"\"item_id\"\":\"\"a\"\",\"\"price\"\":8.0,\"\"quantity\"\":3},"
      "{\"\"item_name\"\":\"\"B\"\",\"\"price\"\":17.6}]\"\n"
      "purchase,1609459200000000,p,T2,9,"
      "\"[{\"\"item_id\"\":\"\"a\"\",\"\"price\"\":8.0}]\"\n"
      "view_item,1609459200000000,p,,,\"[{\"\"item_id\"\":\"\"c\"\"}]\"\n"
      "view_item,1609459200000000,p,,,[7]\n"
      "view_item,1609459200000000,p,,,\"[{\"\"item_id\"\":\"\"c\"\",\"\"price\"\":\"\"x\"\"}]\"\n");
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase device:p a T1 2021-01-01T00:00:00Z I [a x3 @8 #1]"
                          " [B x1 @17.6 #2]",
                          "purchase device:p a T2 2021-01-01T00:00:00Z I [a x1 @8 #1]",
                          "view_item device:p c 2021-01-01T00:00:00Z  [c x1 @0 #1]"));
  EXPECT_EQ(harvest->batch.sequences[0], 123'000) << "the rest of the microseconds, in ns";
  EXPECT_EQ(harvest->ledger.marked.at("value_mismatch"), 1u);
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_items 1, bad_number 1");
}

TEST(EventFile, WhatIsNoNumberInAListOfItemsIsHeld) {
  struct Case {
    const char* why;
    const char* member;
    const char* reasons;
  };
  const Case cases[] = {
      {"null is no price at all", R"("price":null,"quantity":null)", ""},
      {"what no JSON has", R"("price":NaN)", "bad_number 1"},
      {"nor this", R"("price":Infinity)", "bad_number 1"},
      {"nor this", R"("price":-Infinity)", "bad_number 1"},
      {"a text of it", R"("price":"NaN")", "bad_number 1"},
      {"a list", R"("price":[1])", "bad_number 1"},
      {"an object", R"("price":{"value":1})", "bad_number 1"},
      {"a flag", R"("price":true)", "bad_number 1"},
      {"a quantity that is none", R"("quantity":NaN)", "bad_number 1"},
      {"a quantity in a list", R"("quantity":[2])", "bad_number 1"},
      {"a name in a list", R"("item_name":["b"])", "bad_items 1"},
      {"one name twice", R"("price":2,"price":3)", "bad_items 1"},
      {"one name twice that is not read", R"("x":2,"x":2)", "bad_items 1"},
  };
  for (const auto& [why, member, expected] : cases) {
    std::string cell;
    for (const char c : std::string(R"([{"item_id":"a",)") + member + "}]") {
      cell += c == '"' ? std::string(2, c) : std::string(1, c);
    }
    const auto harvest =
        take("event_name,event_timestamp,user_pseudo_id,items\nview_item,1609459200000000,p,\"" +
             cell + "\"\n");
    EXPECT_EQ(reasons(harvest->ledger.quarantined), expected) << why << ": " << member;
  }
}

TEST(EventFile, PurchasesWithoutAPriceAreMarked) {
  const auto marks = [](const std::string& csv) {
    const auto harvest = take(csv);
    std::string text;
    for (const auto& [mark, rows] : harvest->ledger.marked) {
      text += fmt::format("{} {} ", mark, rows);
    }
    return text;
  };
  const std::string header = "event,time,user,order_id,item,quantity,price\n";
  EXPECT_EQ(marks(header + "purchase,2021-01-01,u1,1,a,2,\n"
                           "purchase,2021-01-01,u1,2,a,2,1.5\n"
                           "purchase,2021-01-01,u1,,a,2,\n"
                           "add_to_cart,2021-01-01,u1,,a,2,\n"
                           "refund,2021-01-01,u1,1,a,2,\n"),
            "no_amount 2 ");
  EXPECT_EQ(marks(header + "purchase,2021-01-01,u1,1,a,2,0\n"), "free_line 1 ");
  EXPECT_EQ(marks(header + "purchase,2021-01-01,u1,1,,,5\n"), "no_amount 1 ")
      << "a price of no item is in no line";
  EXPECT_EQ(marks("event,time,user,item,quantity\npurchase,2021-01-01,u1,a,2\n"), "no_amount 1 ");
  const auto list = [&](const std::string& lines) {
    return marks(
        "event_name,event_timestamp,user_pseudo_id,ecommerce.transaction_id,items\n"
        "purchase,1609459200000000,p,T1,\"" +
        lines + "\"\n");
  };
  EXPECT_EQ(list("[{\"\"item_id\"\":\"\"a\"\"},{\"\"item_id\"\":\"\"b\"\"}]"), "no_amount 1 ");
  EXPECT_EQ(list("[{\"\"item_id\"\":\"\"a\"\"},{\"\"item_id\"\":\"\"b\"\",\"\"price\"\":0}]"),
            "free_line 1 ");
}

TEST(EventFile, ARefundStatesWhatItPaidBack) {
  const auto values = [](const std::string& rows) {
    const auto harvest = take(
        "event_name,event_timestamp,user_pseudo_id,ecommerce.transaction_id,"
        "ecommerce.purchase_revenue,ecommerce.refund_value\n" +
        rows);
    std::string all;
    for (std::size_t i = 0; i < harvest->batch.size(); ++i)
      all += property(*harvest, i, "value") + ",";
    return all + reasons(harvest->ledger.quarantined);
  };
  EXPECT_EQ(values("purchase,1609459200000000,p,T1,30,\nrefund,1609459300000000,p,T1,,12.5\n"),
            "30,12.5,");
  EXPECT_EQ(values("refund,1609459300000000,p,T1,30,12.5\n"), "12.5,");
  EXPECT_EQ(values("refund,1609459300000000,p,T1,30,0\n"), "30,") << "0 says nothing";
  EXPECT_EQ(values("purchase,1609459200000000,p,T1,30,5\n"), "30,") << "not of a purchase";
  EXPECT_EQ(values("refund,1609459300000000,p,T1,-12.5,12.5\n"), "12.5,") << "it counts first";
  EXPECT_EQ(values("view_item,1609459300000000,p,,,much\n"), ",") << "others say nothing there";
  EXPECT_EQ(values("purchase,1609459200000000,p,T1,30,1\nrefund,1609459300000000,p,T1,,much\n"),
            "30,bad_number 1");
}

TEST(EventFile, OrdersWithoutBrowsingAreServerEvents) {
  const std::string orders = "event,time,user\npurchase,2021-01-01,u\nrefund,2021-01-02,u\n";
  EXPECT_THAT(take(orders)->batch.flags, testing::Each(kServerOrigin));
  EXPECT_THAT(take(orders + "view,2021-01-03,u\n")->batch.flags, testing::Each(0));
}

TEST(EventFile, FurtherColumnsAreProperties) {
  const auto harvest = take(
      "event,time,user,item,price,Device Type,Country,e-mail\n"
      "view,2021-01-01,u,a,12.50,mobile,France,a@b.c\n"
      "view,2021-01-01,u,a,,,,\n");
  EXPECT_EQ(property(*harvest, 0, "device_type"), "mobile");
  EXPECT_EQ(property(*harvest, 0, "country"), "France");
  EXPECT_EQ(property(*harvest, 0, "price"), "12.5");
  EXPECT_EQ(property(*harvest, 0, "e_mail"), "") << "columns about a person are left out";
  EXPECT_EQ(property(*harvest, 1, "country"), "");
  for (const PropertyColumn& column : harvest->batch.properties) {
    EXPECT_EQ(column.codes.size(), 2u);
  }
}

TEST(EventFile, FactsOfItemsUsersStockAndReviews) {
  const auto items = take("item_id,name,category,price\nMUG,Mug,kitchen,9.50\n,Cup,kitchen,1\n");
  EXPECT_THAT(describe(*items), ElementsAre("item_profile shop: MUG 1970-01-01T00:00:00Z ",
                                            "item_profile shop: Cup 1970-01-01T00:00:00Z "));
  EXPECT_EQ(property(*items, 0, "name"), "Mug");
  EXPECT_EQ(property(*items, 0, "category"), "kitchen");
  EXPECT_EQ(property(*items, 0, "price"), "9.5");

  const auto users = take("user_id,age\n7,24\n");
  EXPECT_THAT(describe(*users), ElementsAre("user_profile user:7 1970-01-01T00:00:00Z "));

  const auto stock =
      take("sku,date,on_hand,location\nMUG,2021-05-01,0,Bern\nMUG,2021-05-02,4,Bern\n");
  EXPECT_THAT(describe(*stock), ElementsAre("stock_out shop: MUG 2021-05-01T00:00:00Z ",
                                            "stock_level shop: MUG 2021-05-02T00:00:00Z "));
  EXPECT_EQ(reasons(stock->ledger.quarantined), "");
  EXPECT_EQ(property(*stock, 1, "quantity"), "4");

  const auto reviews =
      take("user,item,rating,time\n1,a,5,2021-01-01\n1,b,6,2021-01-01\n1,b,,2021-01-01\n");
  EXPECT_THAT(describe(*reviews), ElementsAre("review user:1 a 2021-01-01T00:00:00Z "));
  EXPECT_EQ(property(*reviews, 0, "rating"), "5");
  EXPECT_EQ(reasons(reviews->ledger.quarantined), "bad_rating 2");
}

TEST(EventFile, WrongTypesRefuseTheFile) {
  const auto time = interpret({.texts = {"event,time,user\nview,abc,u\n"}});
  ASSERT_FALSE(time.ok());
  EXPECT_EQ(time.error().message, "column time: expected a time such as 2011-08-31 17:45:00: abc");
  EXPECT_EQ(time.error().where.row, 2);
  const auto price = interpret({.texts = {"event,time,user,price\nview,2021-01-01,u,cheap\n"}});
  ASSERT_FALSE(price.ok());
  EXPECT_EQ(price.error().message, "column price: expected a number such as 1234.50: cheap");
  const auto event =
      interpret({.texts = {"time,user,b\n2021-01-01,u,c\n"}, .as = FileKind::kEvents});
  ASSERT_FALSE(event.ok());
  EXPECT_THAT(event.error().message, testing::EndsWith("found: time, user, b"));
}

TEST(EventFile, EuropeanAmountsInAWholeColumn) {
  const auto harvest = take(
      "event;time;user;item;price\npurchase;2021-01-01;u;a;1.234,50\n"
      "purchase;2021-01-01;u;b;2,5\npurchase;2021-01-01;u;c;3.50\n");
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:u a 2021-01-01T00:00:00Z S [a x1 @1234.5 #0]",
                          "purchase user:u b 2021-01-01T00:00:00Z S [b x1 @2.5 #0]"));
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_number 1");
}

TEST(EventFile, EqualRowsOfTwoFilesHaveEqualKeys) {
  const auto harvest = interpret(
      {.texts = {"event,time,user,item,colour\nview,2021-01-01,u,a,red\n",
                 "colour,user_id,item_id,event_time,event_type\nred,u,a,1609459200,view\n"}});
  ASSERT_TRUE(harvest.ok());
  EXPECT_EQ((*harvest)->batch.keys[0], (*harvest)->batch.keys[1]);
  EXPECT_EQ((*harvest)->batch.users[0], (*harvest)->batch.users[1]);
}

TEST(EventFile, EventIdsAreKeys) {
  const auto harvest =
      take("event,time,user,event_id\nview,2021-01-01,u,e1\nview,2021-01-02,u,e1\n");
  EXPECT_EQ(harvest->batch.keys[0], source_key("e1"));
  EXPECT_EQ(harvest->batch.keys[0], harvest->batch.keys[1]);
  EXPECT_NE(harvest->batch.digests[0], harvest->batch.digests[1]);
}

}  // namespace
}  // namespace footfall::events
