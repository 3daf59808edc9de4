#include "footfall/analytics/funnel.h"

#include <algorithm>
#include <limits>
#include <string>

namespace footfall::analytics {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// A person's deepest chain: of those, the one that completes first, and of those the newest entry.
// Events are counted from the start of the run.
struct Chain {
  std::size_t depth = 0;
  std::size_t entry = kNone;
  std::size_t completion = kNone;
};

struct Person {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t entry_begin = 0;  // Entries are in range here.
  std::size_t entry_end = 0;
};

// One run of users, as marks and columns. Alive during one fold only.
template <typename Tick>
struct Run {
  const EventCode* types;
  const Tick* ticks;
  const std::uint64_t* entries;  // Marks of the first step.
  const std::uint64_t* later;    // Marks of the other steps.
  const std::uint64_t* steps_of;
  std::size_t step_count;
  Tick window;
  const store::TickScale& scale;
  const FunnelSpec& spec;

  Tick ticks_between(std::size_t from, std::size_t to) const {
    return static_cast<Tick>(ticks[to] - ticks[from]);
  }
};

template <typename Tick>
Chain best_chain(const Run<Tick>& run, const Person& person) {
  // newest_entry[k] is the newest entry of any chain that has reached step k; set for k < depth.
  // The newest entry beats every earlier one, because it leaves the most time for what follows.
  std::array<std::size_t, kFunnelStepsMax> newest_entry;
  Chain chain;
  for (std::size_t word = person.begin / 64; word * 64 < person.end; ++word) {
    const std::uint64_t entries =
        run.entries[word] & bits_inside(word, person.entry_begin, person.entry_end);
    std::uint64_t later = run.later[word] & bits_inside(word, person.begin, person.end);
    if (chain.depth == 0) {
      if (entries == 0) continue;
      chain.depth = 1;
      chain.entry = word * 64 + lowest_bit(entries);
      later &= ~((std::uint64_t{2} << lowest_bit(entries)) - 1);
    }
    for (; later != 0; later &= later - 1) {
      const std::size_t bit = lowest_bit(later);
      // Entries are looked up only when a later step asks for the newest one before it.
      const std::uint64_t before = entries & ((std::uint64_t{1} << bit) - 1);
      if (before != 0) newest_entry[0] = word * 64 + highest_bit(before);
      const std::size_t event = word * 64 + bit;
      // Steps that some chain can take now: 1 .. depth.
      const std::uint64_t within_reach =
          ((std::uint64_t{2} << chain.depth) - 1) & ~std::uint64_t{1};
      std::uint64_t steps = run.steps_of[run.types[event]] & within_reach;
      // Last step first, so that one event never serves two steps of the same chain.
      while (steps != 0) {
        const std::size_t step = highest_bit(steps);
        steps ^= std::uint64_t{1} << step;
        const std::size_t entry = newest_entry[step - 1];
        if (run.ticks_between(entry, event) > run.window) continue;
        newest_entry[step] = entry;
        if (step == chain.depth) chain = {step + 1, entry, event};
      }
      if (chain.depth == run.step_count) return chain;
    }
    if (entries != 0) newest_entry[0] = word * 64 + highest_bit(entries);
  }
  return chain;
}

template <typename Tick>
Chain first_entry(const Run<Tick>& run, const Person& person) {
  Chain chain;
  for (std::size_t word = person.begin / 64; word * 64 < person.end; ++word) {
    std::uint64_t later = run.later[word] & bits_inside(word, person.begin, person.end);
    if (chain.depth == 0) {
      const std::uint64_t entries =
          run.entries[word] & bits_inside(word, person.entry_begin, person.entry_end);
      if (entries == 0) continue;
      chain = {1, word * 64 + lowest_bit(entries), kNone};
      later &= ~((std::uint64_t{2} << lowest_bit(entries)) - 1);
    }
    for (; later != 0; later &= later - 1) {
      const std::size_t event = word * 64 + lowest_bit(later);
      // With the entry fixed, the earliest event for each step leaves the most for the rest.
      if ((run.steps_of[run.types[event]] >> chain.depth & 1) == 0) continue;
      if (run.ticks_between(chain.entry, event) > run.window) return chain;
      chain.completion = event;
      if (++chain.depth == run.step_count) return chain;
    }
  }
  return chain;
}

// Times from entry of the steps of a chain: from its entry, the earliest event for each next step.
template <typename Tick>
void add_times(FunnelPartial& partial, const Run<Tick>& run, const Chain& chain) {
  if (chain.depth < 2) return;
  std::size_t step = 1;
  for (std::size_t event = chain.entry + 1; event <= chain.completion; ++event) {
    if ((run.steps_of[run.types[event]] >> step & 1) == 0) continue;
    const auto ticks = static_cast<base::TimeMs>(run.ticks_between(chain.entry, event));
    partial.from_entry[step].push_back(ticks * run.scale.tick_ms);
    if (++step == chain.depth) return;
  }
}

// The windows of one person who entered: open or closed, and the spells between their entries.
template <typename Tick>
void add_windows(FunnelPartial& partial, const Run<Tick>& run, const Person& person,
                 const Chain& chain) {
  const store::TickScale& scale = run.scale;
  const FunnelSpec& spec = run.spec;
  const bool converted = chain.depth == run.step_count;
  const bool first_only = spec.entry == FunnelEntry::kFirstEntry;
  const std::size_t last = converted ? chain.completion : person.end;
  std::size_t spell = kNone;   // The entry whose spell runs.
  std::size_t newest = kNone;  // Of all entries, also after a conversion.
  for (std::size_t event = person.entry_begin; event < person.entry_end; ++event) {
    if ((run.steps_of[run.types[event]] & 1) == 0) continue;
    newest = event;
    if (event < last) {
      if (spell != kNone) {
        partial.spells.add_censored(static_cast<base::TimeMs>(run.ticks_between(spell, event)) *
                                    scale.tick_ms);
      }
      spell = event;
    }
    if (first_only) break;
  }
  const base::TimeMs left = spec.complete_to - scale.time(run.ticks[newest]);
  if (converted) {
    partial.spells.add_end(static_cast<base::TimeMs>(run.ticks_between(spell, last)) *
                           scale.tick_ms);
  } else {
    partial.spells.add_censored(left);
  }
  if (left >= spec.window_ms) {
    ++partial.windows.closed;
    partial.windows.closed_converted += converted ? 1 : 0;
  } else if (!converted) {
    ++partial.windows.open;
    partial.spells.add_open(left);
  }
}

template <typename Tick>
Tick window_ticks(const store::TickScale& scale, base::TimeMs window_ms) {
  const std::uint64_t ticks = scale.ticks_within(window_ms);
  return static_cast<Tick>(std::min<std::uint64_t>(ticks, std::numeric_limits<Tick>::max()));
}

EventSet later_steps(const FunnelSpec& spec) {
  EventSet later;
  for (std::size_t step = 1; step < spec.steps.size(); ++step) later |= spec.steps[step];
  return later;
}

// Marks of the run that is being read; kept between runs so that memory is taken once a fold.
struct Marks {
  std::vector<std::uint64_t> entries;
  std::vector<std::uint64_t> later;
};

template <typename Tick>
void limit_entries(const Tick* ticks, std::uint64_t from, std::uint64_t to, Person& person) {
  if (person.begin == person.end) return;
  // Most people are wholly inside: then nothing is searched.
  if (ticks[person.begin] >= from && ticks[person.end - 1] < to) return;
  const Tick* const begin = ticks + person.begin;
  const Tick* const end = ticks + person.end;
  const auto before_from = [from](Tick tick) { return tick < from; };
  const auto before_to = [to](Tick tick) { return tick < to; };
  person.entry_begin =
      static_cast<std::size_t>(std::partition_point(begin, end, before_from) - ticks);
  person.entry_end = static_cast<std::size_t>(std::partition_point(begin, end, before_to) - ticks);
}

}  // namespace

