// Kills a writing process at random moments: what was acknowledged is there once, whole imports
// only.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "footfall/base/test_process.h"
#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

constexpr int kEventsAnImport = 30;

// Every import has its own people and orders, so that what is there can be told by import. Each
// tenth import is large: it goes into a segment at once.
std::vector<TestEvent> import_events(int import) {
  const int count = import % 10 == 9 ? kEventsAnImport * 10 : kEventsAnImport;
  std::vector<TestEvent> events;
  for (int i = 0; i < count; ++i) {
    TestEvent event;
    event.person = "user:" + std::to_string(import % 17) + "-" + std::to_string(i % 7);
    event.time = (import * 1000 + i) * base::kSecondMs;
    event.item = "import" + std::to_string(import);
    event.type = events::kViewItem;
    events.push_back(event);
  }
  return events;
}

// In every second round all pages of the dictionaries are files, in the others none.
OpenOptions small_options(int round) {
  OpenOptions options;
  options.journal_batch_max = 100;  // Large imports become segments at once.
  options.tail_events_max = 150;    // Sealing and compaction happen all the time.
  if (round % 2 == 0) options.page_file_min = 1;
  return options;
}

// Run by TestProcess: commits imports one after the other and reports each, until it is killed.
TEST(Writer, DISABLED_CommitsUntilKilled) {
  const char* const shop = std::getenv("FOOTFALL_TEST_SHOP");
  const char* const first = std::getenv("FOOTFALL_TEST_FIRST");
  const char* const round = std::getenv("FOOTFALL_TEST_ROUND");
  ASSERT_TRUE(shop != nullptr && first != nullptr && round != nullptr);
  base::TestProcess::report(0);
  auto store = Store::open(shop, Access::kWrite, small_options(std::atoi(round)));
  ASSERT_TRUE(store.ok()) << store.error().message;
  for (int import = std::atoi(first);; ++import) {
    events::EventBatch batch = make_batch(import_events(import));
    const auto outcome = (*store)->commit(batch, {}, base::silent_progress());
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    base::TestProcess::report(static_cast<std::size_t>(import));
  }
}

std::map<std::string, std::size_t> events_by_import(const Store& store) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& line : contents(store)) {
    const std::size_t from = line.find("item=") + 5;
    ++counts[line.substr(from, line.find(' ', from) - from)];
  }
  return counts;
}

TEST(Crash, KilledAtRandomMoments) {
  const char* wanted = std::getenv("FOOTFALL_TEST_KILLS");
  const int kills = wanted == nullptr ? 10 : std::atoi(wanted);
  TemporaryFolder folder;
  const std::string shop = folder / "shop";
  make_shop(shop, small_options(0));
  base::Random random(42);
  int next = 0;
  int torn = 0;
  for (int kill = 0; kill < kills; ++kill) {
    base::TestProcess writer(
        "Writer.DISABLED_CommitsUntilKilled",
        {"FOOTFALL_TEST_SHOP=" + shop, "FOOTFALL_TEST_FIRST=" + std::to_string(next),
         "FOOTFALL_TEST_ROUND=" + std::to_string(kill)});
    const int status = writer.kill_after(std::chrono::microseconds(random.between(1'000, 250'000)));
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed with " << WEXITSTATUS(status);
    for (std::size_t import = 0; writer.next(import);) {
      ASSERT_EQ(import, static_cast<std::size_t>(next));
      ++next;
    }

    auto store = Store::open(shop, Access::kWrite, small_options(kill));
    ASSERT_TRUE(store.ok()) << store.error().message;
    const auto counts = events_by_import(**store);
    // One import may be there that was committed and not acknowledged in time.
    ASSERT_TRUE(counts.size() == static_cast<std::size_t>(next) ||
                counts.size() == static_cast<std::size_t>(next) + 1)
        << "kill " << kill;
    // Each import brought one item: no page is there of one that was not committed.
    std::size_t item_pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(shop + "/pages")) {
      const std::string name = entry.path().filename();
      ASSERT_TRUE(name.ends_with(".page")) << name << " after kill " << kill;
      item_pages += name.starts_with("items-") ? 1 : 0;
    }
    ASSERT_LE(item_pages, counts.size()) << "kill " << kill;
    for (int import = 0; import < static_cast<int>(counts.size()); ++import) {
      ASSERT_EQ(counts.at("import" + std::to_string(import)), import_events(import).size())
          << "kill " << kill;
    }
    torn += static_cast<int>(counts.size()) - next;
    // Run again after the crash: nothing is doubled.
    const CommitOutcome again = must_commit(**store, import_events(next));
    const Verdict expected =
        counts.size() > static_cast<std::size_t>(next) ? Verdict::kDuplicate : Verdict::kAccepted;
    for (const Verdict verdict : again.verdicts) ASSERT_EQ(verdict, expected);
    ++next;
    if (kill % 5 == 4) {
      const auto damage = (*store)->verify(base::silent_progress());
      ASSERT_TRUE(damage.ok() && damage->empty()) << "kill " << kill;
    }
  }
  std::printf("%d kills, %d imports, %d committed but not acknowledged\n", kills, next, torn);
}

}  // namespace
}  // namespace footfall::store
