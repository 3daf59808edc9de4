// The sample shop end to end: nine months of daily files in any order give the same bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "footfall/base/random.h"
#include "footfall/engine/engine.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

constexpr base::TimeMs kNow = 1'800'000'000'000;

class SampleShop : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "footfall-sample-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    // Seals and keys of one shop and another must not matter; still each has its own.
    for (const auto& entry : fs::directory_iterator("examples/online_retail")) {
      if (entry.path().extension() == ".zst") files_.push_back(entry.path());
    }
    std::sort(files_.begin(), files_.end());
    ASSERT_EQ(files_.size(), 219u);
  }
  void TearDown() override {
    std::error_code failure;
    fs::remove_all(folder_, failure);
  }

  EngineOptions options(const std::string& name) const {
    return {folder_ + "/" + name, "", 2, kNow, nullptr};
  }
  std::unique_ptr<Engine> make(const std::string& name) const {
    const auto made = Engine::init(options(name), {{"zone", "Europe/London"}, {"currency", "GBP"}});
    EXPECT_TRUE(made.ok()) << made.error().message;
    auto engine = Engine::open(options(name), Access::kWrite);
    EXPECT_TRUE(engine.ok()) << engine.error().message;
    return std::move(*engine);
  }
  static Json collect(Engine& engine, const std::vector<std::string>& files) {
    auto report = engine.collect({{"files", files}});
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? *report : Json();
  }

  std::string folder_;
  std::vector<std::string> files_;
};

// What two equal shops must answer with the same bytes (CONTRACT.md, "ask").
std::string answers(Engine& engine) {
  const std::vector<Json> questions = {
      {{"question", "sales"}},
      {{"question", "sales"}, {"by", "week"}},
      {{"question", "sales"}, {"by", "country"}},
      {{"question", "sales"}, {"by", "item"}},
      {{"question", "retention"},
       {"start", "purchase"},
       {"return", "purchase"},
       {"period", "month"}},
      {{"question", "retention"}, {"period", "week"}, {"variant", "on_or_after"}},
      {{"question", "rfm"}},
      {{"question", "rfm"}, {"by", "cell"}},
      {{"question", "funnel"}, {"steps", "purchase,refund,purchase"}, {"window", "30d"}},
      {{"question", "funnel"}, {"steps", "purchase,purchase"}, {"entry", "first_entry"}},
      {{"question", "transitions"}},
      {{"question", "paths"}, {"start", "purchase"}},
      {{"question", "sessions"}},
      {{"question", "bought_together"}, {"limit", 200}},
      {{"question", "top_items"}},
      {{"question", "sql"},
       {"query", "select event, count(*), sum(epoch_ms(time)) from events group by 1 order by 1"}},
      {{"question", "sql"},
       {"query", "select transaction_id, time, lines, quantity, gross from orders order by 1"}},
      {{"question", "sql"},
       {"query",
        "select transaction_id, event, line, item, item_name, quantity, price, time, country "
        "from order_lines order by all"}},
  };
  std::string bytes;
  for (const Json& question : questions) {
    const auto answer = engine.ask(question);
    EXPECT_TRUE(answer.ok()) << question.dump() << ": " << answer.error().message;
    if (!answer.ok()) continue;
    Json kept = Json::object();
    kept["content"] = (*answer)["snapshot"]["content"];
    kept["complete_to"] = (*answer)["snapshot"]["complete_to"];
    for (const char* key : {"columns", "rows", "rule", "open", "interval", "counted", "left_out"}) {
      kept[key] = (*answer)[key];
    }
    std::erase_if(kept["left_out"].get_ref<Json::array_t&>(),
                  [](const Json& entry) { return entry["reason"] == "duplicate"; });
    bytes += question.dump() + "\n" + kept.dump() + "\n";
  }
  return bytes;
}

// Fails on the first line that differs, so that the message is readable.
void expect_same(const std::string& expected, const std::string& found, const std::string& why) {
  if (expected == found) return;
  std::size_t at = 0;
  while (at < std::min(expected.size(), found.size()) && expected[at] == found[at]) ++at;
  const std::size_t line = expected.rfind('\n', at == 0 ? 0 : at - 1) + 1;
  ADD_FAILURE() << why << ": answers differ in " << expected.substr(line, 80) << "\n expected ..."
                << expected.substr(at > 60 ? at - 60 : 0, 160) << "\n found ..."
                << found.substr(at > 60 ? at - 60 : 0, 160);
}

std::int64_t count_of(const Json& entries, const std::string& name, const char* key = "reason") {
  for (const Json& entry : entries) {
    if (entry[key] == name) return entry["count"];
  }
  return 0;
}

