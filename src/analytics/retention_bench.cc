// Speed of the retention kernel on a month of a made-up shop.
#include "footfall/analytics/retention.h"

#include <benchmark/benchmark.h>

#include "footfall/analytics/bench_shop.h"

namespace footfall::analytics {
namespace {

void run_retention(benchmark::State& state, RetentionSpec spec) {
  spec.periods = 30;
  spec.complete_to = 30 * base::kDayMs;
  spec.to = spec.complete_to + 1;  // As the question does.
  const Retention retention = Retention::create(spec).value();
  const auto threads = static_cast<std::size_t>(state.range(0));
  bench_shop();
  RetentionAnswer answer;
  for (auto _ : state) {
    answer = retention.finish(fold_bench_shop<RetentionPartial>(retention, threads));
    benchmark::DoNotOptimize(answer);
  }
  state.counters["cohorts"] = static_cast<double>(answer.cohorts.size());
  state.SetItemsProcessed(static_cast<std::int64_t>(answer.events) * state.iterations());
}

void daily_on(benchmark::State& state) {
  run_retention(state, {});
}
void daily_on_or_after(benchmark::State& state) {
  run_retention(state, {.variant = RetentionVariant::kOnOrAfter});
}
void daily_view_then_purchase(benchmark::State& state) {
  run_retention(state, {.start = {events::kViewItem}, .returning = {events::kPurchase}});
}

// Months differ in length: their words are looked up.
void monthly_on(benchmark::State& state) {
  run_retention(state, {.calendar = {.unit = PeriodUnit::kMonth}});
}

BENCHMARK(monthly_on)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(daily_on)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(daily_on_or_after)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(daily_view_then_purchase)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace footfall::analytics
