#include <benchmark/benchmark.h>

#include "footfall/analytics/bench_orders.h"
#include "footfall/analytics/rfm.h"
#include "footfall/base/parallel.h"

namespace footfall::analytics {
namespace {

constexpr std::size_t kGrain = 8192;

void walk_orders(benchmark::State& state) {
  const store::Block& block = bench_orders();
  const auto threads = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    std::vector<std::int64_t> lines(threads * 8, 0);
    base::parallel_for(threads, block.user_count(), kGrain,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         OrderWalk walk(block, {begin, end}, {events::kPurchase, events::kRefund});
                         OrderEvent order;
                         while (walk.next(order)) lines[worker * 8] += order.line_end;
                       });
    benchmark::DoNotOptimize(lines.data());
  }
}
BENCHMARK(walk_orders)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void score_rfm(benchmark::State& state) {
  const store::Block& block = bench_orders();
  const auto threads = static_cast<std::size_t>(state.range(0));
  const TextLookup text_of = [](store::TextCode) { return std::string_view(); };
  RfmRule rule;
  rule.range = {0, 31 * base::kDayMs};
  rule.reference_day = 30;
  const LocalDays days(*base::Zone::open("Europe/London"), rule.range, rule.range.to);
  for (auto _ : state) {
    std::vector<RfmFold> parts(threads, RfmFold(rule, days, text_of));
    base::parallel_for(threads, block.user_count(), kGrain,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         parts[worker].fold(block, {begin, end});
                       });
    const RfmScores scores(rule, parts);
    std::vector<RfmTable> tables(threads);
    base::parallel_for(threads, threads, 1, [&](std::size_t, std::size_t part, std::size_t) {
      scores.tally(parts[part], tables[part]);
    });
    benchmark::DoNotOptimize(tables.data());
  }
}
BENCHMARK(score_rfm)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace footfall::analytics
