#include "footfall/cli/render_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/cli/answer_open.h"
#include "footfall/cli/expect_fits.h"
#include "footfall/cli/pivot.h"
#include "footfall/cli/sample_document.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kAnswers = {"sales",     "sales_by_week", "funnel",
                                           "retention", "rfm",           "bought_together",
                                           "top_items", "sessions",      "sql"};

TEST(OpenWords, SayWhereAListIsEmptyYet) {
  EXPECT_EQ(open_words({{"incomplete_cells", 0}, {"mean_of_ended_periods", Json::array()}}),
            "incomplete cells 0 · mean of ended periods none yet");
}

TEST(RenderAnswer, FitsEveryWidth) {
  for (const auto& name : kAnswers) {
    for (const std::size_t width : {60, 80, 100, 120}) {
      for (const bool color : {false, true}) {
        for (const bool full : {false, true}) {
          const auto text =
              render_answer(sample_document(name), Json::object(), {color, width, full});
          ASSERT_TRUE(text.ok());
          expect_fits(*text, width, name);
          EXPECT_THAT(*text, Not(HasSubstr("{\""))) << name << ": no raw document";
        }
      }
    }
  }
}

TEST(RenderAnswer, CarriesWhatEveryAnswerMust) {
  for (const auto& name : kAnswers) {
    const Json document = sample_document(name);
    const auto text = render_answer(document, {{"question", "x"}, {"by", "week"}}, {});
    EXPECT_THAT(*text, HasSubstr("Rule      ")) << name;
    const std::string content = document["snapshot"]["content"].get<std::string>().substr(0, 8);
    EXPECT_THAT(*text, HasSubstr("Snapshot  1 · content " + content)) << name;
    EXPECT_THAT(*text, HasSubstr("by week")) << name;
    EXPECT_THAT(*text, Not(HasSubstr("\x1b"))) << name << ": no colour was asked for";
  }
}

TEST(RenderAnswer, TurnsRowsIntoTriangle) {
  const auto text = render_answer(sample_document("retention"), Json::object(), {});
  EXPECT_THAT(*text, HasSubstr("2010-12   885     100█  36.6█  32.3▓"));
  EXPECT_THAT(*text, HasSubstr("35.4*")) << "the last month of a cohort is not complete";
  EXPECT_THAT(*text, HasSubstr("* not yet complete"));
}

TEST(RenderAnswer, ShowsBinsAsATable) {
  const auto text = render_answer(sample_document("rfm"), Json::object(), {});
  EXPECT_THAT(*text, HasSubstr("  score          1    2    3    4    5\n"
                               "  recency      668  677  647  693  632\n"
                               "  frequency  1,376    0  651  642  648\n"
                               "  money        665  662  664  663  663\n"));
  EXPECT_THAT(*text, HasSubstr("            frequency\n")) << "the title over the grid's columns";
}

TEST(RenderAnswer, FoldsLongRulesUnlessAsked) {
  const Json document = sample_document("sales");
  const std::string rule = document["rule"]["text"].get<std::string>();
  const std::string end = rule.substr(rule.rfind(' ') + 1);
  const auto folded = render_answer(document, Json::object(), {});
  EXPECT_THAT(*folded, HasSubstr("… (--full shows all)"));
  EXPECT_THAT(*folded, Not(HasSubstr(end + "\n")));
  const auto full = render_answer(document, Json::object(), {false, 80, true});
  EXPECT_THAT(*full, Not(HasSubstr("--full")));
  EXPECT_THAT(*full, HasSubstr(end + "\n"));
}

TEST(RenderAnswer, SaysWhatIsCountedWithoutFull) {
  const auto rfm = render_answer(sample_document("rfm"), Json::object(), {});
  EXPECT_THAT(*rfm, HasSubstr("R = local days from the last order")) << "not its scope alone";
  EXPECT_THAT(*rfm, HasSubstr("read 3,360 persons, 13,840 events"));
  const auto pairs = render_answer(sample_document("bought_together"), Json::object(), {});
  EXPECT_THAT(*pairs, HasSubstr("baskets"));
  EXPECT_THAT(*pairs, Not(HasSubstr("units")));
}

TEST(RenderAnswer, ShowsAChanceThatUnderflowedAsSmall) {
  Json document = {{"question", "bought_together"},
                   {"columns", {{{"name", "p"}, {"type", "number"}}}},
                   {"rows", {{0.0}, {1e-30}}}};
  EXPECT_THAT(*render_answer(document, {}, {}), Not(HasSubstr("0.0000")));
  document["rows"] = {{0.0}};
  EXPECT_THAT(*render_answer(document, {}, {}), HasSubstr("<0.0001"));
  document["question"] = "sql";
  EXPECT_THAT(*render_answer(document, {}, {}), Not(HasSubstr("<"))) << "a column of the asker's";
}

