// Exports of shop systems through the front door: what they say of refunds is in the sales, once.
#include <gmock/gmock.h>

#include "footfall/engine/collecting_shop.h"

namespace footfall::engine {
namespace {

class ShopExports : public CollectingShop {
 protected:
  ShopExports() : CollectingShop({{"currency", "USD"}}) {}

  Json shopify(const std::string& rows) {
    const std::string path = folder_ + "/export.csv";
    std::ofstream(path) << "Name,Email,Financial Status,Paid at,Currency,Created at,"
                           "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
                           "Cancelled at,Refunded Amount,Fulfillment Status\n"
                        << rows;
    return collect({{"files", {path}}});
  }
  // "orders gross refunds net", and units taken back.
  std::string sales(const Json& keys = Json::object()) {
    Json request = {{"question", "sales"}};
    request.update(keys);
    const auto answer = engine_->ask(request);
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    if (!answer.ok()) return "";
    std::string words;
    for (const Json& row : (*answer)["rows"]) {
      if (!words.empty()) words += "; ";
      for (const char* name : {"orders", "gross", "refunds", "net", "units_refunded"}) {
        std::size_t column = 0;
        const Json& columns = (*answer)["columns"];
        while (column < columns.size() && columns[column]["name"] != name) ++column;
        words += (words.empty() || words.back() == ' ' ? "" : " ") +
                 (column < columns.size() ? row[column].dump() : std::string("-"));
      }
    }
    return words;
  }
  static std::int64_t marked(const Json& report, const std::string& reason) {
    for (const Json& entry : report["marked"]) {
      if (entry["reason"] == reason) return entry["count"];
    }
    return 0;
  }
};

const std::string kJanuary =
    "#1,a@b.c,paid,2021-01-01,USD,2021-01-01,1,Mug,9.50,MUG,,0.00,unfulfilled\n"
    "#2,a@b.c,paid,2021-01-02,USD,2021-01-02,2,Mug,9.50,MUG,,0.00,unfulfilled\n"
    "#2,,,,,,1,Cup,4,CUP,,,\n"
    "#3,d@e.f,voided,,USD,2021-01-03,1,Mug,9.50,MUG,2021-01-03,0.00,\n";

TEST_F(ShopExports, PricesWithACurrencyBesideThem) {
  const std::string path = folder_ + "/prices.csv";
  std::ofstream(path) << "order_id;date;user_id;sku;quantity;price\n"
                         "1;2021-01-01;u;A;2;\"$1,234.50\"\n2;2021-01-02;u;A;1;€ 7.50\n"
                         "3;2021-01-03;u;A;1;¥5\n";
  const Json report = collect({{"files", {path}}});
  EXPECT_EQ(report["taken"], 2);
  EXPECT_EQ(sales(), "1 2469.0 0.0 2469.0 0") << "$ is the shop's, euros are apart";
  EXPECT_EQ(sales({{"currency", "EUR"}}), "1 7.5 0.0 7.5 0");
}

TEST_F(ShopExports, RefundsOfALaterExportAreTakenOnce) {
  EXPECT_EQ(shopify(kJanuary)["taken"], 4);
  EXPECT_EQ(sales(), "2 32.5 0.0 32.5 0") << "what was never paid is no sale";
  // A month later: order 1 was paid back whole with its postage, of order 2 there were 4.00.
  const std::string february =
      "#1,a@b.c,refunded,2021-01-01,USD,2021-01-01,1,Mug,9.50,MUG,2021-02-03,14.50,fulfilled\n"
      "#2,a@b.c,partially_refunded,2021-01-02,USD,2021-01-02,2,Mug,9.50,MUG,,4.00,fulfilled\n"
      "#2,,,,,,1,Cup,4,CUP,,,\n";
  Json report = shopify(february);
  EXPECT_EQ(report["taken"], 0) << "the lines are the same";
  EXPECT_EQ(report["duplicates"], 3);
  EXPECT_EQ(marked(report, "stated_refund"), 2);
  EXPECT_EQ(marked(report, "undated_refund"), 1);
  EXPECT_THAT(report["notes"].dump(), testing::HasSubstr("2 refunds that they tell of were added"));
  EXPECT_THAT(sales(), testing::StartsWith("2 32.5 13.5 19.0 "));
  EXPECT_EQ(sales({{"from", "2021-02-01"}, {"to", "2021-03-01"}}), "0 0.0 9.5 -9.5 1")
      << "dated on the day it was cancelled";
  const std::string once = sales();
  shopify(february);
  EXPECT_EQ(sales(), once) << "the same export again changes nothing";
  // Another amount of the same order: the first stays, and the report says so.
  const std::string march =
      "#2,a@b.c,partially_refunded,2021-01-02,USD,2021-01-02,2,Mug,9.50,MUG,,7.00,\n";
  report = shopify(march);
  EXPECT_EQ(marked(report, "changed_refund"), 1);
  EXPECT_EQ(sales(), once);
  // Once both imports that stated 4.00 are taken back, the new amount can come in.
  collect({{"undo", 2}});
  EXPECT_EQ(sales(), once) << "the third import says the same";
  collect({{"undo", 3}});
  EXPECT_EQ(sales(), "2 32.5 0.0 32.5 0");
  EXPECT_EQ(marked(shopify(march), "changed_refund"), 0);
  EXPECT_THAT(sales(), testing::StartsWith("2 32.5 7.0 25.5 "));
}

TEST_F(ShopExports, TheTotalOfAnOrderIsNoPartOfItsLines) {
  const auto with_total = [&](const std::string& name, const std::string& total) {
    return collect({{"files",
                     {write(name,
                            "Name,Email,Created at,Lineitem quantity,Lineitem name,"
                            "Lineitem price,Lineitem sku,Refunded Amount,Total\n"
                            "#1,a@b.c,2021-01-01,1,Mug,9.50,MUG,4.00," +
                                total + "\n")}}});
  };
  EXPECT_EQ(with_total("a.csv", "14.50")["taken"], 1);
  const Json later = with_total("b.csv", "10.50");
  EXPECT_EQ(later["duplicates"], 1);
  EXPECT_EQ(marked(later, "changed_refund"), 0) << "it is the same refund";
}

// A later export of the same orders says other things of their progress, and sells nothing more.
TEST_F(ShopExports, ALaterWooCommerceExportSellsNothingTwice) {
  const auto take = [&](const char* name, const std::string& columns, const std::string& cells) {
    collect({{"files",
              {write(name,
                     "Order Number,Order Status,Order Date,Customer User ID,SKU,Item Cost,"
                     "Order Refund Amount," +
                         columns + "\n1,completed,2021-01-01 10:00,5,A,10.00," + cells + "\n")}}});
  };
  const std::string whole = "Quantity,Quantity (- Refund),Order Total Amount";
  take("w1.csv", whole, "0,3,3,30.00");
  EXPECT_EQ(sales(), "1 30.0 0.0 30.0 0");
  take("w2.csv", whole, "0,3,3,20.00");
  EXPECT_EQ(sales(), "1 30.0 0.0 30.0 0") << "the total alone has fallen";
  take("w3.csv", whole, "10.00,3,2,20.00");
  EXPECT_EQ(sales().substr(0, 15), "1 30.0 10.0 20.");
  EXPECT_EQ(held(), 0);
}

TEST_F(ShopExports, AWooCommerceLineThatSaysSomethingElseIsHeld) {
  const std::string header =
      "Order Number,Order Status,Order Date,Customer User ID,SKU,Item Cost,Order Refund Amount,"
      "Quantity (- Refund)\n1,completed,2021-01-01 10:00,5,A,10.00,";
  collect({{"files", {write("n1.csv", header + "0,3\n")}}});
  const Json later = collect({{"files", {write("n2.csv", header + "10.00,2\n")}}});
  EXPECT_EQ(count_of(later["quarantined"], "id_conflict"), 1);
  EXPECT_EQ(sales(), "1 30.0 0.0 30.0 0");
}

TEST_F(ShopExports, AHeldLineComesBackAsTheLineItWas) {
  const Json report = shopify(
      "#2,a@b.c,paid,2021-01-02,USD,2021-01-02,2,Mug,oops,MUG,,4.00,unfulfilled\n"
      "#2,,,,,,1,Cup,4,CUP,,,\n");
  EXPECT_EQ(report["taken"], 1);
  ASSERT_EQ(report["quarantined"].size(), 1u);
  // The corrected export: its first line is new, its second is there already.
  const Json mended = shopify(
      "#2,a@b.c,paid,2021-01-02,USD,2021-01-02,2,Mug,9.50,MUG,,4.00,unfulfilled\n"
      "#2,,,,,,1,Cup,4,CUP,,,\n");
  EXPECT_EQ(mended["taken"], 1);
  EXPECT_EQ(mended["duplicates"], 1);
  EXPECT_THAT(sales(), testing::StartsWith("1 23.0 4.0 19.0 "));
  const Json replay = collect({{"quarantine", true}});
  EXPECT_EQ(replay["rows_read"], 1);
  EXPECT_EQ(replay["taken"], 0) << "still no price";
}

TEST_F(ShopExports, LinesReplayedFromQuarantineKeepTheirNumbers) {
  const auto both = [](const std::string& date) {
    return "#1,a@b.c,paid,,USD,2021-01-01,1,Mug,9.50,MUG,,0.00,\n"
           "#3,a@b.c,paid,,USD,2021-01-04,1,Mug,9.50,MUG,,0.00,\n"
           "#2,a@b.c,paid,,USD," +
           date + ",2,Mug,9.50,MUG,,4.00,\n#2,,,,,,1,Cup,4,CUP,,,\n";
  };
  const Json report = shopify(both("03/01/2021"));
  EXPECT_EQ(report["taken"], 2);
  EXPECT_EQ(report["quarantined"][0]["reason"], "bad_time");
  Json map = report["mapping"];
  map["time"]["format"] = "dmy";
  const Json replay = collect({{"quarantine", true}, {"map", map}});
  EXPECT_EQ(replay["taken"], 2);
  const std::string mended = sales();
  EXPECT_THAT(mended, testing::StartsWith("3 42.0 4.0 38.0 "));
  const Json again = shopify(both("2021-01-03"));
  EXPECT_EQ(again["duplicates"], 4) << again.dump();
  EXPECT_EQ(sales(), mended);
}

TEST_F(ShopExports, AChangedLineIsHeldAndNotAddedAgain) {
  shopify(kJanuary);
  const Json report =
      shopify("#1,a@b.c,paid,2021-01-01,USD,2021-01-01,3,Mug,9.50,MUG,,0.00,unfulfilled\n");
  EXPECT_EQ(report["taken"], 0);
  ASSERT_EQ(report["quarantined"].size(), 1u);
  EXPECT_EQ(report["quarantined"][0]["reason"], "id_conflict");
  EXPECT_EQ(sales(), "2 32.5 0.0 32.5 0");
}

}  // namespace
}  // namespace footfall::engine
