#include "footfall/store/event_sort.h"

#include <algorithm>
#include <atomic>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/store/arrangement.h"
#include "footfall/store/event_columns.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 65'536;

// The rest of the total order, for events of one user and time.
bool tie_less(const EventTable& table, std::size_t a, std::size_t b) {
  const std::int64_t sequence_a = sequence_of(table, a);
  const std::int64_t sequence_b = sequence_of(table, b);
  if (sequence_a != sequence_b) return sequence_a < sequence_b;
  if (table.keys[a] != table.keys[b]) return table.keys[a] < table.keys[b];
  return digest_of(table, a) < digest_of(table, b);
}

bool event_before(const EventTable& table, std::size_t a, std::size_t b) {
  if (table.users[a] != table.users[b]) return table.users[a] < table.users[b];
  if (table.times[a] != table.times[b]) return table.times[a] < table.times[b];
  return tie_less(table, a, b);
}

}  // namespace

bool is_sorted(const EventTable& table, std::size_t threads) {
  std::atomic<bool> sorted{true};
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       if (!sorted.load(std::memory_order_relaxed)) return;
                       for (std::size_t i = std::max<std::size_t>(1, begin); i < end; ++i) {
                         if (event_before(table, i, i - 1)) {
                           sorted.store(false, std::memory_order_relaxed);
                           return;
                         }
                       }
                     });
  return sorted;
}

Column<std::uint32_t> sort_events(EventTable& table, std::size_t threads) {
  FOOTFALL_CHECK(table.lines.size() < 0xFFFFFFFFu);
  if (is_sorted(table, threads)) return {};
  Arrangement arrangement(
      {table.users, {}, table.times, table.sequences, table.keys, table.digests}, threads);
  return arrange_events(table, arrangement, threads);
}

}  // namespace footfall::store