base::Result<Funnel> Funnel::create(FunnelSpec spec) {
  const auto refuse = [](const std::string& expected, const std::string& found) {
    return base::invalid("expected " + expected + ": " + found, "steps");
  };
  if (spec.steps.size() < 2) return refuse("at least 2 steps", std::to_string(spec.steps.size()));
  if (spec.steps.size() > kFunnelStepsMax) {
    return refuse("at most " + std::to_string(kFunnelStepsMax) + " steps",
                  std::to_string(spec.steps.size()));
  }
  for (std::size_t step = 0; step < spec.steps.size(); ++step) {
    if (spec.steps[step].empty()) {
      return refuse("an event for every step", "step " + std::to_string(step + 1) + " has none");
    }
  }
  if (spec.window_ms < 0) {
    return base::invalid("expected a window of 0 or more ms: " + std::to_string(spec.window_ms),
                         "window");
  }
  return Funnel(std::move(spec));
}

Funnel::Funnel(FunnelSpec spec)
    : spec_(std::move(spec)), entry_marker_(spec_.steps[0]), later_marker_(later_steps(spec_)) {
  for (std::size_t step = 0; step < spec_.steps.size(); ++step) {
    for (const EventCode code : spec_.steps[step].codes()) {
      steps_of_[code] |= std::uint64_t{1} << step;
    }
  }
}

