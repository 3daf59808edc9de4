// Cancelled orders through the front door: taken in, left out of what is learnt and of reasons.
#include "footfall/engine/learn.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "footfall/engine/engine.h"
#include "footfall/engine/small_shop.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

TEST(Learn, ACancelledOrderIsNoPurchase) {
  std::string folder = fs::temp_directory_path() / "footfall-learn-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const EngineOptions options{folder + "/shop", "", 1, 1'800'000'000'000, nullptr};
  ASSERT_TRUE(Engine::init(options, {{"currency", "GBP"}}).ok());
  auto engine = Engine::open(options, Access::kWrite);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  const std::string file = folder + "/orders.csv";
  std::ofstream(file) << "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
                         "1001,85123,1,2021-01-01 10:00:00,2.5,17001\n"
                         "1001,85124,6,2021-01-01 10:00:00,1.5,17001\n"
                         "1002,85125,2,2021-01-02 10:00:00,3.5,17001\n"
                         "C1003,85124,-6,2021-01-03 10:00:00,1.5,17001\n"
                         "C1004,85125,-1,2021-01-03 11:00:00,3.5,17001\n";
  const auto report = (*engine)->collect({{"files", {file}}});
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_EQ((*report)["taken"], 5);

  const auto learned = (*engine)->learn(Json::object());
  ASSERT_TRUE(learned.ok()) << learned.error().message;
  EXPECT_EQ((*learned)["read"]["purchases"], 2) << "the third was cancelled in full";
  EXPECT_EQ((*learned)["left_out"], Json::parse(R"([{"reason":"cancelled","count":1}])"));
  EXPECT_THAT((*learned)["cards"][0]["protocol"].get<std::string>(),
              testing::HasSubstr("cancelled in full counts as not made"));

  const auto decided = (*engine)->decide({{"kind", "recommend"}, {"user", "17001"}});
  ASSERT_TRUE(decided.ok()) << decided.error().message;
  for (const Json& result : (*decided)["results"]) EXPECT_NE(result["item"], "85124");
  EXPECT_EQ((*decided)["results"].size(), 2u);
  engine->reset();
  fs::remove_all(folder);
}

// What learn says of a shop with these orders alone.
std::string refusal(const std::string& rows, const Json& consent) {
  const SmallShop shop;
  const auto engine = shop.open();
  std::ofstream(shop / "rows.csv")
      << "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
      << rows;
  Json collect = {{"files", {shop / "rows.csv"}}, {"as", "orders"}};
  if (!consent.is_null()) collect["consent"] = consent;
  const auto report = engine->collect(collect);
  EXPECT_TRUE(report.ok()) << report.error().message;
  const auto learned = engine->learn(Json::object());
  EXPECT_FALSE(learned.ok());
  return learned.ok() ? "" : learned.error().message + " " + learned.error().hint;
}

TEST(Learn, OfNothingSaysWhatWasLeftOut) {
  const std::string bought = "1001,85123,1,2021-01-01 10:00:00,2.5,17001\n";
  EXPECT_THAT(refusal(bought + "C1002,85123,-1,2021-01-03 10:00:00,2.5,17001\n", nullptr),
              testing::HasSubstr("all of the shop's were left out: cancelled 1 "));
  EXPECT_THAT(refusal(bought, "denied"),
              testing::HasSubstr("all of the shop's were left out: no_consent 1 "));
  EXPECT_THAT(refusal("1001,85123,1,2021-01-01 10:00:00,2.5,\n", nullptr),
              testing::HasSubstr("the shop has 0 events of persons"));
}

}  // namespace
}  // namespace footfall::engine
