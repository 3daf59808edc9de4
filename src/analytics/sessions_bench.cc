// Speed of the session kernel on a month of a made-up shop.
#include "footfall/analytics/sessions.h"

#include <benchmark/benchmark.h>

#include "footfall/analytics/bench_shop.h"

namespace footfall::analytics {
namespace {

void run_sessions(benchmark::State& state, SessionSpec spec) {
  bench_shop();
  spec.to = 30 * base::kDayMs + 1;  // As the question does.
  const Sessions sessions = Sessions::create(spec).value();
  const auto threads = static_cast<std::size_t>(state.range(0));
  SessionAnswer answer;
  for (auto _ : state) {
    answer = sessions.finish(fold_bench_shop<SessionPartial>(sessions, threads));
    benchmark::DoNotOptimize(answer);
  }
  state.counters["sessions"] = static_cast<double>(answer.rows[0].counts.sessions);
  state.SetItemsProcessed(static_cast<std::int64_t>(answer.events) * state.iterations());
}

void count(benchmark::State& state) {
  run_sessions(state, {});
}
void details(benchmark::State& state) {
  run_sessions(state, {.details = true});
}
void details_by_day(benchmark::State& state) {
  run_sessions(state, {.details = true, .by = Calendar{}});
}

BENCHMARK(count)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(details)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(details_by_day)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace footfall::analytics
