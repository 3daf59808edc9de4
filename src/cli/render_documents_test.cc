#include "footfall/cli/render_documents.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/cli/expect_fits.h"
#include "footfall/cli/learning_document.h"
#include "footfall/cli/sample_document.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_in(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
    ++count;
  }
  return count;
}

std::string rendered(const std::string& verb, const std::string& name, const Style& style = {}) {
  const auto text = render_document(verb, sample_document(name), {}, style);
  EXPECT_TRUE(text.ok());
  return text.ok() ? *text : "";
}

TEST(RenderDocuments, TellWhatBecameOfEveryRow) {
  const std::string text = rendered("collect", "collected");
  for (const char* words :
       {"320,705", "318,220", "2,483", "negative price", "free line", "guest", "InvoiceDate",
        "98 %", "adjustment prefix A", "226,467", "5,227,480.19", "--undo 1", "csv split at ','",
        "2011-08-12.csv.zst:631 UnitPrice: expected a price of 0 or more: -11062.06\n"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  EXPECT_THAT(text, Not(HasSubstr("{"))) << "no raw document";
  EXPECT_THAT(rendered("collect", "collected", {false, 80, true}),
              HasSubstr("examples/online_retail/2011-08-12.csv.zst:631"));
}

TEST(RenderDocuments, SayThatRepeatedRowsAreInTheShop) {
  Json document = sample_document("collected");
  EXPECT_THAT(*render_document("collect", document, {}, {}), HasSubstr("taken or repeated"));
  document["taken"] = 0;
  document["duplicates"] = document["rows_read"];
  const auto text = render_document("collect", document, {}, {});
  EXPECT_THAT(*text, HasSubstr("Marked: already in the shop"));
  EXPECT_THAT(*text, Not(HasSubstr("Marked: taken")));
}

TEST(RenderDocuments, DefineTheCountsOfAShop) {
  const std::string text = rendered("status", "status");
  EXPECT_THAT(text, HasSubstr("guest orders"));
  EXPECT_THAT(text, HasSubstr("records"));
  EXPECT_THAT(text, HasSubstr("what an import added"));
  EXPECT_THAT(rendered("backup", "backed_up"), HasSubstr("the sealing key is not in this copy"));
}

TEST(RenderDocuments, ShowTheMappingsOfDifferentFiles) {
  Json document = sample_document("collected");
  const Json mapping = document["mapping"];
  document["mapping"] = Json::array({mapping, mapping});
  document["mapping"][0]["files"] = {"a.csv", "b.csv"};
  document["mapping"][1]["files"] = {"c.csv"};
  const auto text = render_document("collect", document, {}, {});
  EXPECT_THAT(*text, HasSubstr("How the columns were read, 2 files"));
  EXPECT_EQ(count_in(*text, "InvoiceDate"), 2u);
}

TEST(RenderDocuments, FitAndSayTheMatter) {
  struct Case {
    const char* verb;
    const char* name;
    const char* words;
  };
  for (const Case& c :
       {Case{"status", "status", "12,494"}, Case{"learn", "learned", "├"},
        Case{"collect", "collected", "read"},
        Case{"learn", "learned", "not published: blend was better"},
        Case{"decide", "decided", "because: bought it on 2010-12-02 and 16 times before"},
        Case{"decide", "decided", "explain SHOP r-"},
        Case{"decide", "decided_new", "nothing is known to go by"},
        Case{"explain", "explained", "by blend 0f16ed97476e1971"},
        Case{"explain", "explained", "personalization_storage: imported"},
        Case{"explain", "explained", "bought allow"},
        Case{"verify", "verified", "as it was written"},
        Case{"verify", "verified_damage", "people.segment"}, Case{"backup", "backed_up", "copy"}}) {
    for (const std::size_t width : {60, 80, 120}) {
      const std::string text = rendered(c.verb, c.name, {false, width});
      if (width >= 80) expect_fits(text, width, c.name);
      EXPECT_THAT(text, Not(HasSubstr("{\""))) << c.name << ": no raw document";
      if (width == 80) {
        EXPECT_THAT(text, HasSubstr(c.words)) << c.name;
      }
    }
  }
}

TEST(RenderDocuments, ShowEveryFigureOfTheCards) {
  const Json document = sample_document("learned");
  for (const std::size_t width : {60, 80, 110}) {
    const std::string text = rendered("learn", "learned", {false, width, true});
    expect_fits(text, width, "learned");
    for (const Json& card : document["cards"]) {
      for (const auto& [metric, value] : card["metrics"].items()) {
        EXPECT_THAT(text, HasSubstr(fmt::format("{:.4f}", value.get<double>())));
      }
      for (const Json& difference : card["difference"]) {
        // What was chosen may be the baseline itself: no difference is shown.
        if (difference["metrics"]["ndcg@10"] == 0.0 && difference["metrics"]["hr@10"] == 0.0)
          continue;
        EXPECT_THAT(text, HasSubstr("Difference to " + difference["to"].get<std::string>()));
        for (const auto& [metric, value] : difference["metrics"].items()) {
          EXPECT_THAT(text, HasSubstr(fmt::format("{:+.4f}", value.get<double>())));
          const Json& ends = difference["interval"][metric];
          EXPECT_THAT(text, HasSubstr(fmt::format("{:.4f}–{:.4f}", ends[0].get<double>(),
                                                  ends[1].get<double>())));
        }
      }
      for (const auto& [metric, value] : card["new_items"]["metrics"].items()) {
        EXPECT_THAT(text, HasSubstr(fmt::format("{:.4f}", value.get<double>())));
      }
    }
    EXPECT_THAT(text, HasSubstr("On items new to the person, 636 persons"));
  }
}

TEST(RenderDocuments, SayTheProtocolOnce) {
  const std::string folded = rendered("learn", "learned");
  EXPECT_EQ(count_in(folded, "Protocol"), 1u);
  EXPECT_THAT(folded, HasSubstr("Difference to popularity (28 days)"));
  EXPECT_THAT(folded, HasSubstr("… also difference to repeat"));
  EXPECT_EQ(count_in(folded, "Settings"), 1u) << "those of the published model";
  const std::string full = rendered("learn", "learned", {false, 80, true});
  EXPECT_EQ(count_in(full, "Protocol"), 1u);
  EXPECT_EQ(count_in(full, "Settings"), 5u);
  EXPECT_THAT(full, HasSubstr("again from everything"));
  EXPECT_THAT(full, Not(HasSubstr("--full")));
}

TEST(RenderDocuments, NamePopularityByItsWindow) {
  Json document = sample_document("learned");
  ASSERT_EQ(document["cards"][0]["model"], "popularity");
  document["cards"][0]["settings"]["popularity_window"] = "14 days";
  document["cards"][0]["baseline"]["model"] = "popularity (all time)";
  const auto names = [&] {
    std::vector<std::string> list;
    const std::vector<FigureTable> tables = read_figure_tables(document);
    for (const FigureRow& row : tables.front().rows) list.push_back(row.model);
    return list;
  };
  EXPECT_EQ(names().front(), "popularity (14 days)");
  EXPECT_THAT(names(), testing::Contains("popularity (all time)"));
  document["cards"] = Json::array({document["cards"][0]});
  document["cards"][0]["baseline"]["model"] = "popularity (14 days)";
  EXPECT_THAT(names(), testing::ElementsAre("popularity (14 days)"))
      << "the baseline is the model itself: one row";
}

TEST(RenderDocuments, SayTheDifferentProtocolsOfCards) {
  Json document = sample_document("learned");
  document["cards"][1]["protocol"] = "another";
  const auto text = render_document("learn", document, {}, {});
  EXPECT_EQ(count_in(*text, "Protocol"), 2u);
}

TEST(RenderDocuments, AskForALookOnlyWhereNeeded) {
  EXPECT_EQ(attention_of("collect", sample_document("collected")), "");
  EXPECT_NE(attention_of("collect", Json::parse(R"({"rejected":[{"reason":"x","count":2}]})")), "");
  const char* const kHeld = R"({"rows_read":10,"quarantined":[{"reason":"x","count":%}]})";
  const auto held = [&](const char* count) {
    std::string text = kHeld;
    return attention_of("collect", Json::parse(text.replace(text.find('%'), 1, count)));
  };
  EXPECT_EQ(held("5"), "");
  EXPECT_EQ(held("6"), "most rows were not taken: 6 of 10 are quarantined; the report says why");
  EXPECT_THAT(held("10"), HasSubstr("no row was taken"));
  EXPECT_EQ(attention_of("verify", sample_document("verified")), "");
  EXPECT_NE(attention_of("verify", sample_document("verified_damage")), "");
}

}  // namespace
}  // namespace footfall::cli