TEST_F(SampleShop, CleaningReportEqualsTheKnownCounts) {
  auto engine = make("shop");
  const Json report = collect(*engine, files_);
  EXPECT_EQ(report["rows_read"], 320'705);
  EXPECT_EQ(report["duplicates"], 2'483);
  EXPECT_EQ(count_of(report["quarantined"], "negative_price"), 2);
  EXPECT_EQ(count_of(report["marked"], "cancellation"), 5'847);
  EXPECT_EQ(count_of(report["marked"], "guest"), 88'652);
  EXPECT_EQ(count_of(report["marked"], "stock_adjustment"), 925);
  EXPECT_EQ(count_of(report["marked"], "free_line"), 872);
  EXPECT_EQ(count_of(report["marked"], "bookkeeping"), 1'992);
  EXPECT_EQ(report["views"]["usual_cleaning"]["rows"], 226'467);
  EXPECT_EQ(report["views"]["usual_cleaning"]["rows_without_duplicates"], 224'036);
  EXPECT_EQ(report["taken"], 320'705 - 2'483 - 2);

  const auto lines =
      engine->sql({{"query",
                    "select count(*), sum(round(quantity * price, 2)), count(distinct person), "
                    "count(distinct transaction_id) from usual_cleaning"}});
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  EXPECT_EQ((*lines)["rows"][0][0], 224'036);
  EXPECT_DOUBLE_EQ((*lines)["rows"][0][1].get<double>(), 5'227'480.19);
  EXPECT_EQ((*lines)["rows"][0][2], 3'317);
  EXPECT_EQ((*lines)["rows"][0][3], 11'413);

  const auto free_issues =
      engine->sql({{"query", "select count(*) from events where event = 'free_issue'"}});
  ASSERT_TRUE(free_issues.ok()) << free_issues.error().message;
  EXPECT_EQ((*free_issues)["rows"][0][0], 483);

  const auto sales = engine->ask({{"question", "sales"}});
  ASSERT_TRUE(sales.ok()) << sales.error().message;
  const auto figure = [&](const char* name) {
    for (std::size_t i = 0; i < (*sales)["columns"].size(); ++i) {
      if ((*sales)["columns"][i]["name"] == name) return (*sales)["rows"][0][i].get<double>();
    }
    ADD_FAILURE() << "no column " << name;
    return 0.0;
  };
  EXPECT_EQ(figure("orders"), 12'494);
  EXPECT_DOUBLE_EQ(figure("gross"), 6'281'692.71);
  EXPECT_DOUBLE_EQ(figure("refunds"), 520'435.47);
  EXPECT_DOUBLE_EQ(figure("net"), 5'761'257.24);
}

// Each import looks at the whole shop, so the time grows with the square of the files. The thread
// sanitizer, twenty times slower, sees the same code at work on every eighth of them.
#ifdef __SANITIZE_THREAD__
constexpr std::size_t kFilesApart = 8;
#else
constexpr std::size_t kFilesApart = 1;
#endif

TEST_F(SampleShop, OrderRepeatsAndBatchingChangeNoByte) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < files_.size(); i += kFilesApart) files_[kept++] = files_[i];
  files_.resize(kept);
  auto at_once = make("at_once");
  collect(*at_once, files_);
  const std::string expected = answers(*at_once);

  const Json again = collect(*at_once, files_);
  EXPECT_EQ(again["taken"], 0) << "the same files twice";
  expect_same(expected, answers(*at_once), "twice");

  auto one_by_one = make("one_by_one");
  for (const std::string& file : files_) collect(*one_by_one, {file});
  expect_same(expected, answers(*one_by_one), "one by one");

  auto reversed = make("reversed");
  for (auto file = files_.rbegin(); file != files_.rend(); ++file) collect(*reversed, {*file});
  expect_same(expected, answers(*reversed), "in reverse order");
  // And after a restart, sealed and compacted.
  reversed.reset();
  auto reopened = Engine::open(options("reversed"), Access::kWrite);
  ASSERT_TRUE(reopened.ok());
  expect_same(expected, answers(**reopened), "reopened");
  ASSERT_TRUE((*reopened)->compact().ok());
  expect_same(expected, answers(**reopened), "compacted");
  const auto verified = Engine::verify(options("reversed"));
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  EXPECT_EQ((*verified)["ok"], true) << verified->dump();
}

TEST_F(SampleShop, UndoingEveryOtherImportLeavesTheRest) {
  auto undone = make("undone");
  auto rest = make("rest");
  const std::vector<std::string> files(files_.begin(), files_.begin() + 20);
  for (std::size_t i = 0; i < files.size(); ++i) {
    collect(*undone, {files[i]});
    if (i % 2 == 0) collect(*rest, {files[i]});
  }
  for (std::size_t i = 1; i < files.size(); i += 2) {
    ASSERT_TRUE(undone->collect({{"undo", i + 1}}).ok());
  }
  expect_same(answers(*rest), answers(*undone), "undone");
}

TEST_F(SampleShop, CohortsEqualTheKnownTriangle) {
  auto engine = make("shop");
  collect(*engine, files_);
  const auto answer = engine->ask({{"question", "retention"},
                                   {"start", "purchase"},
                                   {"return", "purchase"},
                                   {"period", "month"}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  std::vector<std::vector<std::int64_t>> rows;
  std::string cohort;
  for (const Json& row : (*answer)["rows"]) {
    if (row[0] != cohort) rows.emplace_back();
    cohort = row[0];
    rows.back().push_back(row[3]);
  }
  ASSERT_EQ(rows.size(), 9u);
  EXPECT_THAT(rows[0], testing::ElementsAre(885, 324, 286, 340, 321, 352, 321, 309, 313));
  EXPECT_THAT(rows[1], testing::ElementsAre(417, 92, 111, 96, 134, 120, 103, 101));
}

}  // namespace
}  // namespace footfall::engine
