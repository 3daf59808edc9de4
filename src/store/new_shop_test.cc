// Making a shop where the disk is full, and again where an earlier attempt was stopped.
#include "footfall/store/new_shop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "footfall/privacy/keys.h"
#include "footfall/store/journal.h"
#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    names.push_back(entry.path().string());
  }
  return names;
}

// While it lives no file of this process grows larger.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : ignored_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    struct rlimit small = before_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, ignored_);
  }

 private:
  struct rlimit before_{};
  void (*ignored_)(int);
};

void expect_a_shop(const std::string& path, const std::string& key_file) {
  OpenOptions options;
  options.key_file = key_file;
  const auto store = Store::open(path, Access::kWrite, options);
  ASSERT_TRUE(store.ok()) << store.error().message;
  must_commit(**store, {{"user:a", 0, events::kViewItem, "i"}});
}

// The lock, the key, each file of the journal and its log: whichever is the first that cannot be
// written, nothing stays, and where there is room the shop can be made.
TEST(NewShop, AFullDiskLeavesTheFolderAsItWas) {
  int refused = 0;
  for (rlim_t bytes = 0; bytes < 200; bytes += 11) {
    SCOPED_TRACE(bytes);
    const TemporaryFolder folder;
    fs::create_directory(folder / "empty");
    const std::vector<std::string> before = names_in(folder / "");
    for (const auto& [shop, key] : {std::pair(folder / "fresh", std::string()),
                                    std::pair(folder / "empty", folder / "elsewhere")}) {
      const base::Status made = [&] {
        const FileSizeLimit limit(bytes);
        return Store::create(shop, {}, key);
      }();
      if (!made.ok()) {
        ++refused;
        EXPECT_EQ(names_in(folder / ""), before) << made.error().message;
        ASSERT_TRUE(Store::create(shop, {}, key).ok());
      }
      expect_a_shop(shop, key);
      fs::remove_all(shop);
      fs::remove(folder / "elsewhere");
    }
  }
  EXPECT_GT(refused, 10) << "up to the journal's log, of a hundred bytes and more";
}

TEST(NewShop, ADiskWithoutRoomForAllOfIt) {
  const TemporaryFolder folder;
  const std::string disk = folder / "disk";
  fs::create_directory(disk);
  int refused = 0;
  for (int pages = 1; pages < 12; ++pages) {
    const std::string size = "size=" + std::to_string(pages * 4) + "k";
    if (::mount("footfall", disk.c_str(), "tmpfs", 0, size.c_str()) != 0) {
      GTEST_SKIP() << "a small disk can only be made by the superuser";
    }
    const base::Status made = Store::create(disk + "/shop", {}, "");
    if (!made.ok()) {
      ++refused;
      EXPECT_EQ(made.error().code, base::ErrorCode::kDiskFull) << made.error().message;
      EXPECT_THAT(names_in(disk), testing::IsEmpty()) << size;
    }
    EXPECT_EQ(::umount2(disk.c_str(), MNT_DETACH), 0);
  }
  EXPECT_GT(refused, 0);
}

TEST(NewShop, IsMadeOverWhatAStoppedAttemptLeft) {
  const TemporaryFolder folder;
  const std::string shop = folder / "shop";
  fs::create_directories(shop + "/journal");
  fs::create_directories(shop + "/segments");
  std::ofstream(shop + "/journal/LOCK") << "";
  ASSERT_TRUE(Journal::open(shop + "/journal.unfinished", Journal::Mode::kCreate).ok());
  const std::string key = privacy::format_key(privacy::generate_key());
  std::ofstream(shop + "/key") << key;
  EXPECT_EQ(Store::open(shop, Access::kRead, {}).error().code, base::ErrorCode::kNotFound);
  ASSERT_TRUE(Store::create(shop, {}, "").ok());
  expect_a_shop(shop, "");
  std::string kept;
  std::getline(std::ifstream(shop + "/key"), kept);
  EXPECT_EQ(kept + "\n", key) << "the key may be in use elsewhere by now";
  EXPECT_FALSE(fs::exists(shop + "/journal.unfinished"));
}

TEST(NewShop, LeavesAUsersFolderAndAShopAlone) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "mine");
  std::ofstream(folder / "mine/thesis.txt") << "x";
  make_shop(folder / "shop");
  const std::vector<std::string> before = names_in(folder / "");
  for (const char* name : {"mine", "shop", "mine/thesis.txt"}) {
    const base::Status refused = Store::create(folder / name, {}, "");
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kAlreadyExists) << name;
  }
  EXPECT_EQ(names_in(folder / ""), before);
}

}  // namespace
}  // namespace footfall::store
