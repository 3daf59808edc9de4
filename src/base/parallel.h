// Parallel loops over index ranges, on a stated number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace footfall::base {

/// Threads the machine offers this process; at least 1.
std::size_t hardware_threads();

/// Calls body(worker, begin, end) for disjoint ranges that cover [0, count), each at most
/// `grain` long, on `threads` threads (worker < threads; the caller is one of them). A worker
/// takes its ranges in rising order and runs one at a time, so worker-indexed partial results
/// need no lock. Returns when all is done. `body` must not fail: it records its own errors.
/// Where memory is out, what it threw is thrown on to the caller; fewer threads do where the
/// machine gives no more.
void parallel_for(
    std::size_t threads, std::size_t count, std::size_t grain,
    const std::function<void(std::size_t worker, std::size_t begin, std::size_t end)>& body);

}  // namespace footfall::base