TEST(RenderAnswer, RoundsNoCentAway) {
  const Json document = {{"question", "sql"},
                         {"columns", {{{"name", "a"}, {"type", "number"}}}},
                         {"rows", {{6872.65}, {1000000.01}, {-0.1}}}};
  const std::string text = *render_answer(document, {}, {});
  EXPECT_THAT(text, HasSubstr("6,872.65\n"));
  EXPECT_THAT(text, HasSubstr("1,000,000.01\n"));
  EXPECT_THAT(text, HasSubstr("-0.10\n"));
}

TEST(RenderAnswer, NamesTheColumnsThatItLeavesOut) {
  const Json document = sample_document("bought_together");
  EXPECT_THAT(*render_answer(document, {}, {}), HasSubstr("conviction back, p: --full shows all"));
  EXPECT_THAT(*render_answer(document, {}, {false, 80, true}), HasSubstr("<0.0001"));
}

TEST(RenderAnswer, LeavesNoColumnOutWhereItSavesNothing) {
  Json document = sample_document("bought_together");
  EXPECT_THAT(*render_answer(document, {}, {false, 160}), Not(HasSubstr("… also")));
  document["view"]["more"] = {"lift"};
  EXPECT_THAT(*render_answer(document, {}, {}), Not(HasSubstr("… also")))
      << "three parts with and without it";
}

TEST(RenderAnswer, LeavesNamesOfQueriesAsTheyAre) {
  const auto text = render_answer(sample_document("sql"), {{"query", "select 1"}}, {});
  EXPECT_THAT(*text, HasSubstr("count_star()"));
  EXPECT_THAT(*text, Not(HasSubstr("query"))) << "it is the rule";
}

TEST(RenderAnswer, SaysWhenNothingMatches) {
  Json document = sample_document("funnel");
  document["rows"] = Json::array();
  document["interval"] = Json::array();
  document["no_rows"] = "the query gave no rows";
  EXPECT_THAT(*render_answer(document, {}, {}), HasSubstr("No rows: the query gave no rows.\n"));
}

TEST(RenderAnswer, CountsRowsThatAreNotShown) {
  Json document = sample_document("sales");
  const Json row = document["rows"][0];
  for (int i = 0; i < 200; ++i) document["rows"].push_back(row);
  EXPECT_THAT(*render_answer(document, {}, {}), HasSubstr("… 101 more rows"));
}

TEST(RenderAnswer, PrintsNoControlCharactersOfTheData) {
  Json document = sample_document("top_items");
  document["rows"][0][1] = "\x1b[2Jgone\nnext";
  EXPECT_THAT(*render_answer(document, {}, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(*render_answer(document, {}, {}), HasSubstr("\\x1b"));
}

TEST(RenderAnswer, RefusesWhatIsNoAnswer) {
  EXPECT_FALSE(render_answer(Json{{"cards", 1}}, {}, {}).ok());
}

TEST(RenderCsv, FollowsTheStandard) {
  const Json document = Json::parse(R"({
      "columns": [{"name":"item","type":"text"},{"name":"net","type":"money"}],
      "rows": [["a,b",1.5],["say \"hi\"",null],["line\nbreak",3]]})");
  EXPECT_EQ(*render_csv(document),
            "item,net\r\n\"a,b\",1.5\r\n\"say \"\"hi\"\"\",\r\n\"line\nbreak\",3\r\n");
}

struct CellCase {
  const char* why;
  const char* type;
  const char* unit;
  Json value;
  const char* text;
};

TEST(Cells, ReadWell) {
  const std::vector<CellCase> cases = {
      {"thousands are grouped", "integer", "", 1234567, "1,234,567"},
      {"below zero", "integer", "", -1234, "-1,234"},
      {"money has the currency's decimals", "money", "GBP", 5761257.24, "5,761,257.24"},
      {"whole money too", "money", "GBP", 12, "12.00"},
      {"yen have none", "money", "JPY", 1200, "1,200"},
      {"no minus before zero", "money", "GBP", -0.001, "0.00"},
      {"shares are per cent", "share", "", 0.1234, "12.3 %"},
      {"small shares keep their digits", "share", "", 0.00042, "0.04 %"},
      {"a share that is not quite nothing", "share", "", 0.000006, "<0.01 %"},
      {"a number that is not quite nothing", "number", "", 0.0000012, "<0.0001"},
      {"no value", "share", "", nullptr, "–"},
      {"two units of time", "duration", "ms", 183600000, "2d 3h"},
      {"seconds", "duration", "ms", 12500, "12.5 s"},
      {"milliseconds", "duration", "ms", 350, "350 ms"},
      {"instants are local", "instant", "", "2011-08-31T16:45:00Z", "2011-08-31 17:45"},
      {"winter time", "instant", "", "2010-12-01T08:26:00Z", "2010-12-01 08:26"},
      {"flags", "flag", "", true, "yes"},
      {"a number in a text column is an id", "text", "", 22423, "22423"},
  };
  for (const CellCase& c : cases) {
    Json document = Json::parse(R"({"snapshot":{"zone":"Europe/London"},"columns":[{"name":"x"}],
                                    "rows":[[null]]})");
    document["columns"][0]["type"] = c.type;
    document["columns"][0]["unit"] = c.unit;
    document["rows"][0][0] = c.value;
    const auto answer = AnswerDocument::read(document);
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->text(0, 0), c.text) << c.why;
  }
}

