// Size: the two ways to judge share one idea of a part, and are read side by side.
#include "footfall/store/judge.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/events/batch.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/order_join.h"

namespace footfall::store {
namespace {

constexpr std::size_t kUserGrain = 1024;
constexpr std::size_t kBuckets = 256;  // Of ids, by their highest bits.
constexpr int kBucketShift = 56;
constexpr std::size_t kGrain = 262'144;
constexpr std::size_t kPairsMax = 16;  // Events of an instant that are compared each with each.

using Identities = std::vector<IdentityColumns>;

// One part with what its work needs.
struct Part {
  const JudgePart* input = nullptr;
  const EventTable* table = nullptr;
  Identities existing;
  PartJudgement* result = nullptr;
  std::vector<std::vector<Echo>> echoes;  // One list a worker.
  std::vector<std::vector<std::uint32_t>> beside_equal_items;

  std::uint32_t row(std::size_t event) const {
    return input->rows.empty() ? static_cast<std::uint32_t>(event) : input->rows[event];
  }
  bool has_id(std::size_t event) const {
    return (table->flags[event] & events::kHasEventId) != 0 || is_order(*table, event);
  }
  bool counts_rows(std::size_t event) const {
    return (table->flags[event] & events::kSequenceIsRow) != 0;
  }
  void refuse(std::size_t event, Verdict verdict, bool store) const {
    result->verdicts[event] = verdict;
    result->store[event] = store ? 1 : 0;
  }
};

// The events of a user in one source; none when the user is not there.
std::pair<std::size_t, std::size_t> events_of(const IdentityColumns& columns, UserNumber user) {
  const std::size_t at = columns.index.lower_bound(user);
  if (at == columns.index.users.size() || columns.index.users[at] != user) return {0, 0};
  return {columns.index.offsets[at], columns.index.offsets[at + 1]};
}

// Where a user's events stand in each source.
using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

void find_ranges(const Part& part, UserNumber user, Ranges& ranges) {
  ranges.clear();
  for (const IdentityColumns& columns : part.existing) ranges.push_back(events_of(columns, user));
}

// The least sequence with which the event stands in any source.
std::optional<std::int64_t> existing_sequence(const Part& part, std::size_t event,
                                              const Ranges& ranges) {
  std::optional<std::int64_t> least;
  const base::TimeMs time = part.table->times[event];
  for (std::size_t source = 0; source < ranges.size(); ++source) {
    const IdentityColumns& columns = part.existing[source];
    auto [from, to] = ranges[source];
    std::size_t end = to;
    while (from < end) {
      const std::size_t middle = from + (end - from) / 2;
      if (columns.time(middle) < time) {
        from = middle + 1;
      } else {
        end = middle;
      }
    }
    for (; from < to && columns.time(from) == time; ++from) {
      if (columns.keys.at(from) != part.table->keys[event]) continue;
      const std::int64_t sequence = columns.sequences.at(from);
      least = least ? std::min(*least, sequence) : sequence;
    }
  }
  return least;
}

// Judges events without an id: those of one user and instant at a time.
class PlainJudge {
 public:
  PlainJudge(Part& part, std::size_t worker) : part_(part), echoes_(part.echoes[worker]) {}

  void judge_user(std::size_t begin, std::size_t end) {
    const EventTable& table = *part_.table;
    find_ranges(part_, table.users[begin], ranges_);
    for (std::size_t event = begin; event < end;) {
      std::size_t next = event + 1;
      while (next < end && table.times[next] == table.times[event]) ++next;
      if (next - event == 1 && part_.existing.empty()) {
        ++event;
        continue;
      }
      members_.clear();
      for (std::size_t i = event; i < next; ++i) {
        if (!part_.has_id(i)) members_.push_back(static_cast<std::uint32_t>(i));
      }
      judge_instant();
      event = next;
    }
  }

 private:
  // What is known of a key: from the shop or from an earlier row.
  struct Known {
    std::uint64_t key = 0;
    std::int64_t sequence = 0;  // The least so far.
    bool existing = false;
    bool echoed = false;
  };

  void judge_instant() {
    if (members_.empty()) return;
    if (members_.size() == 1 && part_.existing.empty()) return;
    std::sort(members_.begin(), members_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return part_.row(a) < part_.row(b); });
    known_.clear();
    places_.clear();
    for (const std::uint32_t event : members_) judge_event(event);
  }

