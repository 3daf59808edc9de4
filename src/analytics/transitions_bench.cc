// Speed of the transition and path kernels on a month of a made-up shop.
#include "footfall/analytics/transitions.h"

#include <benchmark/benchmark.h>

#include "footfall/analytics/bench_shop.h"
#include "footfall/analytics/paths.h"

namespace footfall::analytics {
namespace {

void transitions(benchmark::State& state) {
  bench_shop();
  const Transitions kernel({.to = 30 * base::kDayMs + 1});  // As the question does.
  const auto threads = static_cast<std::size_t>(state.range(0));
  TransitionAnswer answer;
  for (auto _ : state) {
    answer = Transitions::finish(fold_bench_shop<TransitionPartial>(kernel, threads));
    benchmark::DoNotOptimize(answer);
  }
  state.counters["pairs"] = static_cast<double>(answer.pair_count);
  state.SetItemsProcessed(static_cast<std::int64_t>(answer.events) * state.iterations());
}

void paths(benchmark::State& state) {
  bench_shop();
  const Paths kernel = Paths::create({}).value();
  const std::vector<std::string> names(256);
  const auto threads = static_cast<std::size_t>(state.range(0));
  PathAnswer answer;
  for (auto _ : state) {
    answer = kernel.finish(fold_bench_shop<PathPartial>(kernel, threads), 10, names);
    benchmark::DoNotOptimize(answer);
  }
  state.counters["sessions"] = static_cast<double>(answer.sessions);
  state.SetItemsProcessed(static_cast<std::int64_t>(answer.events) * state.iterations());
}

BENCHMARK(transitions)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(paths)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace footfall::analytics
