// Speed of the funnel kernel on a month of a made-up shop: 20 million events of a million people.
#include "footfall/analytics/funnel.h"

#include <benchmark/benchmark.h>

#include "footfall/analytics/bench_shop.h"

namespace footfall::analytics {
namespace {

void run_funnel(benchmark::State& state, FunnelEntry entry, bool details) {
  FunnelSpec spec;
  spec.steps = {{events::kViewItem}, {events::kAddToCart}, {events::kPurchase}};
  spec.entry = entry;
  spec.details = details;
  spec.complete_to = 30 * base::kDayMs;
  spec.to = spec.complete_to + 1;  // As the question does.
  const Funnel funnel = Funnel::create(spec).value();
  const auto threads = static_cast<std::size_t>(state.range(0));
  bench_shop();
  FunnelAnswer answer;
  for (auto _ : state) {
    answer = funnel.finish(fold_bench_shop<FunnelPartial>(funnel, threads));
    benchmark::DoNotOptimize(answer);
  }
  state.counters["converted"] = static_cast<double>(answer.steps.back().persons);
  state.SetItemsProcessed(static_cast<std::int64_t>(answer.events) * state.iterations());
}

void best_chain(benchmark::State& state) {
  run_funnel(state, FunnelEntry::kBestChain, false);
}
void first_entry(benchmark::State& state) {
  run_funnel(state, FunnelEntry::kFirstEntry, false);
}
void best_chain_details(benchmark::State& state) {
  run_funnel(state, FunnelEntry::kBestChain, true);
}

BENCHMARK(best_chain)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(first_entry)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(best_chain_details)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace footfall::analytics
