#include "footfall/store/segment_writer.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/segment_encoding.h"
#include "footfall/store/segment_spool.h"

namespace footfall::store {
namespace {

// A table with what its columns are counted by.
struct TableView {
  const EventTable& table;
  UserOffsets index;
  std::vector<std::uint32_t> groups;       // Events with lines.
  std::vector<std::uint32_t> line_events;  // Event of each line.
  std::uint64_t events_before = 0;
  std::int64_t user_before = -1;

  explicit TableView(const EventTable& t) : table(t), index(user_offsets(t, 1)) {
    if (t.lines.starts.empty()) return;
    FOOTFALL_CHECK(t.lines.size() == 0 || !t.lines.times.empty());
    line_events.reserve(t.lines.size());
    for (std::size_t event = 0; event < t.size(); ++event) {
      const std::uint32_t count = t.lines.starts[event + 1] - t.lines.starts[event];
      if (count == 0) continue;
      groups.push_back(static_cast<std::uint32_t>(event));
      line_events.insert(line_events.end(), count, static_cast<std::uint32_t>(event));
    }
  }
};

base::Status feed_event_column(const TableView& view, SegmentColumn kind, const ValueSink& sink) {
  const EventTable& t = view.table;
  const std::size_t count = t.size();
  const auto column = [&](const auto& values) {
    if (values.empty()) return feed_values(count, sink, [](std::size_t) { return 0; });
    return feed_values(count, sink, [&](std::size_t i) { return values[i]; });
  };
  switch (kind) {
    case SegmentColumn::kTicksLow:  // The times themselves; ticks need them all.
      return column(t.times);
    case SegmentColumn::kTypes:
      return column(t.types);
    case SegmentColumn::kItems:
      return column(t.items);
    case SegmentColumn::kSequences:
      return column(t.sequences);
    case SegmentColumn::kKeys:
      return column(t.keys);
    case SegmentColumn::kDigests:
      return feed_values(count, sink, [&](std::size_t i) { return digest_of(t, i) ^ t.keys[i]; });
    case SegmentColumn::kFlags:
      return column(t.flags);
    case SegmentColumn::kBatches:
      return column(t.batches);
    case SegmentColumn::kOrders:
      return column(t.orders);
    case SegmentColumn::kKnownTimes:
      return feed_values(count, sink,
                         [&](std::size_t i) { return known_time_of(t, i) - t.times[i]; });
    default:
      FOOTFALL_CHECK(false);
  }
}

base::Status feed_line_column(const TableView& view, SegmentColumn kind, const ValueSink& sink) {
  const LineTable& lines = view.table.lines;
  const auto column = [&](const auto& values) {
    return feed_values(values.size(), sink, [&](std::size_t i) { return values[i]; });
  };
  switch (kind) {
    case SegmentColumn::kLineItems:
      return column(lines.items);
    case SegmentColumn::kLineNames:
      return column(lines.names);
    case SegmentColumn::kLineQuantities:
      return column(lines.quantities);
    case SegmentColumn::kLinePrices:
      return column(lines.prices);
    case SegmentColumn::kLineNumbers:
      return column(lines.numbers);
    case SegmentColumn::kLineMarks:
      return column(lines.marks);
    case SegmentColumn::kLineTimes:
      return feed_values(lines.size(), sink, [&](std::size_t i) {
        return lines.times[i] - view.table.times[view.line_events[i]];
      });
    case SegmentColumn::kLineKnownTimes:
      return feed_values(lines.size(), sink, [&](std::size_t i) {
        return lines.known_times.empty() ? 0 : lines.known_times[i] - lines.times[i];
      });
    case SegmentColumn::kLineKeys:
      return column(lines.keys);
    case SegmentColumn::kLineDigests:
      return feed_values(lines.size(), sink,
                         [&](std::size_t i) { return lines.digests[i] ^ lines.keys[i]; });
    default:
      return column(lines.batches);
  }
}

base::Status feed_column(const TableView& view, SegmentColumn kind, const ValueSink& sink) {
  const auto& users = view.index.users;
  switch (kind) {
    case SegmentColumn::kUserGaps:
      return feed_values(users.size(), sink, [&](std::size_t i) {
        const std::int64_t before = i == 0 ? view.user_before : std::int64_t{users[i - 1]};
        return std::int64_t{users[i]} - before - 1;
      });
    case SegmentColumn::kUserEvents:
      return feed_values(users.size(), sink, [&](std::size_t i) {
        return view.index.offsets[i + 1] - view.index.offsets[i];
      });
    case SegmentColumn::kLineEvents:
      return feed_values(view.groups.size(), sink,
                         [&](std::size_t i) { return view.events_before + view.groups[i]; });
    case SegmentColumn::kLineCounts:
      return feed_values(view.groups.size(), sink, [&](std::size_t i) {
        const auto& starts = view.table.lines.starts;
        return starts[view.groups[i] + 1] - starts[view.groups[i]];
      });
    default:
      return kind < SegmentColumn::kLineEvents ? feed_event_column(view, kind, sink)
                                               : feed_line_column(view, kind, sink);
  }
}

base::Status feed_line_property(const TableView& view, const PropertyTable& property,
                                const ValueSink& sink) {
  return feed_values(view.line_events.size(), sink, [&](std::size_t i) {
    if (property.line_codes.empty()) return kSameAsEvent;
    const TextCode code = property.line_codes[i];
    return code == property.codes[view.line_events[i]] ? kSameAsEvent : code;
  });
}

// All columns but ticks and properties, in the order of the format.
std::vector<SegmentColumn> plain_columns() {
  std::vector<SegmentColumn> kinds;
  for (auto kind = static_cast<std::uint16_t>(SegmentColumn::kUserGaps);
       kind < static_cast<std::uint16_t>(SegmentColumn::kProperty); ++kind) {
    if (kind != static_cast<std::uint16_t>(SegmentColumn::kTicksHigh)) {
      kinds.push_back(static_cast<SegmentColumn>(kind));
    }
  }
  return kinds;
}

// The directory's facts, table after table.
class FactsBuilder {
 public:
  void add(const TableView& view) {
    const EventTable& t = view.table;
    if (t.size() == 0) return;
    if (facts_.events == 0) {
      facts_.min_time = facts_.max_time = t.times[0];
      first_time_ = t.times[0];
    }
    for (const base::TimeMs time : t.times) {
      facts_.min_time = std::min(facts_.min_time, time);
      facts_.max_time = std::max(facts_.max_time, time);
      if (step_ != 1 && (step_ == 0 || (time - first_time_) % step_ != 0)) {
        step_ = std::gcd(step_, time - first_time_);
      }
    }
    for (const EventCode code : t.types) codes_[code] = true;
    facts_.events += t.size();
    facts_.users += view.index.users.size();
    facts_.groups += view.groups.size();
    facts_.lines += t.lines.size();
    FOOTFALL_CHECK(facts_.events <= kSegmentEventsMax && facts_.lines <= kSegmentEventsMax);
  }

