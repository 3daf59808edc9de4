#include "footfall/store/shop_lock.h"

#include <gtest/gtest.h>

#include <fstream>

#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

TEST(ShopLock, NamesTheProcessThatWritesAndNothingElse) {
  struct Case {
    const char* why;
    std::string bytes;
    std::string holder;
  };
  const std::vector<Case> cases = {
      {"a process's number", "4711", "process 4711"},
      {"the holder has not written it yet", "", "process unknown"},
      {"a damaged file never reaches a terminal", "47\x1B[2J", "process unknown"},
      {"nor does a second line", "4711\n", "process unknown"},
      {"bytes past any number", std::string(100, '\0'), "process unknown"},
  };
  const TemporaryFolder folder;
  const auto held = ShopLock::take(folder / "");
  ASSERT_TRUE(held.ok());
  for (const Case& c : cases) {
    std::ofstream(folder / "lock", std::ios::trunc) << c.bytes;
    const auto second = ShopLock::take(folder / "");
    ASSERT_FALSE(second.ok()) << c.why;
    EXPECT_EQ(second.error().code, base::ErrorCode::kBusy);
    EXPECT_TRUE(second.error().message.ends_with(": " + c.holder))
        << c.why << ": " << second.error().message;
  }
}

}  // namespace
}  // namespace footfall::store
