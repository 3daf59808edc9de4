#include "footfall/analytics/transitions.h"

namespace footfall::analytics {
namespace {

constexpr std::size_t kTable = 256 * 256;

std::size_t pair_of(EventCode from, EventCode to) {
  return std::size_t{from} * 256 + to;
}

// Pairs of neighbours in the whole span, as if it were one person's.
void count_neighbours(std::span<const EventCode> types, std::uint64_t* tables) {
  if (types.size() < 2) return;
  std::size_t i = 1;
  for (; i + 1 < types.size(); i += 2) {
    ++tables[pair_of(types[i - 1], types[i])];
    ++tables[kTable + pair_of(types[i], types[i + 1])];
  }
  if (i < types.size()) ++tables[pair_of(types[i - 1], types[i])];
}

}  // namespace

Transitions::Transitions(TransitionSpec spec)
    : spec_(std::move(spec)), ignored_marker_(spec_.ignored) {}

void Transitions::fold_person(TransitionPartial& partial, const store::Block& block,
                              std::size_t user) const {
  EventCode before = events::kNoEvent;
  for (std::size_t event = block.offsets[user]; event < block.offsets[user + 1]; ++event) {
    const EventCode type = block.types[event];
    if (spec_.ignored.contains(type)) continue;
    const base::TimeMs time = block.time(event);
    if (time < spec_.from || time >= spec_.to) continue;
    if (before != events::kNoEvent) ++partial.tables[pair_of(before, type)];
    before = type;
  }
}

bool Transitions::reaches_to(const store::Block& block, std::size_t begin, std::size_t end) const {
  if (spec_.to == base::kTimeEnd) return false;
  const std::uint64_t to = block.scale.first_tick_at(spec_.to);
  bool reaches = false;
  for (std::size_t user = begin; user < end; ++user) {
    if (block.offsets[user] == block.offsets[user + 1]) continue;
    const std::size_t last = block.offsets[user + 1] - 1;
    reaches |= (block.wide ? block.ticks64[last] : block.ticks32[last]) >= to;
  }
  return reaches;
}

void Transitions::fold(TransitionPartial& partial, const store::Block& block, std::size_t begin,
                       std::size_t end) const {
  const bool from_inside = spec_.from > block.scale.base_ms;
  for_user_runs(block, begin, end, kRunEvents, [&](std::size_t run_begin, std::size_t run_end) {
    const std::size_t first = block.offsets[run_begin];
    const auto types = block.types.subspan(first, block.offsets[run_end] - first);
    partial.persons += run_end - run_begin;
    partial.events += types.size();
    if (from_inside || ignored_marker_.any(block, first, types.size()) ||
        reaches_to(block, run_begin, run_end)) {
      for (std::size_t user = run_begin; user < run_end; ++user) {
        fold_person(partial, block, user);
      }
      return;
    }
    count_neighbours(types, partial.tables.data());
    // Where two persons meet there is no pair.
    for (std::size_t user = run_begin; user < run_end; ++user) {
      const std::size_t at = block.offsets[user] - first;
      if (at == 0 || at == block.offsets[user + 1] - first) continue;
      --partial.tables[pair_of(types[at - 1], types[at])];
    }
  });
}

void Transitions::merge(TransitionPartial& into, const TransitionPartial& from) {
  for (std::size_t i = 0; i < into.tables.size(); ++i) into.tables[i] += from.tables[i];
  into.persons += from.persons;
  into.events += from.events;
}

TransitionAnswer Transitions::finish(const TransitionPartial& partial) {
  TransitionAnswer answer;
  answer.persons = partial.persons;
  answer.events = partial.events;
  for (unsigned from = 0; from < 256; ++from) {
    const std::size_t row_begin = answer.pairs.size();
    std::uint64_t from_count = 0;
    for (unsigned to = 0; to < 256; ++to) {
      const std::size_t pair = std::size_t{from} * 256 + to;
      const std::uint64_t count = partial.tables[pair] + partial.tables[kTable + pair];
      if (count == 0) continue;
      from_count += count;
      answer.pairs.push_back({static_cast<EventCode>(from), static_cast<EventCode>(to), count, 0});
    }
    for (std::size_t i = row_begin; i < answer.pairs.size(); ++i) {
      answer.pairs[i].from_count = from_count;
    }
    answer.pair_count += from_count;
  }
  return answer;
}

}  // namespace footfall::analytics
