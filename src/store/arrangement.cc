#include "footfall/store/arrangement.h"

#include <algorithm>

#include "footfall/base/check.h"

namespace footfall::store {
namespace {

// A bucket's values of 8 bytes take 128 KiB of a second-level cache, and the ends of all
// buckets of 20 M events stand in it together.
constexpr std::size_t kBucketEvents = 16'384;
constexpr std::size_t kBucketsMax = 65'536;  // As many as have a number of 16 bits.
constexpr std::size_t kPlacesMax = 65'536;   // Of a bucket, for the same reason.
constexpr std::size_t kInsertionMax = 24;
// Stretches of the input a thread; several, so that a thread that is held up holds up less.
constexpr std::size_t kStretches = 8;

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

  // The events of a bucket, as they were spread.
  struct Bucket {
    std::span<const std::uint32_t> ranks;
    std::span<const base::TimeMs> times;
    std::span<const std::uint32_t> indices;
  };

  // Places in the bucket, in order. `first` is the least rank the bucket may hold.
  std::span<const std::uint32_t> sort(const Bucket& bucket, std::uint32_t first) {
    bucket_ = bucket;
    const std::size_t count = bucket.ranks.size();
    sorted_.resize(std::max(sorted_.size(), count));
    const std::span<std::uint32_t> sorted(sorted_.data(), count);
    if (ranks_ > 4 * count + 64) {
      for (std::uint32_t i = 0; i < count; ++i) sorted[i] = i;
      sort_run(sorted);
      return sorted;
    }
    // By rank with counts: each end then is where its rank's next event goes.
    ends_.assign(ranks_ + 1, 0);
    for (const std::uint32_t rank : bucket.ranks) ++ends_[rank - first + 1];
    for (std::size_t rank = 1; rank <= ranks_; ++rank) ends_[rank] += ends_[rank - 1];
    for (std::uint32_t i = 0; i < count; ++i) sorted[ends_[bucket.ranks[i] - first]++] = i;
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
    if (bucket_.ranks[a] != bucket_.ranks[b]) return bucket_.ranks[a] < bucket_.ranks[b];
    if (bucket_.times[a] != bucket_.times[b]) return bucket_.times[a] < bucket_.times[b];
    return tie_less(by_, bucket_.indices[a], bucket_.indices[b]);
  }

  void sort_run(std::span<std::uint32_t> run) {
    const auto before = [&](std::uint32_t a, std::uint32_t b) { return less(a, b); };
    if (std::is_sorted(run.begin(), run.end(), before)) return;
    if (run.size() > kInsertionMax) {
      std::sort(run.begin(), run.end(), before);
      return;
    }
    for (std::size_t i = 1; i < run.size(); ++i) {
      const std::uint32_t event = run[i];
      std::size_t hole = i;
      for (; hole > 0 && less(event, run[hole - 1]); --hole) run[hole] = run[hole - 1];
      run[hole] = event;
    }
  }

  const ArrangedBy& by_;
  std::size_t ranks_;
  Bucket bucket_;
  std::vector<std::uint32_t> sorted_;
  std::vector<std::uint32_t> ends_;
};

Arrangement::Arrangement(const ArrangedBy& by, std::size_t threads,
                         const std::function<void()>& groups_read)
    : threads_(std::max<std::size_t>(1, threads)), workers_(threads_) {
  const std::size_t count = by.groups.size();
  FOOTFALL_CHECK(count < 0xFFFFFFFFu);
  starts_.assign(1, 0);
  if (count == 0) return;
  stretch_ = count / (threads_ * kStretches) + 1;
  buckets_.resize(count);  // Says size() from here on.
  choose_buckets(by);
  count_buckets(by);
  ranks_.resize(count);
  times_.resize(count);
  spread([by, ranks = ranks_.data(), times = times_.data()](std::size_t event, std::size_t place) {
    ranks[place] = by.ranks.empty() ? by.groups[event] : by.ranks[by.groups[event]];
    times[place] = by.times[event];
  });
  groups_read();
  indices_.resize(count);
  spread([indices = indices_.data()](std::size_t event, std::size_t place) {
    indices[place] = static_cast<std::uint32_t>(event);
  });
  order_.resize(count);
  sort_buckets(by);
}

void Arrangement::choose_buckets(const ArrangedBy& by) {
  const std::span<const std::uint32_t> ranks = by.ranks.empty() ? by.groups : by.ranks;
  const auto [least, most] = std::minmax_element(ranks.begin(), ranks.end());
  least_ = *least;
  const std::size_t most_buckets = std::min(kBucketsMax, size() / kBucketEvents + 1);
  while (bucket_of(*most) >= most_buckets) ++shift_;
  starts_.assign(bucket_of(*most) + 2, 0);
}

// Each stretch of the input has its own places in every bucket, so equal events keep their order.
void Arrangement::count_buckets(const ArrangedBy& by) {
  places_.resize((size() + stretch_ - 1) / stretch_);
  base::parallel_for(
      threads_, size(), stretch_, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<std::uint32_t>& counts = places_[begin / stretch_];
        counts.assign(bucket_count(), 0);
        for (std::size_t event = begin; event < end; ++event) {
          const std::uint32_t group = by.groups[event];
          const std::size_t bucket = bucket_of(by.ranks.empty() ? group : by.ranks[group]);
          buckets_[event] = static_cast<std::uint16_t>(bucket);
          ++counts[bucket];
        }
      });
  std::uint32_t at = 0;
  for (std::size_t bucket = 0; bucket < bucket_count(); ++bucket) {
    starts_[bucket] = at;
    for (std::vector<std::uint32_t>& places : places_) at += std::exchange(places[bucket], at);
  }
  starts_.back() = at;
}

void Arrangement::sort_buckets(const ArrangedBy& by) {
  std::vector<BucketSort> sorts(threads_, BucketSort(by, std::size_t{1} << shift_));
  base::parallel_for(threads_, bucket_count(), 1,
                     [&](std::size_t worker, std::size_t bucket, std::size_t) {
                       const std::size_t from = starts_[bucket];
                       const std::size_t count = starts_[bucket + 1] - from;
                       const BucketSort::Bucket held{std::span(ranks_).subspan(from, count),
                                                     std::span(times_).subspan(from, count),
                                                     std::span(indices_).subspan(from, count)};
                       const auto first = least_ + static_cast<std::uint32_t>(bucket << shift_);
                       const std::span<const std::uint32_t> order = sorts[worker].sort(held, first);
                       settle_bucket(bucket, order, ranks_, workers_[worker].room);
                       settle_bucket(bucket, order, times_, workers_[worker].room);
                       settle_bucket(bucket, order, indices_, workers_[worker].room);
                       keep_order(bucket, order, workers_[worker]);
                     });
}

void Arrangement::keep_order(std::size_t bucket, std::span<const std::uint32_t> order,
                             Worker& worker) {
  if (order.size() > kPlacesMax) {
    worker.large.push_back({bucket, {order.begin(), order.end()}});
    return;
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    order_[starts_[bucket] + i] = static_cast<std::uint16_t>(order[i]);
  }
}

}  // namespace footfall::store
