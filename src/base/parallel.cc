#include "footfall/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace footfall::base {

std::size_t hardware_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t threads, std::size_t count, std::size_t grain,
                  const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  if (count == 0) return;
  grain = std::max<std::size_t>(1, grain);
  const std::size_t ranges = (count + grain - 1) / grain;
  threads = std::clamp<std::size_t>(threads, 1, ranges);
  std::atomic<std::size_t> next{0};
  const auto work = [&](std::size_t worker) {
    for (std::size_t range = next++; range < ranges; range = next++) {
      body(worker, range * grain, std::min(count, (range + 1) * grain));
    }
  };
  // What a thread throws (memory that is out) is the caller's to hear of, when all have ended.
  std::vector<std::exception_ptr> thrown(threads);
  const auto guarded = [&](std::size_t worker) {
    try {
      work(worker);
    } catch (...) {
      thrown[worker] = std::current_exception();
      next = ranges;
    }
  };
  {
    std::vector<std::jthread> others;
    others.reserve(threads);
    try {
      for (std::size_t worker = 1; worker < threads; ++worker) others.emplace_back(guarded, worker);
    } catch (const std::system_error&) {
      // The machine gives no more threads: those that began do all of the work.
    }
    guarded(0);
  }
  for (const std::exception_ptr& failure : thrown) {
    if (failure != nullptr) std::rethrow_exception(failure);
  }
}

}  // namespace footfall::base
