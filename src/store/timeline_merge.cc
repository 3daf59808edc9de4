#include "footfall/store/timeline_merge.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/events/batch.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/event_sort.h"
#include "footfall/store/order_join.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 65'536;
// Groups of up to this many events of one instant are compared each with each.
constexpr std::size_t kPairsMax = 16;

// Of events with one key, the one that stays: independent of where they came from.
bool survives(const EventTable& table, std::size_t a, std::size_t b) {
  const auto rank = [&](std::size_t i) {
    return std::tuple(table.times[i], sequence_of(table, i), known_time_of(table, i),
                      table.flags[i], digest_of(table, i));
  };
  return rank(a) < rank(b);
}

// Finds repeats among the events of single users.
class RepeatFinder {
 public:
  RepeatFinder(EventTable& table, Column<std::uint8_t>& keep) : table_(table), keep_(keep) {}

  // `members` have one user and may have equal keys. Returns whether a repeat was found.
  bool drop_among(std::span<const std::uint32_t> members) {
    return members.size() <= kPairsMax ? drop_by_pairs(members) : drop_by_key(members);
  }

 private:
  bool drop_by_pairs(std::span<const std::uint32_t> members) {
    bool found = false;
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (keep_[members[j]] == 0 || table_.keys[members[i]] != table_.keys[members[j]]) continue;
        drop_one(members[j], members[i]);
        found = true;
        break;
      }
    }
    return found;
  }

  bool drop_by_key(std::span<const std::uint32_t> members) {
    bool found = false;
    std::unordered_map<std::uint64_t, std::uint32_t> first;
    first.reserve(members.size());
    for (const std::uint32_t event : members) {
      const auto [at, fresh] = first.try_emplace(table_.keys[event], event);
      if (fresh) continue;
      at->second = drop_one(at->second, event);
      found = true;
    }
    return found;
  }

  // Returns the one that stays.
  std::uint32_t drop_one(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t stays = survives(table_, b, a) ? b : a;
    const std::uint32_t goes = stays == a ? b : a;
    keep_[goes] = 0;
    table_.batches[stays] = std::min(table_.batches[a], table_.batches[b]);
    return stays;
  }

  EventTable& table_;
  Column<std::uint8_t>& keep_;
};

// A set of keys, used again and again without freeing its memory.
class KeySet {
 public:
  void clear(std::size_t keys) {
    const std::size_t size = std::bit_ceil(2 * keys);
    slots_.resize(std::max(slots_.size(), size));
    std::fill_n(slots_.begin(), size, 0);
    mask_ = size - 1;
  }
  // Whether the key may be there already; of two equal keys the second always is. 0 always is.
  bool insert(std::uint64_t key) {
    std::size_t at = key & mask_;
    while (slots_[at] != 0 && slots_[at] != key) at = (at + 1) & mask_;
    return std::exchange(slots_[at], key) == key;
  }

 private:
  std::vector<std::uint64_t> slots_;  // Keys; 0 = free.
  std::size_t mask_ = 0;
};

// Drops repeats of one user's events. Without ids, repeats stand at one instant; ids may have
// come with different times.
class UserRepeats {
 public:
  UserRepeats(EventTable& table, Column<std::uint8_t>& keep)
      : table_(table), finder_(table, keep) {}

  bool found() const { return found_; }

  void drop(std::size_t begin, std::size_t end) {
    bool any_id = false;
    for (std::size_t event = begin; event < end; ++event) {
      any_id = any_id || (table_.flags[event] & events::kHasEventId) != 0;
    }
    for (std::size_t event = begin; event < end;) {
      std::size_t next = any_id ? end : event + 1;
      while (next < end && table_.times[next] == table_.times[event]) ++next;
      if (next - event > 1 && may_repeat(event, next)) drop_among(event, next);
      event = next;
    }
  }

 private:
  // Repeats are rare: most users are done after this.
  bool may_repeat(std::size_t begin, std::size_t end) {
    seen_.clear(end - begin);
    bool repeat = false;
    for (std::size_t event = begin; event < end; ++event) {
      repeat = seen_.insert(table_.keys[event]) || repeat;
    }
    return repeat;
  }

  void drop_among(std::size_t begin, std::size_t end) {
    members_.clear();
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_order(table_, i)) members_.push_back(static_cast<std::uint32_t>(i));
    }
    found_ = finder_.drop_among(members_) || found_;
  }

  const EventTable& table_;
  RepeatFinder finder_;
  KeySet seen_;
  std::vector<std::uint32_t> members_;
  bool found_ = false;
};

