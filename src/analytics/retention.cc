#include "footfall/analytics/retention.h"

#include <algorithm>
#include <string>

#include "footfall/analytics/last_two.h"
#include "footfall/analytics/period_bits.h"

namespace footfall::analytics {
namespace {

constexpr std::uint32_t kNoRow = ~std::uint32_t{0};
constexpr std::size_t kNone = ~std::size_t{0};
// A person's periods fit into one word, the last bit standing for all later ones.
constexpr std::size_t kWordPeriodsMax = 62;

std::size_t first_mark(const std::uint64_t* marks, std::size_t begin, std::size_t end) {
  for (std::size_t word = begin / 64; word * 64 < end; ++word) {
    const std::uint64_t bits = marks[word] & bits_inside(word, begin, end);
    if (bits != 0) return word * 64 + lowest_bit(bits);
  }
  return kNone;
}

std::size_t last_mark(const std::uint64_t* marks, std::size_t begin, std::size_t end) {
  for (std::size_t word = (end + 63) / 64; word-- > begin / 64;) {
    const std::uint64_t bits = marks[word] & bits_inside(word, begin, end);
    if (bits != 0) return word * 64 + highest_bit(bits);
  }
  return kNone;
}

}  // namespace

std::uint64_t* RetentionPartial::row(Period cohort, std::size_t width) {
  if (row_of.empty()) row_first = cohort;
  if (cohort < row_first) {
    row_of.insert(row_of.begin(), static_cast<std::size_t>(row_first - cohort), kNoRow);
    row_first = cohort;
  }
  const auto index = static_cast<std::size_t>(cohort - row_first);
  if (index >= row_of.size()) row_of.resize(index + 1, kNoRow);
  if (row_of[index] == kNoRow) {
    row_of[index] = static_cast<std::uint32_t>(cohorts.size());
    cohorts.push_back(cohort);
    counts.resize(counts.size() + width);
  }
  return counts.data() + row_of[index] * width;
}

base::Result<Retention> Retention::create(RetentionSpec spec) {
  if (spec.start.empty()) return base::invalid("expected a start event: none", "start");
  if (spec.returning.empty()) return base::invalid("expected a return event: none", "return");
  if (spec.periods < 1 || spec.periods > kRetentionPeriodsMax) {
    return base::invalid("expected 1 to " + std::to_string(kRetentionPeriodsMax) +
                             " periods: " + std::to_string(spec.periods),
                         "periods");
  }
  return Retention(std::move(spec));
}

Retention::Retention(RetentionSpec spec)
    : spec_(std::move(spec)),
      start_marker_(spec_.start),
      return_marker_(spec_.returning),
      same_(spec_.start == spec_.returning),
      other_marker_(~spec_.start) {}

// Reads users of one block, run by run. Alive during one fold.
template <typename Tick>
class Retention::Reader {
 public:
  Reader(const Retention& retention, RetentionPartial& partial, const store::Block& block)
      : retention_(retention),
        spec_(retention.spec_),
        partial_(partial),
        block_(block),
        table_(partial.tables.of<Tick>(spec_.calendar, block.scale)),
        from_(block.scale.first_tick_at(spec_.from)),
        to_(block.scale.first_tick_at(spec_.to)),
        ranged_(spec_.from > block.scale.base_ms || spec_.to < base::kTimeEnd) {}

  void read(std::size_t begin, std::size_t end) {
    first_ = block_.offsets[begin];
    ticks_ = block_.ticks<Tick>().data() + first_;
    const std::size_t count = block_.offsets[end] - first_;
    partial_.persons += end - begin;
    partial_.events += count;
    mark(block_.types.subspan(first_, count));
    // Words serve the commonest question: from the beginning of history, every event a start and a
    // return.
    const bool words = every_ && from_ == 0 && spec_.variant == RetentionVariant::kOn &&
                       spec_.periods <= kWordPeriodsMax;
    if (words && read_words_at_once(begin, end)) return;
    std::size_t user = words ? read_words(begin, end) : begin;
    for (; user < end; ++user) {
      read_person(block_.offsets[user] - first_, block_.offsets[user + 1] - first_);
    }
  }
  void finish() {
    counts_.drain([&](std::size_t cohort, std::size_t period, std::uint64_t count) {
      if (period > spec_.periods) return;
      const Period number = table_.first() + static_cast<Period>(cohort);
      std::uint64_t* const row = partial_.row(number, retention_.width());
      row[1 + period] += count;
      if (period == 0) row[0] += count;
    });
  }

