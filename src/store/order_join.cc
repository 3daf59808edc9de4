#include "footfall/store/order_join.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"
#include "footfall/events/batch.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/event_sort.h"

namespace footfall::store {
namespace {

using base::hash_combine;

constexpr std::size_t kGrain = 65'536;

// Lines in the order in which they stand in a joined event.
struct LinesInOrder {
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

// A free issue is an order of which all lines were issued free: another line makes it a purchase.
EventCode order_kind(EventCode type) {
  return type == events::kFreeIssue ? EventCode{events::kPurchase} : type;
}

// Every line's own values, so that lines can change their event.
void spread_line_codes(const EventTable& table, PropertyTable& property, std::size_t threads) {
  if (!property.line_codes.empty()) return;
  property.line_codes.resize(table.lines.size());
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       for (std::size_t event = begin; event < end; ++event) {
                         std::fill(property.line_codes.begin() + table.lines.starts[event],
                                   property.line_codes.begin() + table.lines.starts[event + 1],
                                   property.codes[event]);
                       }
                     });
}

// Lines that moved to the event of their order.
struct Moved {
  std::uint32_t event;
  std::vector<std::uint32_t> lines;
};

// Joins in place: lines of a later part are moved to its order's first part. Orders of different
// users may be joined side by side, each thread with a joiner of its own.
class Joiner {
 public:
  Joiner(EventTable& table, Column<std::uint8_t>& keep) : table_(table), keep_(keep) {}

  // `parts` are the events of one user's orders.
  void join_user(std::vector<std::uint32_t>& parts) {
    if (parts.size() == 1) return join(parts);
    const auto same_order = [&](std::uint32_t a, std::uint32_t b) {
      return kind(a) == kind(b) && table_.keys[a] == table_.keys[b];
    };
    std::sort(parts.begin(), parts.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(kind(a), table_.keys[a], a) < std::tuple(kind(b), table_.keys[b], b);
    });
    for (std::size_t from = 0, to = 0; from < parts.size(); from = to) {
      for (to = from + 1; to < parts.size() && same_order(parts[from], parts[to]);) ++to;
      join(std::span(parts).subspan(from, to - from));
    }
  }

  std::vector<Moved>& moved() { return moved_; }

 private:
  EventCode kind(std::uint32_t event) const { return order_kind(table_.types[event]); }

  // `parts` are the events of one order, rising.
  void join(std::span<const std::uint32_t> parts) {
    const LineTable& lines = table_.lines;
    order_.clear();
    for (const std::uint32_t part : parts) {
      for (std::uint32_t l = lines.starts[part]; l < lines.starts[part + 1]; ++l) {
        order_.push_back(l);
      }
    }
    const std::size_t count = order_.size();
    if (count > 1) {
      drop_equal();
      std::sort(order_.begin(), order_.end(), LinesInOrder{lines});
    }
    settle_event(parts, order_);
    const bool as_before =
        parts.size() == 1 && order_.size() == count && std::is_sorted(order_.begin(), order_.end());
    if (!as_before) moved_.push_back({parts[0], order_});
    for (const std::uint32_t part : parts.subspan(1)) keep_[part] = 0;
  }

  // Of equal lines one stays in order_.
  void drop_equal() {
    LineTable& lines = table_.lines;
    const EqualLines identity{lines};
    std::sort(order_.begin(), order_.end(), identity);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (kept > 0 && identity.equal(order_[kept - 1], order_[i])) {
        const std::uint32_t first = order_[kept - 1];
        const std::uint32_t again = order_[i];
        lines.numbers[first] = std::min(lines.numbers[first], lines.numbers[again]);
        lines.batches[first] = std::min(lines.batches[first], lines.batches[again]);
        lines.marks[first] = static_cast<std::uint8_t>(lines.marks[first] | lines.marks[again]);
        if (!lines.known_times.empty()) {
          lines.known_times[first] = std::min(lines.known_times[first], lines.known_times[again]);
        }
        continue;
      }
      order_[kept++] = order_[i];
    }
    order_.resize(kept);
  }

  // What the event itself says, from its lines.
  void settle_event(std::span<const std::uint32_t> parts, const std::vector<std::uint32_t>& order) {
    LineTable& lines = table_.lines;
    const std::uint32_t event = parts[0];
    const std::uint32_t first = order[0];
    std::uint64_t digest = 0;
    bool all_issued = true;
    base::TimeMs known_time =
        lines.known_times.empty() ? lines.times[first] : lines.known_times[first];
    for (const std::uint32_t line : order) {
      digest = hash_combine(hash_combine(digest, lines.keys[line]), lines.digests[line]);
      all_issued = all_issued && (lines.marks[line] & events::kIssued) != 0;
      if (!lines.known_times.empty()) {
        known_time = std::min(known_time, lines.known_times[line]);
      }
    }
    for (const std::uint32_t part : parts) {
      table_.flags[event] = static_cast<std::uint8_t>(table_.flags[event] | table_.flags[part]);
    }
    if (kind(event) == events::kPurchase) {
      table_.types[event] = all_issued ? events::kFreeIssue : events::kPurchase;
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

  EventTable& table_;
  Column<std::uint8_t>& keep_;
  std::vector<Moved> moved_;
  std::vector<std::uint32_t> order_;  // Lines of the order at hand.
};

// Gives every event its lines, of which some have moved; `moved` rises.
void lay_out_lines(EventTable& table, std::span<const std::uint8_t> keep,
                   std::span<const Moved> moved, std::size_t threads) {
  LineTable& lines = table.lines;
  Column<std::uint32_t> starts{0};
  std::vector<std::uint32_t> order;
  starts.reserve(lines.starts.size());
  order.reserve(lines.size());
  std::size_t next = 0;
  for (std::size_t event = 0; event < table.size(); ++event) {
    if (next < moved.size() && moved[next].event == event) {
      order.insert(order.end(), moved[next].lines.begin(), moved[next].lines.end());
      ++next;
    } else if (keep[event] != 0) {
      for (std::uint32_t l = lines.starts[event]; l < lines.starts[event + 1]; ++l) {
        order.push_back(l);
      }
    }
    starts.push_back(static_cast<std::uint32_t>(order.size()));
  }
  reorder_lines(table, order, threads);
  lines.starts = std::move(starts);
}

template <typename T>
void copy_column(const Column<T>& from, Column<T>& to, std::size_t threads) {
  to.resize(from.size());
  base::parallel_for(threads, from.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::copy_n(from.data() + begin, end - begin, to.data() + begin);
                     });
}

