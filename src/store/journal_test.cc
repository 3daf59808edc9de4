#include "footfall/store/journal.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <chrono>
#include <filesystem>
#include <thread>

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

std::vector<std::string> tables_of(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".sst") names.push_back(entry.path().filename());
  }
  return names;
}

// Every opening makes a table of what was written before, and the writer merges tables when it
// likes. A reader looks at the bytes of what there is, and calls no file damaged that is merged.
TEST(Journal, IsVerifiedBesideAWriterThatMergesItsFiles) {
  const TemporaryFolder folder;
  const std::string path = folder / "journal";
  ASSERT_TRUE(Journal::open(path, Journal::Mode::kCreate).ok());
  const auto write_one = [&](int number) {
    auto journal = Journal::open(path, Journal::Mode::kWrite);
    ASSERT_TRUE(journal.ok()) << journal.error().message;
    JournalBatch batch;
    batch.put("every time", "v");  // Tables that overlap are merged, not moved.
    batch.put(numbered_key("k", static_cast<std::uint64_t>(number)), "v");
    ASSERT_TRUE((*journal)->commit(std::move(batch)).ok());
  };
  for (int number = 0; number < 3; ++number) write_one(number);
  const auto reader = Journal::open(path, Journal::Mode::kRead);
  ASSERT_TRUE(reader.ok());
  const std::vector<std::string> seen = tables_of(path);
  ASSERT_FALSE(seen.empty());
  const auto merged = [&] { return !std::filesystem::exists(path + "/" + seen.front()); };
  for (int number = 3; number < 60 && !merged(); ++number) {
    write_one(number);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ASSERT_TRUE(merged());
  EXPECT_EQ((*reader)->verify(), std::nullopt);
  const auto value = (*reader)->get(numbered_key("k", 1));
  EXPECT_TRUE(value.ok() && value->has_value()) << "what was open stays readable";

  for (const std::string& name : tables_of(path)) std::filesystem::remove(path + "/" + name);
  EXPECT_NE((*reader)->verify(), std::nullopt) << "files that are gone are damage";
}

}  // namespace
}  // namespace footfall::store
