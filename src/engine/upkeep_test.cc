#include "footfall/engine/upkeep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "footfall/engine/small_shop.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<store::Store> open_store(const SmallShop& shop, store::Access access) {
  store::OpenOptions options;
  options.page_file_min = 1;  // The persons' page is a file.
  auto opened = store::Store::open(shop.options().shop, access, options);
  FOOTFALL_CHECK(opened.ok());
  return std::move(*opened);
}

void view_once(store::Store& store) {
  events::EventBatch batch;
  batch.times.push_back(1);
  batch.users.push_back(batch.persons.intern(events::person_text(events::IdKind::kUser, "a")));
  batch.types.push_back(events::kViewItem);
  batch.items.push_back(batch.items_table.intern("i"));
  batch.orders.push_back(0);
  batch.flags.push_back(0);
  batch.rows.push_back(0);
  base::Column<std::uint64_t> ids;
  ids.push_back(1);
  events::set_keys(batch, ids);
  ASSERT_TRUE(store.commit(batch, {}, base::silent_progress()).ok());
}

TEST(Status, CountsItemsOfWhatIsThere) {
  const SmallShop shop;
  const auto engine = shop.filled();
  EXPECT_EQ((*engine->status())["items"], 13);
  ASSERT_TRUE(engine->collect({{"undo", 1}}).ok());
  EXPECT_EQ((*engine->status())["items"], 0);
}

TEST(Restore, OfWhatIsNoBackupSaysTheOrderOfItsWords) {
  const SmallShop shop;
  const auto refusal = [&](const std::string& source, const std::string& made) {
    const auto restored =
        Engine::restore({made, "", 1, SmallShop::kNow, nullptr}, {{"source", source}});
    EXPECT_FALSE(restored.ok());
    return restored.ok() ? "" : restored.error().hint;
  };
  EXPECT_THAT(
      refusal(shop / "none", shop.options().shop),
      testing::HasSubstr("`footfall restore " + shop.options().shop + " " + (shop / "none")));
  EXPECT_THAT(refusal(shop / "none", shop / "new"), testing::HasSubstr("restore DEST SHOP"));
  EXPECT_FALSE(fs::exists(shop / "new"));
}

TEST(Shop, OneFolderFurtherDownIsNamed) {
  const SmallShop shop;
  const auto opened = Engine::open({shop / "", "", 1, SmallShop::kNow, nullptr}, Access::kRead);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().hint, testing::HasSubstr("there is one in " + (shop / "")));
}

TEST(Explain, OfANumberThatIsNoImportShowsAReceipt) {
  const SmallShop shop;
  const auto engine = shop.filled();
  const auto hint = [&] { return engine->explain({{"id", "9"}}).error().hint; };
  EXPECT_THAT(hint(), testing::HasSubstr("looks like r-0123456789abc; the shop keeps none"));
  ASSERT_TRUE(engine->learn(Json::object()).ok());
  const auto decided = engine->decide({{"kind", "recommend"}, {"user", "1"}});
  ASSERT_TRUE(decided.ok()) << decided.error().message;
  EXPECT_THAT(hint(), testing::HasSubstr((*decided)["receipt"].get<std::string>()));
}

TEST(Status, OfADamagedShopAsksForALook) {
  const SmallShop shop;
  view_once(*open_store(shop, store::Access::kWrite));
  const auto document = [&] {
    const auto store = open_store(shop, store::Access::kRead);
    const auto status = status_document(
        {*store, base::Zone::utc(), 2, 1, SmallShop::kNow, base::silent_progress()}, "shop");
    EXPECT_TRUE(status.ok()) << status.error().message;
    return status.ok() ? *status : Json::object();
  };
  const Json sound = document();
  EXPECT_FALSE(sound.contains("attention") || sound.contains("damage"));
  const std::string page = shop.options().shop + "/pages/people-0000000001.page";
  ASSERT_TRUE(fs::exists(page));
  std::ofstream(page) << "x";
  const Json damaged = document();
  EXPECT_EQ(damaged["damage"].size(), 1u);
  EXPECT_THAT(damaged.value("attention", ""), testing::HasSubstr("footfall verify"))
      << "and the exit code is 1";
}

}  // namespace
}  // namespace footfall::engine