 private:
  void mark(std::span<const EventCode> types) {
    const bool has_servers =
        spec_.clients_only && mark_servers(block_.flags, first_, types.size(), servers_);
    every_ = retention_.same_ && !has_servers &&
             !retention_.other_marker_.any(block_, first_, types.size());
    if (every_) return;
    retention_.start_marker_.mark(types, starts_);
    retention_.return_marker_.mark(types, returns_);
    for (std::size_t i = 0; has_servers && i < servers_.size(); ++i) {
      starts_[i] &= ~servers_[i];
      returns_[i] &= ~servers_[i];
    }
  }
  // False: the block has too many periods for words.
  bool cover(Tick last) {
    if (bits_.covers(last)) return true;
    table_.cover(last);
    bits_.copy(table_);
    return bits_.covers(last);
  }
  // The first user that it could not read, because the block has too many periods.
  std::size_t read_words(std::size_t begin, std::size_t end) {
    words_.clear();
    std::size_t user = begin;
    for (; user < end; ++user) {
      const Tick* const ticks = ticks_ + (block_.offsets[user] - first_);
      const Tick* const ticks_end = ticks_ + (block_.offsets[user + 1] - first_);
      if (ticks == ticks_end) {
        ++partial_.without_start;
        continue;
      }
      if (*ticks >= to_ && ranged_) {
        ++partial_.start_out_of_range;
        continue;
      }
      // Ticks rise: what covers the last one covers all.
      if (!cover(ticks_end[-1])) break;
      words_.push_back(bits_.bits(ticks, ticks_end));
    }
    counts_.add(words_);
    return user;
  }
  // False, and nothing is counted, where users have to be looked at one by one.
  bool read_words_at_once(std::size_t begin, std::size_t end) {
    if constexpr (sizeof(Tick) == 4) {
      words_.resize(end - begin);
      Tick latest = block_.offsets[end] == first_ ? 0 : ticks_[block_.offsets[end] - first_ - 1];
      do {
        if (!cover(latest) || !bits_.steps()) return false;
        const auto offsets = block_.offsets.subspan(begin, end - begin + 1);
        latest = make_period_words(block_.ticks32.data(), offsets, *bits_.steps(), words_);
      } while (!bits_.covers(latest));
      if (ranged_ && latest >= to_) return false;
      partial_.without_start += counts_.add(words_);
      return true;
    }
    return false;
  }
  void read_person(std::size_t begin, std::size_t end) {
    std::size_t search = begin;
    if (ranged_ && spec_.entry == CohortEntry::kFirstInRange) {
      const auto before = [this](Tick tick) { return tick < from_; };
      search = static_cast<std::size_t>(std::partition_point(ticks_ + begin, ticks_ + end, before) -
                                        ticks_);
    }
    const std::size_t start = first_start(search, end);
    if (start == kNone) {
      const bool earlier = search > begin && first_start(begin, search) != kNone;
      ++(earlier ? partial_.start_out_of_range : partial_.without_start);
      return;
    }
    if (ranged_ && (ticks_[start] < from_ || ticks_[start] >= to_)) {
      ++partial_.start_out_of_range;
      return;
    }
    table_.cover(ticks_[end - 1]);
    const Period cohort = table_.period(ticks_[start]);
    std::uint64_t* const row = partial_.row(cohort, retention_.width());
    ++row[0];
    if (spec_.variant == RetentionVariant::kOnOrAfter) {
      const std::size_t highest = highest_column(cohort, start, end);
      if (highest != kNone) ++row[1 + highest];
    } else {
      count_periods(row, cohort, start, end);
    }
  }
  // Of all returns; kNone if there are none.
  std::size_t highest_column(Period cohort, std::size_t start, std::size_t end) const {
    const std::size_t least = retention_.same_ ? 0 : kNone;
    if (table_.rises()) {
      const std::size_t last = last_return(start + 1, end);
      return last == kNone ? least : column(last, cohort);
    }
    std::size_t highest = least;
    for_each_return(start + 1, end, [&](std::size_t event) {
      const std::size_t n = column(event, cohort);
      if (n != kNone && (highest == kNone || n > highest)) highest = n;
    });
    return highest;
  }
  void count_periods(std::uint64_t* row, Period cohort, std::size_t start, std::size_t end) {
    LastTwo<std::size_t> counted(kNone);
    if (retention_.same_ && counted.add(0)) ++row[1];
    for_each_return(start + 1, end, [&](std::size_t event) {
      const std::size_t n = column(event, cohort);
      if (counted.add(n) && n != kNone) ++row[1 + n];
    });
  }
  template <typename Visit>
  void for_each_return(std::size_t begin, std::size_t end, Visit visit) const {
    if (every_) {
      for (std::size_t event = begin; event < end; ++event) visit(event);
      return;
    }
    for (std::size_t word = begin / 64; word * 64 < end; ++word) {
      std::uint64_t bits = returns_[word] & bits_inside(word, begin, end);
      for (; bits != 0; bits &= bits - 1) visit(word * 64 + lowest_bit(bits));
    }
  }
  // kNone for an event in a period before the cohort's.
  std::size_t column(std::size_t event, Period cohort) const {
    const Period period = table_.period(ticks_[event]);
    if (period < cohort) return kNone;
    return std::min(static_cast<std::size_t>(period - cohort), spec_.periods + 1);
  }
  std::size_t first_start(std::size_t begin, std::size_t end) const {
    if (every_) return begin < end ? begin : kNone;
    return first_mark(starts_.data(), begin, end);
  }
  std::size_t last_return(std::size_t begin, std::size_t end) const {
    if (every_) return begin < end ? end - 1 : kNone;
    return last_mark(returns_.data(), begin, end);
  }

