#include "footfall/base/stoppable_read.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

namespace footfall::base {
namespace {

class Stoppable final : public Progress {
 public:
  explicit Stoppable(const std::atomic<bool>& stop) : Progress(&stop) {}
  void stage(const std::string&, std::int64_t, const std::string&) override {}
  void advance(std::int64_t) override {}
};

class StoppableRead : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "footfall_read_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    fifo_ = folder_ + "/fifo";
    ASSERT_EQ(::mkfifo(fifo_.c_str(), 0600), 0);
  }
  void TearDown() override {
    ::unlink(fifo_.c_str());
    ::unlink((folder_ + "/file").c_str());
    ::rmdir(folder_.c_str());
  }
  static std::string read_all(int descriptor) {
    std::string text;
    char buffer[3];
    for (;;) {
      const ssize_t count = stoppable_read(descriptor, buffer, sizeof buffer, silent_progress());
      EXPECT_GE(count, 0);
      if (count <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(count));
    }
  }

  std::string folder_;
  std::string fifo_;
};

TEST_F(StoppableRead, EndsWhereAStopIsWishedWhileItWaits) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const int fifo = open_to_read(fifo_.c_str());
  ASSERT_GE(fifo, 0);
  for (const int descriptor : {ends[0], fifo}) {
    std::atomic<bool> stop{false};
    const Stoppable progress(stop);
    std::thread wisher([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      stop = true;
    });
    char byte = 0;
    EXPECT_EQ(stoppable_read(descriptor, &byte, 1, progress), -1);
    EXPECT_EQ(errno, ECANCELED);
    wisher.join();
  }
  ::close(ends[0]);
  ::close(ends[1]);
  ::close(fifo);
}

TEST_F(StoppableRead, WaitsForTheWriterOfAFifoAndReadsAllOfIt) {
  const int descriptor = open_to_read(fifo_.c_str());
  ASSERT_GE(descriptor, 0);
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(3 * kStopLookMs));
    std::ofstream out(fifo_);
    out << "one " << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(2 * kStopLookMs));
    out << "two";
  });
  EXPECT_EQ(read_all(descriptor), "one two");
  writer.join();
  ::close(descriptor);
}

TEST_F(StoppableRead, ReadsAnOrdinaryFile) {
  std::ofstream(folder_ + "/file") << "rows";
  const int descriptor = open_to_read((folder_ + "/file").c_str());
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(read_all(descriptor), "rows");
  ::close(descriptor);
  EXPECT_EQ(open_to_read((folder_ + "/none").c_str()), -1);
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace footfall::base
