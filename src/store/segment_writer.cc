// Size: every column of the format is fed from a table here, kind by kind.
#include "footfall/store/segment_writer.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/base/parallel.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/segment_encoding.h"
#include "footfall/store/segment_spool.h"
#include "footfall/store/segment_table.h"
#include "footfall/store/tick_divisor.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 262'144;

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
  void add(const TableView& view, std::size_t threads) {
    const EventTable& t = view.table;
    if (t.size() == 0) return;
    if (facts_.events == 0) first_time_ = times_.least = times_.most = t.times[0];
    std::vector<Times> ranges(t.size() / kGrain + 1, times_);
    base::parallel_for(threads, t.size(), kGrain,
                       [&](std::size_t, std::size_t begin, std::size_t end) {
                         add_times(t, begin, end, ranges[begin / kGrain]);
                       });
    for (const Times& range : ranges) {
      times_.least = std::min(times_.least, range.least);
      times_.most = std::max(times_.most, range.most);
      times_.step = std::gcd(times_.step, range.step);
      for (std::size_t code = 0; code < 256; ++code) {
        times_.codes[code] = times_.codes[code] || range.codes[code];
      }
    }
    facts_.events += t.size();
    facts_.users += view.index.users.size();
    facts_.groups += view.groups.size();
    facts_.lines += t.lines.size();
    FOOTFALL_CHECK(facts_.events <= kSegmentEventsMax && facts_.lines <= kSegmentEventsMax);
  }

  SegmentDirectory facts() const {
    SegmentDirectory facts = facts_;
    facts.min_time = facts.base_ms = times_.least;
    facts.max_time = times_.most;
    facts.tick_ms = times_.step == 0 ? 1 : static_cast<base::TimeMs>(times_.step);
    for (std::size_t code = 0; code < 256; ++code) {
      if (!times_.codes[code]) continue;
      facts.event_codes[code / 8] =
          static_cast<std::uint8_t>(facts.event_codes[code / 8] | (1u << (code % 8)));
    }
    return facts;
  }

 private:
  struct Times {
    base::TimeMs least = 0;
    base::TimeMs most = 0;
    std::uint64_t step = 0;  // Divides every distance to the first time; 0: all are equal.
    std::array<bool, 256> codes{};
  };

  void add_times(const EventTable& table, std::size_t begin, std::size_t end, Times& times) const {
    base::TimeMs least = times.least;
    base::TimeMs most = times.most;
    std::uint64_t step = times.step;
    TickDivisor divisor(std::max<std::uint64_t>(1, step));
    for (std::size_t i = begin; i < end; ++i) {
      const base::TimeMs time = table.times[i];
      least = std::min(least, time);
      most = std::max(most, time);
      const std::uint64_t distance =
          time > first_time_
              ? static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(first_time_)
              : static_cast<std::uint64_t>(first_time_) - static_cast<std::uint64_t>(time);
      if (step == 0 ? distance != 0 : !divisor.divides(distance)) {
        step = std::gcd(step, distance);
        divisor = TickDivisor(step);
      }
    }
    times.least = least;
    times.most = most;
    times.step = step;
    for (std::size_t i = begin; i < end; ++i) times.codes[table.types[i]] = true;
  }

  SegmentDirectory facts_;
  base::TimeMs first_time_ = 0;
  Times times_;
};

void plan_ticks(std::vector<PlannedColumn>& plan, const SegmentDirectory& facts,
                const ColumnValues& times) {
  plan.push_back({SegmentColumn::kTicksLow, "", low_ticks(times, facts.base_ms, facts.tick_ms)});
  const auto most = static_cast<std::uint64_t>((facts.max_time - facts.base_ms) / facts.tick_ms);
  if (most <= 0xFFFFFFFFu) return;
  plan.push_back({SegmentColumn::kTicksHigh, "", high_ticks(times, facts.base_ms, facts.tick_ms)});
}

base::Result<SegmentSummary> write_planned(const std::string& path, SegmentDirectory directory,
                                           const std::vector<PlannedColumn>& plan,
                                           std::size_t threads) {
  SegmentSummary summary;
  FOOTFALL_RETURN_IF_ERROR(write_segment_file(path, directory, plan, threads, summary.bytes));
  summary.events = directory.events;
  summary.users = directory.users;
  summary.lines = directory.lines;
  summary.core_bytes = directory.core_bytes();
  return summary;
}

}  // namespace