  SegmentDirectory facts() const {
    SegmentDirectory facts = facts_;
    facts.base_ms = facts.min_time;
    facts.tick_ms = step_ == 0 ? 1 : step_;
    for (std::size_t code = 0; code < 256; ++code) {
      if (!codes_[code]) continue;
      facts.event_codes[code / 8] =
          static_cast<std::uint8_t>(facts.event_codes[code / 8] | (1u << (code % 8)));
    }
    return facts;
  }

 private:
  SegmentDirectory facts_;
  base::TimeMs first_time_ = 0;
  base::TimeMs step_ = 0;
  bool codes_[256] = {};
};

void plan_ticks(std::vector<PlannedColumn>& plan, const SegmentDirectory& facts,
                const ValueFeed& times) {
  plan.push_back({SegmentColumn::kTicksLow, "", low_ticks(times, facts.base_ms, facts.tick_ms)});
  const auto most = static_cast<std::uint64_t>((facts.max_time - facts.base_ms) / facts.tick_ms);
  if (most <= 0xFFFFFFFFu) return;
  plan.push_back({SegmentColumn::kTicksHigh, "", high_ticks(times, facts.base_ms, facts.tick_ms)});
}

base::Result<SegmentSummary> write_planned(const std::string& path, SegmentDirectory directory,
                                           const std::vector<PlannedColumn>& plan,
                                           std::size_t threads) {
  SegmentSummary summary;
  FOOTFALL_TRY(summary.bytes, write_segment_file(path, directory, plan, threads));
  summary.events = directory.events;
  summary.users = directory.users;
  summary.lines = directory.lines;
  summary.core_bytes = directory.core_bytes();
  return summary;
}

}  // namespace

class SegmentSpool {
 public:
  explicit SegmentSpool(std::string path) : path_(std::move(path)) {}

  std::uint64_t events() const { return facts_.facts().events; }

