#include "footfall/store/journal.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

// Zeros that take no memory as long as nobody reads them.
class ManyZeros {
 public:
  explicit ManyZeros(std::size_t bytes)
      : bytes_(bytes),
        memory_(::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                       0)) {}
  ManyZeros(const ManyZeros&) = delete;
  ManyZeros& operator=(const ManyZeros&) = delete;
  ~ManyZeros() { ::munmap(memory_, bytes_); }

  bool there() const { return memory_ != MAP_FAILED; }
  std::string_view view() const { return {static_cast<const char*>(memory_), bytes_}; }

 private:
  std::size_t bytes_;
  void* memory_;
};

TEST(Journal, AValueThatDoesNotFitLeavesNothingOfItsBatch) {
  const TemporaryFolder folder;
  auto journal = Journal::open(folder / "journal", Journal::Mode::kCreate);
  ASSERT_TRUE(journal.ok()) << journal.error().message;
  const ManyZeros zeros(std::size_t{1} << 32);
  ASSERT_TRUE(zeros.there());

  JournalBatch batch;
  batch.put("before", "1");
  batch.put("too large", zeros.view());
  batch.put("after", "1");
  const base::Status status = (*journal)->commit(std::move(batch));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::kMemory);
  for (const char* const key : {"before", "too large", "after"}) {
    const auto value = (*journal)->get(key);
    ASSERT_TRUE(value.ok());
    EXPECT_FALSE(value->has_value()) << key;
  }
}

}  // namespace
}  // namespace footfall::store
