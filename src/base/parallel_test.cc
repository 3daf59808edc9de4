#include "footfall/base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <new>
#include <thread>
#include <vector>

namespace footfall::base {
namespace {

TEST(ParallelFor, CoversEveryIndexOnceInRangesOfAtMostTheGrain) {
  for (const std::size_t threads : {0u, 1u, 2u, 3u, 8u}) {
    for (const std::size_t count : {0u, 1u, 9u, 10u, 11u, 1000u}) {
      for (const std::size_t grain : {0u, 1u, 3u, 10u, 5000u}) {
        std::vector<std::atomic<int>> seen(count);
        std::atomic<bool> good{true};
        parallel_for(threads, count, grain,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       const std::size_t most = grain == 0 ? 1 : grain;
                       if (worker >= std::max<std::size_t>(1, threads)) good = false;
                       if (begin >= end || end > count || end - begin > most) good = false;
                       for (std::size_t i = begin; i < end; ++i) ++seen[i];
                     });
        EXPECT_TRUE(good) << threads << " " << count << " " << grain;
        for (const auto& times : seen) ASSERT_EQ(times, 1) << threads << " " << count;
      }
    }
  }
}

TEST(ParallelFor, AWorkerTakesItsRangesInRisingOrderOneAtATime) {
  constexpr std::size_t kThreads = 4;
  std::vector<std::size_t> next(kThreads, 0);
  std::vector<std::size_t> sums(kThreads, 0);  // No locks: each belongs to its worker.
  std::atomic<bool> rising{true};
  parallel_for(kThreads, 10'000, 7, [&](std::size_t worker, std::size_t begin, std::size_t end) {
    if (begin < next[worker]) rising = false;
    next[worker] = end;
    for (std::size_t i = begin; i < end; ++i) sums[worker] += i;
  });
  EXPECT_TRUE(rising);
  EXPECT_EQ(sums[0] + sums[1] + sums[2] + sums[3], 10'000u * 9'999u / 2);
  EXPECT_GE(hardware_threads(), 1u);
}

TEST(ParallelFor, AnExceptionOfAnyWorkerReachesTheCaller) {
  for (std::size_t bad = 0; bad < 4; ++bad) {
    std::atomic<std::size_t> begun{0};
    const auto all = [&] {
      parallel_for(4, 4, 1, [&](std::size_t worker, std::size_t, std::size_t) {
        ++begun;
        while (begun < 4) std::this_thread::yield();  // One range for each worker.
        if (worker == bad) std::rethrow_exception(std::make_exception_ptr(std::bad_alloc()));
      });
    };
    EXPECT_THROW(all(), std::bad_alloc) << bad;
  }
}

}  // namespace
}  // namespace footfall::base