class SegmentSpool {
 public:
  SegmentSpool(std::string path, std::size_t threads) : path_(std::move(path)), threads_(threads) {}

  std::uint64_t events() const { return facts_.facts().events; }

  base::Status append(const EventTable& table) {
    if (table.size() == 0) return base::Ok{};
    TableView view(table, threads_);
    FOOTFALL_CHECK(std::int64_t{view.index.users.front()} > last_user_);
    const SegmentDirectory before = facts_.facts();
    view.events_before = before.events;
    view.user_before = last_user_;
    last_user_ = view.index.users.back();
    facts_.add(view, threads_);
    for (const SegmentColumn kind : plain_columns()) {
      FOOTFALL_RETURN_IF_ERROR(append(table_column(view, kind), column(kind, "")));
    }
    for (const PropertyTable& property : table.properties) {
      SpoolColumn& codes = column(SegmentColumn::kProperty, property.name);
      FOOTFALL_RETURN_IF_ERROR(codes.pad_to(before.events));
      FOOTFALL_RETURN_IF_ERROR(append(table_property(view, property), codes));
      SpoolColumn& lines = column(SegmentColumn::kLineProperty, property.name);
      FOOTFALL_RETURN_IF_ERROR(lines.pad_to(before.lines));
      FOOTFALL_RETURN_IF_ERROR(append(line_property(view, property), lines));
    }
    return base::Ok{};
  }

  base::Result<SegmentSummary> finish() {
    const SegmentDirectory facts = facts_.facts();
    if (facts.events == 0) return write_segment(path_, EventTable{}, threads_);
    std::vector<PlannedColumn> plan;
    for (auto& [id, spool] : columns_) {
      const auto& [kind, name] = id;
      if (kind >= SegmentColumn::kProperty) {
        const bool lines = kind == SegmentColumn::kLineProperty;
        FOOTFALL_RETURN_IF_ERROR(spool.pad_to(lines ? facts.lines : facts.events));
      }
      const ColumnValues values{
          spool.rows(),
          [&spool = spool](std::uint64_t begin, std::uint64_t end, const ValueSink& sink) {
            return spool.feed(begin, end, sink);
          }};
      if (kind == SegmentColumn::kTicksLow) {
        plan_ticks(plan, facts, values);
      } else {
        plan.push_back({kind, name, values});
      }
    }
    return write_planned(path_, facts, plan, threads_);
  }

 private:
  static base::Status append(const ColumnValues& values, SpoolColumn& spool) {
    return values.feed(0, values.rows,
                       [&](std::span<const std::uint64_t> v) { return spool.append(v); });
  }

  SpoolColumn& column(SegmentColumn kind, const std::string& name) {
    const SegmentColumnTraits& traits = *segment_column_traits(static_cast<std::uint16_t>(kind));
    const std::uint8_t width = kind == SegmentColumn::kTicksLow ? 8 : traits.view_width;
    return columns_.try_emplace({kind, name}, path_, width, traits.otherwise).first->second;
  }

  std::string path_;
  std::size_t threads_;
  FactsBuilder facts_;
  std::int64_t last_user_ = -1;
  std::map<std::pair<SegmentColumn, std::string>, SpoolColumn> columns_;
};

base::Result<SegmentSummary> write_segment(const std::string& path, const EventTable& table,
                                           std::size_t threads) {
  const TableView view(table, threads);
  FactsBuilder builder;
  builder.add(view, threads);
  const SegmentDirectory facts = builder.facts();
  std::vector<PlannedColumn> plan;
  for (const SegmentColumn kind : plain_columns()) {
    if (kind == SegmentColumn::kTicksLow) {
      plan_ticks(plan, facts, table_column(view, kind));
    } else {
      plan.push_back({kind, "", table_column(view, kind)});
    }
  }
  for (const PropertyTable& property : table.properties) {
    plan.push_back({SegmentColumn::kProperty, property.name, table_property(view, property)});
  }
  for (const PropertyTable& property : table.properties) {
    plan.push_back({SegmentColumn::kLineProperty, property.name, line_property(view, property)});
  }
  return write_planned(path, facts, plan, threads);
}

base::Result<SegmentWriter> SegmentWriter::create(const std::string& path, std::size_t threads) {
  return SegmentWriter(std::make_unique<SegmentSpool>(path, threads));
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
