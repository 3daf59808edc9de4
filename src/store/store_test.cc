#include "footfall/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

using events::kAddToCart;
using events::kPurchase;
using events::kViewItem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string content(const Store& store) {
  return store.snapshot()->id().content;
}

TEST(Store, CommitsSurviveReopening) {
  TemporaryFolder folder;
  std::vector<std::string> before;
  {
    auto store = make_shop(folder / "shop");
    ASSERT_TRUE(store);
    must_commit(*store, {{"user:a", 60'000, kViewItem, "i1"}, {"user:b", 0, kAddToCart, "i2"}});
    must_commit(*store, {{"order:7", 30'000, kPurchase, "i1", "7", 2, 1'500'000}});
    before = contents(*store);
  }
  EXPECT_THAT(before,
              ElementsAre("order:7 30000 purchase item=i1 order=7 country= lines=[ i1 2x1500000]",
                          "user:a 60000 view_item item=i1 order= country= lines=[]",
                          "user:b 0 add_to_cart item=i2 order= country= lines=[]"));
  auto reader = Store::open(folder / "shop", Access::kRead, {});
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_EQ(contents(**reader), before);
  EXPECT_EQ((*reader)->settings().zone, "Europe/London");
  EXPECT_EQ((*reader)->snapshot()->id().complete_to, 60'000);
}

TEST(Store, TheSameAgainIsADuplicateAndChangesNothing) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  base::Random random(1);
  const auto events = random_events(random, 200);
  must_commit(*store, events);
  const auto before = contents(*store);
  const std::string digest = content(*store);
  const CommitOutcome again = must_commit(*store, events);
  for (const Verdict verdict : again.verdicts) EXPECT_EQ(verdict, Verdict::kDuplicate);
  EXPECT_EQ(contents(*store), before);
  EXPECT_EQ(content(*store), digest);
}

TEST(Store, AnEventIdWithOtherContentIsAConflict) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  must_commit(*store, {{"user:a", 1'000, kViewItem, "i1", "", 0, 0, "id1"}});
  const CommitOutcome second =
      must_commit(*store, {{"user:a", 1'000, kViewItem, "i2", "", 0, 0, "id1"},
                           {"user:a", 1'000, kViewItem, "i1", "", 0, 0, "id1"},
                           {"user:b", 1'000, kViewItem, "i1", "", 0, 0, "id1"}});
  EXPECT_THAT(second.verdicts,
              ElementsAre(Verdict::kIdConflict, Verdict::kDuplicate, Verdict::kIdConflict));
  EXPECT_EQ(contents(*store).size(), 1u);
}

TEST(Store, LinesOfALaterImportJoinTheOrder) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  must_commit(*store, {{"user:a", 60'000, kPurchase, "i1", "7", 2, 1'000'000}});
  const CommitOutcome more =
      must_commit(*store, {{"user:a", 0, kPurchase, "i2", "7", 1, 500'000},
                           {"user:a", 60'000, kPurchase, "i1", "7", 2, 1'000'000},
                           {"user:b", 60'000, kPurchase, "i1", "7", 9, 1'000'000}});
  EXPECT_THAT(more.verdicts,
              ElementsAre(Verdict::kAccepted, Verdict::kDuplicate, Verdict::kIdConflict))
      << "an order belongs to one person";
  EXPECT_THAT(
      contents(*store),
      ElementsAre("user:a 0 purchase item=i2 order=7 country= lines=[ i2 1x500000 i1 2x1000000]"));
}

// The central promise: a snapshot depends on the set of events, not on how they came.
TEST(Store, ArrivalOrderBatchingSealingAndRepeatsChangeNothing) {
  base::Random random(7);
  const auto events = random_events(random, 400);
  TemporaryFolder folder;
  auto whole = make_shop(folder / "whole");
  must_commit(*whole, events);
  const auto expected = contents(*whole);
  const std::string digest = content(*whole);

  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    base::Random shuffle(seed);
    auto shuffled = events;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[shuffle.below(i)]);
    }
    OpenOptions options;
    options.threads = 2;
    options.journal_batch_max = seed % 3 == 0 ? 20 : 1'000;
    options.tail_events_max = seed % 2 == 0 ? 50 : 10'000;
    auto store = make_shop(folder / ("shop" + std::to_string(seed)), options);
    for (std::size_t from = 0; from < shuffled.size();) {
      const std::size_t size = std::min<std::size_t>(1 + shuffle.below(60), shuffled.size() - from);
      must_commit(*store, {shuffled.begin() + from, shuffled.begin() + from + size});
      if (shuffle.chance(0.2)) {
        must_commit(*store, {shuffled.begin(), shuffled.begin() + from + size});
      }
      from += size;
    }
    ASSERT_EQ(contents(*store), expected) << "seed " << seed;
    ASSERT_EQ(content(*store), digest) << "seed " << seed;
    if (seed % 4 == 0) {
      ASSERT_TRUE(store->compact(base::silent_progress()).ok());
      ASSERT_EQ(contents(*store), expected) << "compacted, seed " << seed;
    }
    const auto damage = store->verify(base::silent_progress());
    ASSERT_TRUE(damage.ok()) << damage.error().message;
    EXPECT_TRUE(damage->empty()) << (*damage)[0].what;
  }
}

// Undo: afterwards all is as if the import had never been made, whatever came before and after.
TEST(Store, UndoTakesOneImportBackExactly) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    base::Random random(100 + seed);
    std::vector<std::vector<TestEvent>> imports;
    const auto pool = random_events(random, 120);
    for (int i = 0; i < 4; ++i) {
      std::vector<TestEvent> import;
      for (const TestEvent& event : pool) {
        if (random.chance(0.4)) import.push_back(event);
      }
      imports.push_back(std::move(import));
    }
    const std::size_t undone = random.below(imports.size());
    TemporaryFolder folder;
    OpenOptions options;
    options.tail_events_max = seed % 2 == 0 ? 40 : 10'000;
    auto with = make_shop(folder / "with", options);
    auto without = make_shop(folder / "without");
    for (std::size_t i = 0; i < imports.size(); ++i) {
      must_commit(*with, imports[i]);
      if (i != undone) must_commit(*without, imports[i]);
    }
    const auto outcome = with->undo(static_cast<BatchNumber>(undone + 1), base::silent_progress());
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    ASSERT_EQ(contents(*with), contents(*without)) << "seed " << seed;
    ASSERT_EQ(content(*with), content(*without)) << "seed " << seed;
    EXPECT_EQ(with->snapshot()->id().complete_to, without->snapshot()->id().complete_to);
    EXPECT_FALSE(with->undo(static_cast<BatchNumber>(undone + 1), base::silent_progress()).ok())
        << "an import is undone once";
  }
}

TEST(Store, RowsOfAReplayComeBackWhenItIsUndone) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  BatchInfo info;
  info.quarantined = {{"bad_time", "a.csv", 3, "x"}, {"no_id", "a.csv", 4, "y"}};
  must_commit(*store, {}, info);
  ASSERT_EQ(store->quarantine()->size(), 2u);
  BatchInfo replay;
  replay.released_rows = {store->quarantine()->front().id};
  const CommitOutcome outcome = must_commit(*store, {{"user:a", 0, kViewItem, "i"}}, replay);
  ASSERT_EQ(store->quarantine()->size(), 1u);
  EXPECT_EQ(store->status()->quarantined, 1u);
  ASSERT_TRUE(store->undo(outcome.batch, base::silent_progress()).ok());
  ASSERT_EQ(store->quarantine()->size(), 2u);
  EXPECT_EQ(store->quarantine()->front().row.payload, "x");
}

TEST(Store, JudgeTellsWhatCommitWouldSay) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  base::Random random(3);
  must_commit(*store, random_events(random, 100));
  const auto events = random_events(random, 100);
  const auto before = contents(*store);
  const auto judged = store->judge(make_batch(events), base::silent_progress());
  ASSERT_TRUE(judged.ok());
  EXPECT_EQ(contents(*store), before) << "judging must change nothing";
  EXPECT_EQ(judged->verdicts, must_commit(*store, events).verdicts);
}

TEST(Store, OneWriterManyReaders) {
  TemporaryFolder folder;
  auto writer = make_shop(folder / "shop");
  must_commit(*writer, {{"user:a", 0, kViewItem, "i"}});
  const auto second = Store::open(folder / "shop", Access::kWrite, {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, base::ErrorCode::kBusy);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(::getpid())))
      << "the message names the process";
  auto reader = Store::open(folder / "shop", Access::kRead, {});
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  must_commit(*writer, {{"user:b", 0, kViewItem, "i"}});
  ASSERT_TRUE(writer->compact(base::silent_progress()).ok());
  EXPECT_EQ(contents(**reader).size(), 1u) << "a reader keeps its snapshot";
  EXPECT_EQ(contents(**Store::open(folder / "shop", Access::kRead, {})).size(), 2u);
  events::EventBatch nothing = make_batch({});
  EXPECT_FALSE((*reader)->commit(nothing, {}, base::silent_progress()).ok());
}

TEST(Store, BackupAndRestoreGiveTheSameShop) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  base::Random random(5);
  must_commit(*store, random_events(random, 300));
  ASSERT_TRUE(store->seal(base::silent_progress()).ok());
  must_commit(*store, random_events(random, 30));
  const auto expected = contents(*store);
  ASSERT_TRUE(store->put_document("cards", "a", "card").ok());
  const base::Status copied = store->backup(folder / "backup", true, base::silent_progress());
  ASSERT_TRUE(copied.ok()) << copied.error().message;
  EXPECT_FALSE(store->backup(folder / "backup", true, base::silent_progress()).ok())
      << "a backup is never overwritten";
  const base::Status restored =
      Store::restore(folder / "backup", folder / "again", base::silent_progress());
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  auto again = Store::open(folder / "again", Access::kWrite, {});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(contents(**again), expected);
  EXPECT_EQ(*(*again)->get_document("cards", "a"), "card");
  EXPECT_EQ(content(**again), content(*store));
  EXPECT_FALSE(store->backup(folder / "shop/inside", true, base::silent_progress()).ok())
      << "a backup inside of the shop would be part of the next one";
  EXPECT_FALSE(std::filesystem::exists(folder / "shop/inside"));
  ASSERT_TRUE(store->backup(folder / "keyless", false, base::silent_progress()).ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "keyless/key"));
}

TEST(Store, AMissingSegmentIsDamageAndAnEndlessKeyIsNone) {
  TemporaryFolder folder;
  {
    auto store = make_shop(folder / "shop");
    base::Random random(5);
    must_commit(*store, random_events(random, 300));
    ASSERT_TRUE(store->seal(base::silent_progress()).ok());
  }
  OpenOptions options;
  options.key_file = "/dev/zero";
  auto endless = Store::open(folder / "shop", Access::kWrite, options);
  ASSERT_TRUE(endless.ok()) << endless.error().message;
  events::EventBatch batch = make_batch({{"user:new", 0, kViewItem, "i"}});
  const auto refused = (*endless)->commit(batch, {}, base::silent_progress());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
  endless->reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder / "shop/segments")) {
    std::filesystem::remove(entry.path());
  }
  const auto damaged = Store::open(folder / "shop", Access::kRead, {});
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().code, base::ErrorCode::kDamaged) << damaged.error().message;
}

// Segments that a reader has read of in the manifest may be gone when it opens them.
TEST(Store, AReaderOpensBesideAWriterThatReplacesSegments) {
  TemporaryFolder folder;
  OpenOptions options;
  options.journal_batch_max = 5;
  auto store = make_shop(folder / "shop", options);
  base::Random random(6);
  must_commit(*store, random_events(random, 20));
  std::atomic<bool> done{false};
  std::atomic<int> opened{0};
  std::string refusal;
  std::thread reader([&] {
    while (!done && refusal.empty()) {
      const auto beside = Store::open(folder / "shop", Access::kRead, {});
      if (!beside.ok()) refusal = beside.error().message;
      ++opened;
    }
  });
  for (int i = 0; i < 60; ++i) {
    must_commit(*store, random_events(random, 20));
    ASSERT_TRUE(store->compact(base::silent_progress()).ok());
  }
  done = true;
  reader.join();
  EXPECT_EQ(refusal, "");
  EXPECT_GT(opened, 0);
}

TEST(Store, RawIdsAreNowhereOnDiskInClear) {
  TemporaryFolder folder;
  {
    auto store = make_shop(folder / "shop");
    must_commit(*store, {{"user:peculiar-id-4711", 0, kViewItem, "i"},
                         {"device:cookie-0815-xyz", 5, kViewItem, "i"}});
    ASSERT_TRUE(store->compact(base::silent_progress()).ok());
    must_commit(*store, {{"user:peculiar-id-4712", 0, kViewItem, "i"}});
    EXPECT_TRUE((*store->find_person("user:peculiar-id-4711")).has_value());
    EXPECT_FALSE((*store->find_person("user:peculiar-id-9999")).has_value());
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "shop")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    EXPECT_EQ(bytes.str().find("peculiar-id"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.str().find("cookie-0815"), std::string::npos) << entry.path();
  }
}

TEST(Store, Refusals) {
  TemporaryFolder folder;
  const auto none = Store::open(folder / "none", Access::kRead, {});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(none.error().hint, HasSubstr("footfall init"));
  auto store = make_shop(folder / "shop");
  EXPECT_EQ(Store::create(folder / "shop", {}, "").error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_FALSE(store->undo(1, base::silent_progress()).ok());
  std::ofstream(folder / "file") << "x";
  EXPECT_FALSE(Store::create(folder / "file", {}, "").ok());
  std::filesystem::create_directory(folder / "full");
  std::ofstream(folder / "full/something") << "x";
  EXPECT_FALSE(Store::create(folder / "full", {}, "").ok());
  store.reset();
  std::ofstream(folder / "shop/key") << std::string(64, 'a') << "\n";
  auto other_key = Store::open(folder / "shop", Access::kRead, {});
  ASSERT_TRUE(other_key.ok()) << "questions need no key";
  EXPECT_THAT((*other_key)->find_person("user:a").error().message, HasSubstr("another shop"));
}

TEST(Store, ImportsAreItsBatchesWithoutTheirReports) {
  const TemporaryFolder folder;
  auto store = make_shop(folder / "shop");
  const auto expect_same = [&] {
    const auto batches = store->batches();
    const auto imports = store->imports();
    ASSERT_TRUE(batches.ok() && imports.ok());
    ASSERT_EQ((*imports)->size(), batches->size());
    for (std::size_t i = 0; i < batches->size(); ++i) {
      const BatchRecord& record = (**imports)[i];
      EXPECT_EQ(record.batch, (*batches)[i].batch);
      EXPECT_EQ(record.undone, (*batches)[i].undone);
      EXPECT_EQ(record.info.consent, (*batches)[i].info.consent);
      EXPECT_EQ(record.info.report, "");
    }
  };
  expect_same();
  BatchInfo info;
  info.consent = "denied";
  info.report = "{}";
  for (const char* person : {"user:a", "user:b", "user:c"}) {
    must_commit(*store, {{person, 0, events::kViewItem, "i"}}, info);
    expect_same();
  }
  ASSERT_TRUE(store->undo(2, base::silent_progress()).ok());
  expect_same();
  EXPECT_EQ(store->imports()->get(), store->imports()->get()) << "read once";
  EXPECT_EQ((*store->batches())[0].info.report, "{}");
}

}  // namespace
}  // namespace footfall::store
