#include "footfall/analytics/sessions.h"

#include <algorithm>
#include <string>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "footfall/analytics/last_two.h"

namespace footfall::analytics {
namespace {

// How many neighbours in [ticks, ticks + count) are `apart` or more; `count` - 1 pairs. Where users
// meet, a difference may wrap around: the caller takes those pairs off again.
template <typename Tick>
std::uint64_t count_breaks(const Tick* ticks, std::size_t count, Tick apart) {
  std::uint64_t breaks = 0;
  std::size_t i = 1;
#if defined(__SSE2__)
  if constexpr (sizeof(Tick) == 4) {
    // SSE2 compares signed numbers alone: flipping the highest bits keeps the order.
    const __m128i flip = _mm_set1_epi32(static_cast<int>(0x80000000u));
    const __m128i limit = _mm_xor_si128(_mm_set1_epi32(static_cast<int>(apart)), flip);
    __m128i below = _mm_setzero_si128();  // Each lane is minus the number of pairs below.
    const std::size_t first = i;
    for (; i + 4 <= count; i += 4) {
      const __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ticks + i - 1));
      const __m128i after = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ticks + i));
      const __m128i apart_by = _mm_xor_si128(_mm_sub_epi32(after, before), flip);
      below = _mm_add_epi32(below, _mm_cmplt_epi32(apart_by, limit));
    }
    alignas(16) std::uint32_t lanes[4];
    _mm_store_si128(reinterpret_cast<__m128i*>(lanes), below);
    const std::uint32_t negated = lanes[0] + lanes[1] + lanes[2] + lanes[3];
    breaks = (i - first) - (std::uint32_t{0} - negated);
  }
#endif
  for (; i < count; ++i) breaks += static_cast<Tick>(ticks[i] - ticks[i - 1]) >= apart ? 1 : 0;
  return breaks;
}

}  // namespace

// Reads users of one block, run by run. Alive during one fold.
template <typename Tick>
class Sessions::Reader {
 public:
  Reader(const Sessions& sessions, SessionPartial& partial, const store::Block& block)
      : sessions_(sessions),
        spec_(sessions.spec_),
        partial_(partial),
        block_(block),
        break_ticks_(spec_.rule.break_ticks(block.scale)),
        from_(block.scale.first_tick_at(spec_.from)),
        to_(block.scale.first_tick_at(spec_.to)),
        ranged_(spec_.from > block.scale.base_ms || spec_.to < base::kTimeEnd) {}

  void read(std::size_t begin, std::size_t end) {
    first_ = block_.offsets[begin];
    ticks_ = block_.ticks<Tick>().data() + first_;
    const std::size_t count = block_.offsets[end] - first_;
    partial_.persons += end - begin;
    partial_.events += count;
    marks_ = {};
    const auto types = block_.types.subspan(first_, count);
    if (sessions_.ignored_marker_.any(block_, first_, count)) {
      sessions_.ignored_marker_.mark(types, ignored_);
      marks_.ignored = ignored_.data();
    }
    if (mark_servers(block_.flags, first_, count, servers_)) marks_.servers = servers_.data();
    const bool plain =
        !spec_.details && from_ == 0 && marks_.ignored == nullptr && marks_.servers == nullptr;
    if (plain && count_all(begin, end)) return;
    for (std::size_t user = begin; user < end; ++user) {
      cut_person(block_.offsets[user] - first_, block_.offsets[user + 1] - first_);
    }
  }

 private:
  // Every neighbour pair of the run, then minus those that are no neighbours of one person. False,
  // with nothing counted, when the range ends inside the run.
  bool count_all(std::size_t begin, std::size_t end) {
    const std::size_t count = block_.offsets[end] - first_;
    if (count == 0) return true;
    if (break_ticks_ > std::numeric_limits<Tick>::max()) return false;
    const auto apart = static_cast<Tick>(break_ticks_);
    std::uint64_t breaks = count_breaks(ticks_, count, apart);
    std::uint64_t persons = 0;
    Tick latest = ticks_[count - 1];
    for (std::size_t user = begin; user < end; ++user) {
      if (block_.offsets[user] == block_.offsets[user + 1]) continue;
      ++persons;
      const std::size_t at = block_.offsets[user] - first_;
      if (at == 0) continue;
      breaks -= static_cast<Tick>(ticks_[at] - ticks_[at - 1]) >= apart ? 1 : 0;
      latest = std::max(latest, ticks_[at - 1]);
    }
    if (ranged_ && latest >= to_) return false;
    SessionCounts& counts = partial_.buckets[0].counts;
    counts.sessions += persons + breaks;
    counts.persons += persons;
    return true;
  }