// The sources at their places, ready to be read in user ranges.
struct Cursor {
  const TimelineSource* source = nullptr;
  UserIndex index;
  std::size_t next = 0;  // First user not yet merged.

  bool done() const { return next == index.users.size(); }
};

// The greatest user number such that all events up to it fit one chunk; at least one user's do.
UserNumber chunk_end(const std::vector<Cursor>& cursors, std::uint64_t chunk_events) {
  const auto events_up_to = [&](UserNumber user) {
    std::uint64_t events = 0;
    for (const Cursor& cursor : cursors) {
      const auto begin = cursor.index.users.begin() + static_cast<std::ptrdiff_t>(cursor.next);
      const auto to = static_cast<std::size_t>(
          std::upper_bound(begin, cursor.index.users.end(), user) - cursor.index.users.begin());
      events += cursor.index.offsets[to] - cursor.index.offsets[cursor.next];
    }
    return events;
  };
  std::uint64_t least = std::numeric_limits<UserNumber>::max();
  for (const Cursor& cursor : cursors) {
    if (!cursor.done()) least = std::min<std::uint64_t>(least, cursor.index.users[cursor.next]);
  }
  std::uint64_t most = std::numeric_limits<UserNumber>::max();
  while (least < most) {
    const std::uint64_t middle = least + (most - least + 1) / 2;
    if (events_up_to(static_cast<UserNumber>(middle)) <= chunk_events) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return static_cast<UserNumber>(least);
}

// Appends all sources' users up to `last`, user by user, so that most chunks need no sorting.
// Returns in `shared` whether a user came from more than one source.
base::Status read_chunk(std::vector<Cursor>& cursors, UserNumber last, EventTable& chunk,
                        bool& shared) {
  shared = false;
  while (true) {
    // The source with the least user goes on until another one has a user to add.
    Cursor* first = nullptr;
    std::uint64_t until = std::uint64_t{last} + 1;
    for (Cursor& cursor : cursors) {
      if (cursor.done() || cursor.index.users[cursor.next] > last) continue;
      const UserNumber user = cursor.index.users[cursor.next];
      if (first == nullptr) {
        first = &cursor;
      } else if (user < first->index.users[first->next]) {
        until = std::min<std::uint64_t>(until, first->index.users[first->next]);
        first = &cursor;
      } else {
        until = std::min<std::uint64_t>(until, user);
      }
    }
    if (first == nullptr) return base::Ok{};
    std::size_t to = first->next + 1;
    if (until <= first->index.users[first->next]) {
      shared = true;
    } else {
      const auto begin = first->index.users.begin() + static_cast<std::ptrdiff_t>(first->next);
      to = static_cast<std::size_t>(std::lower_bound(begin, first->index.users.end(), until) -
                                    first->index.users.begin());
    }
    FOOTFALL_RETURN_IF_ERROR(first->source->append_to(chunk, first->next, to));
    first->next = to;
  }
}

// Lines of orders are asked for one by one, other events whole. An order without any line left is
// dropped; what the others leave is settled by joining once more.
class FilterRun {
 public:
  FilterRun(EventTable& table, const MergeFilter& filter) : table_(table), filter_(filter) {}

  void run(std::size_t threads) {
    Column<std::uint8_t> keep(table_.size(), 1);
    const LineTable& lines = table_.lines;
    for (std::size_t event = 0; event < table_.size(); ++event) {
      if (is_order(table_, event)) {
        keep[event] = judge_lines(event) ? 1 : 0;
        continue;
      }
      keep[event] = judge_event(event) ? 1 : 0;
      if (lines.starts.empty()) continue;
      for (std::uint32_t l = lines.starts[event]; l < lines.starts[event + 1]; ++l) {
        line_order_.push_back(l);
      }
      finish_event();
    }
    if (changed_lines_) {
      reorder_lines(table_, line_order_, threads);
      table_.lines.starts = std::move(starts_);
    }
    keep_events(table_, keep, threads);
    settle(table_, threads);
  }

 private:
  void finish_event() { starts_.push_back(static_cast<std::uint32_t>(line_order_.size())); }

  bool judge_event(std::size_t event) {
    MergeFacts facts{table_.users[event], table_.keys[event], 0, table_.batches[event],
                     sequence_of(table_, event)};
    if (!filter_(facts)) return false;
    table_.batches[event] = facts.batch;
    if (facts.sequence != sequence_of(table_, event)) {
      table_.sequences.resize(table_.size(), 0);
      table_.sequences[event] = facts.sequence;
    }
    return true;
  }

  bool judge_lines(std::size_t event) {
    LineTable& lines = table_.lines;
    const std::size_t before = line_order_.size();
    for (std::uint32_t l = lines.starts[event]; l < lines.starts[event + 1]; ++l) {
      MergeFacts facts{table_.users[event], table_.keys[event], lines.keys[l], lines.batches[l],
                       lines.numbers[l]};
      if (!filter_(facts)) {
        changed_lines_ = true;
        continue;
      }
      lines.batches[l] = facts.batch;
      lines.numbers[l] = static_cast<std::uint32_t>(facts.sequence);
      line_order_.push_back(l);
    }
    finish_event();
    return line_order_.size() > before;
  }

  EventTable& table_;
  const MergeFilter& filter_;
  std::vector<std::uint32_t> line_order_;
  Column<std::uint32_t> starts_{0};
  bool changed_lines_ = false;
};

}  // namespace

