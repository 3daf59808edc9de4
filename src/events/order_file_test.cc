#include "footfall/events/order_file.h"

#include <gmock/gmock.h>

#include <map>

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

const std::string kHeader =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

std::unique_ptr<Harvest> take(const std::vector<std::string>& texts) {
  auto harvest = interpret({.texts = texts});
  EXPECT_TRUE(harvest.ok()) << harvest.error().message;
  if (!harvest.ok()) return std::make_unique<Harvest>(ShopFacts{});
  EXPECT_TRUE(adds_up(**harvest));
  return std::move(*harvest);
}

TEST(OrderFile, RowsBecomePartsOfTheirOrder) {
  const auto harvest =
      take({kHeader + "536365,85123A, HOLDER ,6,2010-12-01 08:26:00,2.55,17850.0,France\n"
                      "536366,71053,LANTERN,1,2010-12-01 08:26:00,3.39,,France\n"
                      "536365,84406B,HANGER,8,2010-12-01 08:27:00,2.75,17850.0,France\n"});
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:17850 85123A 536365 2010-12-01T08:26:00Z SIPR"
                          " [85123A x6 @2.55 #1]",
                          "purchase order:536366 71053 536366 2010-12-01T08:26:00Z SIPR"
                          " [71053 x1 @3.39 #1]",
                          "purchase user:17850 84406B 536365 2010-12-01T08:27:00Z SIPR"
                          " [84406B x8 @2.75 #2]"));
  const EventBatch& batch = harvest->batch;
  EXPECT_EQ(batch.keys[0], batch.keys[2]);
  EXPECT_EQ(batch.keys[0], business_key("purchase", "536365"));
  EXPECT_EQ(batch.texts.text(batch.lines.names[0]), "HOLDER");
  EXPECT_EQ(property(*harvest, 0, "country"), "France");
  EXPECT_TRUE(batch.sequences.empty());
  EXPECT_EQ(harvest->ledger.marked.at("guest"), 1u);
}

TEST(OrderFile, ExactRepeatsAreDroppedBeforeLinesAreNumbered) {
  const std::string row = "1,10001,A,6,2010-12-01 08:26:00,2.55,7.0,UK\n";
  const auto harvest =
      take({kHeader + row + row + "1,10002,B,1,2010-12-01 08:26:00,1,7.0,UK\n", kHeader + row});
  EXPECT_EQ(harvest->ledger.duplicates, 2u) << "one in its file, one in a later file of the call";
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:7 10001 1 2010-12-01T08:26:00Z SIPR [10001 x6 @2.55 #1]",
                          "purchase user:7 10002 1 2010-12-01T08:26:00Z SIPR [10002 x1 @1 #2]"));
  EXPECT_EQ(harvest->usual.rows, 4u);
  EXPECT_EQ(harvest->usual.rows_without_duplicates, 2u);
  EXPECT_EQ(harvest->usual.amount_without_duplicates, 1630);
}

TEST(OrderFile, ExamplesShowTheCellAsTheFileHasIt) {
  const std::string start = "order;item;description;quantity;date;price;customer;country\n";
  const auto harvest = take({start + "1;A;;2;2024-01-01 10:00:00;5,00;u;UK\n"
                                     "2;A;;2;2024-01-01 10:00:00;-5,00;u;UK\n"
                                     ";A;;2;2024-01-01 10:00:00;5,00;0;UK\n"
                                     "4;null;;2;2024-01-01 10:00:00;5,00;u;UK\n"
                                     "5;;;2;2024-01-01 10:00:00;5,00;u;UK\n"
                                     "6;A;;0,00;2024-01-01 10:00:00;5,00;u;UK\n"});
  std::map<std::string, std::string> messages;
  for (const auto& [reason, counts] : harvest->ledger.quarantined) {
    for (const RowExample& example : counts.examples) messages[reason] += example.message + "|";
  }
  EXPECT_THAT(messages["negative_price"], testing::EndsWith(": -5,00|"));
  EXPECT_THAT(messages["no_id"], testing::EndsWith(": 0|"));
  EXPECT_THAT(messages["no_item"], testing::EndsWith("an item: (empty)|"));
  EXPECT_THAT(messages["zero_quantity"], testing::EndsWith(": 0,00|"));
}

