// TerminalProgress: long work drawn as one line that is redrawn, or as plain lines when piped.
#pragma once

#include <cstdio>
#include <functional>
#include <mutex>
#include <string>

#include "footfall/base/progress.h"
#include "footfall/cli/style.h"

namespace footfall::cli {

enum class ProgressForm : unsigned char {
  kSilent,
  kLines,   // One line at most every two seconds, and one when a stage ends.
  kRedraw,  // One line, redrawn at most ten times a second, wiped when all is done.
};

/// What a stage has come to, for drawing.
struct StageState {
  std::string name;
  std::string unit;
  std::int64_t total = 0;  // 0 = unknown.
  std::int64_t done = 0;
  base::TimeMs elapsed_ms = 0;
};

/// "Reading files   ████▌     45 %   1.2 M rows/s   4 s left" in at most style.width columns.
std::string progress_line(const StageState& state, const Style& style, bool with_bar);

/// Work shorter than a third of a second shows nothing. Safe from any thread.
class TerminalProgress : public base::Progress {
 public:
  /// `write` takes what is to be shown; `clock` gives milliseconds that never go back. Both are
  /// called under a lock.
  struct Options {
    ProgressForm form = ProgressForm::kSilent;
    Style style;
    std::function<void(const std::string&)> write;
    std::function<base::TimeMs()> clock;
  };
  TerminalProgress(const std::atomic<bool>* stop, Options options);
  ~TerminalProgress() override;

  void stage(const std::string& name, std::int64_t total, const std::string& unit) override;
  void advance(std::int64_t steps) override;

  /// Ends the last stage: wipes the line, or writes its last state. May be called twice.
  void finish();

 private:
  void end_stage();
  void draw(base::TimeMs now);

  Options options_;
  std::mutex mutex_;
  std::atomic<std::int64_t> done_{0};
  std::atomic<base::TimeMs> next_draw_{0};
  StageState state_;
  base::TimeMs began_ = 0;
  bool active_ = false;
  bool drawn_ = false;
};

}  // namespace footfall::cli
