// The journal's log after a crash, a power cut, or a hand that removed it: what was acknowledged is
// there or its loss is told, and what was not acknowledged is never told as damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "footfall/base/random.h"
#include "footfall/store/commit_mark.h"
#include "footfall/store/journal.h"
#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// By name; what the process beside us may hold open is left out.
std::map<std::string, std::string> bytes_in(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().string()] = read_file(entry.path());
  }
  return files;
}

// The one in use; one before it may not have been removed yet.
fs::path last_log_of(const std::string& shop) {
  fs::path log;
  for (const auto& entry : fs::directory_iterator(shop + "/journal")) {
    if (entry.path().extension() == ".log") log = std::max(log, entry.path());
  }
  return log;
}

std::vector<TestEvent> views_of(const std::string& item, int count) {
  std::vector<TestEvent> events;
  for (int i = 0; i < count; ++i) {
    events.push_back({"user:" + std::to_string(i), i * base::kMinuteMs, events::kViewItem, item});
  }
  return events;
}

class LostLog : public ::testing::Test {
 protected:
  LostLog() : shop_(folder_ / "shop"), mark_(shop_ + "/journal/COMMITTED") {}

  void expect_refused() const {
    const auto before = bytes_in(shop_);
    for (const Access access : {Access::kRead, Access::kWrite}) {
      const auto refused = Store::open(shop_, access, {});
      ASSERT_FALSE(refused.ok());
      EXPECT_EQ(refused.error().code, base::ErrorCode::kDamaged);
      EXPECT_THAT(refused.error().message, HasSubstr("the journal has lost its last changes"));
      EXPECT_THAT(refused.error().message, HasSubstr(shop_ + "/journal"));
      const auto damages = Store::find_damage(shop_, refused.error(), base::silent_progress());
      ASSERT_EQ(damages.size(), 1u);
      EXPECT_EQ(damages[0].part, "journal");
    }
    auto after = bytes_in(shop_);
    after[shop_ + "/lock"] = before.at(shop_ + "/lock");
    EXPECT_EQ(after, before) << "what can be put right is left as it was";
  }

  const TemporaryFolder folder_;
  const std::string shop_;
  const std::string mark_;
};

TEST_F(LostLog, ThatIsMissingIsDamageUntilItIsBack) {
  make_shop(shop_);
  must_commit(**Store::open(shop_, Access::kWrite, {}), views_of("a", 3));
  const fs::path log = last_log_of(shop_);
  fs::rename(log, folder_ / "aside");
  expect_refused();
  fs::rename(folder_ / "aside", log);
  const auto whole = Store::open(shop_, Access::kRead, {});
  ASSERT_TRUE(whole.ok()) << whole.error().message;
  EXPECT_EQ(contents(**whole).size(), 3u);
}

// Of a document as well: a receipt is as durable as an import.
TEST_F(LostLog, ThatWasCutIsDamageWhereverItWasCut) {
  ASSERT_TRUE(make_shop(shop_)->put_document("receipts", "1", std::string(60, 'r')).ok());
  const fs::path log = last_log_of(shop_);
  const std::string bytes = read_file(log);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    write_file(log, bytes.substr(0, size));
    ASSERT_FALSE(Store::open(shop_, Access::kRead, {}).ok());
    if (size % 37 == 0) expect_refused();
  }
  write_file(log, bytes);
  EXPECT_TRUE(Store::open(shop_, Access::kWrite, {}).ok());
}

TEST_F(LostLog, IsNotMissedWithoutAMark) {
  auto store = make_shop(shop_);
  must_commit(*store, views_of("a", 3));
  store.reset();
  fs::remove(mark_);
  store = std::move(*Store::open(shop_, Access::kWrite, {}));
  EXPECT_EQ(contents(*store).size(), 3u) << "a shop of an earlier version";
  EXPECT_EQ(CommitMark::read(shop_ + "/journal"), 0u);
  must_commit(*store, views_of("b", 3));
  EXPECT_GT(CommitMark::read(shop_ + "/journal"), 0u);
  store.reset();
  fs::remove(last_log_of(shop_));
  expect_refused();
  fs::remove(mark_);
  EXPECT_TRUE(Store::open(shop_, Access::kWrite, {}).ok()) << "the loss may be accepted";
}

TEST_F(LostLog, AMarkThatSaysNothingIsTold) {
  auto store = make_shop(shop_);
  must_commit(*store, views_of("a", 3));
  const std::string mark = read_file(mark_);
  for (const std::string& bytes :
       {std::string(), mark.substr(0, 5), std::string(mark.size(), 'x')}) {
    write_file(mark_, bytes);
    const auto damages =
        std::move(*Store::open(shop_, Access::kRead, {}))->verify(base::silent_progress());
    ASSERT_TRUE(damages.ok());
    ASSERT_EQ(damages->size(), 1u);
    EXPECT_EQ((*damages)[0].part, "journal");
    EXPECT_THAT((*damages)[0].what, HasSubstr("COMMITTED: expected the number"));
  }
  store.reset();
  // The next change makes it whole.
  must_commit(**Store::open(shop_, Access::kWrite, {}), views_of("b", 3));
  EXPECT_TRUE((*Store::open(shop_, Access::kRead, {}))->verify(base::silent_progress())->empty());
}