TEST(OrderFile, HeldRowsAreNoUsualRows) {
  const std::string held[] = {
      "1,,,6,2010-12-01 08:26:00,2.55,7.0,UK\n",
      "1,10001,A,6,2010-12-01 08:26:00,2.55,7.0," + std::string(70'000, 'x') + "\n"};
  for (const std::string& row : held) {
    const auto harvest = take({kHeader + row + row + "1,10001,A,1,2010-12-01 08:26:00,2,7.0,UK\n"});
    EXPECT_EQ(harvest->usual.rows, 1u) << row.substr(0, 80);
    EXPECT_EQ(harvest->usual.rows_without_duplicates, 1u);
    EXPECT_EQ(harvest->usual.amount_without_duplicates, 200);
    EXPECT_TRUE(adds_up(*harvest));
  }
}

TEST(OrderFile, CancellationsBecomeRefundAndReturn) {
  const auto harvest = take({kHeader + "C12,10001,A,-6,2010-12-01 09:00:00,2.55,7.0,UK\n"
                                       "13,10001,A,-1,2010-12-01 09:01:00,2.55,7.0,UK\n"
                                       "C14,10001,A,-1,2010-12-01 09:02:00,2.55,,UK\n"
                                       "15,10001,A,1,2010-12-01 09:03:00,2.55,7.0,UK\n"
                                       "16,10001,A,1,2010-12-01 09:03:00,2.55,7.0,UK\n"});
  const auto events = describe(*harvest);
  EXPECT_THAT(std::vector(events.begin(), events.begin() + 6),
              ElementsAre("refund user:7 10001 C12 2010-12-01T09:00:00Z SIPR [10001 x6 @2.55 #1]",
                          "return_received user:7 10001 C12 2010-12-01T09:00:00Z SR2"
                          " [10001 x6 @2.55 #1]",
                          "refund user:7 10001 13 2010-12-01T09:01:00Z SIPR [10001 x1 @2.55 #1]",
                          "return_received user:7 10001 13 2010-12-01T09:01:00Z SR2"
                          " [10001 x1 @2.55 #1]",
                          "refund order:C14 10001 C14 2010-12-01T09:02:00Z SIPR"
                          " [10001 x1 @2.55 #1]",
                          "return_received order:C14 10001 C14 2010-12-01T09:02:00Z SR2"
                          " [10001 x1 @2.55 #1]"));
  EXPECT_EQ(harvest->batch.keys[0], business_key("refund", "C12"));
  EXPECT_EQ(harvest->ledger.marked.at("cancellation"), 3u);
}

TEST(OrderFile, WhatIsNoOrderIsKeptApart) {
  const auto harvest = take({kHeader + "20,10001,damaged,-6,2010-12-01 09:00:00,0,,UK\n"
                                       "A21,B,Adjust bad debt,1,2010-12-01 09:00:00,11062.06,,UK\n"
                                       "A22,B,Adjust bad debt,1,2010-12-01 09:00:00,-11062.06,,UK\n"
                                       "23,10001,A,2,2010-12-01 09:00:00,0,7.0,UK\n"
                                       "24,10001,A,2,2010-12-01 09:00:00,0,7.0,UK\n"
                                       "24,POST,POSTAGE,1,2010-12-01 09:00:00,18,7.0,UK\n"
                                       ",10001,A,1,2010-12-01 09:00:00,1,,UK\n"
                                       "25,10001,A,0,2010-12-01 09:00:00,1,7.0,UK\n"
                                       "26,,,1,2010-12-01 09:00:00,1,7.0,UK\n"});
  EXPECT_THAT(describe(*harvest),
              ElementsAre("stock_adjustment shop: 10001 20 2010-12-01T09:00:00Z S",
                          "accounting_adjustment shop: B A21 2010-12-01T09:00:00Z S",
                          "purchase user:7 10001 23 2010-12-01T09:00:00Z SIPR [10001 x2 @0 #1]",
                          "purchase user:7 10001 24 2010-12-01T09:00:00Z SIPR [10001 x2 @0 #1]",
                          "purchase user:7 POST 24 2010-12-01T09:00:00Z SIPR [POST x1 @18 #2]"));
  EXPECT_EQ(property(*harvest, 0, "quantity"), "-6");
  EXPECT_EQ(property(*harvest, 0, "description"), "damaged");
  EXPECT_EQ(property(*harvest, 1, "price"), "11062.06");
  EXPECT_EQ(harvest->batch.keys[2], business_key("purchase", "23")) << "the store joins it";
  EXPECT_THAT(harvest->batch.lines.marks,
              ElementsAre(kFreeLine | kIssued, kFreeLine | kIssued, kBookkeeping));
  EXPECT_EQ(reasons(harvest->ledger.quarantined),
            "negative_price 1, no_id 1, no_item 1, zero_quantity 1");
  const auto& marked = harvest->ledger.marked;
  EXPECT_EQ(marked.at("stock_adjustment"), 1u);
  EXPECT_EQ(marked.at("accounting_adjustment"), 2u);
  EXPECT_EQ(marked.at("free_line"), 2u);
  EXPECT_EQ(marked.at("bookkeeping"), 4u) << "the row without an item too";
}

TEST(OrderFile, NumberedLinesKeepTheirNumbers) {
  const auto harvest =
      take({"order_id,line_number,sku,quantity,price,date,user_id\n"
            "7,3,MUG,1,9.5,2021-01-01,u\n7,0,CUP,1,9.5,2021-01-01,u\n"});
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:u MUG 7 2021-01-01T00:00:00Z SIP [MUG x1 @9.5 #3]"));
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_number 1");
}

TEST(OrderFile, CellsOfTheOrderAreFilledFromItsFirstRow) {
  const auto harvest =
      take({"Name,Email,Financial Status,Currency,Lineitem quantity,Lineitem name,Lineitem price,"
            "Lineitem sku,Created at,Shipping Country,Billing Name\n"
            "#1001,a@b.c,paid,usd,2,Mug,9.50,MUG,2014-09-16 16:35:00 -0400,US,Ann\n"
            "#1002,d@e.f,paid,USD,1,Mug,9.50,MUG,2014-09-17 16:35:00 -0400,,Dan\n"
            "#1001,,,,1,Cup,4,CUP,,,\n"
            "#1002,,,,1,Tin,1,,,,\n"});
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:a@b.c MUG #1001 2014-09-16T20:35:00Z SIP"
                          " [MUG x2 @9.5 #1]",
                          "purchase user:d@e.f MUG #1002 2014-09-17T20:35:00Z SIP"
                          " [MUG x1 @9.5 #1]",
                          "purchase user:a@b.c CUP #1001 2014-09-16T20:35:00Z SIP"
                          " [CUP x1 @4 #2]",
                          "purchase user:d@e.f Tin #1002 2014-09-17T20:35:00Z SIP"
                          " [Tin x1 @1 #2]"));
  EXPECT_EQ(property(*harvest, 2, "currency"), "USD");
  EXPECT_EQ(property(*harvest, 2, "country"), "US");
  EXPECT_EQ(property(*harvest, 3, "country"), "");
  EXPECT_EQ(property(*harvest, 2, "financial_status"), "") << "it changes after the sale";
  for (const PropertyColumn& column : harvest->batch.properties) {
    EXPECT_NE(column.name, "billing_name");
  }
}

std::string shopify(const std::string& rows) {
  return "Name,Email,Financial Status,Paid at,Currency,Created at,Lineitem quantity,Lineitem name,"
         "Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Fulfillment Status,Device ID\n" +
         rows;
}

TEST(OrderFile, WhatAnExportSaysWasPaidBackIsARefundOfTheOrder) {
  const auto harvest = take({shopify(
      "#1,a@b.c,paid,2021-01-01,USD,2021-01-01,1,Mug,9.50,MUG,,0.00,fulfilled,7\n"
      "#2,a@b.c,partially_refunded,2021-01-02,USD,2021-01-02,2,Mug,9.50,MUG,,4.00,fulfilled,\n"
      "#2,,,,,,1,Cup,4,CUP,,,,\n"
      "#3,a@b.c,refunded,2021-01-03,USD,2021-01-03,1,Gift,0,GIFT,2021-01-05,12.25,,\n"
      "#3,,,,,,1,Cup,4,CUP,,,,\n"
      "#4,,refunded,2021-01-04,USD,2021-01-04,1,Mug,9.50,MUG,,,unfulfilled,7\n"
      "#5,a@b.c,Voided,,USD,2021-01-06,1,Mug,9.50,MUG,2021-01-06,0,,\n")});
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:a@b.c MUG #1 2021-01-01T00:00:00Z SIP [MUG x1 @9.5 #1]",
                          "purchase user:a@b.c MUG #2 2021-01-02T00:00:00Z SIP [MUG x2 @9.5 #1]",
                          "refund user:a@b.c #2 2021-01-02T00:00:00Z SI2",
                          "purchase user:a@b.c CUP #2 2021-01-02T00:00:00Z SIP [CUP x1 @4 #2]",
                          "purchase user:a@b.c GIFT #3 2021-01-03T00:00:00Z SIP [GIFT x1 @0 #1]",
                          "purchase user:a@b.c CUP #3 2021-01-03T00:00:00Z SIP [CUP x1 @4 #2]",
                          "refund user:a@b.c #3 2021-01-05T00:00:00Z SI2",
                          "purchase order:#4 MUG #4 2021-01-04T00:00:00Z SIP [MUG x1 @9.5 #1]",
                          "refund order:#4 #4 2021-01-04T00:00:00Z SI2",
                          "voided_order user:a@b.c MUG #5 2021-01-06T00:00:00Z SIP"
                          " [MUG x1 @9.5 #1]"));
  EXPECT_EQ(property(*harvest, 2, "value"), "4") << "in part: the amount";
  EXPECT_EQ(property(*harvest, 2, "currency"), "USD");
  EXPECT_EQ(property(*harvest, 6, "value"), "") << "in full: the rest of the order";
  EXPECT_TRUE(harvest->batch.known_times.empty()) << "a refund is known when it is dated";
  EXPECT_EQ(harvest->batch.keys[9], business_key("voided_order", "#5", "USD"));
  for (const PropertyColumn& column : harvest->batch.properties) {
    EXPECT_TRUE(column.name == "value" || column.name == "currency") << column.name;
  }
  const auto& marked = harvest->ledger.marked;
  EXPECT_EQ(marked.at("stated_refund"), 3u);
  EXPECT_EQ(marked.at("undated_refund"), 2u);
  EXPECT_EQ(marked.at("voided"), 1u);
  EXPECT_EQ(marked.at("guest"), 1u) << "a till is nobody";
  EXPECT_EQ(harvest->usual.rows, 4u) << "neither guests nor what was never paid";
}

