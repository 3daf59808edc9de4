#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "footfall/cli/case_runner.h"
#include "footfall/cli/verbs.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;

namespace files = std::filesystem;

std::string read_text(const files::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<files::path> case_files() {
  std::vector<files::path> found;
  for (const auto& entry : files::recursive_directory_iterator("cases")) {
    if (entry.path().extension() == ".case") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// A new folder, removed at the end.
class Scratch {
 public:
  Scratch() {
    std::string name = ::testing::TempDir() + "footfall_case_XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { files::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A shop that answers everything with the same rows.
VerbRunner answering(const Json& rows, std::vector<std::string>* verbs = nullptr) {
  return [rows, verbs](const std::string& verb, const Json&) -> base::Result<Json> {
    if (verbs != nullptr) verbs->push_back(verb);
    if (verb == "init") return Json::object();
    if (verb == "collect") return Json{{"taken", 2}};
    Json answer = Json::parse(R"({"columns":[{"name":"step"},{"name":"who"},{"name":"share"}]})");
    answer["rows"] = rows;
    return answer;
  };
}

std::vector<std::string> differences(const std::string& expected, const VerbRunner& runner) {
  const auto text_case =
      parse_case("events\nu1 view 0m cart 5m\n\nask funnel\n----\n" + expected, "x.case");
  EXPECT_TRUE(text_case.ok());
  const Scratch scratch;
  const auto found = run_case(*text_case, runner, scratch.path());
  EXPECT_TRUE(found.ok());
  return *found;
}

TEST(CaseRunner, ReadsEventsAndQuestions) {
  const auto read = parse_case(
      "# why\nshop zone=Europe/London\nevents\nu1  view 0m  pay(i1,price=9.50) 1h30m\n\n"
      "ask funnel steps=view,pay window=7d\n----\nstep  persons\n1 2\n...\n",
      "x.case");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->shop, Json::parse(R"({"zone":"Europe/London"})"));
  ASSERT_EQ(read->events.size(), 2u);
  EXPECT_EQ(read->events[1]["event"], "purchase");
  EXPECT_EQ(read->events[1]["item"], "i1");
  EXPECT_EQ(read->events[1]["price"], "9.50");
  EXPECT_EQ(
      read->events[1]["time"].get<std::int64_t>() - read->events[0]["time"].get<std::int64_t>(),
      5400000);
  ASSERT_EQ(read->questions.size(), 1u);
  EXPECT_EQ(read->questions[0].request,
            Json::parse(R"({"question":"funnel","steps":"view_item,purchase","window":"7d"})"));
  EXPECT_TRUE(read->questions[0].more_rows);
}

TEST(CaseRunner, RefusesWithTheRow) {
  struct Bad {
    const char* text;
    const char* message;
  };
  for (const Bad& c :
       {Bad{"hello\n", "x.case:1: expected shop, events or ask: hello"},
        Bad{"events\nu1 view\n\nask f\n----\na\n", "x.case:2: expected a user"},
        Bad{"events\nu1 view soon\n", "x.case:2: expected a time"},
        Bad{"ask f\nstep\n", "x.case:2: expected ----"},
        Bad{"ask f a\n----\nstep\n", "x.case:1: expected key=value: a"},
        Bad{"ask f\n----\nstep n\n1\n", "x.case:4: expected 2 cells: 1"},
        Bad{"ask f\n----\n\"step\n", "x.case:3: expected a closing quote: \"step"},
        Bad{"ask f\n----\n", "expected columns and rows"}, Bad{"", "at least one question"}}) {
    const auto read = parse_case(c.text, "x.case");
    ASSERT_FALSE(read.ok()) << c.text;
    EXPECT_THAT(read.error().message, HasSubstr(c.message));
  }
}

TEST(CaseRunner, ComparesOnlyTheNamedColumns) {
  const Json rows = Json::parse(R"([[1,"Ann Lee",0.33333],[2,null,1]])");
  EXPECT_TRUE(differences("who step\n\"Ann Lee\" 1\n- 2\n", answering(rows)).empty());
  EXPECT_TRUE(differences("step share\n1 0.333\n...\n", answering(rows)).empty());
  struct Wrong {
    const char* why;
    const char* expected;
    const char* difference;
  };
  for (const Wrong& c :
       {Wrong{"another value", "step\n1\n3\n", "expected in row 2: 3; found: 2"},
        Wrong{"digits count", "share\n0.334\n1\n", "expected in row 1: 0.334"},
        Wrong{"a row too many", "step\n1\n", "expected no further row: 2"},
        Wrong{"a row too few", "step\n1\n2\n3\n", "expected a row 3: none"},
        Wrong{"no such column", "steps\n1\n", "one of step, who, share: steps"},
        Wrong{"an answer where a refusal is due", "error invalid_argument\n", "an answer"}}) {
    const auto found = differences(c.expected, answering(rows));
    ASSERT_EQ(found.size(), 1u) << c.why;
    EXPECT_THAT(found[0], HasSubstr("x.case:4: "));
    EXPECT_THAT(found[0], HasSubstr(c.difference)) << c.why;
  }
}

TEST(CaseRunner, ExpectsRefusalsByCode) {
  const auto refusing = [](const std::string& verb, const Json&) -> base::Result<Json> {
    if (verb == "init") return Json::object();
    if (verb == "collect") return Json{{"taken", 2}};
    return base::invalid("no: x");
  };
  EXPECT_TRUE(differences("error invalid_argument\n", refusing).empty());
  EXPECT_EQ(differences("error not_found\n", refusing).size(), 1u);
  EXPECT_EQ(differences("step\n1\n", refusing).size(), 1u);
}

TEST(Cases, AllCanBeRead) {
  EXPECT_GE(case_files().size(), 9u);
  for (const auto& path : case_files()) {
    const auto read = parse_case(read_text(path), path.string());
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
  }
}

TEST(Cases, HoldThroughTheEngine) {
  for (const auto& path : case_files()) {
    const auto read = parse_case(read_text(path), path.string());
    ASSERT_TRUE(read.ok());
    const Scratch scratch;
    const EngineChoice choice{scratch.path() + "/shop", scratch.path() + "/key", 2,
                              1'735'689'600'000};
    const auto found =
        run_case(*read, engine_runner(choice, base::silent_progress()), scratch.path());
    ASSERT_TRUE(found.ok()) << path << ": " << found.error().message;
    for (const auto& difference : *found) ADD_FAILURE() << difference;
  }
}

}  // namespace
}  // namespace footfall::cli