  void judge_event(std::uint32_t event) {
    const std::uint64_t key = part_.table->keys[event];
    const std::int64_t sequence = sequence_of(*part_.table, event);
    Known* known = find(key);
    if (known == nullptr) {
      const std::optional<std::int64_t> existing = existing_sequence(part_, event, ranges_);
      known_.push_back({key, existing.value_or(sequence), existing.has_value(), false});
      if (members_.size() > kPairsMax) places_.emplace(key, known_.size() - 1);
      if (!existing) return;
      known = &known_.back();
    }
    part_.refuse(event, Verdict::kDuplicate,
                 part_.counts_rows(event) && sequence < known->sequence);
    known->sequence = std::min(known->sequence, sequence);
    if (!known->existing || known->echoed) return;
    known->echoed = true;
    echoes_.push_back({part_.table->users[event], key, 0, sequence});
  }

  Known* find(std::uint64_t key) {
    if (members_.size() > kPairsMax) {
      const auto at = places_.find(key);
      return at == places_.end() ? nullptr : &known_[at->second];
    }
    for (Known& known : known_) {
      if (known.key == key) return &known;
    }
    return nullptr;
  }

  Part& part_;
  std::vector<Echo>& echoes_;
  Ranges ranges_;  // Of the user at hand.
  std::vector<std::uint32_t> members_;
  std::vector<Known> known_;
  std::unordered_map<std::uint64_t, std::size_t> places_;
};

// An incoming event with an id, wherever its part.
struct IdEvent {
  std::uint64_t key = 0;
  std::uint32_t row = 0;
  std::uint32_t part = 0;
  std::uint32_t event = 0;
};

// Judges events with ids: those of one id at a time, in the batch's order.
class IdJudge {
 public:
  IdJudge(std::vector<Part>& parts, const IdIndex& ids, std::size_t worker)
      : parts_(parts), ids_(ids), worker_(worker) {}

  // All have one key and rise by row.
  void judge_id(std::span<const IdEvent> members) {
    owner_ = ids_.find(members[0].key);
    if (!owner_ && members.size() == 1) return;  // Nothing to be compared with.
    existing_ = owner_.has_value();
    echoed_ = false;
    sequence_.reset();
    lines_.clear();
    items_.clear();
    lines_loaded_ = false;
    for (const IdEvent& member : members) judge_event(member);
  }

 private:
  struct KnownLine {
    std::uint64_t digest = 0;
    std::uint32_t number = 0;  // The least so far.
    bool existing = false;
    bool echoed = false;
  };

  void judge_event(const IdEvent& member) {
    Part& part = parts_[member.part];
    const EventTable& table = *part.table;
    const bool order = is_order(table, member.event);
    const IdIndex::Owner own = IdIndex::owner(part.input->population, table.users[member.event],
                                              order, digest_of(table, member.event));
    if (!owner_) {
      owner_ = own;
      sequence_ = sequence_of(table, member.event);
    } else if (own != *owner_) {
      part.refuse(member.event, Verdict::kIdConflict, false);
      return;
    } else if (!order) {
      judge_repeat(part, member.event);
      return;
    }
    if (order) judge_lines(part, member.event);
  }

  // The event's equal is known.
  void judge_repeat(Part& part, std::size_t event) {
    const std::int64_t sequence = sequence_of(*part.table, event);
    if (!sequence_) {
      find_ranges(part, part.table->users[event], ranges_);
      sequence_ = existing_sequence(part, event, ranges_).value_or(sequence);
    }
    part.refuse(event, Verdict::kDuplicate, part.counts_rows(event) && sequence < *sequence_);
    sequence_ = std::min(*sequence_, sequence);
    if (!existing_ || echoed_) return;
    echoed_ = true;
    part.echoes[worker_].push_back(
        {part.table->users[event], part.table->keys[event], 0, sequence});
  }

