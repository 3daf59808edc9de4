#include "footfall/cli/terminal_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/render_documents.h"

namespace footfall::cli {
namespace {

constexpr base::TimeMs kQuietMs = 300;
constexpr base::TimeMs kRedrawMs = 100;
constexpr base::TimeMs kLinesMs = 2000;

// "1.2 M", "340 k", "17": three digits are enough for a rate.
std::string short_number(double number) {
  if (number >= 1e9) return fmt::format("{:.1f} G", number / 1e9);
  if (number >= 1e6) return fmt::format("{:.1f} M", number / 1e6);
  if (number >= 1e4) return fmt::format("{:.0f} k", number / 1e3);
  return fmt::format("{:.0f}", number);
}

std::string amount(double number, const std::string& unit) {
  if (unit == "bytes") return bytes_words(number);
  return short_number(number) + (unit.empty() ? "" : " " + unit);
}

std::string time_left(const StageState& state) {
  if (state.total <= 0 || state.done <= 0 || state.done >= state.total) return "";
  const double rest = static_cast<double>(state.total - state.done);
  const double milliseconds =
      static_cast<double>(state.elapsed_ms) * rest / static_cast<double>(state.done);
  if (!std::isfinite(milliseconds) || milliseconds > 1e12) return "";
  const auto seconds = static_cast<std::int64_t>(std::ceil(milliseconds / 1000));
  return duration_words(seconds * base::kSecondMs) + " left";
}

}  // namespace

std::string progress_line(const StageState& state, const Style& style, bool with_bar) {
  constexpr std::size_t kNameWidth = 20;
  constexpr std::size_t kBarWidth = 20;
  std::string figures;
  if (state.total > 0) {
    const double share = static_cast<double>(state.done) / static_cast<double>(state.total);
    figures = fmt::format("  {:3.0f} %", std::floor(std::clamp(share, 0.0, 1.0) * 100));
  } else {
    figures = "  " + amount(static_cast<double>(state.done), state.unit);
  }
  if (state.elapsed_ms > 0 && state.done > 0) {
    const double rate =
        static_cast<double>(state.done) * 1000 / static_cast<double>(state.elapsed_ms);
    figures += "  " + amount(rate, state.unit) + "/s";
  }
  const std::string left = time_left(state);
  if (!left.empty()) figures += "  " + left;
  std::string line = pad(base::shorten(safe(state.name), kNameWidth), kNameWidth);
  // A line that fills the last column would make some terminals scroll.
  const std::size_t used = kNameWidth + base::display_width(figures) + 1;
  const std::size_t room = style.width > used + 2 ? style.width - used - 2 : 0;
  if (with_bar && state.total > 0 && room >= 4) {
    const double share = static_cast<double>(state.done) / static_cast<double>(state.total);
    line += "  " + style.paint(bar(share, std::min(kBarWidth, room)), Tone::kAccent);
  }
  return line + base::shorten(figures, style.width > kNameWidth ? style.width - kNameWidth : 1);
}

TerminalProgress::TerminalProgress(const std::atomic<bool>* stop, Options options)
    : base::Progress(stop), options_(std::move(options)) {}

TerminalProgress::~TerminalProgress() {
  finish();
}

void TerminalProgress::stage(const std::string& name, std::int64_t total, const std::string& unit) {
  if (options_.form == ProgressForm::kSilent) return;
  const std::lock_guard lock(mutex_);
  end_stage();
  state_ = {name, unit, total, 0, 0};
  done_.store(0, std::memory_order_relaxed);
  began_ = options_.clock();
  next_draw_.store(began_ + kQuietMs, std::memory_order_relaxed);
  active_ = true;
}

void TerminalProgress::advance(std::int64_t steps) {
  if (options_.form == ProgressForm::kSilent) return;
  done_.fetch_add(steps, std::memory_order_relaxed);
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock() || !active_) return;  // Another thread is drawing.
  const base::TimeMs now = options_.clock();
  if (now < next_draw_.load(std::memory_order_relaxed)) return;
  draw(now);
}

void TerminalProgress::finish() {
  if (options_.form == ProgressForm::kSilent) return;
  const std::lock_guard lock(mutex_);
  end_stage();
}

// The lock is held.
void TerminalProgress::end_stage() {
  if (active_ && drawn_) {
    if (options_.form == ProgressForm::kRedraw) {
      options_.write("\r\x1b[K");
    } else {
      draw(options_.clock());
    }
  }
  active_ = false;
  drawn_ = false;
}

// The lock is held.
void TerminalProgress::draw(base::TimeMs now) {
  state_.done = done_.load(std::memory_order_relaxed);
  state_.elapsed_ms = now - began_;
  if (options_.form == ProgressForm::kRedraw) {
    options_.write("\r\x1b[K" + progress_line(state_, options_.style, true));
    next_draw_.store(now + kRedrawMs, std::memory_order_relaxed);
  } else {
    options_.write(progress_line(state_, options_.style, false) + "\n");
    next_draw_.store(now + kLinesMs, std::memory_order_relaxed);
  }
  drawn_ = true;
}

}  // namespace footfall::cli
