// Bad files at the front door: each is answered with file, row, column and what was expected, and
// leaves the shop as it was.
#include <gmock/gmock.h>

#include "footfall/cli/front_door.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;

std::string orders(const std::string& rows) {
  return "order_id,time,user,item,quantity,price\n1,2021-01-13,u1,a,2,1.50\n"
         "2,2021-01-14,u1,b,1,2.50\n3,2021-01-15,u2,b,1,2.50\n" +
         rows;
}

std::string views(const std::string& rows) {
  return "event,time,user,item\nview,2021-01-13 10:00,u1,a\nview,2021-01-14 10:00,u1,b\n" + rows;
}

std::string many_views(std::size_t rows) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    text += "view,2021-01-15 10:00,user " + std::to_string(i) + ",\xC3\xA9\n";
  }
  return text;
}

class BadFiles : public FrontDoor {};

TEST_F(BadFiles, WithTooManyColumnsAreNamedOnceAndWithTheCause) {
  std::string header;
  std::string object;
  for (int i = 0; i < 5'000; ++i) {
    header += (i > 0 ? ",c" : "c") + std::to_string(i);
    object += (i > 0 ? ",\"c" : "\"c") + std::to_string(i) + "\":1";
  }
  const std::string csv = write("wide.csv", header + "\n");
  EXPECT_EQ(run({"collect", shop_, csv}).errors,
            "footfall: " + csv + ":1: expected at most 4096 columns, found 5000\n");
  const std::string json = write("wide.jsonl", "{" + object + "}\n");
  const std::string errors = run({"collect", shop_, json}).errors;
  EXPECT_THAT(errors, HasSubstr(json + ":1: no row could be read, the first because of "
                                       "too_many_columns: expected at most 4096 names"));
}

TEST_F(BadFiles, AreRefusedWholeAndLeaveNothing) {
  struct Case {
    const char* why;
    std::string bytes;
    std::int64_t row;  // 0 = of no row.
    const char* column;
    const char* message;
  };
  const Case cases[] = {
      {"empty", "", 0, "", "found an empty file"},
      {"blank lines alone", "\n\n\n", 0, "", "found an empty file"},
      {"binary", std::string("\x01\x02\x00\x03\xFF\xFE\x00\x00", 8), 0, "",
       "expected text, found a binary file"},
      {"a workbook", "PK\x03\x04rest", 0, "", "found a zip archive or workbook (.zip, .xlsx)"},
      {"gzip that was cut off", std::string("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03", 10), 0, "",
       "the gzip data ends too early"},
      {"Parquet in name only", "PAR1 and nothing else", 0, "", "expected a whole Parquet file"},
      {"no column for the time", "event,user,item\nview,u1,a\n", 0, "time",
       "expected a column for the time, such as timestamp, event_time, created_at or "
       "InvoiceDate; found: event, user, item"},
      {"no column for the event", "time,user,item\n2021-01-13,u1,a\n", 0, "event",
       "expected a column for the event"},
      {"a title above the header", "Export of January\n" + views(""), 0, "event",
       "found: Export of January"},
      {"a second, other header", "Event,When,Who,What\n" + views(""), 0, "time",
       "found: Event, When, Who, What"},
      {"times of another type", "event,time,user\nview,soon,u1\nview,later,u1\n", 2, "time",
       "column time: expected a time such as 2011-08-31 17:45:00: soon"},
      {"prices of another type",
       "order_id,time,user,item,quantity,price\n1,2021-01-13,u1,a,2,dear\n", 2, "price",
       "column price: expected a number such as 1234.50: dear"},
      {"quantities of another type",
       "order_id,time,user,item,quantity,price\n1,2021-01-13,u1,a,two,1.5\n", 2, "quantity",
       "column quantity: expected a number such as 1234.50: two"},
      {"thousands that might be decimals",
       "order_id;time;user;item;quantity;price\n1;2021-01-13;u1;a;2;950\n2;2021-01-13;u1;a;2;1."
       "250\n",
       2, "price",
       "column price: expected numbers whose decimals can be told from their thousands"},
      {"days that might be months", "event,time,user\nview,03/01/2021,u1\n", 2, "time",
       "column time: expected dates that can be told day first from month first: 03/01/2021"},
      {"as many days first as months first",
       "event,time,user\nview,13/01/2021,u1\nview,01/14/2021,u1\n", 2, "time",
       "column time: expected dates of one order, not some day first and some month first: "
       "13/01/2021"},
  };
  const std::string good = write("good.csv", views(""));
  const std::string before = standing_of(shop_);
  for (const Case& c : cases) {
    const std::string file = write("bad.csv", c.bytes);
    const Json error = document({"collect", shop_, good, file})["error"];
    EXPECT_EQ(error["code"], "invalid_argument") << c.why;
    EXPECT_EQ(error["where"].value("file", ""), file) << c.why;
    EXPECT_EQ(error["where"].value("row", 0), c.row) << c.why;
    EXPECT_EQ(error["where"].value("column", error["where"].value("field", "")), c.column) << c.why;
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr(c.message)) << c.why;
    const Outcome outcome = run({"collect", shop_, good, file});
    EXPECT_EQ(outcome.exit_code, 2) << c.why;
    EXPECT_EQ(outcome.output, "") << c.why;
    EXPECT_THAT(outcome.errors, HasSubstr(file)) << c.why;
    EXPECT_EQ(standing_of(shop_), before) << c.why;
  }
}

