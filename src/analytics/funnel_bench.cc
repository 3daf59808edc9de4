// Speed of the funnel kernel on a month of a made-up shop: 20 million events of a million people.
#include "footfall/analytics/funnel.h"

#include <benchmark/benchmark.h>

#include "footfall/analytics/random_timelines.h"
#include "footfall/base/parallel.h"

namespace footfall::analytics {
namespace {

const MadeBlock& shop() {
  static const MadeBlock made(made_shop(1'000'000, 20'000'000, 1), {0, 1000}, false);
  return made;
}

void run_funnel(benchmark::State& state, FunnelEntry entry, bool details) {
  const store::Block& block = shop().block;
  FunnelSpec spec;
  spec.steps = {{events::kViewItem}, {events::kAddToCart}, {events::kPurchase}};
  spec.entry = entry;
  spec.details = details;
  spec.complete_to = 30 * base::kDayMs;
  const Funnel funnel = Funnel::create(spec).value();
  const auto threads = static_cast<std::size_t>(state.range(0));
  FunnelAnswer answer;
  for (auto _ : state) {
    std::vector<FunnelPartial> partials(threads);
    base::parallel_for(threads, block.user_count(), 8192,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         funnel.fold(partials[worker], block, begin, end);
                       });
    for (std::size_t i = 1; i < threads; ++i) Funnel::merge(partials[0], partials[i]);
    answer = funnel.finish(partials[0]);
    benchmark::DoNotOptimize(answer);
  }
  state.counters["converted"] = static_cast<double>(answer.steps.back().persons);
  state.SetItemsProcessed(static_cast<std::int64_t>(block.event_count()) * state.iterations());
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
