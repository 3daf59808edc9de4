// The quarantine after undos against what there would be had the undone imports never been made.
#include "footfall/store/quarantine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

using Rows = std::multiset<std::string>;

// An import that brings rows, or one that releases all rows equal to some.
struct Import {
  std::vector<std::string> brings;
  std::set<std::string> releases;
  bool undone = false;
};

// The definition: a row is there as often as the import that brought it oftenest, until it is
// released.
Rows expected_rows(const std::vector<Import>& imports) {
  Rows held;
  for (const Import& import : imports) {
    if (import.undone) continue;
    for (const std::string& row : import.brings) {
      const auto wanted = std::count(import.brings.begin(), import.brings.end(), row);
      while (static_cast<std::ptrdiff_t>(held.count(row)) < wanted) held.insert(row);
    }
    for (const std::string& row : import.releases) held.erase(row);
  }
  return held;
}

Rows rows_of(const Store& store) {
  Rows held;
  const auto stored = store.quarantine();
  EXPECT_TRUE(stored.ok());
  for (const StoredQuarantine& row : *stored) held.insert(row.row.payload);
  EXPECT_EQ(store.status()->quarantined, held.size());
  return held;
}

void make_import(Store& store, const Import& import) {
  BatchInfo info;
  std::uint64_t number = 0;
  for (const std::string& row : import.brings) {
    info.quarantined.push_back({"bad_time", "a.csv", ++number, row});
  }
  const auto stored = store.quarantine();
  ASSERT_TRUE(stored.ok());
  for (const StoredQuarantine& row : *stored) {
    if (import.releases.contains(row.row.payload)) info.released_rows.push_back(row.id);
  }
  must_commit(store, {}, info);
}

TEST(Quarantine, AfterUndosIsThatOfAShopThatNeverMetTheImports) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::Random random(seed);
    const TemporaryFolder folder;
    const auto store = make_shop(folder / "shop");
    std::vector<Import> imports;
    for (int step = 0; step < 14; ++step) {
      if (!imports.empty() && random.chance(0.4)) {
        const std::size_t undone = random.below(imports.size());
        if (imports[undone].undone) continue;
        ASSERT_TRUE(
            store->undo(static_cast<BatchNumber>(undone + 1), base::silent_progress()).ok());
        imports[undone].undone = true;
      } else {
        Import import;
        if (random.chance(0.35)) {
          for (const char* row : {"a", "b", "c"}) {
            // What is not there is not released, also not of what an undo brings back.
            if (random.chance(0.5) && rows_of(*store).contains(row)) import.releases.insert(row);
          }
        } else {
          for (std::uint64_t i = random.below(4); i > 0; --i) {
            import.brings.emplace_back(1, static_cast<char>('a' + random.below(3)));
          }
        }
        make_import(*store, import);
        imports.push_back(std::move(import));
      }
      ASSERT_EQ(rows_of(*store), expected_rows(imports)) << "seed " << seed << " step " << step;
    }
  }
}

TEST(Quarantine, NamesTheImportThatStillHoldsARow) {
  const TemporaryFolder folder;
  const auto store = make_shop(folder / "shop");
  for (const char* source : {"first.csv", "second.csv"}) {
    BatchInfo info;
    info.quarantined = {{"no_id", source, 7, "x"}};
    must_commit(*store, {}, info);
  }
  ASSERT_EQ(store->quarantine()->size(), 1u);
  EXPECT_EQ(store->quarantine()->front().row.source, "first.csv");
  ASSERT_TRUE(store->undo(1, base::silent_progress()).ok());
  ASSERT_EQ(store->quarantine()->size(), 1u);
  EXPECT_EQ(store->quarantine()->front().row.source, "second.csv");
  EXPECT_EQ(store->quarantine()->front().batch, 2u);
  ASSERT_TRUE(store->undo(2, base::silent_progress()).ok());
  EXPECT_TRUE(store->quarantine()->empty());
}

}  // namespace
}  // namespace footfall::store
