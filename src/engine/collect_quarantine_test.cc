// What collect keeps apart: replayed, dropped, taken back.
#include <gmock/gmock.h>

#include "footfall/engine/collecting_shop.h"

namespace footfall::engine {
namespace {

class Quarantined : public CollectingShop {};

TEST_F(Quarantined, RowsComeBackWhenTheirMappingIsMended) {
  // Dates of two styles: the rarer one is held, and read when a mapping says how.
  const std::string file = write("e.csv",
                                 "event,time,user\nview,2021-01-01,u1\nview,2021-01-02,u1\n"
                                 "view,03/01/2021,u1\n");
  EXPECT_EQ(count_of(collect({{"files", {file}}})["quarantined"], "bad_time"), 1);
  Json replay = collect({{"quarantine", true}});
  EXPECT_EQ(replay["rows_read"], 1);
  EXPECT_EQ(replay["taken"], 0) << "no rule was changed";
  EXPECT_EQ(replay["batch"], nullptr);
  EXPECT_EQ(held(), 1);
  const Json map = {
      {"event", "event"}, {"time", {{"column", "time"}, {"format", "dmy"}}}, {"user", "user"}};
  replay = collect({{"quarantine", true}, {"map", map}});
  EXPECT_EQ(replay["taken"], 1);
  EXPECT_EQ(held(), 0);
  const std::string mended = content();
  collect({{"undo", 2}});
  EXPECT_EQ(held(), 1) << "taken back, the row is in quarantine again";
  collect({{"quarantine", true}, {"map", map}});
  EXPECT_EQ(content(), mended);
}

TEST_F(Quarantined, RowsAreDroppedUntilThatIsTakenBack) {
  const std::string file = write("e.csv",
                                 "event,time,user\nview,2021-01-01,u1\nview,2021-01-02,u1\n"
                                 "view,03/01/2021,u1\n");
  collect({{"files", {file}}});
  const std::string before = content();
  const Json tried = collect({{"quarantine", true}, {"drop", true}, {"dry_run", true}});
  EXPECT_EQ(tried["dropped"], 1);
  EXPECT_EQ(held(), 1) << "a dry run changes nothing";
  const Json dropped = collect({{"quarantine", true}, {"drop", true}});
  EXPECT_EQ(dropped["dropped"], 1);
  EXPECT_EQ(dropped["batch"], 2);
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(content(), before) << "what was taken stays";
  const Json none = collect({{"quarantine", true}, {"drop", true}});
  EXPECT_EQ(none["dropped"], 0);
  EXPECT_FALSE(none.contains("batch")) << "there is nothing to write";
  collect({{"undo", 2}});
  EXPECT_EQ(held(), 1);
  for (const Json& request :
       {Json{{"files", {file}}, {"drop", true}}, Json{{"undo", 1}, {"drop", true}},
        Json{{"quarantine", true}, {"drop", true}, {"as", "events"}}}) {
    EXPECT_EQ(refused(request).where.field, "drop");
  }
}

// Lines without numbers are parts of an order, and still meet orders of other content.
TEST_F(Quarantined, AnOrderThatTheShopHasInAnotherWayIsHeld) {
  const std::string list =
      R"({"event":"purchase","time":"2024-01-01","user":"u1","transaction_id":"1","items":)"
      R"([{"item_id":"A","price":2}]})";
  const std::string rows =
      "order,date,customer,sku,quantity,price\n1,2024-01-01,u1,B,1,5\n2,2024-01-02,u1,B,1,5\n";
  collect({{"files", {write("a.jsonl", list)}}});
  const Json report = collect({{"files", {write("b.csv", rows)}}});
  EXPECT_EQ(report["taken"], 1);
  EXPECT_EQ(count_of(report["quarantined"], "id_conflict"), 1);
  EXPECT_EQ(held(), 1);
  EXPECT_EQ(report["views"]["usual_cleaning"]["rows"], 1) << "usual cleaning is of what was taken";
  collect({{"undo", 1}});
  EXPECT_EQ(collect({{"quarantine", true}})["taken"], 1);
  EXPECT_EQ(held(), 0);
  collect({{"undo", 2}});
  collect({{"undo", 3}});
  const std::string empty = content();
  // In one call as well, where one order number has two buyers.
  const std::string two =
      "order,date,customer,sku,quantity,price\n1,2024-01-01,u1,B,1,5\n1,2024-01-02,u2,B,1,5\n";
  const Json shared = collect({{"files", {write("c.csv", two)}}});
  EXPECT_NE(content(), empty);
  EXPECT_EQ(static_cast<std::int64_t>(held()), count_of(shared["quarantined"], "id_conflict"))
      << "what is told as held is held";
}

TEST_F(Quarantined, AnIdWithOtherContentIsHeld) {
  collect({{"files", {write("a.csv", "event,time,user,event_id\nview,2021-01-01,u1,e1\n")}}});
  const std::string before = content();
  const Json report =
      collect({{"files",
                {write("b.csv",
                       "event,time,user,event_id,colour\nview,2021-01-02,u1,e1,red\n"
                       "view,2021-01-03,u1,e2,red\n")}}});
  EXPECT_EQ(report["taken"], 1);
  EXPECT_EQ(count_of(report["quarantined"], "id_conflict"), 1);
  EXPECT_EQ(report["quarantined"][0]["examples"][0]["row"], 2);
  EXPECT_EQ(held(), 1);
  EXPECT_NE(content(), before);
  const Json replay = collect({{"quarantine", true}});
  EXPECT_EQ(replay["rows_read"], 1);
  EXPECT_EQ(count_of(replay["quarantined"], "id_conflict"), 1) << "still other content";
  // With the first import gone the held row is the only one with its id.
  collect({{"undo", 1}});
  EXPECT_EQ(collect({{"quarantine", true}})["taken"], 1);
  EXPECT_EQ(held(), 0);
}

}  // namespace
}  // namespace footfall::engine
