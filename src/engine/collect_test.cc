#include "footfall/engine/collect.h"

#include <gmock/gmock.h>

#include "footfall/engine/collecting_shop.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;

class Collect : public CollectingShop {};

const std::string kEvents =
    "event,time,user,item,price\n"
    "view,2021-01-01 10:00,u1,a,1.5\n"
    "cart,2021-01-01 10:01,u1,a,1.5\n"
    "view,soon,u2,a,1.5\n"
    "view,2021-01-01 10:02,u2,a\n"
    "view,2021-01-01 10:03,u2,b,-2\n";

TEST_F(Collect, RowsOfMoreNamesThanAShopMayHaveAreHeld) {
  const auto named = [](int from, int to) {
    std::string text = "event,time,user\n";
    for (int i = from; i < to; ++i) {
      text += "own_" + std::to_string(i) + ",2024-01-02 10:00,u\n";
    }
    return text;
  };
  EXPECT_EQ(collect({{"files", {write("a.csv", named(0, 150))}}})["taken"], 150);
  const Json later = collect({{"files", {write("b.csv", named(140, 200))}}});
  EXPECT_EQ(later["taken"], 41) << "up to 191 names";
  EXPECT_EQ(later["duplicates"], 10);
  EXPECT_EQ(count_of(later["quarantined"], "too_many_events"), 9);
}

TEST_F(Collect, ReportsEveryRow) {
  const std::string file = write("e.csv", kEvents);
  const Json report = collect({{"files", {file}}});
  EXPECT_EQ(report["batch"], 1);
  EXPECT_EQ(report["files"], Json::array({file}));
  EXPECT_EQ(report["rows_read"], 5);
  EXPECT_EQ(report["taken"], 2);
  EXPECT_EQ(report["duplicates"], 0);
  EXPECT_EQ(count_of(report["quarantined"], "bad_time"), 1);
  EXPECT_EQ(count_of(report["quarantined"], "negative_price"), 1);
  EXPECT_EQ(count_of(report["rejected"], "ragged_row"), 1);
  const Json example = report["quarantined"][0]["examples"][0];
  EXPECT_EQ(example["file"], file);
  EXPECT_EQ(example["row"], 4);
  EXPECT_EQ(example["column"], "time");
  EXPECT_EQ(example["message"], "expected a time such as 2011-08-31 17:45:00: soon");
  EXPECT_EQ(report["mapping"]["user"]["column"], "user");
  EXPECT_GT(report["mapping"]["user"]["confidence"], 0.9);
  EXPECT_EQ(report["mapping"]["time"]["zone"], "Europe/London");
}

TEST_F(Collect, TheSameFileTwiceChangesNothing) {
  const std::string file = write("e.csv", kEvents);
  collect({{"files", {file}}});
  const std::string before = content();
  const Json again = collect({{"files", {file}}});
  EXPECT_EQ(again["taken"], 0);
  EXPECT_EQ(again["duplicates"], 2);
  EXPECT_TRUE(again["notes"].empty()) << "other rows are held";
  EXPECT_EQ(count_of(again["quarantined"], "bad_time"), 1);
  EXPECT_EQ(content(), before);
  EXPECT_EQ(held(), 2) << "quarantined rows are kept once";
  const std::string good = write("g.csv", "event,time,user\nview,2021-01-01,u1\n");
  EXPECT_TRUE(collect({{"files", {good}}})["notes"].empty());
  EXPECT_EQ(collect({{"files", {good}}})["notes"][0],
            "the row is already in the shop: nothing was added");
}

TEST_F(Collect, ADryRunChangesNothing) {
  const std::string file = write("e.csv", kEvents);
  const std::string before = content();
  const Json report = collect({{"files", {file}}, {"dry_run", true}});
  EXPECT_EQ(report["taken"], 2);
  EXPECT_EQ(report["batch"], nullptr);
  EXPECT_EQ(report["dry_run"], true);
  EXPECT_EQ(content(), before);
  EXPECT_EQ(held(), 0);
  collect({{"files", {file}}});
  EXPECT_EQ(collect({{"files", {file}}, {"dry_run", true}})["duplicates"], 2);
}