  base::Status append(const EventTable& table) {
    if (table.size() == 0) return base::Ok{};
    TableView view(table);
    FOOTFALL_CHECK(std::int64_t{view.index.users.front()} > last_user_);
    const SegmentDirectory before = facts_.facts();
    view.events_before = before.events;
    view.user_before = last_user_;
    last_user_ = view.index.users.back();
    facts_.add(view);
    for (const SegmentColumn kind : plain_columns()) {
      SpoolColumn& spool = column(kind, "");
      FOOTFALL_RETURN_IF_ERROR(feed_column(
          view, kind, [&](std::span<const std::uint64_t> v) { return spool.append(v); }));
    }
    for (const PropertyTable& property : table.properties) {
      SpoolColumn& codes = column(SegmentColumn::kProperty, property.name);
      FOOTFALL_RETURN_IF_ERROR(codes.pad_to(before.events));
      FOOTFALL_RETURN_IF_ERROR(feed_values(
          table.size(), [&](std::span<const std::uint64_t> v) { return codes.append(v); },
          [&](std::size_t i) { return property.codes[i]; }));
      SpoolColumn& lines = column(SegmentColumn::kLineProperty, property.name);
      FOOTFALL_RETURN_IF_ERROR(lines.pad_to(before.lines));
      FOOTFALL_RETURN_IF_ERROR(feed_line_property(
          view, property, [&](std::span<const std::uint64_t> v) { return lines.append(v); }));
    }
    return base::Ok{};
  }

  base::Result<SegmentSummary> finish() {
    const SegmentDirectory facts = facts_.facts();
    if (facts.events == 0) return write_segment(path_, EventTable{});
    std::vector<PlannedColumn> plan;
    for (auto& [id, spool] : columns_) {
      const auto& [kind, name] = id;
      if (kind >= SegmentColumn::kProperty) {
        const bool lines = kind == SegmentColumn::kLineProperty;
        FOOTFALL_RETURN_IF_ERROR(spool.pad_to(lines ? facts.lines : facts.events));
      }
      const ValueFeed feed = [&spool = spool](const ValueSink& sink) { return spool.feed(sink); };
      if (kind == SegmentColumn::kTicksLow) {
        plan_ticks(plan, facts, feed);
      } else {
        plan.push_back({kind, name, feed});
      }
    }
    return write_planned(path_, facts, plan, 1);
  }

 private:
  SpoolColumn& column(SegmentColumn kind, const std::string& name) {
    const SegmentColumnTraits& traits = *segment_column_traits(static_cast<std::uint16_t>(kind));
    const std::uint8_t width = kind == SegmentColumn::kTicksLow ? 8 : traits.view_width;
    return columns_.try_emplace({kind, name}, path_, width, traits.otherwise).first->second;
  }

  std::string path_;
  FactsBuilder facts_;
  std::int64_t last_user_ = -1;
  std::map<std::pair<SegmentColumn, std::string>, SpoolColumn> columns_;
};

base::Result<SegmentSummary> write_segment(const std::string& path, const EventTable& table,
                                           std::size_t threads) {
  const TableView view(table);
  FactsBuilder builder;
  builder.add(view);
  const SegmentDirectory facts = builder.facts();
  std::vector<PlannedColumn> plan;
  for (const SegmentColumn kind : plain_columns()) {
    const ValueFeed feed = [&view, kind](const ValueSink& sink) {
      return feed_column(view, kind, sink);
    };
    if (kind == SegmentColumn::kTicksLow) {
      plan_ticks(plan, facts, feed);
    } else {
      plan.push_back({kind, "", feed});
    }
  }
  for (const PropertyTable& property : table.properties) {
    plan.push_back({SegmentColumn::kProperty, property.name, [&](const ValueSink& sink) {
                      return feed_values(table.size(), sink,
                                         [&](std::size_t i) { return property.codes[i]; });
                    }});
  }
  for (const PropertyTable& property : table.properties) {
    plan.push_back({SegmentColumn::kLineProperty, property.name, [&](const ValueSink& sink) {
                      return feed_line_property(view, property, sink);
                    }});
  }
  return write_planned(path, facts, plan, threads);
}

base::Result<SegmentWriter> SegmentWriter::create(const std::string& path) {
  return SegmentWriter(std::make_unique<SegmentSpool>(path));
}

SegmentWriter::SegmentWriter(std::unique_ptr<SegmentSpool> spool) : spool_(std::move(spool)) {}
SegmentWriter::SegmentWriter(SegmentWriter&&) noexcept = default;
SegmentWriter& SegmentWriter::operator=(SegmentWriter&&) noexcept = default;
SegmentWriter::~SegmentWriter() = default;

base::Status SegmentWriter::append(const EventTable& table) {
  return spool_->append(table);
}
std::uint64_t SegmentWriter::events() const {
  return spool_->events();
}
base::Result<SegmentSummary> SegmentWriter::finish() {
  return spool_->finish();
}

}  // namespace footfall::store