TEST_F(BadFiles, ABadRowIsNamedAndTheOthersAreTaken) {
  struct Case {
    const char* why;
    std::string bytes;
    const char* list;  // Rejected rows ask for a look, quarantined ones are kept.
    const char* reason;
    std::int64_t row;
    const char* column;
    const char* message;
  };
  const std::string long_id(10'240, 'u');
  const Case cases[] = {
      {"a cell too few", views("view,2021-01-15 10:00,u1\n"), "rejected", "ragged_row", 4, "",
       "expected 4 cells, found 3: view,2021-01-15 10:00,u1"},
      {"a cell too many", views("view,2021-01-15 10:00,u1,a,b\n"), "rejected", "ragged_row", 4, "",
       "expected 4 cells, found 5: view,2021-01-15 10:00,u1,a,b"},
      {"the header a second time", views("event,time,user,item\n"), "rejected", "repeated_header",
       4, "", "expected data, found the header a second time: event,time,user,item"},
      {"broken JSON",
       R"({"event":"view","time":"2021-01-13","user":"u1"})"
       "\n{\"event\":\n",
       "rejected", "bad_json", 2, "", "expected"},
      {"bytes that are no UTF-8, after much that is",
       views(many_views(20'000) + "view,2021-01-15 10:00,u2,\xE9\n"), "rejected", "invalid_utf8",
       20'004, "item",
       "expected UTF-8 as at the beginning of the file, in column item: view,2021-01-15 "
       "10:00,u2,\\xe9"},
      {"a date of another style", views("view,03/01/2021,u1,a\n"), "quarantined", "bad_time", 4,
       "time", "expected a time such as 2011-08-31 17:45:00: 03/01/2021"},
      {"an impossible date", views("view,2021-02-30,u1,a\n"), "quarantined", "bad_time", 4, "time",
       "2021-02-30"},
      {"an amount of another style", orders("4,2021-01-16,u2,b,1,\"1.234,50\"\n"), "quarantined",
       "bad_number", 5, "price", "expected a number such as 1234.50: 1.234,50"},
      {"an amount with an exponent", orders("4,2021-01-16,u2,b,1,1e308\n"), "quarantined",
       "bad_number", 5, "price", "expected a number such as 1234.50: 1e308"},
      {"no number", orders("4,2021-01-16,u2,b,1,NaN\n"), "quarantined", "bad_number", 5, "price",
       "expected a number such as 1234.50: NaN"},
      {"infinity", orders("4,2021-01-16,u2,b,1,-inf\n"), "quarantined", "bad_number", 5, "price",
       "expected a number such as 1234.50: -inf"},
      {"an amount beyond 64 bits", orders("4,2021-01-16,u2,b,1,99999999999999999999\n"),
       "quarantined", "bad_number", 5, "price", "99999999999999999999"},
      {"half a piece", orders("4,2021-01-16,u2,b,1.5,2\n"), "quarantined", "bad_number", 5,
       "quantity", "expected a whole number such as 12: 1.5"},
      {"a user id of 10 kB", views("view,2021-01-15 10:00," + long_id + ",a\n"), "quarantined",
       "id_too_long", 4, "user", "expected at most 512 bytes, found 10240: uuuu"},
      {"nobody", views("view,2021-01-15 10:00,,a\n"), "quarantined", "no_id", 4, "user",
       "expected a user, device, session or order id: (empty)"},
  };
  for (const Case& c : cases) {
    const std::string shop = folder_ + "/one";
    std::filesystem::remove_all(shop);
    ASSERT_EQ(run({"init", shop}).exit_code, 0);
    const std::string file = write("row.csv", c.bytes);
    const Json report = document({"collect", shop, file, "--dry-run"});
    ASSERT_TRUE(report.contains(c.list)) << c.why << ": " << report.dump();
    ASSERT_EQ(report[c.list].size(), 1u) << c.why << ": " << report.dump();
    EXPECT_EQ(report["taken"].get<int>(), report["rows_read"].get<int>() - 1) << c.why;
    const Json& reason = report[c.list][0];
    EXPECT_EQ(reason["reason"], c.reason) << c.why;
    EXPECT_EQ(reason["count"], 1) << c.why;
    const Json& example = reason["examples"][0];
    EXPECT_EQ(example["file"], file) << c.why;
    EXPECT_EQ(example["row"], c.row) << c.why;
    EXPECT_EQ(example.value("column", ""), c.column) << c.why;
    EXPECT_THAT(example["message"].get<std::string>(), HasSubstr(c.message)) << c.why;

    const Outcome outcome = run({"collect", shop, file});
    EXPECT_EQ(outcome.exit_code, c.list == std::string("rejected") ? 1 : 0) << c.why;
    const std::string place = ":" + std::to_string(c.row) + " " + c.column;
    EXPECT_THAT(outcome.output, HasSubstr(*c.column == '\0' ? place : place + ": ")) << c.why;
    EXPECT_THAT(standing_of(shop), ::testing::StartsWith("1 ")) << c.why;
  }
}

TEST_F(BadFiles, AFileOfAnotherEncodingIsReadAndTheReportSaysSo) {
  const std::string file = write("latin.csv", views("view,2021-01-15 10:00,u1,caf\xE9\n"));
  const Json report = document({"collect", shop_, file});
  EXPECT_EQ(report["taken"], 3);
  EXPECT_EQ(report["mapping"]["format"], "csv , latin-1");
  const Json items = document({"sql", shop_, "select item from events order by time desc"});
  EXPECT_EQ(items["rows"][0][0], "caf\xC3\xA9");
}

TEST_F(BadFiles, AFileOfWhichNothingCanBeTakenAsksForALook) {
  const std::string file = write("nobody.csv", "event,time,item\nview,2021-01-13,a\n");
  const Outcome outcome = run({"collect", shop_, file});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("no row was taken: all 1 are quarantined"));
  EXPECT_EQ(run({"collect", shop_, write("none.csv", "event,time,user\n")}).exit_code, 0)
      << "a file without rows is no fault";
}

TEST_F(BadFiles, SkippedNamesOfAFolderAreCountedAndShown) {
  std::filesystem::create_directories(folder_ + "/in");
  write("in/a.csv", views(""));
  for (int i = 0; i < 12; ++i) write("in/notes" + std::to_string(10 + i) + ".md", "x");
  const Outcome outcome = run({"collect", shop_, folder_ + "/in"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("12 names in folders are no data files"));
  EXPECT_THAT(outcome.output, HasSubstr("notes19.md"));
  EXPECT_THAT(outcome.output, HasSubstr("and 2 more"));
  EXPECT_THAT(outcome.output, ::testing::Not(HasSubstr("notes20.md")));
}

TEST_F(BadFiles, WhatIsNotThereOrMayNotBeReadIsNamed) {
  const std::string good = write("good.csv", views(""));
  std::filesystem::create_directories(folder_ + "/shut");
  const std::string inside = write("shut/inside.csv", views(""));
  const std::string unreadable = write("unreadable.csv", views(""));
  const std::string before = standing_of(shop_);
  std::filesystem::permissions(folder_ + "/shut", std::filesystem::perms::none);
  std::filesystem::permissions(unreadable, std::filesystem::perms::none);
  // The folder of the test is its owner's alone otherwise.
  for (const std::string& path : {folder_, shop_, shop_ + "/key"}) {
    std::filesystem::permissions(path, std::filesystem::perms::all);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shop_)) {
    std::filesystem::permissions(entry.path(), std::filesystem::perms::all);
  }
  const std::string loop = folder_ + "/loop.csv";
  std::filesystem::create_symlink(loop, loop);
  struct Case {
    const char* why;
    std::string path;
    const char* code;
  };
  for (const Case& c : {Case{"no such file", folder_ + "/none.csv", "not_found"},
                        Case{"no such folder", folder_ + "/none/a.csv", "not_found"},
                        Case{"a pattern without a file", folder_ + "/*.parquet", "not_found"},
                        Case{"a link to itself", loop, "invalid_argument"},
                        Case{"a folder that is shut", folder_ + "/shut", "permission_denied"},
                        Case{"a file in it", inside, "permission_denied"},
                        Case{"a file that is shut", unreadable, "permission_denied"}}) {
    Outcome outcome;
    Json error;
    {
      const AsNobody nobody;
      outcome = run({"collect", shop_, good, c.path});
      error = document({"collect", shop_, good, c.path})["error"];
    }
    EXPECT_EQ(outcome.exit_code, 2) << c.why;
    EXPECT_THAT(outcome.errors, HasSubstr(c.path)) << c.why;
    EXPECT_EQ(error["code"], c.code) << c.why;
    EXPECT_EQ(error["where"].value("file", ""), c.path) << c.why;
    EXPECT_EQ(standing_of(shop_), before) << c.why;
  }
  std::filesystem::permissions(folder_ + "/shut", std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace footfall::cli
