#include "footfall/analytics/paths.h"

#include <algorithm>
#include <array>

namespace footfall::analytics {
namespace {

constexpr std::size_t kEvents = 256;

std::size_t link_index(std::size_t column, std::size_t near, std::size_t far) {
  return (column * kEvents + near) * kEvents + far;
}

void add_all(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) into[i] += from[i];
}

// Which node each event of a column is shown as: itself, or kNoEvent for the rest.
struct ColumnNodes {
  std::vector<EventCode> shown;  // In the order of the answer.
  std::array<EventCode, kEvents> node_of{};
};

ColumnNodes top_nodes(const std::uint64_t* counts, std::size_t top,
                      std::span<const std::string> names) {
  ColumnNodes column;
  for (std::size_t event = 0; event < kEvents; ++event) {
    if (counts[event] > 0) column.shown.push_back(static_cast<EventCode>(event));
  }
  std::sort(column.shown.begin(), column.shown.end(), [&](EventCode a, EventCode b) {
    if (counts[a] != counts[b]) return counts[a] > counts[b];
    return names[a] < names[b];
  });
  const bool folds = column.shown.size() > top;
  if (folds) column.shown.resize(top);
  for (const EventCode event : column.shown) column.node_of[event] = event;
  if (folds) column.shown.push_back(events::kNoEvent);
  return column;
}

}  // namespace

base::Result<Paths> Paths::create(PathSpec spec) {
  if (spec.rule.gap_ms <= 0) {
    return base::invalid("expected a gap of more than 0 ms: " + std::to_string(spec.rule.gap_ms),
                         "gap");
  }
  if (spec.anchor.empty()) return base::invalid("expected a start or end event: none", "start");
  if (spec.steps < 1 || spec.steps > kPathStepsMax) {
    return base::invalid(
        "expected 1 to " + std::to_string(kPathStepsMax) + " steps: " + std::to_string(spec.steps),
        "steps");
  }
  return Paths(std::move(spec));
}

void Paths::add_session(PathPartial& partial, const EventCode* types, const std::uint64_t* ignored,
                        const Session& session) const {
  ++partial.sessions;
  const bool forward = spec_.direction == PathDirection::kForward;
  std::size_t column = 0;
  EventCode node = events::kNoEvent;  // The path's newest node; none before the anchor.
  for (std::size_t i = 0; i < session.end - session.begin; ++i) {
    const std::size_t event = forward ? session.begin + i : session.end - 1 - i;
    const EventCode type = types[event];
    if (type == node || SessionMarks::in(ignored, event)) continue;
    if (node == events::kNoEvent) {
      if (!spec_.anchor.contains(type)) continue;
    } else {
      ++partial.links[link_index(column, node, type)];
      ++column;
    }
    node = type;
    ++partial.nodes[column * kEvents + node];
    if (column == spec_.steps) return;
  }
  if (node == events::kNoEvent) {
    ++partial.without_anchor;
  } else {
    ++partial.ends[column * kEvents + node];
  }
}

template <typename Tick>
void Paths::fold_ticks(PathPartial& partial, const store::Block& block, std::size_t begin,
                       std::size_t end) const {
  const std::uint64_t from = block.scale.first_tick_at(spec_.from);
  const std::uint64_t to = block.scale.first_tick_at(spec_.to);
  const bool endless = spec_.to == base::kTimeEnd;
  const std::uint64_t break_ticks = spec_.rule.break_ticks(block.scale);
  std::vector<std::uint64_t> ignored;
  std::vector<std::uint64_t> servers;
  for_user_runs(block, begin, end, kRunEvents, [&](std::size_t run_begin, std::size_t run_end) {
    const std::size_t first = block.offsets[run_begin];
    const auto types = block.types.subspan(first, block.offsets[run_end] - first);
    const Tick* const ticks = block.ticks<Tick>().data() + first;
    partial.persons += run_end - run_begin;
    partial.events += types.size();
    SessionMarks marks;
    if (ignored_marker_.any(block, first, types.size())) {
      ignored_marker_.mark(types, ignored);
      marks.ignored = ignored.data();
    }
    if (mark_servers(block.flags, first, types.size(), servers)) marks.servers = servers.data();
    const SessionCut<Tick> cut{ticks, break_ticks, marks};
    for (std::size_t user = run_begin; user < run_end; ++user) {
      const auto in_range = [&](Tick tick) { return tick >= from && (endless || tick < to); };
      const auto add = [&](const Session& session) {
        if (!in_range(ticks[session.first])) return;
        add_session(partial, types.data(), marks.ignored, session);
      };
      const auto outside = [&](Tick tick, std::size_t events) {
        if (in_range(tick)) partial.no_session += events;
      };
      cut.for_each(block.offsets[user] - first, block.offsets[user + 1] - first, add, outside);
    }
  });
}

void Paths::fold(PathPartial& partial, const store::Block& block, std::size_t begin,
                 std::size_t end) const {
  partial.links.resize(spec_.steps * kEvents * kEvents);
  partial.nodes.resize((spec_.steps + 1) * kEvents);
  partial.ends.resize((spec_.steps + 1) * kEvents);
  if (block.wide) {
    fold_ticks<std::uint64_t>(partial, block, begin, end);
  } else {
    fold_ticks<std::uint32_t>(partial, block, begin, end);
  }
}

void Paths::merge(PathPartial& into, const PathPartial& from) {
  add_all(into.links, from.links);
  add_all(into.nodes, from.nodes);
  add_all(into.ends, from.ends);
  into.sessions += from.sessions;
  into.without_anchor += from.without_anchor;
  into.no_session += from.no_session;
  into.persons += from.persons;
  into.events += from.events;
}

PathAnswer Paths::finish(const PathPartial& partial, std::size_t top,
                         std::span<const std::string> names) const {
  PathAnswer answer;
  answer.sessions = partial.sessions;
  answer.without_anchor = partial.without_anchor;
  answer.no_session = partial.no_session;
  answer.persons = partial.persons;
  answer.events = partial.events;
  if (partial.nodes.empty()) return answer;
  std::vector<ColumnNodes> columns;
  for (std::size_t column = 0; column <= spec_.steps; ++column) {
    columns.push_back(top_nodes(partial.nodes.data() + column * kEvents, top, names));
    std::array<std::uint64_t, kEvents> sessions{};
    std::array<std::uint64_t, kEvents> ends{};
    for (std::size_t event = 0; event < kEvents; ++event) {
      const EventCode node = columns[column].node_of[event];
      sessions[node] += partial.nodes[column * kEvents + event];
      ends[node] += partial.ends[column * kEvents + event];
    }
    for (const EventCode node : columns[column].shown) {
      answer.nodes.push_back({column, node, sessions[node], ends[node]});
    }
  }
  for (std::size_t column = 0; column < spec_.steps; ++column) {
    std::vector<std::uint64_t> folded(kEvents * kEvents);
    for (std::size_t near = 0; near < kEvents; ++near) {
      for (std::size_t far = 0; far < kEvents; ++far) {
        folded[link_index(0, columns[column].node_of[near], columns[column + 1].node_of[far])] +=
            partial.links[link_index(column, near, far)];
      }
    }
    for (const EventCode near : columns[column].shown) {
      for (const EventCode far : columns[column + 1].shown) {
        const std::uint64_t sessions = folded[link_index(0, near, far)];
        if (sessions > 0) answer.links.push_back({column, near, far, sessions});
      }
    }
  }
  return answer;
}

}  // namespace footfall::analytics
