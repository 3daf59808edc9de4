#include "footfall/store/order_join.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>

#include "footfall/base/hash.h"
#include "footfall/events/batch.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/event_sort.h"

namespace footfall::store {
namespace {

using base::hash_combine;

// Lines in the order in which they stand in a joined event.
struct LineOrder {
  const LineTable& lines;

  bool operator()(std::uint32_t a, std::uint32_t b) const {
    return std::tie(lines.times[a], lines.numbers[a], lines.keys[a], lines.digests[a]) <
           std::tie(lines.times[b], lines.numbers[b], lines.keys[b], lines.digests[b]);
  }
};

// Equal lines side by side, the one to keep first.
struct EqualLines {
  const LineTable& lines;

  bool operator()(std::uint32_t a, std::uint32_t b) const {
    return std::tie(lines.keys[a], lines.digests[a], lines.times[a], lines.numbers[a]) <
           std::tie(lines.keys[b], lines.digests[b], lines.times[b], lines.numbers[b]);
  }
  bool equal(std::uint32_t a, std::uint32_t b) const {
    return lines.keys[a] == lines.keys[b] && lines.digests[a] == lines.digests[b];
  }
};

// Every line's own values, so that lines can change their event.
void spread_line_codes(EventTable& table, PropertyTable& property) {
  if (!property.line_codes.empty()) return;
  property.line_codes.reserve(table.lines.size());
  for (std::size_t event = 0; event < table.size(); ++event) {
    property.line_codes.insert(property.line_codes.end(),
                               table.lines.starts[event + 1] - table.lines.starts[event],
                               property.codes[event]);
  }
}

// Joins in place: lines of a later part are moved to its order's first part.
class Joiner {
 public:
  explicit Joiner(EventTable& table) : table_(table), keep_(table.size(), 1) {}

  // `parts` are the events of one order, rising.
  void join(std::span<const std::uint32_t> parts) {
    std::vector<std::uint32_t> lines;
    for (const std::uint32_t part : parts) {
      for (std::uint32_t l = table_.lines.starts[part]; l < table_.lines.starts[part + 1]; ++l) {
        lines.push_back(l);
      }
    }
    drop_equal(lines);
    std::sort(lines.begin(), lines.end(), LineOrder{table_.lines});
    settle_event(parts, lines);
    moved_.push_back({parts[0], std::move(lines)});
    for (const std::uint32_t part : parts.subspan(1)) keep_[part] = 0;
  }

  void finish(std::size_t threads) {
    lay_out_lines(threads);
    std::vector<std::uint32_t> kept;
    for (std::size_t event = 0; event < keep_.size(); ++event) {
      if (keep_[event] != 0) kept.push_back(static_cast<std::uint32_t>(event));
    }
    if (kept.size() < table_.size()) reorder_events(table_, kept, threads);
    sort_events(table_, threads);
  }

 private:
  struct Moved {
    std::uint32_t event;
    std::vector<std::uint32_t> lines;
  };

  void drop_equal(std::vector<std::uint32_t>& order) {
    LineTable& lines = table_.lines;
    const EqualLines identity{lines};
    std::sort(order.begin(), order.end(), identity);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (kept > 0 && identity.equal(order[kept - 1], order[i])) {
        const std::uint32_t first = order[kept - 1];
        const std::uint32_t again = order[i];
        lines.numbers[first] = std::min(lines.numbers[first], lines.numbers[again]);
        lines.batches[first] = std::min(lines.batches[first], lines.batches[again]);
        lines.marks[first] = static_cast<std::uint8_t>(lines.marks[first] | lines.marks[again]);
        if (!lines.known_times.empty()) {
          lines.known_times[first] = std::min(lines.known_times[first], lines.known_times[again]);
        }
        continue;
      }
      order[kept++] = order[i];
    }
    order.resize(kept);
  }

  // What the event itself says, from its lines.
  void settle_event(std::span<const std::uint32_t> parts, const std::vector<std::uint32_t>& order) {
    LineTable& lines = table_.lines;
    const std::uint32_t event = parts[0];
    const std::uint32_t first = order[0];
    std::uint64_t digest = 0;
    base::TimeMs known_time =
        lines.known_times.empty() ? lines.times[first] : lines.known_times[first];
    for (const std::uint32_t line : order) {
      digest = hash_combine(hash_combine(digest, lines.keys[line]), lines.digests[line]);
      if (!lines.known_times.empty()) {
        known_time = std::min(known_time, lines.known_times[line]);
      }
    }
    for (const std::uint32_t part : parts) {
      table_.flags[event] = static_cast<std::uint8_t>(table_.flags[event] | table_.flags[part]);
    }
    table_.times[event] = lines.times[first];
    if (!table_.known_times.empty()) table_.known_times[event] = known_time;
    if (!table_.sequences.empty()) table_.sequences[event] = 0;
    table_.digests[event] = digest;
    table_.items[event] = lines.items[first];
    table_.batches[event] = lines.batches[first];
    for (PropertyTable& property : table_.properties) {
      property.codes[event] = 0;
      for (const std::uint32_t line : order) {
        if (property.line_codes[line] == 0) continue;
        property.codes[event] = property.line_codes[line];
        break;
      }
    }
  }