TEST_F(Collect, NoFileHoldsTheFuture) {
  const std::string file = write("e.csv", kEvents);
  const base::Error error = refused({{"files", {file}}, {"complete_to", "2099-01-01"}});
  EXPECT_EQ(error.where.field, "complete_to");
  EXPECT_EQ(error.code, base::ErrorCode::kInvalidArgument);
  collect({{"files", {file}}, {"complete_to", "2022-01-01"}});
}

TEST_F(Collect, AnImportIsTakenBack) {
  const std::string before = content();
  collect({{"files", {write("e.csv", kEvents)}}});
  const Json undone = collect({{"undo", 1}});
  EXPECT_EQ(undone["undone"], 1);
  EXPECT_EQ(undone["records"], 2);
  EXPECT_EQ(undone["events_removed"], 2);
  EXPECT_FALSE(undone.contains("notes"));
  EXPECT_EQ(content(), before);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(refused({{"undo", 7}}).code, base::ErrorCode::kNotFound);
}

TEST_F(Collect, AnImportWhoseRowsAnotherBroughtLeavesThemAndSaysSo) {
  collect({{"files", {write("e.csv", kEvents)}}});
  const std::string more = std::string(kEvents) + "view,2021-01-09,u9,a,1\n";
  collect({{"files", {write("more.csv", more)}}});
  const std::string before = content();
  const Json first = collect({{"undo", 1}});
  EXPECT_EQ(first["events_removed"], 0);
  EXPECT_EQ(first["notes"].dump(),
            R"(["nothing left the shop: other imports brought the same rows"])");
  EXPECT_EQ(content(), before);
  EXPECT_EQ(collect({{"undo", 2}})["events_removed"], 3) << "no other import has them now";
}

TEST_F(Collect, OneBadFileRefusesTheWholeCall) {
  const std::string good = write("a.csv", kEvents);
  const std::string before = content();
  const std::pair<const char*, std::string> bad[] = {
      {"empty", ""},
      {"binary", std::string("\0\1\2\3\0\0\0\0", 8)},
      {"no time", "event,user\nview,u1\n"},
      {"another type", "event,time,user\nview,abc,u1\n"},
  };
  for (const auto& [why, text] : bad) {
    const std::string file = write("b.csv", text);
    const base::Error error = refused({{"files", {good, file}}});
    EXPECT_EQ(error.where.file, file) << why;
    EXPECT_EQ(error.code, base::ErrorCode::kInvalidArgument) << why;
  }
  EXPECT_EQ(refused({{"files", {good, folder_ + "/none.csv"}}}).code, base::ErrorCode::kNotFound);
  EXPECT_EQ(content(), before);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(collect({{"files", {good}}})["batch"], 1) << "no import was begun";
}

TEST_F(Collect, AFolderGivesItsDataFilesAndNamesTheOthers) {
  const std::string readme = write("in/README.md", "# What the files are\n\nSome, words.\n");
  const std::string good = write("in/day/a.csv", kEvents);
  const Json report = collect({{"files", {folder_ + "/in"}}});
  EXPECT_EQ(report["files"], Json::array({good}));
  EXPECT_EQ(report["skipped"], Json::array({readme}));
  EXPECT_EQ(report["rows_read"], 5);
  EXPECT_EQ(collect({{"files", {good}}})["skipped"], Json::array());
  EXPECT_EQ(refused({{"files", {folder_ + "/in", readme}}}).where.file, readme)
      << "a file named by itself is tried";
}

TEST_F(Collect, RequestsAreRead) {
  const std::string file = write("e.csv", kEvents);
  const std::pair<Json, const char*> cases[] = {
      {{{"files", {file}}, {"as", "thing"}}, ": thing"},
      {{{"files", {file}}, {"consent", "maybe"}}, ": maybe"},
      {{{"files", {file}}, {"consent", "granted:analytics"}}, ": analytics"},
      {{{"files", {file}}, {"complete_to", "then"}}, ": then"},
      {{{"files", {file}}, {"known_at", "seen"}}, "found: event, time, user, item, price"},
      {{{"files", {file}}, {"undo", 1}}, ": more than one was given"},
      {Json::object(), ": none was given"},
      {{{"files", {file}}, {"map", {{"usr", "u"}}}}, ": usr"},
  };
  for (const auto& [request, end] : cases) {
    EXPECT_THAT(refused(request).message, EndsWith(end)) << request.dump();
  }
  collect({{"files", {file}},
           {"consent", "granted:analytics_storage,security_storage"},
           {"complete_to", "2021-02-01"}});
  EXPECT_EQ((*engine_->ask({{"question", "transitions"}}))["snapshot"]["complete_to"],
            "2021-02-01T00:00:00Z");
}

