#include "footfall/cli/signals.h"

#include <csignal>

namespace footfall::cli {
namespace {

std::atomic<bool> stop_wished{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // Else a signal handler may not set it.

extern "C" void footfall_on_stop_signal(int) {
  stop_wished.store(true, std::memory_order_relaxed);
}

}  // namespace

const std::atomic<bool>& watch_signals() {
  struct sigaction action = {};
  action.sa_handler = footfall_on_stop_signal;
  // Reset on delivery: the second signal finds the default action.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return stop_wished;
}

}  // namespace footfall::cli
