// Flipped bits and cut files: a damaged shop is refused with a message, or all of it is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Gives what the shop holds after its last commit.
std::string write_history(const std::string& shop) {
  OpenOptions options;
  options.journal_batch_max = 60;
  options.page_file_min = 300;
  auto store = make_shop(shop, options);
  base::Random random(9);
  for (int i = 0; i < 6; ++i) must_commit(*store, random_events(random, i == 2 ? 200 : 30));
  return joined(contents(*store));
}

// All that a reader and then a writer can get out of the shop; "" and the message when refused.
std::string read_shop(const std::string& shop, std::string& refusal) {
  for (const Access access : {Access::kRead, Access::kWrite}) {
    auto store = Store::open(shop, access, {});
    if (!store.ok()) {
      refusal = store.error().message;
      return "";
    }
    Columns columns;
    columns.orders = columns.lines = columns.flags = columns.batches = true;
    columns.properties = {"country"};
    for (const Population population :
         {Population::kPeople, Population::kGuests, Population::kThings}) {
      const auto blocks = (*store)->snapshot()->blocks(population, columns);
      if (!blocks.ok()) {
        refusal = blocks.error().message;
        return "";
      }
    }
    const auto damage = (*store)->verify(base::silent_progress());
    if (damage.ok() && !damage->empty()) {
      refusal = (*damage)[0].what;
      return "";
    }
  }
  return joined(contents(**Store::open(shop, Access::kRead, {})));
}

std::vector<fs::path> files_of(const std::string& shop) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(shop)) {
    const std::string name = entry.path().filename();
    if (!entry.is_regular_file() || name == "lock" || name == "LOCK" || name == "key") continue;
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Damage, EveryFileFlippedOrCut) {
  const char* full = std::getenv("FOOTFALL_TEST_KILLS");
  const int changes = full == nullptr ? 4 : 40;  // Of each kind, a file.
  TemporaryFolder folder;
  const std::string last = write_history(folder / "shop");
  base::Random random(17);
  int refused = 0;
  int untouched = 0;
  for (const fs::path& original : files_of(folder / "shop")) {
    const std::string bytes = read_file(original);
    if (bytes.empty()) continue;
    for (int change = 0; change < 2 * changes; ++change) {
      const fs::path shop = folder / "changed";
      fs::remove_all(shop);
      fs::copy(folder / "shop", shop, fs::copy_options::recursive);
      const fs::path file = shop / fs::relative(original, folder / "shop");
      std::string changed = bytes;
      if (change < changes) {
        changed[random.below(changed.size())] ^= static_cast<char>(1u << random.below(8));
      } else {
        changed.resize(random.below(changed.size()));
      }
      write_file(file, changed);
      SCOPED_TRACE(original.filename().string() + " change " + std::to_string(change));
      std::string refusal;
      const std::string found = read_shop(shop, refusal);
      if (!refusal.empty()) {
        ++refused;
      } else {
        ++untouched;
        EXPECT_EQ(found, last) << "neither whole nor refused";
      }
    }
  }
  EXPECT_GT(refused, 0);
  std::printf("%d refused, %d as if nothing had happened\n", refused, untouched);
}

TEST(Damage, ADamagedBlockIsNamedAndTheRestStaysReadable) {
  TemporaryFolder folder;
  OpenOptions options;
  options.journal_batch_max = 1;
  {
    auto store = make_shop(folder / "shop", options);
    base::Random random(3);
    must_commit(*store, random_events(random, 300));
  }
  int named = 0;
  int readable = 0;
  for (const fs::path& file : files_of(folder / "shop")) {
    if (file.extension() != ".segment") continue;
    const std::string bytes = read_file(file);
    for (std::size_t at = 200; at < bytes.size(); at += 97) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      write_file(file, changed);
      const auto store = Store::open(folder / "shop", Access::kRead, {});
      if (!store.ok()) continue;
      const auto damage = (*store)->verify(base::silent_progress());
      ASSERT_TRUE(damage.ok());
      if (damage->empty()) continue;  // Padding between columns.
      EXPECT_THAT((*damage)[0].file, testing::HasSubstr(file.filename().string()));
      EXPECT_FALSE((*damage)[0].part.empty());
      ++named;
      for (const Population population : {Population::kPeople, Population::kGuests}) {
        readable += (*store)->snapshot()->blocks(population, {}).ok() ? 1 : 0;
      }
    }
    write_file(file, bytes);
  }
  EXPECT_GT(named, 0);
  EXPECT_GT(readable, 0) << "other columns and files stay readable";
}

}  // namespace
}  // namespace footfall::store