// Files of equal columns share a mapping, but not the style of their dates: only a file that does
// not tell it follows the first.
TEST_F(Collect, EachFileTellsTheStyleOfItsOwnDates) {
  const Json report =
      collect({{"files",
                {write("a.csv", "event,date,user\nview,25/03/2025,u1\n"),
                 write("b.csv", "event,date,user\nview,03/25/2025,u2\nview,03/04/2025,u2\n"),
                 write("c.csv", "event,date,user\nview,05/06/2025,u3\n"),
                 write("d.csv", "event,date,user\nview,2025-07-01,u4\n")}}});
  EXPECT_EQ(report["taken"], 5) << report.dump();
  ASSERT_EQ(report["mapping"].size(), 3u);
  const auto answer =
      engine_->sql({{"query", "select strftime(local_time, '%m-%d') from events order by 1"}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ((*answer)["rows"].dump(),
            "[[\"03-04\"],[\"03-25\"],[\"03-25\"],[\"06-05\"],[\"07-01\"]]");
}

TEST_F(Collect, OrdersWithoutAPriceAreMarkedAndCountedBySales) {
  const Json report = collect({{"files",
                                {write("a.csv",
                                       "event,time,user,order_id,item,quantity,price\n"
                                       "purchase,2021-01-01,u1,1,a,2,\n"
                                       "purchase,2021-01-01,u1,1,b,2,\n"
                                       "purchase,2021-01-02,u1,2,a,2,1.50\n"
                                       "purchase,2021-01-02,u1,2,b,2,\n"
                                       "purchase,2021-01-03,u2,3,a,2,0\n")}}});
  EXPECT_EQ(report["marked"].dump(),
            R"([{"reason":"free_line","count":1},{"reason":"no_amount","count":3}])");
  const Json answer = *engine_->ask({{"question", "sales"}});
  EXPECT_EQ(answer["counted"].dump(), R"([{"reason":"no_amount","count":1}])");
  EXPECT_EQ(answer["rows"][0][0], 3.0) << "gross";
  EXPECT_EQ(answer["rows"][0][3], 3) << "orders";
}

// The mapping that a hint ends with.
Json offered(const base::Error& error) {
  const std::size_t from = std::min(error.hint.find('{'), error.hint.size());
  const Json map = Json::parse(error.hint.substr(from), nullptr, false);
  EXPECT_TRUE(map.is_object()) << error.hint;
  return map;
}

TEST_F(Collect, AHintOffersAMappingThatIsTaken) {
  const std::string file = write("finnish.csv",
                                 "Lasku,Hetki,Asiakas,Tuote \"uusi\",Kpl,Hinta\n"
                                 "1,03/01/2021,k1,a,2,1.50\n");
  const base::Error error = refused({{"files", {file}}, {"as", "orders"}});
  EXPECT_THAT(error.message, testing::HasSubstr("the order, such as"));
  EXPECT_THAT(error.message, testing::HasSubstr("the price, such as")) << "all in one message";
  Json map = offered(error);
  map["order"] = "Lasku";
  map["time"] = "Hetki";
  map["item"] = "Tuote \"uusi\"";
  map["price"] = "Hinta";
  map["user"] = "Asiakas";
  map["quantity"] = "Kpl";
  map = offered(refused({{"files", {file}}, {"map", map}}));
  EXPECT_EQ(map["time"], Json::parse(R"({"column":"Hetki","format":"dmy"})"));
  const Json report = collect({{"files", {file}}, {"map", map}, {"dry_run", true}});
  EXPECT_EQ(report["taken"], 1);
  EXPECT_EQ(report["mapping"]["kind"], "orders");
  EXPECT_EQ(report["mapping"]["item"], "Tuote \"uusi\"");
}

TEST_F(Collect, AMappingSaysWhatTheMarkOfANumberIs) {
  const std::string file = write("prices.csv",
                                 "order_id;time;user;item;quantity;price\n1;2021-01-03;k;a;2;950\n"
                                 "2;2021-01-03;k;b;1;1.250\n3;2021-01-04;k;c;1;12.400\n");
  Json map = offered(refused({{"files", {file}}}));
  EXPECT_EQ(map["decimal"], ",");
  const auto gross = [&] { return (*engine_->ask({{"question", "sales"}}))["rows"][0][0]; };
  collect({{"files", {file}}, {"map", map}});
  EXPECT_EQ(gross(), 2 * 950 + 1250 + 12400);
  collect({{"undo", 1}});
  map["decimal"] = ".";
  collect({{"files", {file}}, {"map", map}});
  EXPECT_EQ(gross(), 2 * 950 + 1.25 + 12.4);
  collect({{"undo", 2}});
  const std::string halves =
      write("halves.csv",
            "order_id;time;user;item;quantity;price\n1;2021-01-03;k;a;2;0.500\n"
            "2;2021-01-03;k;b;1;1.250\n");
  collect({{"files", {halves}}});
  EXPECT_EQ(gross(), 2.25) << "nobody writes thousands of nothing";
}

TEST_F(Collect, AMappingWithoutAKindTakesTheRecognisedOne) {
  const std::string file = write("o.csv",
                                 "order_id,created_at,Asiakas,sku,quantity,price\n"
                                 "1,2021-01-03,k1,a,2,1.50\n");
  const base::Error error = refused({{"files", {file}}, {"map", {{"user", "Asiakas"}}}});
  Json map = offered(error);
  EXPECT_EQ(map["kind"], "orders");
  EXPECT_EQ(map["user"], "Asiakas");
  EXPECT_EQ(offered(refused(
                {{"files", {file}}, {"map", {{"user", "Asiakas"}}}, {"as", "stock"}}))["kind"],
            "stock");
}

TEST_F(Collect, ColumnsThatWereNotUnderstoodAreNamed) {
  const std::string file = write("o.csv",
                                 "order_id,created_at,Asiakas,sku,quantity,price,Kunta\n"
                                 "1,2021-01-03,k1,a,2,1.50,Ulm\n");
  const std::string notes = collect({{"files", {file}}, {"dry_run", true}})["notes"].dump();
  EXPECT_THAT(notes, testing::HasSubstr("kept as properties: Asiakas, Kunta\""));
  EXPECT_THAT(notes, testing::HasSubstr("all orders are guests'"));
  const Json map = {{"order", "order_id"}, {"time", "created_at"}, {"user", "Asiakas"},
                    {"item", "sku"},       {"price", "price"},     {"quantity", "quantity"},
                    {"ignore", {"Kunta"}}};
  EXPECT_EQ(collect({{"files", {file}}, {"dry_run", true}, {"map", map}})["notes"], Json::array());
}

TEST_F(Collect, ARangeAfterTheHistoryIsTold) {
  collect({{"files", {write("e.csv", kEvents)}}});
  Json request = {{"question", "transitions"}, {"from", "2021-01-01"}};
  EXPECT_EQ((*engine_->ask(request))["warnings"], Json::array());
  request["from"] = "2030-01-01";
  EXPECT_THAT((*engine_->ask(request))["warnings"].dump(),
              testing::HasSubstr("begins after the end of the history (2021-01-01T10:"));
}

TEST_F(Collect, FilesOfOneCallMayDiffer) {
  const Json report =
      collect({{"files",
                {write("a.csv", "event,time,user,item\nview,2021-01-01,u1,a\n"),
                 write("b.jsonl",
                       "{\"event_name\":\"view_item\",\"event_timestamp\":1609459200000000,"
                       "\"user_pseudo_id\":\"p\",\"event_params\":[{\"key\":\"page\","
                       "\"value\":{\"string_value\":\"/x\"}}],\"items\":[{\"item_id\":\"a\","
                       "\"price\":2.5}]}\n"),
                 write("c.csv", "item_id,name\na,Mug\n")}}});
  EXPECT_EQ(report["rows_read"], 3);
  EXPECT_EQ(report["taken"], 3);
  ASSERT_TRUE(report["mapping"].is_array());
  EXPECT_EQ(report["mapping"][1]["preset"], "ga4 export");
  EXPECT_EQ(report["mapping"][2]["kind"], "items");
  EXPECT_EQ(report["filled"][0]["field"], "item_name") << "the views get the profile's name";
}

}  // namespace
}  // namespace footfall::engine
