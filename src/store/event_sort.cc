#include "footfall/store/event_sort.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <span>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/store/event_columns.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 65'536;
// Buckets of about ten thousand events are sorted inside a core's own cache.
constexpr int kBucketBits = 11;
constexpr std::size_t kInsertionMax = 24;

struct Record {
  UserNumber user;
  std::uint32_t index;
  base::TimeMs time;
};

// The rest of the total order, for events of one user and time.
bool tie_less(const EventTable& table, std::size_t a, std::size_t b) {
  const std::int64_t sequence_a = sequence_of(table, a);
  const std::int64_t sequence_b = sequence_of(table, b);
  if (sequence_a != sequence_b) return sequence_a < sequence_b;
  if (table.keys[a] != table.keys[b]) return table.keys[a] < table.keys[b];
  return digest_of(table, a) < digest_of(table, b);
}

bool record_less(const EventTable& table, const Record& a, const Record& b) {
  if (a.user != b.user) return a.user < b.user;
  if (a.time != b.time) return a.time < b.time;
  if (tie_less(table, a.index, b.index)) return true;
  if (tie_less(table, b.index, a.index)) return false;
  return a.index < b.index;
}

bool event_before(const EventTable& table, std::size_t a, std::size_t b) {
  if (table.users[a] != table.users[b]) return table.users[a] < table.users[b];
  if (table.times[a] != table.times[b]) return table.times[a] < table.times[b];
  return tie_less(table, a, b);
}

struct Buckets {
  UserNumber least = 0;
  int shift = 0;
  std::size_t count = 0;
  std::vector<std::size_t> starts;  // Size count + 1.

  std::size_t of(UserNumber user) const { return (user - least) >> shift; }
};

// Puts the records bucket by bucket. Each worker owns one stretch of the input and its own place
// in every bucket, so equal events keep their order.
Buckets partition(const EventTable& table, Record* records, std::size_t threads) {
  const std::size_t count = table.size();
  const auto [least, most] = std::minmax_element(table.users.begin(), table.users.end());
  Buckets buckets;
  buckets.least = *least;
  buckets.shift = std::max(0, static_cast<int>(std::bit_width(*most - *least)) - kBucketBits);
  buckets.count = buckets.of(*most) + 1;
  const std::size_t stretch = (count + threads - 1) / threads;
  std::vector<std::vector<std::size_t>> places(threads, std::vector<std::size_t>(buckets.count, 0));
  base::parallel_for(threads, count, stretch, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<std::size_t>& counts = places[begin / stretch];
    for (std::size_t i = begin; i < end; ++i) {
      ++counts[buckets.of(table.users[i])];
    }
  });
  std::size_t at = 0;
  for (std::size_t bucket = 0; bucket < buckets.count; ++bucket) {
    buckets.starts.push_back(at);
    for (std::vector<std::size_t>& counts : places) {
      const std::size_t here = counts[bucket];
      counts[bucket] = at;
      at += here;
    }
  }
  buckets.starts.push_back(at);
  base::parallel_for(threads, count, stretch, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<std::size_t>& place = places[begin / stretch];
    for (std::size_t i = begin; i < end; ++i) {
      records[place[buckets.of(table.users[i])]++] = {table.users[i], static_cast<std::uint32_t>(i),
                                                      table.times[i]};
    }
  });
  return buckets;
}

void sort_run(const EventTable& table, std::span<Record> run) {
  const auto less = [&](const Record& a, const Record& b) { return record_less(table, a, b); };
  if (std::is_sorted(run.begin(), run.end(), less)) return;
  if (run.size() > kInsertionMax) {
    std::sort(run.begin(), run.end(), less);
    return;
  }
  for (std::size_t i = 1; i < run.size(); ++i) {
    const Record record = run[i];
    std::size_t hole = i;
    for (; hole > 0 && less(record, run[hole - 1]); --hole) run[hole] = run[hole - 1];
    run[hole] = record;
  }
}

// Working memory of one worker.
struct Scratch {
  std::vector<Record> records;
  std::vector<std::uint32_t> places;
};

// Sorts one bucket: by user with counts, then each user's events. Returns where the result lies.
std::span<Record> sort_bucket(const EventTable& table, const Buckets& buckets, std::size_t bucket,
                              std::span<Record> records, Scratch& scratch) {
  const std::size_t users = std::size_t{1} << buckets.shift;
  if (users > 4 * records.size() + 64) {
    sort_run(table, records);
    return records;
  }
  const UserNumber least = buckets.least + static_cast<UserNumber>(bucket << buckets.shift);
  scratch.places.assign(users + 1, 0);
  scratch.records.resize(std::max(scratch.records.size(), records.size()));
  for (const Record& record : records) ++scratch.places[record.user - least + 1];
  for (std::size_t user = 1; user <= users; ++user) {
    scratch.places[user] += scratch.places[user - 1];
  }
  for (const Record& record : records) {
    scratch.records[scratch.places[record.user - least]++] = record;
  }
  // Each place has moved to the end of its user's events.
  std::size_t from = 0;
  for (std::size_t user = 0; user < users; ++user) {
    const std::size_t to = scratch.places[user];
    if (to - from > 1) sort_run(table, {scratch.records.data() + from, to - from});
    from = to;
  }
  return {scratch.records.data(), records.size()};
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

std::vector<std::uint32_t> sort_events(EventTable& table, std::size_t threads) {
  const std::size_t count = table.size();
  FOOTFALL_CHECK(count < 0xFFFFFFFFu && table.lines.size() < 0xFFFFFFFFu);
  threads = std::max<std::size_t>(1, threads);
  if (is_sorted(table, threads)) return {};
  const auto records = std::make_unique_for_overwrite<Record[]>(count);
  const Buckets buckets = partition(table, records.get(), threads);
  std::vector<std::uint32_t> order(count);
  std::vector<Scratch> scratches(threads);
  base::parallel_for(
      threads, buckets.count, 1, [&](std::size_t worker, std::size_t bucket, std::size_t) {
        const std::size_t from = buckets.starts[bucket];
        const std::span<Record> sorted = sort_bucket(
            table, buckets, bucket, {records.get() + from, buckets.starts[bucket + 1] - from},
            scratches[worker]);
        for (std::size_t i = 0; i < sorted.size(); ++i) order[from + i] = sorted[i].index;
      });
  reorder_events(table, order, threads);
  return order;
}

}  // namespace footfall::store
