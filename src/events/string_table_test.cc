#include "footfall/events/string_table.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/base/random.h"

namespace footfall::events {
namespace {

TEST(StringTable, EmptyTextIsCodeZero) {
  StringTable table;
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.intern(""), 0u);
  EXPECT_EQ(table.text(0), "");
  EXPECT_EQ(table.hash(0), base::hash64(""));
}

// The definition: a map from text to the number of texts met before it.
TEST(StringTable, EqualsAMap) {
  base::Random random(7);
  StringTable table;
  std::unordered_map<std::string, StringTable::Code> expected{{"", 0}};
  std::vector<std::string> texts{""};
  for (int i = 0; i < 200'000; ++i) {
    // Few short texts and many long ones, so that both hits and new blocks occur.
    std::string text(static_cast<std::size_t>(random.below(random.below(50) == 0 ? 5'000 : 6)),
                     'a');
    for (char& c : text) c = static_cast<char>(random.below(256));
    const auto [place, is_new] =
        expected.emplace(text, static_cast<StringTable::Code>(texts.size()));
    if (is_new) texts.push_back(text);
    // New texts by both ways, in turns.
    const bool adds = is_new && i % 3 == 0;
    ASSERT_EQ(adds ? table.add(text) : table.intern(text), place->second);
  }
  StringTable moved = std::move(table);
  ASSERT_EQ(moved.size(), texts.size());
  for (StringTable::Code code = 0; code < texts.size(); ++code) {
    ASSERT_EQ(moved.text(code), texts[code]);
    ASSERT_EQ(moved.hash(code), base::hash64(texts[code]));
    ASSERT_EQ(moved.intern(texts[code]), code);
  }
}

TEST(StringTable, LongTextsDoNotWasteBlocks) {
  StringTable table;
  const std::string large(10'000'000, 'x');
  const StringTable::Code before = table.intern("before");
  const StringTable::Code code = table.intern(large);
  const StringTable::Code after = table.intern("after");
  EXPECT_EQ(table.text(code), large);
  EXPECT_EQ(table.text(before), "before");
  EXPECT_EQ(table.text(after), "after");
}

}  // namespace
}  // namespace footfall::events