  // A part is a conflict if one of its lines is, else a duplicate if all are.
  void judge_lines(Part& part, std::size_t event) {
    const EventTable& table = *part.table;
    if (existing_ && !lines_loaded_) load_lines(part, event);
    const std::uint32_t from = table.lines.starts[event];
    const std::uint32_t to = table.lines.starts[event + 1];
    bool all_known = true;
    for (std::uint32_t line = from; line < to; ++line) {
      const LineIdentity own = line_identity(table, event, line);
      const auto known = lines_.find(own.key);
      if (known == lines_.end()) {
        all_known = false;
      } else if (known->second.digest != own.digest) {
        part.refuse(event, Verdict::kIdConflict, false);
        return;
      }
    }
    bool earlier = false;
    if (!all_known && part.counts_rows(event) && has_equal_item(table, from, to)) {
      part.beside_equal_items[worker_].push_back(part.row(event));
    }
    for (std::uint32_t line = from; line < to; ++line) {
      const LineIdentity own = line_identity(table, event, line);
      const std::uint32_t number = table.lines.numbers[line];
      KnownLine& known =
          lines_.try_emplace(own.key, KnownLine{own.digest, number, false, false}).first->second;
      earlier = earlier || (part.counts_rows(event) && number < known.number);
      known.number = std::min(known.number, number);
      if (!known.existing || known.echoed) continue;
      known.echoed = true;
      part.echoes[worker_].push_back({table.users[event], table.keys[event], own.key, number});
    }
    if (all_known) part.refuse(event, Verdict::kDuplicate, earlier);
  }

  bool has_equal_item(const EventTable& table, std::uint32_t from, std::uint32_t to) const {
    return std::any_of(table.lines.items.begin() + from, table.lines.items.begin() + to,
                       [&](ItemCode item) { return items_.contains(item); });
  }

  // The lines that the shop has of the order.
  void load_lines(const Part& part, std::size_t event) {
    lines_loaded_ = true;
    for (const IdentityColumns& columns : part.existing) {
      const auto [from, to] = events_of(columns, part.table->users[event]);
      const auto groups = columns.line_events;
      auto group = static_cast<std::size_t>(std::lower_bound(groups.begin(), groups.end(), from) -
                                            groups.begin());
      for (; group < groups.size() && groups[group] < to; ++group) {
        const std::uint32_t order = groups[group];
        if (columns.keys.at(order) != part.table->keys[event]) continue;
        for (std::uint32_t l = columns.line_starts[group]; l < columns.line_starts[group + 1];
             ++l) {
          const std::uint64_t key = columns.line_keys.at(l);
          const std::uint32_t number = columns.line_numbers.at(l);
          const KnownLine line{key ^ columns.line_digest_xor_keys.at(l), number, true, false};
          KnownLine& known = lines_.try_emplace(key, line).first->second;
          known.number = std::min(known.number, number);
          items_.insert(columns.line_items.at(l));
        }
      }
    }
  }

  std::vector<Part>& parts_;
  const IdIndex& ids_;
  std::size_t worker_;
  Ranges ranges_;
  // Of the id at hand:
  std::optional<IdIndex::Owner> owner_;
  bool existing_ = false;  // The owner stands in the shop.
  bool echoed_ = false;
  std::optional<std::int64_t> sequence_;
  std::unordered_map<std::uint64_t, KnownLine> lines_;  // Of an order, by key.
  std::unordered_set<ItemCode> items_;                  // Those of an order in the shop.
  bool lines_loaded_ = false;
};

void judge_plain_events(Part& part, std::size_t threads) {
  const UserOffsets index = user_offsets(*part.table, threads);
  base::parallel_for(threads, index.users.size(), kUserGrain,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       PlainJudge judge(part, worker);
                       for (std::size_t user = begin; user < end; ++user) {
                         judge.judge_user(index.offsets[user], index.offsets[user + 1]);
                       }
                     });
}

// The events with ids, bucket by bucket: bucket b is [starts[b], starts[b + 1]).
struct IdBuckets {
  Column<IdEvent> events;
  std::vector<std::size_t> starts;

  std::span<IdEvent> bucket(std::size_t index) {
    return {events.data() + starts[index], starts[index + 1] - starts[index]};
  }
};

// Calls visit(stretch, id event) for all of one stretch of a part.
template <typename Visit>
void visit_ids(const Part& part, std::uint32_t number, std::size_t begin, std::size_t end,
               Visit&& visit) {
  for (std::size_t i = begin; i < end; ++i) {
    if (!part.has_id(i)) continue;
    visit(IdEvent{part.table->keys[i], part.row(i), number, static_cast<std::uint32_t>(i)});
  }
}