// A later export of the same orders has the same lines, whatever has become of them.
TEST(OrderFile, ALaterExportHasTheSameLines) {
  const auto digests = [](const std::string& rows) {
    const auto harvest = take({shopify(rows)});
    std::vector<std::uint64_t> found;
    for (std::size_t i = 0; i < harvest->batch.size(); ++i) {
      if (harvest->batch.types[i] == kPurchase) found.push_back(harvest->batch.digests[i]);
    }
    return found;
  };
  EXPECT_EQ(digests("#1,a@b.c,pending,,USD,2021-01-01,1,Mug,9.50,MUG,,0.00,unfulfilled,\n"
                    "#1,,,,,,2,Cup,4,CUP,,,,\n"),
            digests("#1,a@b.c,partially_refunded,2021-01-02,USD,2021-01-01,1,Mug,9.50,MUG,,4.00,"
                    "fulfilled,\n#1,,,,,,2,Cup,4,CUP,,,,\n"));
}

TEST(OrderFile, ARepeatedRowTakesNoNumberOfItsOrder) {
  const std::string first = "#1,a@b.c,paid,,USD,2021-01-01,1,Mug,9.50,MUG,,0.00,,\n";
  const auto harvest =
      take({shopify(first + first + "#1,a@b.c,paid,,USD,2021-01-01,2,Cup,4,CUP,,0.00,,\n")});
  EXPECT_EQ(harvest->ledger.duplicates, 1u);
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:a@b.c MUG #1 2021-01-01T00:00:00Z SIP [MUG x1 @9.5 #1]",
                          "purchase user:a@b.c CUP #1 2021-01-01T00:00:00Z SIP [CUP x2 @4 #2]"));
}

