// Kills a process that collects daily files at random moments: what was reported as taken is there
// once, and running the same again ends in the same shop as if nothing had happened.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "footfall/base/random.h"
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

// Collects the files from `first` on, one import each, and reports each on the pipe. Every seventh
// time the shop is compacted, which seals what is in the journal.
[[noreturn]] void collect_until_killed(const std::string& shop,
                                       const std::vector<std::string>& files, std::size_t first,
                                       int reports) {
  auto engine = Engine::open(options_of(shop), Access::kWrite);
  if (!engine.ok()) ::_exit(3);
  for (std::size_t file = first; file < files.size(); ++file) {
    const auto report = (*engine)->collect({{"files", {files[file]}}});
    if (!report.ok()) ::_exit(4);
    if (::write(reports, &file, sizeof(file)) != sizeof(file)) ::_exit(5);
    if (file % 7 == 6 && !(*engine)->compact().ok()) ::_exit(6);
  }
  ::_exit(0);
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
    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      collect_until_killed(shop, files_, next, pipe[1]);
    }
    ::close(pipe[1]);
    std::this_thread::sleep_for(std::chrono::microseconds(after_us));
    ::kill(child, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
        << "the process failed with " << WEXITSTATUS(status);
    for (std::size_t file = 0; ::read(pipe[0], &file, sizeof(file)) == sizeof(file);) {
      EXPECT_EQ(file, next);
      next = file + 1;
    }
    ::close(pipe[0]);
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
    const auto verified = engine->verify();
    ASSERT_TRUE(verified.ok() && (*verified)["damage"].empty()) << verified->dump();
    if (next < files_.size()) continue;
    shop = make_shop();
    next = 0;
  }
}

}  // namespace
}  // namespace footfall::engine
