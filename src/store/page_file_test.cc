#include "footfall/store/page_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "footfall/store/store_impl.h"
#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::size_t count_files(const std::string& folder) {
  std::size_t count = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) count += entry.exists() ? 1 : 0;
  return count;
}

OpenOptions all_in_files() {
  OpenOptions options;
  options.page_file_min = 1;
  return options;
}

TEST(PageFile, NamesFollowFromKeys) {
  EXPECT_EQ(page_file_name("people", 17), "people-0000000017.page");
  const auto name = parse_page_file_name("orders-4294967295.page");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->dictionary, "orders");
  EXPECT_EQ(name->first, 4'294'967'295u);
  for (const char* wrong : {"orders-4294967296.page", "orders-1.page", "orders-000000001x.page",
                            "0000000001.page", "orders-0000000001.page.tmp", ""}) {
    EXPECT_FALSE(parse_page_file_name(wrong).has_value()) << wrong;
  }
}

TEST(PageFile, ReferencesAreToldFromPages) {
  const std::string reference = encode_page_reference(123'456'789'012);
  EXPECT_EQ(*page_reference(reference), 123'456'789'012u);
  const std::vector<std::string> texts = {"a", "b"};
  EXPECT_EQ(*page_reference(DictionaryPage(1, texts).encode()), std::nullopt);
  for (std::size_t byte = 4; byte < reference.size(); ++byte) {
    std::string changed = reference;
    changed[byte] ^= 1;
    EXPECT_FALSE(page_reference(changed).ok()) << byte;
  }
  EXPECT_FALSE(page_reference(reference.substr(0, 11)).ok());
}

TEST(PageFile, AShopIsTheSameWithPagesInFiles) {
  TemporaryFolder folder;
  base::Random random(3);
  auto plain = make_shop(folder / "plain");
  auto filed = make_shop(folder / "filed", all_in_files());
  for (int import = 0; import < 4; ++import) {
    const auto events = random_events(random, 100);
    must_commit(*plain, events);
    must_commit(*filed, events);
  }
  EXPECT_EQ(count_files(folder / "plain/pages"), 0u);
  EXPECT_GT(count_files(folder / "filed/pages"), 4u);
  EXPECT_EQ(contents(*filed), contents(*plain));
  ASSERT_TRUE(filed->undo(2, base::silent_progress()).ok());
  ASSERT_TRUE(plain->undo(2, base::silent_progress()).ok());
  ASSERT_TRUE(filed->backup(folder / "copy", true, base::silent_progress()).ok());
  filed.reset();
  for (const char* shop : {"filed", "copy"}) {
    const auto opened = Store::open(folder / shop, Access::kRead, {});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    EXPECT_EQ(contents(**opened), contents(*plain)) << shop;
    EXPECT_TRUE((*opened)->verify(base::silent_progress())->empty()) << shop;
    EXPECT_GT((*opened)->status()->disk_bytes, 0u);
  }
}

// What a crash between the pages and the journal's write leaves.
TEST(PageFile, AWriterRemovesPagesThatWereNotCommitted) {
  TemporaryFolder folder;
  make_shop(folder / "shop", all_in_files());
  {
    auto store = Store::open(folder / "shop", Access::kWrite, all_in_files());
    must_commit(**store, {{"user:a", 0, events::kViewItem, "i"}});
  }
  const std::size_t committed = count_files(folder / "shop/pages");
  for (const char* name : {"people-0000000002.page", "people-0000000002.page.tmp", "other"}) {
    std::ofstream(folder / "shop/pages/" + name) << "x";
  }
  {
    ASSERT_TRUE(Store::open(folder / "shop", Access::kRead, {}).ok());
  }
  EXPECT_EQ(count_files(folder / "shop/pages"), committed + 3) << "a reader changes nothing";
  auto store = Store::open(folder / "shop", Access::kWrite, all_in_files());
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(count_files(folder / "shop/pages"), committed);
  must_commit(**store, {{"user:b", 0, events::kViewItem, "j"}});
  EXPECT_TRUE((*store)->find_person("user:b")->has_value());
}

TEST(PageFile, AMissingOrCutPageIsNamed) {
  TemporaryFolder folder;
  const std::string file = folder / "shop/pages/items-0000000001.page";
  {
    auto store = make_shop(folder / "shop", all_in_files());
    must_commit(*store, {{"user:a", 0, events::kViewItem, "i"}});
  }
  fs::resize_file(file, fs::file_size(file) - 1);
  const auto cut = Store::open(folder / "shop", Access::kRead, {});
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, base::ErrorCode::kDamaged);
  EXPECT_THAT(cut.error().message, HasSubstr("items-0000000001.page"));
  fs::remove(file);
  const auto missing = Store::open(folder / "shop", Access::kWrite, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::ErrorCode::kDamaged);
  EXPECT_EQ(missing.error().hint, "restore a backup");
}

}  // namespace
}  // namespace footfall::store