TEST(OrderFile, BadStatementsHoldTheirRows) {
  const auto harvest =
      take({shopify("#1,a,refunded,,USD,2021-01-01,1,Mug,9.50,MUG,soon,4,,\n"
                    "#2,a,paid,,USD,2021-01-01,1,Mug,9.50,MUG,,four,,\n"
                    "#3,a,paid,,USD,2021-01-01,1,Mug,9.50,MUG,,4,,\n"
                    "#4,a,paid,,USD,2021-01-01,2,Mug,oops,MUG,,4,,\n"
                    "#4,,,,,,1,Cup,4,CUP,,,,\n")});
  EXPECT_THAT(describe(*harvest),
              ElementsAre("purchase user:a MUG #3 2021-01-01T00:00:00Z SIP [MUG x1 @9.5 #1]",
                          "refund user:a #3 2021-01-01T00:00:00Z SI2",
                          "purchase user:a CUP #4 2021-01-01T00:00:00Z SIP [CUP x1 @4 #2]",
                          "refund user:a #4 2021-01-01T00:00:00Z SI2"));
  EXPECT_EQ(reasons(harvest->ledger.quarantined), "bad_number 2, bad_time 1");
  ASSERT_EQ(harvest->held.size(), 3u);
  EXPECT_THAT(harvest->held[2].cells, testing::Contains(testing::Pair("$row", "1")))
      << "the line keeps its number";
}

