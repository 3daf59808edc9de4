#include "footfall/store/arrangement.h"

#include <algorithm>

#include "footfall/base/check.h"

namespace footfall::store {
namespace {

// A bucket's values of 8 bytes take 128 KiB of a second-level cache, and the ends of all
// buckets of 20 M events stand in it together.
constexpr std::size_t kBucketEvents = 16'384;
constexpr std::size_t kInsertionMax = 24;
// Stretches of the input a thread; several, so that a thread that is held up holds up less.
constexpr std::size_t kStretches = 4;

template <typename T>
T value_or_zero(std::span<const T> column, std::size_t index) {
  return column.empty() ? T{} : column[index];
}

std::uint64_t digest(const ArrangedBy& by, std::size_t event) {
  return by.digests.empty() ? by.keys[event] : by.digests[event];
}

// Of events of one group and time.
bool tie_less(const ArrangedBy& by, std::uint32_t a, std::uint32_t b) {
  const std::int64_t sequence_a = value_or_zero(by.sequences, a);
  const std::int64_t sequence_b = value_or_zero(by.sequences, b);
  if (sequence_a != sequence_b) return sequence_a < sequence_b;
  if (by.keys[a] != by.keys[b]) return by.keys[a] < by.keys[b];
  if (digest(by, a) != digest(by, b)) return digest(by, a) < digest(by, b);
  return a < b;
}

}  // namespace

// Sorts buckets one after another in memory of its own.
class Arrangement::BucketSort {
 public:
  BucketSort(const ArrangedBy& by, std::size_t ranks) : by_(by), ranks_(ranks) {}

  // Indices into `records`, in order. `first` is the least rank the bucket may hold.
  std::span<const std::uint32_t> sort(std::span<const Record> records, std::uint32_t first) {
    records_ = records;
    sorted_.resize(std::max(sorted_.size(), records.size()));
    const std::span<std::uint32_t> sorted(sorted_.data(), records.size());
    if (ranks_ > 4 * records.size() + 64) {
      for (std::uint32_t i = 0; i < records.size(); ++i) sorted[i] = i;
      sort_run(sorted);
      return sorted;
    }
    // By rank with counts: each place then is where its rank's next record goes.
    ends_.assign(ranks_ + 1, 0);
    for (const Record& record : records) ++ends_[record.rank - first + 1];
    for (std::size_t rank = 1; rank <= ranks_; ++rank) ends_[rank] += ends_[rank - 1];
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      sorted[ends_[records[i].rank - first]++] = i;
    }
    std::size_t from = 0;
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      const std::size_t to = ends_[rank];
      if (to - from > 1) sort_run(sorted.subspan(from, to - from));
      from = to;
    }
    return sorted;
  }

 private:
  bool less(std::uint32_t a, std::uint32_t b) const {
    const Record& first = records_[a];
    const Record& second = records_[b];
    if (first.rank != second.rank) return first.rank < second.rank;
    if (first.time != second.time) return first.time < second.time;
    return tie_less(by_, first.index, second.index);
  }

  void sort_run(std::span<std::uint32_t> run) {
    const auto before = [&](std::uint32_t a, std::uint32_t b) { return less(a, b); };
    if (std::is_sorted(run.begin(), run.end(), before)) return;
    if (run.size() > kInsertionMax) {
      std::sort(run.begin(), run.end(), before);
      return;
    }
    for (std::size_t i = 1; i < run.size(); ++i) {
      const std::uint32_t record = run[i];
      std::size_t hole = i;
      for (; hole > 0 && less(record, run[hole - 1]); --hole) run[hole] = run[hole - 1];
      run[hole] = record;
    }
  }

  const ArrangedBy& by_;
  std::size_t ranks_;
  std::span<const Record> records_;
  std::vector<std::uint32_t> sorted_;
  std::vector<std::uint32_t> ends_;
};

Arrangement::Arrangement(const ArrangedBy& by, std::size_t threads)
    : threads_(std::max<std::size_t>(1, threads)) {
  const std::size_t count = by.groups.size();
  FOOTFALL_CHECK(count < 0xFFFFFFFFu);
  places_.resize(count);
  order_.resize(count);
  scratch_.resize(std::max<std::size_t>(1, count) * sizeof(Record));
  if (count == 0) return;
  choose_buckets(by);
  spread(by);
  sort_buckets(by);
}

void Arrangement::choose_buckets(const ArrangedBy& by) {
  const std::span<const std::uint32_t> ranks = by.ranks.empty() ? by.groups : by.ranks;
  const auto [least, most] = std::minmax_element(ranks.begin(), ranks.end());
  least_ = *least;
  const std::size_t most_buckets = size() / kBucketEvents + 1;
  while (bucket_of(*most) >= most_buckets) ++shift_;
  buckets_ = bucket_of(*most) + 1;
}

// Puts the records bucket by bucket. Each stretch of the input has its own place in every bucket,
// so equal events keep their order.
void Arrangement::spread(const ArrangedBy& by) {
  const auto rank_of = [&](std::size_t event) {
    return by.ranks.empty() ? by.groups[event] : by.ranks[by.groups[event]];
  };
  const std::size_t stretch = size() / (threads_ * kStretches) + 1;
  std::vector<std::vector<std::size_t>> places((size() + stretch - 1) / stretch);
  base::parallel_for(threads_, size(), stretch,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::vector<std::size_t>& counts = places[begin / stretch];
                       counts.assign(buckets_, 0);
                       for (std::size_t i = begin; i < end; ++i) ++counts[bucket_of(rank_of(i))];
                     });
  std::size_t at = 0;
  starts_.reserve(buckets_ + 1);
  for (std::size_t bucket = 0; bucket < buckets_; ++bucket) {
    starts_.push_back(at);
    for (std::vector<std::size_t>& counts : places) at += std::exchange(counts[bucket], at);
  }
  starts_.push_back(at);
  base::parallel_for(threads_, size(), stretch,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::vector<std::size_t>& place = places[begin / stretch];
                       for (std::size_t i = begin; i < end; ++i) {
                         const std::uint32_t rank = rank_of(i);
                         const std::size_t to = place[bucket_of(rank)]++;
                         places_[i] = static_cast<std::uint32_t>(to);
                         records()[to] = {rank, static_cast<std::uint32_t>(i), by.times[i]};
                       }
                     });
}

void Arrangement::sort_buckets(const ArrangedBy& by) {
  ranks_.resize(size());
  times_.resize(size());
  indices_.resize(size());
  std::vector<BucketSort> sorts(threads_, BucketSort(by, std::size_t{1} << shift_));
  base::parallel_for(
      threads_, buckets_, 1, [&](std::size_t worker, std::size_t bucket, std::size_t) {
        const std::size_t from = starts_[bucket];
        const std::span<const Record> held(records() + from, starts_[bucket + 1] - from);
        const auto first = least_ + static_cast<std::uint32_t>(bucket << shift_);
        const std::span<const std::uint32_t> sorted = sorts[worker].sort(held, first);
        for (std::size_t i = 0; i < sorted.size(); ++i) {
          const Record& record = held[sorted[i]];
          order_[from + i] = static_cast<std::uint32_t>(from + sorted[i]);
          ranks_[from + i] = record.rank;
          times_[from + i] = record.time;
          indices_[from + i] = record.index;
        }
      });
}

}  // namespace footfall::store
