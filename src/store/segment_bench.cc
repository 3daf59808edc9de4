#include <unistd.h>

#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>

#include "footfall/base/random.h"
#include "footfall/store/segment.h"
#include "footfall/store/segment_writer.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

constexpr std::size_t kEvents = 20'000'000;

const EventTable& large_table() {
  static const EventTable table = [] {
    base::Random random(1);
    EventTable made;
    for (std::size_t i = 0; i < kEvents; ++i) {
      made.users.push_back(static_cast<UserNumber>(random.below(kEvents / 20)));
      made.times.push_back(static_cast<base::TimeMs>(i / 4) * 1000);
      made.types.push_back(static_cast<EventCode>(1 + random.below(20)));
      made.items.push_back(static_cast<ItemCode>(random.below(100'000)));
      made.keys.push_back(random());
      made.flags.push_back(0);
      made.batches.push_back(1);
    }
    settle(made, 2);
    return made;
  }();
  return table;
}

std::string bench_path() {
  return std::filesystem::temp_directory_path() /
         ("footfall_bench_" + std::to_string(::getpid()) + ".segment");
}

void write_large(benchmark::State& state) {
  const EventTable& table = large_table();
  for (auto _ : state) {
    const auto summary = write_segment(bench_path(), table, 2);
    if (!summary.ok()) state.SkipWithError(summary.error().message.c_str());
    if (summary.ok())
      state.counters["core_bytes_an_event"] =
          static_cast<double>(summary->core_bytes) / static_cast<double>(kEvents);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(write_large)->UseRealTime()->Unit(benchmark::kMillisecond);

// Opening, checking and decoding the core columns, the file being in memory.
void first_block(benchmark::State& state) {
  if (!std::filesystem::exists(bench_path())) {
    const auto summary = write_segment(bench_path(), large_table(), 2);
    if (!summary.ok()) state.SkipWithError(summary.error().message.c_str());
  }
  SegmentOptions options;
  options.threads = 2;
  for (auto _ : state) {
    const auto segment = Segment::open(bench_path(), options);
    if (!segment.ok() || !(*segment)->block({}).ok()) state.SkipWithError("unreadable");
  }
}
BENCHMARK(first_block)->UseRealTime()->Unit(benchmark::kMillisecond);

void read_all_timelines(benchmark::State& state) {
  const auto segment = Segment::open(bench_path(), {});
  if (!segment.ok()) return state.SkipWithError("unreadable");
  for (auto _ : state) {
    benchmark::DoNotOptimize((*segment)->read(0, (*segment)->user_count()));
  }
  std::filesystem::remove(bench_path());
}
BENCHMARK(read_all_timelines)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace footfall::store