void drop_repeats(EventTable& table, std::size_t threads) {
  Column<std::uint8_t> keep(table.size(), 1);
  std::vector<UserRepeats> repeats(std::max<std::size_t>(1, threads), UserRepeats(table, keep));
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       for (std::size_t event = user_start(table, begin); event < end;) {
                         const std::size_t next = user_start(table, event + 1);
                         if (next - event > 1) repeats[worker].drop(event, next);
                         event = next;
                       }
                     });
  const bool found = std::any_of(repeats.begin(), repeats.end(),
                                 [](const UserRepeats& worker) { return worker.found(); });
  if (found) keep_events(table, keep, threads);
}

void settle(EventTable& table, std::size_t threads) {
  sort_events(table, threads);
  join_orders(table, threads);
  drop_repeats(table, threads);
  normalise(table, threads);
}

void filter_table(EventTable& table, const MergeFilter& filter, std::size_t threads) {
  if (filter) FilterRun(table, filter).run(threads);
}

base::Status merge_timelines(std::span<const std::shared_ptr<const TimelineSource>> sources,
                             const MergeOptions& options, const MergeSink& sink,
                             base::Progress& progress) {
  std::vector<Cursor> cursors;
  std::uint64_t events = 0;
  for (const auto& source : sources) {
    FOOTFALL_TRY(const UserIndex index, source->user_index());
    cursors.push_back({source.get(), index, 0});
    events += index.offsets.back();
  }
  progress.stage("merging timelines", static_cast<std::int64_t>(events), "events");
  const auto left = [&] {
    return std::any_of(cursors.begin(), cursors.end(), [](const Cursor& c) { return !c.done(); });
  };
  while (left()) {
    if (progress.stop_requested()) {
      return base::Error{
          base::ErrorCode::kInterrupted, "merging was stopped; nothing has changed", {}, ""};
    }
    EventTable chunk;
    bool shared = false;
    FOOTFALL_RETURN_IF_ERROR(
        read_chunk(cursors, chunk_end(cursors, options.chunk_events), chunk, shared));
    const auto read = static_cast<std::int64_t>(chunk.size());
    // The filter sees every source's own copy, so that what one import loses another one may keep.
    if (options.filter) {
      filter_table(chunk, options.filter, options.threads);
    } else if (shared) {
      settle(chunk, options.threads);
    } else {
      normalise(chunk, options.threads);
    }
    if (chunk.size() > 0) FOOTFALL_RETURN_IF_ERROR(sink(std::move(chunk)));
    progress.advance(read);
  }
  return base::Ok{};
}

base::Result<EventTable> merge_to_table(
    std::span<const std::shared_ptr<const TimelineSource>> sources, const MergeOptions& options,
    base::Progress& progress) {
  EventTable result;
  const auto add = [&](EventTable&& chunk) -> base::Status {
    append_events(result, chunk, 0, chunk.size());
    return base::Ok{};
  };
  FOOTFALL_RETURN_IF_ERROR(merge_timelines(sources, options, add, progress));
  normalise(result, options.threads);
  return result;
}

}  // namespace footfall::store