TEST(OrderFile, ARefundOfTheFutureHoldsItsRow) {
  const auto rows = [](const char* cancelled) {
    const auto harvest =
        interpret({.texts = {shopify(std::string("#1,a,refunded,,USD,2021-01-01,1,Mug,9.50,MUG,") +
                                     cancelled + ",4,,\n")},
                   .now = 1'609'632'000'000});  // 2021-01-03T00:00:00Z.
    EXPECT_TRUE(harvest.ok());
    return reasons((*harvest)->ledger.quarantined);
  };
  EXPECT_EQ(rows("2021-01-03 01:00:00"), "");
  EXPECT_EQ(rows("2021-01-03 01:00:01"), "future_time 1");
}

TEST(OrderFile, QuantitiesThatRefundsHaveLeftAreRefundedOnce) {
  const auto woo = [](const std::string& quantity) {
    return take({"Order Number,Order Status,Order Date,Customer User ID,SKU," + quantity +
                 ",Item Cost,Order Refund Amount\n"
                 "7,wc-completed,2021-05-01 10:00:00,17,MUG-1,2,9.5,-4.5\n"
                 "8,Refunded,2021-05-01 10:00:00,17,MUG-1,1,9.5,9.5\n"
                 "9,cancelled,2021-05-01 10:00:00,17,MUG-1,1,9.5,\n"});
  };
  const auto plain = woo("Quantity");
  EXPECT_THAT(describe(*plain),
              ElementsAre("purchase user:17 MUG-1 7 2021-05-01T10:00:00Z SIP [MUG-1 x2 @9.5 #1]",
                          "refund user:17 7 2021-05-01T10:00:00Z SI2",
                          "purchase user:17 MUG-1 8 2021-05-01T10:00:00Z SIP [MUG-1 x1 @9.5 #1]",
                          "refund user:17 8 2021-05-01T10:00:00Z SI2",
                          "voided_order user:17 MUG-1 9 2021-05-01T10:00:00Z SIP"
                          " [MUG-1 x1 @9.5 #1]"));
  EXPECT_EQ(property(*plain, 1, "value"), "4.5") << "whatever its sign";
  EXPECT_EQ(property(*plain, 3, "value"), "");
  const auto net = woo("Quantity (- Refund)");
  EXPECT_EQ(net->ledger.marked.at("stated_refund"), 1u) << "of the order that was paid back whole";
}