  void lay_out_lines(std::size_t threads) {
    std::sort(moved_.begin(), moved_.end(),
              [](const Moved& a, const Moved& b) { return a.event < b.event; });
    LineTable& lines = table_.lines;
    Column<std::uint32_t> starts{0};
    std::vector<std::uint32_t> order;
    starts.reserve(lines.starts.size());
    order.reserve(lines.size());
    std::size_t next = 0;
    for (std::size_t event = 0; event < table_.size(); ++event) {
      if (next < moved_.size() && moved_[next].event == event) {
        order.insert(order.end(), moved_[next].lines.begin(), moved_[next].lines.end());
        ++next;
      } else if (keep_[event] != 0) {
        for (std::uint32_t l = lines.starts[event]; l < lines.starts[event + 1]; ++l) {
          order.push_back(l);
        }
      }
      starts.push_back(static_cast<std::uint32_t>(order.size()));
    }
    reorder_lines(table_, order, threads);
    lines.starts = std::move(starts);
  }

  EventTable& table_;
  std::vector<std::uint8_t> keep_;
  std::vector<Moved> moved_;
};

}  // namespace

LineIdentity line_identity(const EventTable& table, std::size_t event, std::uint32_t line) {
  const std::uint32_t from = table.lines.starts[event];
  const bool alone = table.lines.starts[event + 1] - from == 1;
  const std::uint64_t digest = digest_of(table, event);
  const std::uint64_t own = alone ? digest : hash_combine(digest, line - from);
  const bool counted = (table.flags[event] & events::kSequenceIsRow) != 0;
  return {counted ? own : hash_combine(table.keys[event], table.lines.numbers[line]), own};
}

void identify_lines(EventTable& table) {
  LineTable& lines = table.lines;
  if (lines.size() == 0 || !lines.times.empty()) return;
  lines.times.resize(lines.size());
  lines.keys.assign(lines.size(), 0);
  lines.digests.assign(lines.size(), 0);
  lines.batches.resize(lines.size());
  if (!table.known_times.empty()) lines.known_times.resize(lines.size());
  for (std::size_t event = 0; event < table.size(); ++event) {
    const std::uint32_t from = lines.starts[event];
    const std::uint32_t to = lines.starts[event + 1];
    const bool part = is_order(table, event);
    for (std::uint32_t line = from; line < to; ++line) {
      lines.times[line] = table.times[event];
      lines.batches[line] = table.batches[event];
      if (!lines.known_times.empty()) lines.known_times[line] = table.known_times[event];
      if (!part) continue;
      const LineIdentity identity = line_identity(table, event, line);
      lines.keys[line] = identity.key;
      lines.digests[line] = identity.digest;
    }
  }
}

void join_orders(EventTable& table, std::size_t threads) {
  identify_lines(table);
  // Parts of one user, rising by (type, key, index): each order's stand together.
  std::vector<std::uint32_t> parts;
  std::optional<Joiner> joiner;
  const auto same_order = [&](std::uint32_t a, std::uint32_t b) {
    return table.types[a] == table.types[b] && table.keys[a] == table.keys[b];
  };
  const auto join_user = [&] {
    std::sort(parts.begin(), parts.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(table.types[a], table.keys[a], a) <
             std::tie(table.types[b], table.keys[b], b);
    });
    for (std::size_t from = 0, to = 0; from < parts.size(); from = to) {
      for (to = from + 1; to < parts.size() && same_order(parts[from], parts[to]);) ++to;
      joiner->join(std::span(parts).subspan(from, to - from));
    }
    parts.clear();
  };
  for (std::size_t event = 0; event < table.size(); ++event) {
    if (!parts.empty() && table.users[parts[0]] != table.users[event]) join_user();
    if (!is_order(table, event)) continue;
    if (!joiner) {
      joiner.emplace(table);
      if (table.digests.empty()) table.digests = table.keys;
      if (!table.lines.known_times.empty() && table.known_times.empty()) {
        table.known_times = table.times;
      }
      for (PropertyTable& property : table.properties) spread_line_codes(table, property);
    }
    parts.push_back(static_cast<std::uint32_t>(event));
  }
  if (!parts.empty()) join_user();
  if (joiner) joiner->finish(threads);
}

}  // namespace footfall::store