TEST(Cells, OfOneColumnHaveTheSameDecimals) {
  const Json document =
      Json::parse(R"({"columns":[{"name":"lift","type":"number"}],"rows":[[18.934],[2],[6.5]]})");
  const auto answer = AnswerDocument::read(document);
  EXPECT_EQ(answer->text(0, 0), "18.93");
  EXPECT_EQ(answer->text(1, 0), "2.00");
  EXPECT_EQ(answer->text(2, 0), "6.50");
}

TEST(Cells, IntervalsStandBesideTheirColumn) {
  std::size_t checked = 0;
  for (const auto& name : kAnswers) {
    const Json document = sample_document(name);
    const auto answer = AnswerDocument::read(document);
    const auto column = answer->interval_column();
    for (std::size_t row = 0; column.has_value() && row < answer->row_count(); ++row) {
      const auto value = answer->number(row, *column);
      if (!value.has_value()) {
        EXPECT_EQ(answer->interval_text(row), "") << "no value, no interval";
        continue;
      }
      EXPECT_LE(answer->interval(row)->first, *value) << name << ", row " << row;
      EXPECT_GE(answer->interval(row)->second, *value) << name << ", row " << row;
      ++checked;
    }
  }
  EXPECT_GT(checked, 50u);
}

TEST(Pivot, LeavesPeriodZeroOutOfTheShading) {
  const Json document = sample_document("retention");
  const auto answer = AnswerDocument::read(document);
  const auto pivot = pivot_answer(*answer);
  ASSERT_TRUE(pivot.has_value());
  EXPECT_EQ(pivot->row_names.size(), 9u);
  EXPECT_EQ(pivot->column_names.back(), "8");
  EXPECT_LT(pivot->most, 0.5);
  EXPECT_EQ(pivot->heat(pivot->cells[0][0]), 1.0);
  EXPECT_FALSE(pivot->cells[8][1].present);
}

TEST(Pivot, OrdersNumericColumns) {
  const Json document = Json::parse(R"({
      "columns": [{"name":"a"},{"name":"b"},{"name":"v","type":"integer"}],
      "rows": [["x",10,1],["x",9,2],["y",0,3]],
      "view": {"kind":"triangle","row":"a","column":"b","value":"v"}})");
  const auto pivot = pivot_answer(*AnswerDocument::read(document));
  EXPECT_EQ(pivot->column_names, (std::vector<std::string>{"0", "9", "10"}));
  EXPECT_EQ(pivot->cells[0][1].value, 2.0);
}

TEST(TextTable, NarrowsFlexibleColumnsAndLosesNothing) {
  TextTable table({{"name", "", false, true}, {"n", "", true}});
  table.add_row({{"a rather long name that needs more than one line"}, {"1"}});
  const std::string text = table.render({false, 40});
  expect_fits(text, 40, "narrow");
  for (const char* word : {"rather", "needs", "than", "line"}) EXPECT_THAT(text, HasSubstr(word));
}

TEST(TextTable, GoesOnBelowWhenTooWide) {
  std::vector<TableHead> heads = {{"key"}};
  std::vector<TableCell> cells = {{"k1"}};
  for (int i = 0; i < 12; ++i) {
    heads.push_back({"column" + std::to_string(i), "", true});
    cells.push_back({"123456789"});
  }
  TextTable table(heads);
  table.add_row(cells);
  const std::string text = table.render({});
  expect_fits(text, 80, "wide");
  EXPECT_THAT(text, HasSubstr("column11"));
  EXPECT_GT(text.find("k1", text.find("k1") + 1), text.find("k1")) << "the key is repeated";
}

