#include "footfall/cli/arguments.h"

#include <gtest/gtest.h>

#include "footfall/base/words.h"
#include "footfall/cli/help.h"
#include "footfall/cli/verb_table.h"

namespace footfall::cli {
namespace {

const std::vector<engine::QuestionSummary> kQuestions = {
    {"funnel",
     "how far persons get",
     {{"steps", "events"}, {"window", "7d"}, {"open", "", true}},
     "--steps a,b"},
    {"sales", "revenue", {{"by", "week"}, {"from", ""}}, ""}};

base::Result<Invocation> parse(const std::vector<std::string>& words) {
  return parse_arguments(words, kQuestions);
}

struct GoodCase {
  const char* why;
  std::vector<std::string> words;
  const char* verb;
  const char* shop;
  const char* request;
};

TEST(Arguments, ReadRequests) {
  const std::vector<GoodCase> cases = {
      {"flags are keys with underscores",
       {"init", "demo", "--zone", "Europe/London", "--week-start=sunday"},
       "init",
       "demo",
       R"({"zone":"Europe/London","week_start":"sunday"})"},
      {"further words are a list; a switch takes no word",
       {"collect", "--dry-run", "demo", "a.csv", "b.csv"},
       "collect",
       "demo",
       R"({"dry_run":true,"files":["a.csv","b.csv"]})"},
      {"standard input is a file",
       {"collect", "demo", "-"},
       "collect",
       "demo",
       R"({"files":["-"]})"},
      {"a repeated flag is a list",
       {"decide", "demo", "recommend", "--item", "1", "--item", "2"},
       "decide",
       "demo",
       R"({"kind":"recommend","item":["1","2"]})"},
      {"a question's flags",
       {"ask", "demo", "funnel", "--steps", "a,b", "--open", "--window", "7d"},
       "ask",
       "demo",
       R"({"question":"funnel","steps":"a,b","open":true,"window":"7d"})"},
      {"the question itself knows its keys",
       {"ask", "demo", "funnel", "--windw", "1d"},
       "ask",
       "demo",
       R"({"question":"funnel","windw":"1d"})"},
      {"one dash may begin a value",
       {"ask", "demo", "funnel", "--window", "-1"},
       "ask",
       "demo",
       R"({"question":"funnel","window":"-1"})"},
      {"ask sql is sql",
       {"ask", "demo", "sql", "select 1"},
       "sql",
       "demo",
       R"({"query":"select 1"})"},
      {"two dashes end the flags",
       {"sql", "demo", "--", "--1"},
       "sql",
       "demo",
       R"({"query":"--1"})"},
      {"a comment of SQL is no flag",
       {"sql", "demo", "-- all of them\nselect 1"},
       "sql",
       "demo",
       R"({"query":"-- all of them\nselect 1"})"},
      {"restore names the copy first",
       {"restore", "copy", "demo"},
       "restore",
       "demo",
       R"({"source":"copy"})"},
      {"no shop at all", {"generate", "--events", "10"}, "generate", "", R"({"events":"10"})"},
      {"undo needs no file",
       {"collect", "demo", "--undo", "3"},
       "collect",
       "demo",
       R"({"undo":"3"})"},
  };
  for (const GoodCase& c : cases) {
    const auto invocation = parse(c.words);
    ASSERT_TRUE(invocation.ok()) << c.why << ": " << invocation.error().message;
    EXPECT_EQ(invocation->verb, c.verb) << c.why;
    EXPECT_EQ(invocation->shop, c.shop) << c.why;
    EXPECT_EQ(invocation->request, Json::parse(c.request)) << c.why;
  }
}

TEST(Arguments, ReadGlobalFlagsAnywhere) {
  const auto invocation =
      parse({"--json", "ask", "--threads=3", "demo", "sales", "--quiet", "--full", "--no-color"});
  ASSERT_TRUE(invocation.ok());
  EXPECT_EQ(invocation->form, OutputForm::kJson);
  EXPECT_EQ(invocation->threads, 3u);
  EXPECT_TRUE(invocation->quiet && invocation->full && invocation->no_color);
  EXPECT_TRUE(parse({})->help);
  EXPECT_TRUE(parse({"ask", "demo", "funnel", "--help"})->help);
  EXPECT_EQ(parse({"help", "collect"})->verb, "collect");
  EXPECT_TRUE(parse({"--version"})->version);
}

struct BadCase {
  const char* why;
  std::vector<std::string> words;
  const char* message_end;
  const char* hint;
};

TEST(Arguments, RefuseWithNearestNames) {
  const std::vector<BadCase> cases = {
      {"a verb mistyped", {"colect", "demo"}, ": colect", "did you mean collect?"},
      {"a question in place of a verb",
       {"funnel", "demo"},
       ": funnel",
       "try `footfall ask SHOP funnel`"},
      {"a flag mistyped", {"init", "demo", "--zonee", "UTC"}, ": --zonee", "did you mean --zone?"},
      {"no shop", {"status"}, ": none was given", "for example: footfall status demo"},
      {"no file",
       {"collect", "demo"},
       ": none was given",
       "for example: footfall collect demo orders-2011-08.csv.zst"},
      {"file and undo",
       {"collect", "demo", "a", "--undo", "1"},
       ": more were given",
       "for example: footfall collect demo orders-2011-08.csv.zst"},
      {"a word too many", {"status", "demo", "x"}, ": x", ""},
      {"a flag without its value", {"init", "demo", "--zone"}, ": none was given", ""},
      {"a question's flag without its value",
       {"ask", "demo", "funnel", "--window", "--steps", "a,b"},
       ": none was given",
       ""},
      {"a word too many behind a question", {"ask", "demo", "sales", "x"}, "SHOP QUESTION`: x", ""},
      {"an empty query", {"sql", "demo", ""}, "one statement that reads; quote it: \"\"", ""},
      {"a switch with a value", {"collect", "demo", "a", "--dry-run=1"}, ": 1", ""},
      {"threads", {"status", "demo", "--threads", "0"}, ": 0", ""},
      {"threads", {"status", "demo", "--threads", "2x"}, ": 2x", ""},
      {"an empty shop", {"status", ""}, ": \"\"", ""},
      {"a place's word as a flag beside it",
       {"ask", "demo", "funnel", "--question", "sales"},
       "ask: expected QUESTION without a flag: --question",
       ""},
      {"two forms", {"status", "demo", "--json", "--csv"}, ": both were given", ""},
  };
  for (const BadCase& c : cases) {
    const auto invocation = parse(c.words);
    ASSERT_FALSE(invocation.ok()) << c.why;
    EXPECT_TRUE(invocation.error().message.ends_with(c.message_end))
        << c.why << ": " << invocation.error().message;
    EXPECT_EQ(invocation.error().hint, c.hint) << c.why;
    EXPECT_EQ(invocation.error().code, base::ErrorCode::kInvalidArgument) << c.why;
  }
}

TEST(Help, FitsEightyColumns) {
  const Style style;
  std::string all = program_help(style) + question_help(kQuestions[0], style);
  for (const Verb& verb : verbs()) all += verb_help(verb.name, kQuestions, style);
  std::size_t from = 0;
  while (from < all.size()) {
    const std::size_t end = all.find('\n', from);
    const std::string line = all.substr(from, end - from);
    EXPECT_LE(base::display_width(line), 80u) << line;
    from = end + 1;
  }
  EXPECT_NE(all.find("Examples"), std::string::npos);
}

TEST(Help, ExplainsEveryWordAndFlag) {
  for (const Verb& verb : verbs()) {
    const std::string help = verb_help(verb.name, kQuestions, {});
    for (const Place& place : verb.places) {
      EXPECT_NE(place.help, "") << verb.name << " " << place.name;
      EXPECT_NE(help.find("\n  " + place.name), std::string::npos) << verb.name;
    }
    for (const Flag& flag : verb.flags) {
      EXPECT_NE(help.find("\n  --" + flag.name), std::string::npos) << verb.name;
      // A line is never broken between a flag and its value.
      if (!flag.value.empty()) {
        const std::string words = "--" + flag.name + " " + flag.value;
        EXPECT_NE(help.find(flag.required ? words : "[" + words + "]"), std::string::npos);
      }
    }
  }
  EXPECT_NE(verb_help("learn", kQuestions, {}).find("copurchase, blend"), std::string::npos);
  EXPECT_NE(verb_help("decide", kQuestions, {}).find("leave_out"), std::string::npos);
}

}  // namespace
}  // namespace footfall::cli
