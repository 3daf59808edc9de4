// Progress: how far a long piece of work has come, for whoever watches.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "footfall/base/time.h"

namespace footfall::base {

/// What long work reports to. The work calls `stage` and `advance`; a watcher draws. Also carries
/// the wish to stop (Ctrl-C), which long loops look at. All calls are safe from any thread.
class Progress {
 public:
  virtual ~Progress() = default;

  /// A new stage of work begins: `total` steps of `unit` ("rows", "bytes"); 0 = unknown.
  virtual void stage(const std::string& name, std::int64_t total, const std::string& unit) = 0;
  virtual void advance(std::int64_t steps) = 0;

  bool stop_requested() const { return stop_->load(std::memory_order_relaxed); }

 protected:
  explicit Progress(const std::atomic<bool>* stop) : stop_(stop) {}

 private:
  const std::atomic<bool>* stop_;
};

/// Draws nothing, never stops: for tests and short work.
Progress& silent_progress();

}  // namespace footfall::base