TEST(TextTable, NumbersRowsThatTheirFirstColumnDoesNotTellApart) {
  TextTable table({{"item"}, {"with", "", false, true}, {"count", "", true}});
  const std::string name = "a name that takes most of the line";
  table.add_row({{"22921"}, {name}, {std::string(40, '1')}});
  table.add_row({{"22921"}, {name}, {std::string(40, '2')}});
  const std::string text = table.render({false, 60});
  expect_fits(text, 60, "numbered");
  EXPECT_THAT(text, HasSubstr("  1  22921  " + name + "\n"));
  EXPECT_THAT(text, HasSubstr("  2  " + std::string(40, '2')));
}

TEST(TextTable, BreaksPathsBetweenFolders) {
  TextTable table({{"file", "", false, true}, {"count", "", true}});
  table.add_row({{"examples/online_retail/2010-12-01.csv.zst"}, {"7"}});
  EXPECT_EQ(table.render({false, 36}),
            "  file                         count\n  examples/online_retail/          7\n"
            "  2010-12-01.csv.zst\n");
}

TEST(TextTable, PutsASecondLineBelow) {
  TextTable table({{"model", "", false, true}, {"hr", "", true}});
  table.add_row({{"a"}, {"0.5", Tone::kPlain, {}, "0.4–0.6"}});
  table.add_row({{"b"}, {"0.7", Tone::kPlain, {}, "0.6–0.8"}});
  EXPECT_EQ(table.render({}),
            "  model       hr\n  a          0.5\n         0.4–0.6\n  b          0.7\n"
            "         0.6–0.8\n");
}

TEST(Wrap, BeginsNoLineWithASignOfTheOneBefore) {
  EXPECT_EQ(wrap("rate 12.5 %, then 3 %", 9, 0), "rate\n12.5 %,\nthen 3 %");
  EXPECT_EQ(wrap("one · two", 5, 0), "one ·\ntwo");
  EXPECT_EQ(wrap("a %ile b", 3, 0), "a\n%ile\nb");
}

TEST(Fold, CutsBehindASentenceOrElseAWord) {
  EXPECT_EQ(fold("short enough", 40, 0, 1), "short enough");
  const std::string hint = " … (--full shows all)";
  EXPECT_EQ(
      fold("The first sentence ends here. The second is left out of it, as it is long.", 60, 0, 1),
      "The first sentence ends here." + hint);
  EXPECT_EQ(
      fold("One. This has no other end of a sentence in the first sixty columns at all", 60, 0, 1),
      "One. This has no other end of a" + hint);
}

TEST(SideBySide, FillsTheWidth) {
  EXPECT_EQ(side_by_side({"aa", "b", "c"}, 14), "  aa   b    c\n");
  EXPECT_EQ(side_by_side({"aa", "b", "c"}, 11), "  aa   b\n  c\n");
  EXPECT_EQ(side_by_side({}, 80), "");
}

TEST(TextTable, CountsWideLetters) {
  TextTable table({{"item"}, {"n", "", true}});
  table.add_row({{"茶杯"}, {"1"}});
  table.add_row({{"cups"}, {"2"}});
  EXPECT_EQ(table.render({}), "  item  n\n  茶杯  1\n  cups  2\n");
}

TEST(RenderAnswer, CsvNamesTheUnitOfTimes) {
  EXPECT_THAT(
      *render_csv(sample_document("funnel")),
      HasSubstr("from_first,median_time_ms,lower_quartile_time_ms,upper_quartile_time_ms\r"));
}

TEST(CountedWords, AreOneOrMany) {
  EXPECT_EQ(counted_words(1, "persons"), "1 person");
  EXPECT_EQ(counted_words(0, "persons"), "0 persons");
  EXPECT_EQ(counted_words(1, "persons and guest orders"), "1 person or guest order");
  EXPECT_EQ(counted_words(1234, "more rows"), "1,234 more rows");
}

TEST(Bar, ShowsEveryShare) {
  EXPECT_EQ(bar(0, 4), "    ");
  EXPECT_EQ(bar(1, 4), "████");
  EXPECT_EQ(bar(0.5, 4), "██  ");
  EXPECT_EQ(bar(0.001, 4), "▏   ") << "a little is not nothing";
  EXPECT_EQ(bar(7, 2), "██");
}

TEST(RenderAnswer, WhatIsInTheFiguresIsNotCalledLeftOut) {
  const Json document = {{"question", "sales"},
                         {"columns", {{{"name", "orders"}, {"type", "integer"}, {"unit", ""}}}},
                         {"rows", {{7}}},
                         {"counted", {{{"reason", "guest"}, {"count", 3}}}},
                         {"left_out", {{{"reason", "other_currency"}, {"count", 2}}}}};
  const std::string text = *render_answer(document, {}, {false, 80, true});
  EXPECT_THAT(text, HasSubstr("Counted   guest 3\n"));
  EXPECT_THAT(text, HasSubstr("Left out  other currency 2\n"));
}

}  // namespace
}  // namespace footfall::cli
