#include "footfall/base/parallel.h"

#include <algorithm>
#include <atomic>
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
  std::vector<std::jthread> others;
  for (std::size_t worker = 1; worker < threads; ++worker) others.emplace_back(work, worker);
  work(0);
}

}  // namespace footfall::base
