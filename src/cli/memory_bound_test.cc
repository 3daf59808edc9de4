#include "footfall/cli/memory_bound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "footfall/base/progress.h"
#include "footfall/cli/verbs.h"
#include "footfall/engine/small_shop.h"

namespace footfall::cli {
namespace {

bool can_have(std::size_t bytes) {
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  ::munmap(memory, bytes);
  return true;
}

TEST(MemoryBound, HoldsWhileItLives) {
  constexpr std::size_t kLarge = 200u << 20;
  ASSERT_TRUE(can_have(kLarge));
  {
    const MemoryBound bound(100u << 20);
    EXPECT_FALSE(can_have(kLarge));
    EXPECT_TRUE(can_have(50u << 20));
  }
  EXPECT_TRUE(can_have(kLarge));
}

// The texts that a function makes are memory that DuckDB's own limit does not count.
TEST(MemoryBound, HoldsForTheTextsOfAQuery) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer ends the process where memory is refused";
#endif
  const engine::SmallShop shop;
  const VerbRunner run = engine_runner({shop / "shop", "", 1, 0}, base::silent_progress());
  const auto refused = run("sql", {{"query", "SELECT repeat('x', 4000000) AS c FROM range(2000)"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kMemory);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("at most"));
  EXPECT_TRUE(run("ask", {{"question", "sql"}, {"query", "SELECT 1"}}).ok());
}

}  // namespace
}  // namespace footfall::cli
