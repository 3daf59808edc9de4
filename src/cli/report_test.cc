#include "footfall/cli/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "footfall/cli/html_charts.h"
#include "footfall/cli/html_text.h"
#include "footfall/cli/sample_document.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

base::Result<Json> sample_runner(const std::string& verb, const Json& request) {
  if (verb == "ask") {
    const std::string question = request["question"].get<std::string>();
    return sample_document(request.contains("by") ? "sales_by_week" : question);
  }
  if (verb == "status") return sample_document("status");
  if (verb == "learn") return sample_document("learned");
  if (verb == "explain") return sample_document("collected");
  return sample_document(request["user"] == "new" ? "decided_new" : "decided");
}

std::string sample_page() {
  ReportHead head;
  const auto sections =
      ask_report(sample_runner,
                 {{"users", "17850, 13047,new"}, {"collected", "cases/documents/collected.json"}},
                 head, base::silent_progress());
  EXPECT_TRUE(sections.ok());
  EXPECT_EQ(sections->size(), 11u);
  return report_html(head, *sections);
}

// Every element that is opened is closed, in order: the page is well formed.
void expect_balanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = html.substr(at + 1, end - at - 1);
    if (tag[0] == '!' || tag.ends_with("/") || tag.starts_with("meta")) continue;
    const std::string name =
        tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" >") - (tag[0] == '/' ? 1 : 0));
    if (tag[0] != '/') {
      open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag;
    ASSERT_EQ(open.back(), name) << html.substr(at > 80 ? at - 80 : 0, 120);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(Report, IsOneSelfContainedPage) {
  const std::string page = sample_page();
  expect_balanced(page);
  for (const char* outside : {"http:", "https:", "<script", "url(", "@import", "src="}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  for (const char* words :
       {"Shop report: demo", "5,761,257", "Do customers come back?", "Champions",
        "because: bought it on 2010-12-02", "For customer 17850", "nothing is known to go by",
        "Difference to popularity (28 days)", "+0.2395", "On items new to the person", "320,705",
        "UnitPrice: expected a price of 0 or more: -11062.06", "Bins: persons by score",
        "prefers-color-scheme:dark", "@media print"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
  const Json snapshot = sample_document("sales")["snapshot"];
  EXPECT_THAT(page, HasSubstr("content " + snapshot["content"].get<std::string>().substr(0, 8)));
  const std::size_t protocol = page.find("<b>Protocol</b>");
  ASSERT_NE(protocol, std::string::npos);
  EXPECT_EQ(page.find("<b>Protocol</b>", protocol + 1), std::string::npos) << "once for all cards";
  EXPECT_THAT(page, Not(HasSubstr("{&quot;"))) << "no raw document";
}

TEST(Report, EscapesEverythingOfTheData) {
  const std::string evil = "<script>alert('x')</script>&\"";
  const auto runner = [&](const std::string& verb, const Json& request) -> base::Result<Json> {
    base::Result<Json> document = sample_runner(verb, request);
    std::string text = document->dump();
    for (const char* word :
         {"PARTY BUNTING", "JUMBO BAG RED RETROSPOT", "Champions", "2011-05", "transitions",
          "negative_price", "expected a price of 0", "InvoiceDate", "uci online retail",
          "frequency", "demo", "REGENCY CAKESTAND 3 TIER"}) {
      for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
        const std::string quoted = Json(evil).dump();
        text.replace(at, std::string(word).size(), quoted.substr(1, quoted.size() - 2));
        at += quoted.size();
      }
    }
    return Json::parse(text);
  };
  ReportHead head;
  const auto sections = ask_report(runner, {{"users", evil}}, head, base::silent_progress());
  const std::string page = report_html(head, *sections);
  expect_balanced(page);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
}

TEST(Report, DrawsOneUnitOnOneAxis) {
  Json sales = sample_document("sales_by_week");
  sales["view"]["y"] = {"net", "gross"};
  EXPECT_THAT(html_answer(*AnswerDocument::read(sales)), HasSubstr("polyline"));
  sales["view"]["y"] = {"net", "orders"};
  EXPECT_THAT(html_answer(*AnswerDocument::read(sales)), Not(HasSubstr("polyline")));
}

TEST(Report, SaysWhichQuestionFailed) {
  const auto runner = [](const std::string& verb, const Json& request) -> base::Result<Json> {
    if (verb == "ask" && request["question"] == "rfm") return base::invalid("no orders: 0");
    return sample_runner(verb, request);
  };
  const std::string path = ::testing::TempDir() + "footfall_report.html";
  const auto document = write_report(runner, {{"output", path}}, base::silent_progress());
  ASSERT_TRUE(document.ok());
  EXPECT_EQ((*document)["failed"], 1);
  EXPECT_TRUE(document->contains("attention"));
  std::ifstream file(path);
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_THAT(page.str(), HasSubstr("This could not be answered: no orders: 0"));
  std::remove(path.c_str());
}

TEST(Report, SaysThatAModelWasPublishedOnlyWhereOneWas) {
  const std::string path = ::testing::TempDir() + "footfall_report.html";
  for (const bool learns : {true, false}) {
    const auto runner = [&](const std::string& verb, const Json& request) -> base::Result<Json> {
      if (verb == "learn" && !learns) return base::invalid("no purchases: 0");
      return sample_runner(verb, request);
    };
    const auto document = write_report(runner, {{"output", path}}, base::silent_progress());
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->contains("learned"), learns);
  }
  std::remove(path.c_str());
}

TEST(Report, ReplacesAPageButNothingElse) {
  const std::string path = ::testing::TempDir() + "footfall_orders.csv";
  std::ofstream(path) << "order,item\n";
  const auto refused = write_report(sample_runner, {{"output", path}}, base::silent_progress());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kAlreadyExists);
  std::ifstream file(path);
  std::stringstream kept;
  kept << file.rdbuf();
  EXPECT_EQ(kept.str(), "order,item\n");
  std::remove(path.c_str());
  for (int times = 0; times < 2; ++times) {
    EXPECT_TRUE(write_report(sample_runner, {{"output", path}}, base::silent_progress()).ok());
  }
  std::remove(path.c_str());
}

TEST(Report, RefusesAFlagGivenTwice) {
  for (const char* key : {"output", "learned", "collected"}) {
    const auto document =
        write_report(sample_runner, {{key, {"a.html", "b.html"}}}, base::silent_progress());
    ASSERT_FALSE(document.ok()) << key;
    EXPECT_EQ(document.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_THAT(document.error().message, HasSubstr("expected one value: [\"a.html\""));
  }
}

TEST(Report, RefusesFoldersThatAreNotThere) {
  const auto document = write_report(sample_runner, {{"output", "/no/such/folder/report.html"}},
                                     base::silent_progress());
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().code, base::ErrorCode::kNotFound);
}

TEST(AxisScale, IsRound) {
  struct Case {
    double least;
    double most;
    AxisScale scale;
  };
  for (const Case& c :
       {Case{0, 198000, {0, 200000, 50000}}, Case{0, 0, {0, 1, 1}}, Case{0, 0.83, {0, 1, 0.2}},
        Case{-412, 198000, {-412, 200000, 50000}}, Case{-10, -5, {-10, 0, 2}}}) {
    const AxisScale scale = axis_scale(c.least, c.most, 5);
    EXPECT_DOUBLE_EQ(scale.low, c.scale.low) << c.most;
    EXPECT_DOUBLE_EQ(scale.high, c.scale.high) << c.most;
    EXPECT_DOUBLE_EQ(scale.step, c.scale.step) << c.most;
  }
}

TEST(EscapeHtml, LeavesNoWayOut) {
  EXPECT_EQ(escape_html("<a href=\"x\" b='y'>&"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(escape_html(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(escape_html("£ 茶"), "£ 茶");
  EXPECT_EQ(escape_html("95 % of"), "95&nbsp;% of");
}

}  // namespace
}  // namespace footfall::cli
