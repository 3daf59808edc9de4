// Kills a process that collects daily files at random moments: what was reported as taken is there
// once, and running the same again ends in the same shop as if nothing had happened.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "footfall/base/random.h"
#include "footfall/base/test_process.h"
#include "footfall/engine/engine.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFiles = 40;

EngineOptions options_of(const std::string& shop) {
  return {shop, "", 2, 1'800'000'000'000, nullptr};
}

std::vector<std::string> daily_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator("examples/online_retail")) {
    if (entry.path().extension() == ".zst") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  files.resize(std::min(files.size(), kFiles));
  return files;
}

// Run by TestProcess: collects the files from the first one on, one import each, and reports each,
// until it is killed. Every seventh time the shop is compacted, which seals what is in the journal.
TEST(Collector, DISABLED_CollectsUntilKilled) {
  const char* const shop = std::getenv("FOOTFALL_TEST_SHOP");
  const char* const first = std::getenv("FOOTFALL_TEST_FIRST");
  ASSERT_TRUE(shop != nullptr && first != nullptr);
  base::TestProcess::report(0);
  auto engine = Engine::open(options_of(shop), Access::kWrite);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  const std::vector<std::string> files = daily_files();
  for (std::size_t file = std::strtoul(first, nullptr, 10); file < files.size(); ++file) {
    const auto report = (*engine)->collect({{"files", {files[file]}}});
    ASSERT_TRUE(report.ok()) << report.error().message;
    base::TestProcess::report(file);
    if (file % 7 != 6) continue;
    ASSERT_TRUE((*engine)->compact().ok());
  }
}

std::string content_of(Engine& engine) {
  const auto answer = engine.ask({{"question", "sales"}});
  EXPECT_TRUE(answer.ok());
  return (*answer)["snapshot"]["content"].dump() + (*answer)["rows"].dump();
}

class CollectCrash : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "footfall-crash-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    files_ = daily_files();
    ASSERT_EQ(files_.size(), kFiles);
  }
  void TearDown() override {
    std::error_code failure;
    fs::remove_all(folder_, failure);
  }

  std::string make_shop() {
    const std::string shop = folder_ + "/shop" + std::to_string(++shops_);
    EXPECT_TRUE(
        Engine::init(options_of(shop), {{"zone", "Europe/London"}, {"currency", "GBP"}}).ok());
    return shop;
  }
  std::unique_ptr<Engine> open(const std::string& shop) {
    auto engine = Engine::open(options_of(shop), Access::kWrite);
    EXPECT_TRUE(engine.ok()) << engine.error().message;
    return std::move(*engine);
  }
  // Contents of a shop after its first 0, 1, 2, ... files.
  std::vector<std::string> expected_contents() {
    const auto engine = open(make_shop());
    std::vector<std::string> contents{content_of(*engine)};
    for (const std::string& file : files_) {
      EXPECT_TRUE(engine->collect({{"files", {file}}}).ok());
      contents.push_back(content_of(*engine));
    }
    return contents;
  }
  // Kills a process that goes on from file `next`; gives the file after the last one reported.
  std::size_t kill_one(const std::string& shop, std::size_t next, std::int64_t after_us) {
    base::TestProcess collector(
        "Collector.DISABLED_CollectsUntilKilled",
        {"FOOTFALL_TEST_SHOP=" + shop, "FOOTFALL_TEST_FIRST=" + std::to_string(next)});
    const int status = collector.kill_after(std::chrono::microseconds(after_us));
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
        << "the process failed with " << WEXITSTATUS(status);
    for (std::size_t file = 0; collector.next(file);) {
      EXPECT_EQ(file, next);
      next = file + 1;
    }
    return next;
  }

  std::string folder_;
  std::vector<std::string> files_;
  int shops_ = 0;
};

TEST_F(CollectCrash, KilledAtRandomMoments) {
  const char* const wanted = std::getenv("FOOTFALL_TEST_KILLS");
  const int kills = wanted == nullptr ? 10 : std::atoi(wanted);
  const std::vector<std::string> expected = expected_contents();
  base::Random random(7);
  std::string shop = make_shop();
  std::size_t next = 0;
  for (int kill = 0; kill < kills; ++kill) {
    next = kill_one(shop, next, random.between(5'000, 400'000));
    const auto engine = open(shop);
    const std::string content = content_of(*engine);
    // One file may be in that was committed and not reported in time.
    ASSERT_TRUE(content == expected[next] ||
                (next < files_.size() && content == expected[next + 1]))
        << "kill " << kill << " after " << next << " files";
    if (next < files_.size()) {
      ASSERT_TRUE(engine->collect({{"files", {files_[next]}}}).ok());
      ASSERT_EQ(content_of(*engine), expected[++next]) << "kill " << kill;
    }
    if (kill % 5 != 4 && next < files_.size()) continue;
    const auto verified = Engine::verify(options_of(shop));
    ASSERT_TRUE(verified.ok() && (*verified)["damage"].empty()) << verified->dump();
    if (next < files_.size()) continue;
    shop = make_shop();
    next = 0;
  }
}

}  // namespace
}  // namespace footfall::engine