// Whatever the changes are made of: some remove what is not there.
TEST_F(LostLog, IsNotSuspectedAfterAnyChange) {
  base::Random random(5);
  make_shop(shop_);
  std::vector<BatchNumber> standing;
  for (int step = 0; step < 60; ++step) {
    SCOPED_TRACE(step);
    auto store = std::move(*Store::open(shop_, Access::kWrite, {}));
    const std::uint64_t change = random.below(8);
    if (change < 3) {
      const std::string item = "i" + std::to_string(random.below(6));
      standing.push_back(must_commit(*store, views_of(item, 3)).batch);
    } else if (change < 6 && !standing.empty()) {
      const std::size_t at = random.below(standing.size());
      ASSERT_TRUE(store->undo(standing[at], base::silent_progress()).ok());
      standing.erase(standing.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (change == 6) {
      ASSERT_TRUE(store->put_document("receipts", std::to_string(step), "r").ok());
    } else {
      ASSERT_TRUE(store->seal(base::silent_progress()).ok());
      ASSERT_TRUE(store->compact(base::silent_progress()).ok());
    }
    const auto before = contents(*store);
    store.reset();
    const auto reader = Store::open(shop_, Access::kRead, {});
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    EXPECT_EQ(contents(**reader), before);
  }
}

TEST(CommitMark, KeepsTheOneBeforeWhereAWriteWasTorn) {
  const TemporaryFolder folder;
  EXPECT_EQ(CommitMark::read(folder / ""), 0u);
  std::string before;
  std::optional<CommitMark> mark;
  for (std::uint64_t number = 1; number < 60; number += 7) {
    if (number % 5 == 0 || !mark) mark.emplace(folder / "");  // By another process.
    ASSERT_TRUE(mark->write(number).ok());
    const std::string after = read_file(folder / "COMMITTED");
    ASSERT_EQ(CommitMark::read(folder / ""), number);
    if (number > 7) {
      for (std::size_t whole = 0; whole < after.size(); ++whole) {
        std::string torn = before;
        torn.resize(after.size());
        for (std::size_t byte = 0; byte < whole; ++byte) torn[byte] = after[byte];
        write_file(folder / "COMMITTED", torn);
        EXPECT_GE(CommitMark::read(folder / ""), number - 7) << whole;
        EXPECT_LE(CommitMark::read(folder / ""), number) << whole;
      }
      write_file(folder / "COMMITTED", after);
    }
    before = after;
  }
}

// After a power cut the log holds of the last write what the disk had taken: nothing, some of it,
// or all of it, though it was never synced and so never acknowledged. Files that the write refers
// to were synced before it.
TEST_F(LostLog, MayEndAnywhereInWhatWasNotAcknowledged) {
  for (const std::uint64_t journal_batch_max : {1'000u, 1u}) {
    OpenOptions options;
    options.journal_batch_max = journal_batch_max;
    options.page_file_min = journal_batch_max == 1 ? 1 : 1u << 20;
    fs::remove_all(shop_);
    auto store = make_shop(shop_, options);
    must_commit(*store, views_of("a", 200));  // So many that `b` is not merged into it.
    const auto one = contents(*store);
    const std::string mark = read_file(mark_);
    const std::uintmax_t synced = fs::file_size(last_log_of(shop_));
    must_commit(*store, views_of("b", 5));
    const auto both = contents(*store);
    store.reset();
    const std::string log = read_file(last_log_of(shop_));
    ASSERT_GT(log.size(), synced);
    int whole = 0;
    for (std::uintmax_t size = synced; size <= log.size(); size += size + 9 < log.size() ? 9 : 1) {
      SCOPED_TRACE(size);
      const std::string shop = folder_ / "after";
      fs::remove_all(shop);
      fs::copy(shop_, shop, fs::copy_options::recursive);
      write_file(last_log_of(shop), log.substr(0, size));
      write_file(shop + "/journal/COMMITTED", mark);
      const auto reader = Store::open(shop, Access::kRead, options);
      ASSERT_TRUE(reader.ok()) << reader.error().message;
      auto after = Store::open(shop, Access::kWrite, options);
      ASSERT_TRUE(after.ok()) << after.error().message;
      const bool all = size == log.size();
      whole += all ? 1 : 0;
      EXPECT_EQ(contents(**after), all ? both : one);
      EXPECT_TRUE((*after)->verify(base::silent_progress())->empty());
      for (const Verdict verdict : must_commit(**after, views_of("b", 5)).verdicts) {
        EXPECT_EQ(verdict, all ? Verdict::kDuplicate : Verdict::kAccepted);
      }
      EXPECT_EQ(contents(**after), both) << "as if the power had stayed";
      after->reset();
      EXPECT_TRUE(Store::open(shop, Access::kRead, options).ok());
    }
    EXPECT_EQ(whole, 1);
  }
}

}  // namespace
}  // namespace footfall::store
