#include "footfall/events/interpreter.h"

#include <benchmark/benchmark.h>

#include <deque>
#include <string>

#include "footfall/base/random.h"
#include "footfall/events/recognition.h"

namespace footfall::events {
namespace {

constexpr std::size_t kChunkRows = 4096;

// Chunks of a plain event file: 1 event a second, `users` users, 30,000 items.
struct EventChunks {
  explicit EventChunks(std::size_t rows, std::uint64_t users, bool typed) {
    base::Random random(1);
    constexpr std::string_view kWords[] = {"view", "view", "view", "cart", "buy"};
    std::int64_t time = 1'700'000'000;
    std::uint64_t number = 1;
    for (std::size_t from = 0; from < rows; from += kChunkRows) {
      RawChunk& chunk = chunks.emplace_back();
      for (const char* name : {"event", "timestamp", "user", "item"}) {
        chunk.columns.push_back({});
        chunk.columns.back().name = name;
        if (typed && std::string_view(name) != "event") {
          chunk.columns.back().kind = CellKind::kInteger;
        }
      }
      for (std::size_t row = 0; row < kChunkRows; ++row) {
        chunk.row_numbers.push_back(++number);
        chunk.columns[0].texts.push_back(kWords[random.below(5)]);
        add(chunk.columns[1], ++time);
        add(chunk.columns[2], random.between(1, static_cast<std::int64_t>(users)));
        add(chunk.columns[3], random.between(1, 30'000));
      }
    }
  }

  void add(RawColumn& column, std::int64_t value) {
    if (column.kind == CellKind::kInteger) {
      column.integers.push_back(value);
    } else {
      column.texts.push_back(texts.emplace_back(std::to_string(value)));
    }
  }

  std::vector<RawChunk> chunks;
  std::deque<std::string> texts;
};

void read_events(benchmark::State& state, bool typed) {
  constexpr std::size_t kRows = 1'000'000;
  const EventChunks file(kRows, 50'000, typed);
  const ShopFacts shop;
  const std::span<const RawChunk> sample(file.chunks.data(), 1);
  const Mapping mapping = recognise(sample, std::nullopt).mapping;
  std::int64_t rows = 0;
  for (auto _ : state) {
    Harvest harvest(shop);
    auto interpreter = Interpreter::begin(harvest, "e", *plan_file(mapping, sample, shop));
    for (const RawChunk& chunk : file.chunks) {
      if (!interpreter->add(chunk).ok()) state.SkipWithError("refused");
    }
    interpreter->finish();
    if (state.range(0) == 1) harvest.seal();
    rows += static_cast<std::int64_t>(harvest.batch.size());
    benchmark::DoNotOptimize(harvest.batch.times.data());
  }
  state.SetItemsProcessed(rows);
}

void read_typed_events(benchmark::State& state) {
  read_events(state, true);
}
void read_text_events(benchmark::State& state) {
  read_events(state, false);
}

// Argument 1: with keys and digests.
BENCHMARK(read_typed_events)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(read_text_events)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace footfall::events