  const Retention& retention_;
  const RetentionSpec& spec_;
  RetentionPartial& partial_;
  const store::Block& block_;
  PeriodTable<Tick>& table_;
  std::uint64_t from_;
  std::uint64_t to_;
  bool ranged_;
  // The run being read: its events are counted from `first_`.
  std::size_t first_ = 0;
  const Tick* ticks_ = nullptr;
  bool every_ = false;  // Every event is a start and a return: there are no marks.
  std::vector<std::uint64_t> starts_;
  std::vector<std::uint64_t> returns_;
  std::vector<std::uint64_t> servers_;
  PeriodBits<Tick> bits_;
  std::vector<std::uint64_t> words_;
  CohortCounts counts_;
};

template <typename Tick>
void Retention::fold_ticks(RetentionPartial& partial, const store::Block& block, std::size_t begin,
                           std::size_t end) const {
  Reader<Tick> reader(*this, partial, block);
  for_user_runs(block, begin, end, kRunEvents,
                [&reader](std::size_t from, std::size_t to) { reader.read(from, to); });
  reader.finish();
}

void Retention::fold(RetentionPartial& partial, const store::Block& block, std::size_t begin,
                     std::size_t end) const {
  if (block.wide) {
    fold_ticks<std::uint64_t>(partial, block, begin, end);
  } else {
    fold_ticks<std::uint32_t>(partial, block, begin, end);
  }
}

void Retention::merge(RetentionPartial& into, const RetentionPartial& from) const {
  into.persons += from.persons;
  into.events += from.events;
  into.without_start += from.without_start;
  into.start_out_of_range += from.start_out_of_range;
  for (std::size_t i = 0; i < from.cohorts.size(); ++i) {
    std::uint64_t* const row = into.row(from.cohorts[i], width());
    for (std::size_t n = 0; n < width(); ++n) row[n] += from.counts[i * width() + n];
  }
}

RetentionAnswer Retention::finish(const RetentionPartial& partial) const {
  RetentionAnswer answer;
  answer.persons = partial.persons;
  answer.events = partial.events;
  answer.without_start = partial.without_start;
  answer.start_out_of_range = partial.start_out_of_range;
  std::vector<std::uint64_t> returned(spec_.periods + 1);
  std::vector<std::uint64_t> of(spec_.periods + 1);
  for (std::size_t i = 0; i < partial.cohorts.size(); ++i) {
    std::vector<std::uint64_t> row(
        partial.counts.begin() + static_cast<std::ptrdiff_t>(i * width()),
        partial.counts.begin() + static_cast<std::ptrdiff_t>((i + 1) * width()));
    const bool or_after = spec_.variant == RetentionVariant::kOnOrAfter;
    for (std::size_t n = spec_.periods + 1; or_after && n-- > 0;) row[1 + n] += row[2 + n];
    const Period period = partial.cohorts[i];
    RetentionCohort cohort{period, spec_.calendar.first_day(period), row[0], {}};
    for (std::size_t n = 0; n <= spec_.periods; ++n) {
      const Period cell = period + static_cast<Period>(n);
      if (n > 0 && spec_.calendar.start(cell) > spec_.complete_to) break;
      const bool ended = spec_.calendar.end(cell) - 1 <= spec_.complete_to;
      cohort.cells.push_back({row[1 + n], ended && !or_after});
      if (!ended) continue;
      returned[n] += row[1 + n];
      of[n] += row[0];
    }
    answer.cohorts.push_back(std::move(cohort));
  }
  std::sort(answer.cohorts.begin(), answer.cohorts.end(),
            [](const RetentionCohort& a, const RetentionCohort& b) { return a.period < b.period; });
  for (std::size_t n = 0; n <= spec_.periods; ++n) {
    answer.mean.push_back(
        of[n] == 0 ? std::nullopt
                   : std::optional(static_cast<double>(returned[n]) / static_cast<double>(of[n])));
  }
  return answer;
}

}  // namespace footfall::analytics
