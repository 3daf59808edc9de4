// Copies of a shop, and the search for damage in one that cannot be opened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>
#include <vector>

#include "footfall/store/test_shop.h"
#include "footfall/store/unfinished_copy.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

OpenOptions all_in_files() {
  OpenOptions options;
  options.page_file_min = 1;
  options.journal_batch_max = 1;
  return options;
}

void change_byte(const std::string& path, std::size_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte ^ 1));
}

class Copies : public ::testing::Test {
 protected:
  Copies() : store_(make_shop(folder_ / "shop", all_in_files())) {
    base::Random random(5);
    for (int import = 0; import < 3; ++import) must_commit(*store_, random_events(random, 40));
  }
  std::string first_of(const std::string& kind) const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "shop")) {
      const std::string path = entry.path().string();
      if (path.find(kind) != std::string::npos) return path;
    }
    ADD_FAILURE() << "no file of " << kind;
    return "";
  }
  base::Status backup(const std::string& name) const {
    return store_->backup(folder_ / name, true, base::silent_progress());
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

// One of many at once makes the copy, and it is whole; the others are told.
TEST_F(Copies, OneAtATimeToOnePlace) {
  constexpr std::size_t kAtOnce = 6;
  ASSERT_TRUE(backup("source").ok());
  for (int round = 0; round < 8; ++round) {
    const bool restores = round % 2 == 1;
    const std::string name = "copy" + std::to_string(round);
    std::vector<base::Status> outcomes(kAtOnce, base::Ok{});
    std::array<std::thread, kAtOnce> threads;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      threads[i] = std::thread([&, i] {
        outcomes[i] =
            restores ? Store::restore(folder_ / "source", folder_ / name, base::silent_progress())
                     : backup(name);
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::size_t made = 0;
    for (const base::Status& outcome : outcomes) {
      if (outcome.ok()) {
        ++made;
        continue;
      }
      EXPECT_TRUE(outcome.error().code == base::ErrorCode::kBusy ||
                  outcome.error().code == base::ErrorCode::kAlreadyExists)
          << outcome.error().message;
    }
    EXPECT_EQ(made, 1u);
    EXPECT_FALSE(fs::exists(folder_ / (name + ".unfinished")));
    const auto copy = Store::open(folder_ / name, Access::kWrite, {});
    ASSERT_TRUE(copy.ok()) << copy.error().message;
    EXPECT_EQ(contents(**copy), contents(*store_));
    EXPECT_TRUE((*copy)->verify(base::silent_progress())->empty());
  }
}

// A copy that is given up removes its files while the next one waits for the place.
TEST(UnfinishedCopy, RemovesNothingOfTheNextOne) {
  for (int round = 0; round < 10; ++round) {
    const TemporaryFolder folder;
    auto given_up = std::make_optional(UnfinishedCopy::begin(folder / "copy"));
    ASSERT_TRUE(given_up->ok()) << given_up->error().message;
    const std::string path = (*given_up)->path();
    for (const char* kind : {"journal", "segments", "pages"}) {
      fs::create_directories(path + "/" + kind);
      for (int file = 0; file < 300; ++file) {
        std::ofstream(path + "/" + kind + "/" + std::to_string(file)) << "x";
      }
    }
    std::thread next([&] {
      const auto begin = [&] { return UnfinishedCopy::begin(folder / "copy"); };
      auto first = std::make_unique<base::Result<UnfinishedCopy>>(begin());
      while (!first->ok() && first->error().code == base::ErrorCode::kBusy) {
        first = std::make_unique<base::Result<UnfinishedCopy>>(begin());
      }
      base::Result<UnfinishedCopy>& copy = *first;
      ASSERT_TRUE(copy.ok()) << copy.error().message;
      for (const char* kind : {"journal", "segments", "pages"}) {
        fs::create_directories(copy->path() + "/" + kind);
        std::ofstream(copy->path() + "/" + kind + "/whole") << "x";
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      ASSERT_TRUE(copy->finish().ok());
    });
    given_up.reset();
    next.join();
    for (const char* kind : {"journal", "segments", "pages"}) {
      EXPECT_TRUE(fs::exists(folder / (std::string("copy/") + kind + "/whole"))) << kind;
      EXPECT_FALSE(fs::exists(folder / (std::string("copy/") + kind + "/7"))) << kind;
    }
  }
}

TEST_F(Copies, GoWhereALinkLeads) {
  fs::create_directories(folder_ / "elsewhere");
  fs::create_directory_symlink(folder_ / "elsewhere", folder_ / "link");
  const base::Status made = backup("link");
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  fs::create_directory_symlink(folder_ / "nowhere", folder_ / "dangling");
  EXPECT_EQ(backup("dangling").error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_FALSE(fs::exists(folder_ / "dangling.unfinished")) << "before anything was copied";
  EXPECT_TRUE(Store::open(folder_ / "elsewhere", Access::kRead, {}).ok());
  const base::Status root = store_->backup("/", true, base::silent_progress());
  EXPECT_FALSE(root.ok());
  const base::Status mount = store_->backup("/proc", true, base::silent_progress());
  EXPECT_EQ(mount.error().code, base::ErrorCode::kInvalidArgument);
}

TEST_F(Copies, TheKeyIsForItsOwnerAlone) {
  std::ofstream(folder_ / "other.tmp") << "x";
  fs::permissions(folder_ / "other.tmp", fs::perms::all);
  ASSERT_TRUE(Store::create(folder_ / "fresh", {}, folder_ / "other").ok());
  ASSERT_TRUE(backup("copy").ok());
  for (const char* key : {"other", "shop/key", "copy/key"}) {
    EXPECT_EQ(fs::status(folder_ / key).permissions(),
              fs::perms::owner_read | fs::perms::owner_write)
        << key;
  }
}

TEST_F(Copies, WhatAStoppedCopyLeftIsReplacedAndAUsersFolderIsNot) {
  fs::create_directories(folder_ / "copy.unfinished/segments");
  std::ofstream(folder_ / "copy.unfinished/segments/half") << "x";
  EXPECT_TRUE(backup("copy/").ok());
  EXPECT_FALSE(fs::exists(folder_ / "copy/segments/half"));
  fs::create_directories(folder_ / "mine.unfinished");
  std::ofstream(folder_ / "mine.unfinished/thesis.txt") << "x";
  const base::Status refused = backup("mine");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_TRUE(fs::exists(folder_ / "mine.unfinished/thesis.txt"));
  EXPECT_FALSE(fs::exists(folder_ / "mine.unfinished/lock")) << "nothing is left with it";
}

TEST_F(Copies, ADamagedShopIsNotCopied) {
  for (const char* kind : {"people-", ".segment"}) {
    const std::string file = first_of(kind);
    change_byte(file, fs::file_size(file) / 2);
    const base::Status refused = backup("copy");
    ASSERT_FALSE(refused.ok()) << kind;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kDamaged);
    EXPECT_THAT(refused.error().message, HasSubstr(file));
    EXPECT_FALSE(fs::exists(folder_ / "copy"));
    EXPECT_FALSE(fs::exists(folder_ / "copy.unfinished"));
    change_byte(file, fs::file_size(file) / 2);
  }
  EXPECT_TRUE(backup("copy").ok());
}

// A segment that a writer beside the copy has merged away.
TEST_F(Copies, AReaderCopiesWhatItHasOpen) {
  const auto reader = Store::open(folder_ / "shop", Access::kRead, {});
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(store_->compact(base::silent_progress()).ok());
  const base::Status copied = (*reader)->backup(folder_ / "copy", true, base::silent_progress());
  ASSERT_TRUE(copied.ok()) << copied.error().message;
  const auto copy = Store::open(folder_ / "copy", Access::kRead, {});
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(contents(**copy), contents(*store_));
}

// The refusal of a damaged shop, and all damage that is found in it.
std::vector<Damage> damages_of(const std::string& shop) {
  const auto opened = Store::open(shop, Access::kRead, {});
  EXPECT_FALSE(opened.ok());
  if (opened.ok()) return {};
  EXPECT_EQ(opened.error().code, base::ErrorCode::kDamaged) << opened.error().message;
  return Store::find_damage(shop, opened.error(), base::silent_progress());
}

TEST_F(Copies, AllDamageOfAShopThatCannotBeOpenedIsNamed) {
  const std::vector<std::string> damaged = {first_of("items-"), first_of("texts-"),
                                            first_of("people-")};
  for (const std::string& file : damaged) change_byte(file, 12);
  const std::string segment = first_of(".segment");
  fs::remove(segment);
  store_.reset();
  std::vector<std::string> found;
  for (const Damage& damage : damages_of(folder_ / "shop")) found.push_back(damage.file);
  EXPECT_THAT(found, ::testing::UnorderedElementsAre(damaged[0], damaged[1], damaged[2], segment));
}

TEST_F(Copies, AShopWithoutItsJournalIsDamagedAndNotMadeAnew) {
  store_.reset();
  fs::rename(folder_ / "shop/journal/CURRENT", folder_ / "aside");
  EXPECT_EQ(damages_of(folder_ / "shop").at(0).part, "journal");
  const base::Status made = Store::create(folder_ / "shop", {}, "");
  ASSERT_FALSE(made.ok()) << "a new journal would take the segments for strays";
  EXPECT_EQ(made.error().code, base::ErrorCode::kDamaged);
  fs::remove_all(folder_ / "shop/journal");
  EXPECT_FALSE(Store::create(folder_ / "shop", {}, "").ok());
}

TEST_F(Copies, AKeyMayComeByAPipe) {
  std::ifstream file(folder_ / "shop/key");
  const std::string key((std::istreambuf_iterator<char>(file)), {});
  fs::remove(folder_ / "shop/key");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], key.data(), key.size()), static_cast<ssize_t>(key.size()));
  ::close(ends[1]);
  OpenOptions options;
  options.key_file = "/dev/fd/" + std::to_string(ends[0]);
  const auto store = Store::open(folder_ / "shop", Access::kRead, options);
  ASSERT_TRUE(store.ok());
  EXPECT_TRUE((*store)->verify(base::silent_progress())->empty());
  EXPECT_TRUE((*store)->person(1).ok()) << "it is read once";
  ::close(ends[0]);
}

TEST_F(Copies, AKeyThatIsNoFileIsToldAtOnce) {
  fs::remove(folder_ / "shop/key");
  ASSERT_EQ(::mkfifo((folder_ / "shop/key").c_str(), 0600), 0);
  const auto store = Store::open(folder_ / "shop", Access::kRead, {});
  ASSERT_TRUE(store.ok());
  const auto person = (*store)->person(1);
  ASSERT_FALSE(person.ok());
  EXPECT_THAT(person.error().message, HasSubstr("expected a key from the pipe"));
  fs::remove(folder_ / "shop/key");
  fs::create_symlink("/dev/zero", folder_ / "shop/key");
  EXPECT_THAT((*store)->person(1).error().message, HasSubstr("expected a regular file or a pipe"));
}

}  // namespace
}  // namespace footfall::store
