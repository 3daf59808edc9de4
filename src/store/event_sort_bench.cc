#include <cstdint>

#include <benchmark/benchmark.h>

#include "footfall/base/random.h"
#include "footfall/store/event_sort.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

// A bulk load as it comes: rising times, users at random.
EventTable bulk_load(std::size_t events, std::uint64_t users) {
  base::Random random(1);
  EventTable table;
  for (std::size_t i = 0; i < events; ++i) {
    table.users.push_back(static_cast<UserNumber>(random.below(users)));
    table.times.push_back(static_cast<base::TimeMs>(i / 4) * 1000);
    table.types.push_back(static_cast<EventCode>(1 + random.below(20)));
    table.items.push_back(static_cast<ItemCode>(random.below(100'000)));
    table.keys.push_back(random());
    table.flags.push_back(0);
    table.batches.push_back(1);
  }
  return table;
}

void sort_bulk_load(benchmark::State& state) {
  const auto events = static_cast<std::size_t>(state.range(0));
  const EventTable table = bulk_load(events, events / 20);
  for (auto _ : state) {
    state.PauseTiming();
    EventTable copy = table;
    state.ResumeTiming();
    benchmark::DoNotOptimize(sort_events(copy, static_cast<std::size_t>(state.range(1))));
    state.PauseTiming();
    copy = {};
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sort_bulk_load)
    ->Args({1'000'000, 1})
    ->Args({20'000'000, 1})
    ->Args({20'000'000, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// All that a load does beyond sorting: joining, repeats, normal form.
void settle_sorted_load(benchmark::State& state) {
  const auto events = static_cast<std::size_t>(state.range(0));
  EventTable table = bulk_load(events, events / 20);
  sort_events(table, 2);
  for (auto _ : state) settle(table, static_cast<std::size_t>(state.range(1)));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(settle_sorted_load)->Args({20'000'000, 2})->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace footfall::store
