#include "footfall/store/page_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <tuple>

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
  const PageReference page{123'456'789'012, 0x1234567};
  const std::string reference = encode_page_reference(page);
  EXPECT_EQ(*page_reference(reference), page);
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

// The state of a shop after a change that could not be made.
class RefusedChange : public ::testing::Test {
 protected:
  RefusedChange() {
    auto store = make_shop(folder_ / "shop", all_in_files());
    must_commit(*store, {{"user:a", 0, events::kViewItem, "i"}});
    before_ = contents(*store);
    files_ = count_files(folder_ / "shop/pages");
  }
  base::Error refusal(Store& store, const std::vector<TestEvent>& events) {
    events::EventBatch batch = make_batch(events);
    const auto outcome = store.commit(batch, {}, base::silent_progress());
    EXPECT_FALSE(outcome.ok());
    return outcome.ok() ? base::Error{} : outcome.error();
  }
  std::unique_ptr<Store> open(const OpenOptions& options) {
    return std::move(Store::open(folder_ / "shop", Access::kWrite, options)).value();
  }
  // Nothing of the change is there, and the next one works.
  void expect_as_before(Store& store) {
    EXPECT_EQ(contents(store), before_);
    EXPECT_EQ(count_files(folder_ / "shop/pages"), files_);
    must_commit(store, {{"user:b", 5, events::kViewItem, "j"}});
    EXPECT_TRUE(store.find_person("user:b")->has_value());
    EXPECT_TRUE(store.verify(base::silent_progress())->empty());
  }

  TemporaryFolder folder_;
  std::vector<std::string> before_;
  std::size_t files_ = 0;
};

TEST_F(RefusedChange, APageThatIsTooLarge) {
  OpenOptions options = all_in_files();
  options.page_bytes_max = 500;
  auto store = open(options);
  std::vector<TestEvent> many;
  for (int i = 0; i < 50; ++i) {
    many.push_back({"user:" + std::to_string(i), 0, events::kViewItem, "i"});
  }
  const base::Error error = refusal(*store, many);
  EXPECT_EQ(error.code, base::ErrorCode::kMemory);
  EXPECT_THAT(error.message, HasSubstr("at most 500 bytes of new texts or persons"));
  expect_as_before(*store);
}

TEST_F(RefusedChange, AFullDisk) {
  auto store = open(all_in_files());
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 4096;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const base::Error error =
      refusal(*store, {{"user:c", 0, events::kViewItem, std::string(20'000, 'x')}});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, ignored);
  EXPECT_EQ(error.code, base::ErrorCode::kDiskFull);
  EXPECT_THAT(error.message, HasSubstr(".page"));
  expect_as_before(*store);
}

TEST_F(RefusedChange, AFileInThePlaceOfTheFolder) {
  auto store = open(all_in_files());
  fs::rename(folder_ / "shop/pages", folder_ / "aside");
  std::ofstream(folder_ / "shop/pages") << "x";
  const base::Error error = refusal(*store, {{"user:c", 0, events::kViewItem, "k"}});
  EXPECT_THAT(error.message, HasSubstr("shop/pages"));
  fs::remove(folder_ / "shop/pages");
  fs::rename(folder_ / "aside", folder_ / "shop/pages");
  expect_as_before(*store);
}

// A large import whose segment cannot be written while its pages are.
TEST_F(RefusedChange, ASegmentThatCannotBeWritten) {
  OpenOptions options = all_in_files();
  options.journal_batch_max = 1;
  auto store = open(options);
  fs::rename(folder_ / "shop/segments", folder_ / "aside");
  const base::Error error = refusal(
      *store, {{"user:c", 0, events::kViewItem, "k"}, {"user:d", 0, events::kViewItem, "l"}});
  EXPECT_THAT(error.message, HasSubstr("shop/segments"));
  fs::rename(folder_ / "aside", folder_ / "shop/segments");
  expect_as_before(*store);
}

TEST(PageFile, VerifyNamesEachDamagedPage) {
  TemporaryFolder folder;
  auto store = make_shop(folder / "shop", all_in_files());
  must_commit(*store, {{"user:a", 0, events::kViewItem, "i"}});
  must_commit(*store, {{"user:b", 0, events::kViewItem, "j"}});
  for (const char* name : {"people-0000000001.page", "people-0000000002.page"}) {
    std::fstream file(folder / "shop/pages/" + name, std::ios::in | std::ios::out);
    file.seekg(12);
    const auto byte = static_cast<char>(~file.get());
    file.seekp(12);
    file.put(byte);
  }
  const auto damages = store->verify(base::silent_progress());
  ASSERT_TRUE(damages.ok());
  ASSERT_EQ(damages->size(), 2u);
  EXPECT_THAT((*damages)[0].file, HasSubstr("people-0000000001.page"));
  EXPECT_THAT((*damages)[1].file, HasSubstr("people-0000000002.page"));
  EXPECT_EQ((*damages)[1].part, "page of people from 2");
}

TEST(PageFile, GoldenBytes) {
  const auto hex = [](const std::string& bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<std::uint8_t>(byte));
    return text;
  };
  EXPECT_EQ(hex(encode_page_reference({0x0102, 0x3040506})),
            "000000000201000000000000060504037573e215");
  const std::string of_format_2("\0\0\0\0\2\1\0\0\0\0\0\0\xdb\x63\x1b\xd1", 16);
  EXPECT_EQ(*page_reference(of_format_2), (PageReference{0x0102, std::nullopt}));
  const std::vector<std::string> texts = {"ab", "c"};
  EXPECT_EQ(hex(DictionaryPage(7, texts).encode()),
            "0700000003000000000000000000000000000000020000000000000003000000"
            "0000000003000000616263daa235ac");
  const privacy::Privacy privacy(privacy::MasterKey{});
  const std::vector<NewPerson> met = {{privacy.pseudonym("user:1"), Population::kPeople, "user:1"}};
  EXPECT_EQ(hex(encode_people(3, met, privacy, 1)),
            "030000000100000000bf461817da5f7e03e66c2913ed61b0052e000000bf4618"
            "17da5f7e03e66c2913ed61b00500000000000000000691872d089ddeb4b8a165"
            "c4f2d5868a4ea9e2e1e9273d5dcc34");
}

// Equal in name, size and its own checksum: only the journal knows that it is another shop's.
TEST(PageFile, APageOfAnotherShopIsRefused) {
  for (const auto& [kind, person, item] :
       {std::tuple{"items", "user:a", "j"}, std::tuple{"people", "user:b", "i"}}) {
    TemporaryFolder folder;
    must_commit(*make_shop(folder / "ours", all_in_files()),
                {{"user:a", 0, events::kViewItem, "i"}});
    must_commit(*make_shop(folder / "other", all_in_files()),
                {{person, 0, events::kViewItem, item}});
    const std::string page = std::string("/pages/") + kind + "-0000000001.page";
    fs::copy_file(folder / "other" + page, folder / "ours" + page,
                  fs::copy_options::overwrite_existing);
    auto store = Store::open(folder / "ours", Access::kRead, {});
    base::Error error = store.ok() ? base::Error{} : store.error();
    if (store.ok()) {
      error = (*store)->find_person("user:a").error();
      const auto status = (*store)->status();
      ASSERT_EQ(status->damages.size(), 1u) << "status says what it could not read";
      EXPECT_THAT(status->damages[0].file, HasSubstr(page));
    }
    EXPECT_EQ(error.code, base::ErrorCode::kDamaged) << kind;
    EXPECT_THAT(error.message, HasSubstr("another shop's")) << kind;
    EXPECT_THAT(error.message, HasSubstr(page)) << kind;
  }
}

TEST(PageFile, AFolderOrAPipeInThePlaceOfAPageIsDamage) {
  TemporaryFolder folder;
  must_commit(*make_shop(folder / "shop", all_in_files()), {{"user:a", 0, events::kViewItem, "i"}});
  const std::string page = folder / "shop/pages/items-0000000001.page";
  for (const bool pipe : {false, true}) {
    fs::remove(page);
    if (pipe) {
      ASSERT_EQ(::mkfifo(page.c_str(), 0600), 0);
    } else {
      fs::create_directory(page);
    }
    const auto opened = Store::open(folder / "shop", Access::kRead, {});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, base::ErrorCode::kDamaged);
    EXPECT_THAT(opened.error().message, HasSubstr("expected a regular file"));
  }
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