  void cut_person(std::size_t begin, std::size_t end) {
    if (begin == end) return;
    LastTwo<const SessionPartial::Bucket*> counted(nullptr);
    if (spec_.by) table().cover(ticks_[end - 1]);
    const SessionCut<Tick> cut{ticks_, break_ticks_, marks_};
    const auto in_range = [&](Tick tick) { return !ranged_ || (tick >= from_ && tick < to_); };
    const auto outside = [&](Tick tick, std::size_t events) {
      if (in_range(tick)) partial_.no_session += events;
    };
    const auto visit = [&](const Session& session) {
      const Tick start = ticks_[session.first];
      if (!in_range(start)) return;
      SessionPartial::Bucket& bucket = bucket_of(start);
      ++bucket.counts.sessions;
      if (counted.add(&bucket)) ++bucket.counts.persons;
      if (spec_.details) describe(bucket, session);
    };
    cut.for_each(begin, end, visit, outside);
  }
  PeriodTable<Tick>& table() { return partial_.tables.of<Tick>(*spec_.by, block_.scale); }

  SessionPartial::Bucket& bucket_of(Tick tick) {
    const Period period = spec_.by ? table().period(tick) : 0;
    if (bucket_ == nullptr || period != bucket_period_) {
      bucket_ = &partial_.buckets[period];
      bucket_period_ = period;
    }
    return *bucket_;
  }
  void describe(SessionPartial::Bucket& bucket, const Session& session) {
    std::uint64_t events = 0;
    std::uint64_t views = 0;
    bool key_event = false;
    for (std::size_t event = session.begin; event < session.end; ++event) {
      if (SessionMarks::in(marks_.ignored, event)) continue;
      const EventCode type = block_.types[first_ + event];
      ++events;
      views += spec_.views.contains(type) ? 1 : 0;
      key_event = key_event || spec_.key_events.contains(type);
    }
    const base::TimeMs duration =
        static_cast<base::TimeMs>(ticks_[session.last] - ticks_[session.first]) *
        block_.scale.tick_ms;
    bucket.counts.events += events;
    bucket.counts.bounces += events == 1 ? 1 : 0;
    bucket.counts.converted += key_event ? 1 : 0;
    bucket.counts.engaged += key_event || views >= 2 || duration > kEngagedLongerThanMs ? 1 : 0;
    bucket.durations.push_back(duration);
  }

  const Sessions& sessions_;
  const SessionSpec& spec_;
  SessionPartial& partial_;
  const store::Block& block_;
  std::uint64_t break_ticks_;
  std::uint64_t from_;
  std::uint64_t to_;
  bool ranged_;
  // The bucket that was asked for last; buckets of a map stay where they are.
  SessionPartial::Bucket* bucket_ = nullptr;
  Period bucket_period_ = 0;
  // The run being read: its events are counted from `first_`.
  std::size_t first_ = 0;
  const Tick* ticks_ = nullptr;
  std::vector<std::uint64_t> ignored_;
  std::vector<std::uint64_t> servers_;
  SessionMarks marks_;
};

base::Result<Sessions> Sessions::create(SessionSpec spec) {
  if (spec.rule.gap_ms <= 0) {
    return base::invalid("expected a gap of more than 0 ms: " + std::to_string(spec.rule.gap_ms),
                         "gap");
  }
  FOOTFALL_CHECK(!spec.by || spec.details);
  return Sessions(std::move(spec));
}

Sessions::Sessions(SessionSpec spec) : spec_(std::move(spec)), ignored_marker_(spec_.ignored) {}

template <typename Tick>
void Sessions::fold_ticks(SessionPartial& partial, const store::Block& block, std::size_t begin,
                          std::size_t end) const {
  Reader<Tick> reader(*this, partial, block);
  for_user_runs(block, begin, end, kRunEvents,
                [&reader](std::size_t from, std::size_t to) { reader.read(from, to); });
}

void Sessions::fold(SessionPartial& partial, const store::Block& block, std::size_t begin,
                    std::size_t end) const {
  if (block.wide) {
    fold_ticks<std::uint64_t>(partial, block, begin, end);
  } else {
    fold_ticks<std::uint32_t>(partial, block, begin, end);
  }
}

void Sessions::merge(SessionPartial& into, const SessionPartial& from) {
  into.persons += from.persons;
  into.events += from.events;
  into.no_session += from.no_session;
  for (const auto& [period, bucket] : from.buckets) {
    SessionPartial::Bucket& target = into.buckets[period];
    target.counts.sessions += bucket.counts.sessions;
    target.counts.persons += bucket.counts.persons;
    target.counts.events += bucket.counts.events;
    target.counts.bounces += bucket.counts.bounces;
    target.counts.engaged += bucket.counts.engaged;
    target.counts.converted += bucket.counts.converted;
    target.durations.insert(target.durations.end(), bucket.durations.begin(),
                            bucket.durations.end());
  }
}

SessionAnswer Sessions::finish(SessionPartial partial) const {
  SessionAnswer answer;
  answer.persons = partial.persons;
  answer.events = partial.events;
  answer.no_session = partial.no_session;
  if (!spec_.by) partial.buckets[0];
  for (auto& [period, bucket] : partial.buckets) {
    answer.rows.push_back({spec_.by ? std::optional(period) : std::nullopt, bucket.counts,
                           summarize(std::move(bucket.durations))});
  }
  return answer;
}

}  // namespace footfall::analytics
