#include "footfall/engine/read_ahead.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <new>
#include <string>
#include <thread>

namespace footfall::engine {
namespace {

// Gives `chunks` chunks of rising row numbers, then false or an error.
class CountingSource final : public events::RowSource {
 public:
  CountingSource(std::uint64_t chunks, bool fails) : chunks_(chunks), fails_(fails) {}

  const std::string& name() const override { return name_; }
  const std::string& format() const override { return name_; }
  base::Result<bool> next(events::RawChunk& chunk) override {
    chunk.row_numbers.assign(1, ++given_);
    if (given_ <= chunks_) return true;
    if (fails_) return base::Error{base::ErrorCode::kIo, "cannot read on"};
    return false;
  }
  std::int64_t bytes_read() const override { return 0; }
  std::int64_t bytes_total() const override { return 0; }
  std::uint64_t given() const { return given_; }

 private:
  std::string name_ = "counted";
  std::uint64_t chunks_;
  bool fails_;
  std::atomic<std::uint64_t> given_{0};
};

TEST(ReadAhead, GivesAllChunksInOrder) {
  for (const std::uint64_t chunks : {0, 1, 3, 4, 5, 1000}) {
    CountingSource source(chunks, false);
    ReadAhead ahead(source);
    events::RawChunk chunk;
    for (std::uint64_t i = 1; i <= chunks; ++i) {
      const base::Result<bool> more = ahead.next(chunk);
      ASSERT_TRUE(more.ok() && *more);
      ASSERT_EQ(chunk.row_numbers, std::vector<std::uint64_t>{i});
    }
    const base::Result<bool> end = ahead.next(chunk);
    ASSERT_TRUE(end.ok());
    EXPECT_FALSE(*end) << chunks;
  }
}

TEST(ReadAhead, MemoryThatIsOutIsAnErrorOfTheReader) {
  class Greedy final : public events::RowSource {
   public:
    const std::string& name() const override { return name_; }
    const std::string& format() const override { return name_; }
    base::Result<bool> next(events::RawChunk&) override {
      std::rethrow_exception(std::make_exception_ptr(std::bad_alloc()));
    }
    std::int64_t bytes_read() const override { return 0; }
    std::int64_t bytes_total() const override { return 0; }

   private:
    std::string name_ = "greedy";
  };
  Greedy source;
  ReadAhead ahead(source);
  events::RawChunk chunk;
  const base::Result<bool> end = ahead.next(chunk);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, base::ErrorCode::kMemory);
}

TEST(ReadAhead, AnErrorComesAfterTheChunksBeforeIt) {
  CountingSource source(6, true);
  ReadAhead ahead(source);
  events::RawChunk chunk;
  for (int i = 0; i < 6; ++i) {
    const base::Result<bool> more = ahead.next(chunk);
    ASSERT_TRUE(more.ok() && *more);
  }
  const base::Result<bool> end = ahead.next(chunk);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().message, "cannot read on");
}

TEST(ReadAhead, LeavingEarlyReadsNoFurther) {
  CountingSource source(1'000'000, false);
  {
    ReadAhead ahead(source);
    events::RawChunk chunk;
    ASSERT_TRUE(ahead.next(chunk).ok());
    while (source.given() < 1 + ReadAhead::kChunksMax) std::this_thread::yield();
    // Long enough for one more, if the thread were to read it.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(source.given(), 1 + ReadAhead::kChunksMax);
}

// As a pipe whose writer keeps it open and says nothing more.
TEST(ReadAhead, LeavingEarlyGivesASilentSourceUp) {
  class SilentSource final : public events::RowSource {
   public:
    const std::string& name() const override { return name_; }
    const std::string& format() const override { return name_; }
    base::Result<bool> next(events::RawChunk&) override {
      for (int tries = 0; tries < 400 && !given_up_; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      return base::Error{base::ErrorCode::kInterrupted, "stopped"};
    }
    std::int64_t bytes_read() const override { return 0; }
    std::int64_t bytes_total() const override { return 0; }
    void give_up() override { given_up_ = true; }

   private:
    std::string name_ = "silent";
    std::atomic<bool> given_up_{false};
  };
  SilentSource source;
  const auto begin = std::chrono::steady_clock::now();
  {
    const ReadAhead ahead(source);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

}  // namespace
}  // namespace footfall::engine