TEST(OrderStatements, WordsOfAStatusColumn) {
  EXPECT_EQ(order_fate_of(" Refunded "), OrderFate::kRefunded);
  EXPECT_EQ(order_fate_of("wc-refunded"), OrderFate::kRefunded);
  for (const char* word : {"voided", "Cancelled", "canceled", "wc-failed"}) {
    EXPECT_EQ(order_fate_of(word), OrderFate::kVoided) << word;
  }
  for (const char* word : {"paid", "partially_refunded", "pending", "authorized", "wc-", ""}) {
    EXPECT_EQ(order_fate_of(word), OrderFate::kSale) << word;
  }
}

TEST(OrderFile, OrdersNeedAPrice) {
  const auto refused =
      interpret({.texts = {"order_id,sku,quantity,date,user_id\n7,MUG,1,2021-01-01,u\n"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().where.field, "price");
}

TEST(CleaningRules, TellSalesFromWhatUndoesThem) {
  Mapping mapping;
  mapping.cancellation_prefix = "C";
  mapping.adjustment_prefix = "A";
  struct Case {
    const char* why;
    OrderRow row;
    RowClass expected;
  };
  const Case cases[] = {
      {"a sale", {"536365", 6, 2'550'000, true}, RowClass::kSale},
      {"a free sale", {"536365", 6, 0, false}, RowClass::kSale},
      {"the number says it", {"C536365", -6, 2'550'000, true}, RowClass::kCancellation},
      {"the number says it, whatever the sign", {"C536365", 6, 1, true}, RowClass::kCancellation},
      {"C and no digits is a name", {"CAROL", 6, 1, true}, RowClass::kSale},
      {"C alone", {"C", 6, 1, true}, RowClass::kSale},
      {"a customer gives back", {"536365", -6, 0, true}, RowClass::kCancellation},
      {"money goes back", {"536365", -6, 1, false}, RowClass::kCancellation},
      {"stock goes", {"536365", -6, 0, false}, RowClass::kStockAdjustment},
      {"the books", {"A563185", 1, 1, false}, RowClass::kAccountingAdjustment},
  };
  for (const Case& c : cases) EXPECT_EQ(classify_row(c.row, mapping), c.expected) << c.why;
  EXPECT_EQ(classify_row({"C1", 1, 1, true}, Mapping{}), RowClass::kSale) << "no rule, no prefix";
}

TEST(CleaningRules, BookkeepingCodes) {
  Mapping digits;
  digits.bookkeeping = Bookkeeping::kDigits;
  for (const char* item : {"85123A", "71053", "84406Bb", "15056BL"}) {
    EXPECT_FALSE(is_bookkeeping(item, digits)) << item;
  }
  for (const char* item : {"POST", "m", "C2", "BANK CHARGES", "gift_0001_20", "DCGS0066P", "PADS",
                           "8512", "85123 A", ""}) {
    EXPECT_TRUE(is_bookkeeping(item, digits)) << item;
  }
  Mapping words;
  words.bookkeeping = Bookkeeping::kWords;
  EXPECT_TRUE(is_bookkeeping("post", words));
  EXPECT_TRUE(is_bookkeeping("gift_0001_20", words));
  EXPECT_FALSE(is_bookkeeping("MUG-1", words));
  EXPECT_FALSE(is_bookkeeping("POST", Mapping{}));
}

}  // namespace
}  // namespace footfall::events
