// The benchmarks' shop: a month of 20 million events of a million people, made once a process.
#pragma once

#include <vector>

#include "footfall/analytics/random_timelines.h"
#include "footfall/base/parallel.h"

namespace footfall::analytics {

inline const store::Block& bench_shop() {
  static const MadeBlock made(made_shop(1'000'000, 20'000'000, 1), {0, 1000}, false);
  return made.block;
}

/// Folds the whole shop on some threads and merges; 8,192 users at a time.
template <typename Partial, typename Kernel>
Partial fold_bench_shop(const Kernel& kernel, std::size_t threads) {
  const store::Block& block = bench_shop();
  std::vector<Partial> partials(threads);
  base::parallel_for(threads, block.user_count(), 8192,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       kernel.fold(partials[worker], block, begin, end);
                     });
  for (std::size_t i = 1; i < threads; ++i) kernel.merge(partials[0], partials[i]);
  return std::move(partials[0]);
}

}  // namespace footfall::analytics