template <typename Tick>
void Funnel::fold_ticks(FunnelPartial& partial, const store::Block& block, std::size_t begin,
                        std::size_t end) const {
  const bool ranged = spec_.from > block.scale.base_ms || spec_.to < base::kTimeEnd;
  const std::uint64_t from = block.scale.first_tick_at(spec_.from);
  const std::uint64_t to = block.scale.first_tick_at(spec_.to);
  const bool windows = spec_.details && spec_.window_ms != kNoWindow;
  Marks marks;
  for_user_runs(block, begin, end, kRunEvents, [&](std::size_t run_begin, std::size_t run_end) {
    const std::size_t first = block.offsets[run_begin];
    const auto types = block.types.subspan(first, block.offsets[run_end] - first);
    entry_marker_.mark(types, marks.entries);
    later_marker_.mark(types, marks.later);
    const Run<Tick> run{types.data(),
                        block.ticks<Tick>().data() + first,
                        marks.entries.data(),
                        marks.later.data(),
                        steps_of_.data(),
                        spec_.steps.size(),
                        window_ticks<Tick>(block.scale, spec_.window_ms),
                        block.scale,
                        spec_};
    partial.events += types.size();
    for (std::size_t user = run_begin; user < run_end; ++user) {
      Person person{block.offsets[user] - first, block.offsets[user + 1] - first, 0, 0};
      person.entry_begin = person.begin;
      person.entry_end = person.end;
      if (ranged) limit_entries<Tick>(run.ticks, from, to, person);
      const Chain chain = spec_.entry == FunnelEntry::kBestChain ? best_chain(run, person)
                                                                 : first_entry(run, person);
      ++partial.depths[chain.depth];
      if (!spec_.details || chain.depth == 0) continue;
      add_times(partial, run, chain);
      if (windows) add_windows(partial, run, person, chain);
    }
  });
}

void Funnel::fold(FunnelPartial& partial, const store::Block& block, std::size_t begin,
                  std::size_t end) const {
  if (spec_.details && spec_.window_ms != kNoWindow && partial.spells.empty()) {
    partial.spells = Survival(spec_.window_ms);
  }
  if (block.wide) {
    fold_ticks<std::uint64_t>(partial, block, begin, end);
  } else {
    fold_ticks<std::uint32_t>(partial, block, begin, end);
  }
}

void Funnel::merge(FunnelPartial& into, const FunnelPartial& from) {
  for (std::size_t depth = 0; depth < into.depths.size(); ++depth) {
    into.depths[depth] += from.depths[depth];
  }
  into.events += from.events;
  for (std::size_t step = 0; step < into.from_entry.size(); ++step) {
    into.from_entry[step].insert(into.from_entry[step].end(), from.from_entry[step].begin(),
                                 from.from_entry[step].end());
  }
  into.windows.open += from.windows.open;
  into.windows.closed += from.windows.closed;
  into.windows.closed_converted += from.windows.closed_converted;
  into.spells.merge(from.spells);
}

FunnelAnswer Funnel::finish(const FunnelPartial& partial) const {
  FunnelAnswer answer;
  answer.events = partial.events;
  const std::size_t step_count = spec_.steps.size();
  answer.steps.resize(step_count);
  std::uint64_t persons = 0;
  for (std::size_t depth = step_count; depth > 0; --depth) {
    persons += partial.depths[depth];
    answer.steps[depth - 1] = {persons, summarize(partial.from_entry[depth - 1])};
  }
  answer.persons = persons + partial.depths[0];
  if (!spec_.details) return answer;
  answer.windows = partial.windows;
  const auto entered = static_cast<double>(answer.steps.front().persons);
  const auto converted = static_cast<double>(answer.steps.back().persons);
  if (spec_.window_ms == kNoWindow) {
    // A chain that may take any time is never over.
    answer.windows.open = answer.steps.front().persons - answer.steps.back().persons;
  } else if (entered > 0 && spec_.entry == FunnelEntry::kFirstEntry) {
    answer.windows.corrected = partial.spells.ended_share();
    answer.windows.corrected_interval = partial.spells.ended_interval();
  } else if (entered > 0) {
    answer.windows.corrected = (converted + partial.spells.expected_ends()) / entered;
  }
  return answer;
}

}  // namespace footfall::analytics