IdBuckets collect_ids(const std::vector<Part>& parts, std::size_t threads) {
  // Stretches of all parts one after another; each has its own place in every bucket.
  std::vector<std::size_t> first{0};
  for (const Part& part : parts) first.push_back(first.back() + part.table->size() / kGrain + 1);
  std::vector<std::array<std::size_t, kBuckets>> places(first.back());
  const auto visit_all = [&](const auto& visit) {
    for (std::uint32_t p = 0; p < parts.size(); ++p) {
      base::parallel_for(threads, parts[p].table->size(), kGrain,
                         [&](std::size_t, std::size_t begin, std::size_t end) {
                           auto& place = places[first[p] + begin / kGrain];
                           visit_ids(parts[p], p, begin, end,
                                     [&](const IdEvent& event) { visit(place, event); });
                         });
    }
  };
  visit_all([](auto& place, const IdEvent& event) { ++place[event.key >> kBucketShift]; });
  IdBuckets result;
  std::size_t at = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    result.starts.push_back(at);
    for (auto& place : places) at += std::exchange(place[bucket], at);
  }
  result.starts.push_back(at);
  result.events.resize(at);
  visit_all([&](auto& place, const IdEvent& event) {
    result.events[place[event.key >> kBucketShift]++] = event;
  });
  return result;
}

void judge_bucket(std::span<IdEvent> bucket, IdJudge& judge) {
  std::sort(bucket.begin(), bucket.end(), [](const IdEvent& a, const IdEvent& b) {
    return std::tie(a.key, a.row) < std::tie(b.key, b.row);
  });
  for (std::size_t from = 0, to = 0; from < bucket.size(); from = to) {
    for (to = from + 1; to < bucket.size() && bucket[to].key == bucket[from].key;) ++to;
    judge.judge_id(bucket.subspan(from, to - from));
  }
}

// What the workers found, in one order.
void gather_found(Part& part) {
  std::vector<Echo>& echoes = part.result->echoes;
  for (std::vector<Echo>& list : part.echoes) {
    echoes.insert(echoes.end(), list.begin(), list.end());
  }
  std::sort(echoes.begin(), echoes.end(), [](const Echo& a, const Echo& b) {
    return std::tie(a.user, a.key, a.line_key) < std::tie(b.user, b.key, b.line_key);
  });
  std::vector<std::uint32_t>& beside = part.result->beside_equal_items;
  for (const auto& list : part.beside_equal_items) {
    beside.insert(beside.end(), list.begin(), list.end());
  }
  std::sort(beside.begin(), beside.end());
}

}  // namespace

base::Result<std::vector<PartJudgement>> judge(std::span<const JudgePart> parts,
                                               const JudgeOptions& options) {
  const std::size_t threads = std::max<std::size_t>(1, options.threads);
  std::vector<PartJudgement> results(parts.size());
  std::vector<Part> work(parts.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const EventTable& table = *parts[p].incoming;
    FOOTFALL_CHECK(parts[p].rows.empty() || parts[p].rows.size() == table.size());
    work[p].input = &parts[p];
    work[p].table = &table;
    work[p].result = &results[p];
    work[p].echoes.resize(threads);
    work[p].beside_equal_items.resize(threads);
    results[p].verdicts.assign(table.size(), Verdict::kAccepted);
    results[p].store.assign(table.size(), 1);
    for (const auto& source : parts[p].existing) {
      FOOTFALL_TRY(IdentityColumns columns, source->identities());
      work[p].existing.push_back(std::move(columns));
    }
  }
  for (Part& part : work) judge_plain_events(part, threads);
  IdBuckets buckets = collect_ids(work, threads);
  if (!buckets.events.empty()) {
    IdIndex built;
    if (options.ids == nullptr) {
      for (const JudgePart& part : parts) {
        for (const auto& source : part.existing) {
          FOOTFALL_RETURN_IF_ERROR(built.add(*source, part.population));
        }
      }
    }
    const IdIndex& ids = options.ids == nullptr ? built : *options.ids;
    base::parallel_for(threads, kBuckets, 1,
                       [&](std::size_t worker, std::size_t bucket, std::size_t) {
                         IdJudge judge(work, ids, worker);
                         judge_bucket(buckets.bucket(bucket), judge);
                       });
  }
  for (Part& part : work) gather_found(part);
  return results;
}

}  // namespace footfall::store
