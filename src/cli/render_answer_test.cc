#include "footfall/cli/render_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/base/words.h"
#include "footfall/cli/pivot.h"
#include "footfall/cli/render_documents.h"
#include "footfall/cli/sample_document.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kAnswers = {"sales", "sales_by_week",   "funnel",   "retention",
                                           "rfm",   "bought_together", "top_items"};

// Columns of a line without its colour codes.
std::size_t columns_of(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b')
      i = line.find('m', i);
    else
      plain += line[i];
  }
  return base::display_width(plain);
}

void expect_fits(const std::string& text, std::size_t width, const std::string& name) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    EXPECT_LE(columns_of(text.substr(from, end - from)), width)
        << name << ": " << text.substr(from, end - from);
    from = end + 1;
  }
}

TEST(RenderAnswer, FitsEveryWidth) {
  for (const auto& name : kAnswers) {
    for (const std::size_t width : {60, 80, 100, 120}) {
      for (const bool color : {false, true}) {
        const auto text = render_answer(sample_document(name), Json::object(), {color, width});
        ASSERT_TRUE(text.ok());
        expect_fits(*text, width, name);
      }
    }
  }
}

TEST(RenderAnswer, CarriesWhatEveryAnswerMust) {
  for (const auto& name : kAnswers) {
    const Json document = sample_document(name);
    const auto text = render_answer(document, {{"question", "x"}, {"by", "week"}}, {});
    EXPECT_THAT(*text, HasSubstr("Rule      ")) << name;
    EXPECT_THAT(*text, HasSubstr("Snapshot  219 · content 3f2a9c01d4e8")) << name;
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

TEST(RenderAnswer, SaysWhenNothingMatches) {
  Json document = sample_document("funnel");
  document["rows"] = Json::array();
  document["interval"] = Json::array();
  EXPECT_THAT(*render_answer(document, {}, {}), HasSubstr("No rows"));
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

TEST(TextTable, CountsWideLetters) {
  TextTable table({{"item"}, {"n", "", true}});
  table.add_row({{"茶杯"}, {"1"}});
  table.add_row({{"cups"}, {"2"}});
  EXPECT_EQ(table.render({}), "  item  n\n  茶杯  1\n  cups  2\n");
}

TEST(Bar, ShowsEveryShare) {
  EXPECT_EQ(bar(0, 4), "    ");
  EXPECT_EQ(bar(1, 4), "████");
  EXPECT_EQ(bar(0.5, 4), "██  ");
  EXPECT_EQ(bar(0.001, 4), "▏   ") << "a little is not nothing";
  EXPECT_EQ(bar(7, 2), "██");
}

TEST(RenderDocuments, TellWhatBecameOfEveryRow) {
  const auto text = render_document("collect", sample_document("collected"), {}, {});
  ASSERT_TRUE(text.ok());
  expect_fits(*text, 80, "collected");
  for (const char* words : {"320,705", "316,423", "2,483", "price zero", "2010-12-01.csv.zst:623",
                            "guest", "InvoiceDate", "--undo 1"}) {
    EXPECT_THAT(*text, HasSubstr(words));
  }
}

TEST(RenderDocuments, FitAndSayTheMatter) {
  struct Case {
    const char* verb;
    const char* name;
    const char* words;
  };
  for (const Case& c :
       {Case{"status", "status", "318,222"}, Case{"learn", "learned", "├"},
        Case{"learn", "learned", "not published: not surely better"},
        Case{"decide", "decided", "because: bought GREEN REGENCY"},
        Case{"decide", "decided", "explain SHOP r-000000000000002a"},
        Case{"decide", "decided_new", "nothing is known of this person"},
        Case{"explain", "decided", "22698"}, Case{"verify", "verified", "as it was written"},
        Case{"verify", "verified_damage", "segments/00000001.seg"},
        Case{"backup", "backed_up", "3.8 MiB"}}) {
    for (const std::size_t width : {60, 80}) {
      const auto text = render_document(c.verb, sample_document(c.name), {}, {false, width});
      ASSERT_TRUE(text.ok());
      if (width == 80) expect_fits(*text, width, c.name);
      if (width == 80) {
        EXPECT_THAT(*text, HasSubstr(c.words)) << c.name;
      }
    }
  }
}

TEST(RenderDocuments, AskForALookOnlyWhereNeeded) {
  EXPECT_EQ(attention_of("collect", sample_document("collected")), "");
  EXPECT_NE(attention_of("collect", Json::parse(R"({"rejected":[{"reason":"x","count":2}]})")), "");
  EXPECT_EQ(attention_of("verify", sample_document("verified")), "");
  EXPECT_NE(attention_of("verify", sample_document("verified_damage")), "");
}

}  // namespace
}  // namespace footfall::cli
