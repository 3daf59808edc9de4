#include "footfall/cli/terminal_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "footfall/base/words.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;

struct Desk {
  std::atomic<bool> stop{false};
  base::TimeMs now = 1000;
  std::vector<std::string> written;

  TerminalProgress::Options options(ProgressForm form) {
    return {form,
            {},
            [this](const std::string& text) { written.push_back(text); },
            [this] { return now; }};
  }
};

TEST(ProgressLine, SaysShareRateAndTimeLeft) {
  const std::string line =
      progress_line({"Reading files", "rows", 1000000, 250000, 5000}, {}, true);
  EXPECT_THAT(line, HasSubstr("Reading files"));
  EXPECT_THAT(line, HasSubstr("█████ "));
  EXPECT_THAT(line, HasSubstr("25 %  50 k rows/s  15 s left"));
  EXPECT_LE(base::display_width(line), 80u);
}

TEST(ProgressLine, FitsWhateverComes) {
  const StageState state{"A stage with a name that is far too long to be shown", "bytes",
                         int64_t{1} << 60, int64_t{1} << 50, 123456789};
  for (const std::size_t width : {40, 60, 80}) {
    EXPECT_LE(base::display_width(progress_line(state, {false, width}, true)), width);
  }
  EXPECT_THAT(progress_line({"Reading", "rows", 0, 5, 1000}, {}, true),
              HasSubstr("5 rows  5 rows/s"));
}

TEST(TerminalProgress, ShortWorkShowsNothing) {
  Desk desk;
  {
    TerminalProgress progress(&desk.stop, desk.options(ProgressForm::kRedraw));
    progress.stage("Short", 10, "rows");
    desk.now += 299;
    progress.advance(10);
  }
  EXPECT_TRUE(desk.written.empty());
}

TEST(TerminalProgress, RedrawsOneLineAndWipesIt) {
  Desk desk;
  {
    TerminalProgress progress(&desk.stop, desk.options(ProgressForm::kRedraw));
    progress.stage("Long", 100, "rows");
    for (int i = 0; i < 100; ++i) {
      desk.now += 20;
      progress.advance(1);
    }
  }
  EXPECT_LE(desk.written.size(), 20u) << "at most ten times a second";
  EXPECT_GE(desk.written.size(), 15u);
  EXPECT_EQ(desk.written.back(), "\r\x1b[K");
}

TEST(TerminalProgress, PipedLinesAreRareAndWhole) {
  Desk desk;
  {
    TerminalProgress progress(&desk.stop, desk.options(ProgressForm::kLines));
    progress.stage("Long", 100, "rows");
    for (int i = 0; i < 100; ++i) {
      desk.now += 50;
      progress.advance(1);
    }
  }
  ASSERT_EQ(desk.written.size(), 4u) << "at 0.3, 2.3 and 4.3 s, and the end";
  for (const auto& line : desk.written) EXPECT_EQ(line.find_first_of("\r\x1b"), std::string::npos);
  EXPECT_THAT(desk.written.back(), HasSubstr("100 %"));
}

TEST(TerminalProgress, SilentAndStopping) {
  Desk desk;
  TerminalProgress progress(&desk.stop, desk.options(ProgressForm::kSilent));
  progress.stage("x", 1, "");
  progress.advance(1);
  EXPECT_TRUE(desk.written.empty());
  EXPECT_FALSE(progress.stop_requested());
  desk.stop = true;
  EXPECT_TRUE(progress.stop_requested());
}

TEST(TerminalProgress, CountsFromManyThreads) {
  Desk desk;
  {
    TerminalProgress progress(&desk.stop, desk.options(ProgressForm::kLines));
    progress.stage("Many", 40000, "rows");
    desk.now += 5000;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10000; ++i) progress.advance(1);
      });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_THAT(desk.written.back(), HasSubstr("100 %"));
}

}  // namespace
}  // namespace footfall::cli
