// Pages of the dictionaries that are not what their place says, though their checksums fit.
#include <gtest/gtest.h>

#include <fstream>

#include "footfall/store/byte_codec.h"
#include "footfall/store/page_file.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

std::string no_page() {
  ByteWriter writer;
  writer.number(std::uint32_t{1});
  writer.text("no page");
  return std::move(writer).with_checksum();
}

TEST(PageDamage, VerifyNamesEachPageThatCannotBeRead) {
  const std::string page = no_page();
  for (const std::uint64_t page_file_min : {1u, 1u << 20}) {
    for (const PageKind& kind : kPageKinds) {
      SCOPED_TRACE(kind.name);
      TemporaryFolder folder;
      const std::string shop = folder / "shop";
      OpenOptions options;
      options.page_file_min = page_file_min;
      {
        auto store = make_shop(shop, options);
        for (const char* name : {"a", "b", "c"}) {
          must_commit(*store, {{std::string("user:") + name, 0, events::kPurchase, name, name, 1, 1,
                                "", name}});
        }
      }
      std::string file = shop + "/journal";
      {
        const auto journal = Journal::open(shop + "/journal", Journal::Mode::kWrite);
        JournalBatch change;
        if (page_file_min == 1) {
          file = shop + "/pages/" + page_file_name(kind.name, 2);
          std::ofstream(file, std::ios::trunc) << page;
          change.put(numbered_key(kind.prefix, 2), encode_page_reference(refer_to(page)));
        } else {
          change.put(numbered_key(kind.prefix, 2), page);
        }
        change.remove(numbered_key(kind.prefix, 3));
        ASSERT_TRUE((*journal)->commit(std::move(change)).ok());
      }
      const auto store = Store::open(shop, Access::kRead, {});
      EXPECT_EQ(store.ok() ? file : store.error().where.file, file);
      const auto damages = store.ok()
                               ? *(*store)->verify(base::silent_progress())
                               : Store::find_damage(shop, store.error(), base::silent_progress());
      ASSERT_EQ(damages.size(), 1u);
      EXPECT_EQ(damages[0].file, file);
      EXPECT_EQ(damages[0].part, page_words(kind, 2));
    }
  }
}

// A page is gone between two, and one at the end.
TEST(PageDamage, VerifyNamesAPageThatIsMissing) {
  for (const std::uint64_t gone : {2u, 3u}) {
    TemporaryFolder folder;
    {
      auto store = make_shop(folder / "shop");
      for (const char* name : {"a", "b", "c"}) {
        must_commit(*store, {{std::string("user:") + name, 0, events::kViewItem, "i"}});
      }
    }
    {
      const auto journal = Journal::open(folder / "shop/journal", Journal::Mode::kWrite);
      JournalBatch change;
      change.remove(numbered_key(kPeoplePrefix, gone));
      ASSERT_TRUE((*journal)->commit(std::move(change)).ok());
    }
    const auto store = Store::open(folder / "shop", Access::kRead, {});
    ASSERT_TRUE(store.ok());
    const auto damages = (*store)->verify(base::silent_progress());
    ASSERT_TRUE(damages.ok());
    ASSERT_EQ(damages->size(), 1u);
    EXPECT_EQ((*damages)[0].file, folder / "shop/journal");
    EXPECT_EQ((*damages)[0].part, "page of people from 3");
    const auto person = (*store)->person(1);
    ASSERT_FALSE(person.ok());
    EXPECT_EQ(person.error().where.file, folder / "shop/journal");
  }
}

}  // namespace
}  // namespace footfall::store