bool has_orders(const EventTable& table, std::size_t threads) {
  std::atomic<bool> found{false};
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       for (std::size_t event = begin; event < end && !found; ++event) {
                         if (is_order(table, event)) found = true;
                       }
                     });
  return found;
}

// Joins the orders of the users that begin in [begin, end).
void join_range(const EventTable& table, std::size_t begin, std::size_t end, Joiner& joiner) {
  std::vector<std::uint32_t> parts;
  const std::size_t from = user_start(table, begin);
  const std::size_t to = user_start(table, end);
  for (std::size_t event = from; event < to; ++event) {
    if (!parts.empty() && table.users[parts[0]] != table.users[event]) {
      joiner.join_user(parts);
      parts.clear();
    }
    if (is_order(table, event)) parts.push_back(static_cast<std::uint32_t>(event));
  }
  if (!parts.empty()) joiner.join_user(parts);
}

}  // namespace

LineIdentity line_identity(const EventTable& table, std::size_t event, std::uint32_t line) {
  const std::uint32_t from = table.lines.starts[event];
  const bool alone = table.lines.starts[event + 1] - from == 1;
  const std::uint64_t digest = digest_of(table, event);
  const std::uint64_t own = alone ? digest : hash_combine(digest, line - from);
  const bool counted = (table.flags[event] & events::kSequenceIsRow) != 0;
  return {counted ? own : hash_combine(table.keys[event], table.lines.numbers[line]), own};
}

void identify_lines(EventTable& table, std::size_t threads) {
  LineTable& lines = table.lines;
  if (lines.size() == 0 || !lines.times.empty()) return;
  lines.times.resize(lines.size());
  lines.keys.resize(lines.size());
  lines.digests.resize(lines.size());
  lines.batches.resize(lines.size());
  if (!table.known_times.empty()) lines.known_times.resize(lines.size());
  base::parallel_for(
      threads, table.size(), kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t event = begin; event < end; ++event) {
          const bool part = is_order(table, event);
          for (std::uint32_t line = lines.starts[event]; line < lines.starts[event + 1]; ++line) {
            const LineIdentity identity =
                part ? line_identity(table, event, line) : LineIdentity{0, 0};
            lines.times[line] = table.times[event];
            lines.keys[line] = identity.key;
            lines.digests[line] = identity.digest;
            lines.batches[line] = table.batches[event];
            if (!lines.known_times.empty()) lines.known_times[line] = table.known_times[event];
          }
        }
      });
}

void join_orders(EventTable& table, std::size_t threads) {
  threads = std::max<std::size_t>(1, threads);
  identify_lines(table, threads);
  if (!has_orders(table, threads)) return;
  if (table.digests.empty()) copy_column(table.keys, table.digests, threads);
  if (!table.lines.known_times.empty() && table.known_times.empty()) {
    copy_column(table.times, table.known_times, threads);
  }
  for (PropertyTable& property : table.properties) spread_line_codes(table, property, threads);
  Column<std::uint8_t> keep(table.size(), 1);
  std::vector<Joiner> joiners(threads, Joiner(table, keep));
  base::parallel_for(threads, table.size(), kGrain,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       join_range(table, begin, end, joiners[worker]);
                     });
  std::vector<Moved> moved;
  for (Joiner& joiner : joiners) {
    std::move(joiner.moved().begin(), joiner.moved().end(), std::back_inserter(moved));
  }
  std::sort(moved.begin(), moved.end(),
            [](const Moved& a, const Moved& b) { return a.event < b.event; });
  if (!moved.empty()) lay_out_lines(table, keep, moved, threads);
  keep_events(table, keep, threads);
  sort_events(table, threads);
}

}  // namespace footfall::store
