#include "footfall/engine/quarantine_replay.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "footfall/engine/held_rows.h"
#include "footfall/engine/mapping_json.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/interpreter.h"

namespace footfall::engine {
namespace {

using events::RawChunk;
using events::RawColumn;

struct Row {
  std::uint64_t id = 0;
  std::uint64_t number = 0;
  Cells cells;
};

// Rows of one source that were read by one mapping.
struct Group {
  std::string source;
  events::Mapping mapping;
  std::vector<Row> rows;
};

using GroupKey = std::pair<std::string, std::string>;  // Source, mapping.

// Columns that the mapping reads, so that a row which lacks all cells of one still has it.
void add_mapped_columns(const events::Mapping& mapping, std::set<std::string>& columns) {
  const auto add = [&](const std::string& column) {
    if (!column.empty() && column != events::kRowSequence) columns.insert(column);
  };
  add(mapping.event.column);
  add(mapping.time.column);
  for (std::size_t i = 0; i < events::kFieldCount; ++i) {
    const auto field = static_cast<events::Field>(i);
    const std::string& column = mapping.column(field);
    const bool constant = field == events::Field::kCurrency && base::currency_decimals(column).ok();
    if (!constant) add(column);
  }
  for (const auto& [name, column] : mapping.properties) add(column);
}

// A text column for each name that the group's rows or its mapping have.
RawChunk chunk_of(const Group& group, const events::Mapping& mapping) {
  std::set<std::string> names;
  add_mapped_columns(mapping, names);
  for (const Row& row : group.rows) {
    for (const auto& [column, text] : row.cells) names.insert(column);
  }
  RawChunk chunk;
  std::map<std::string, std::size_t> places;
  for (const std::string& name : names) {
    places.emplace(name, chunk.columns.size());
    RawColumn column;
    column.name = name;
    column.texts.resize(group.rows.size());
    chunk.columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    chunk.row_numbers.push_back(group.rows[i].number);
    for (const auto& [column, text] : group.rows[i].cells) {
      chunk.columns[places[column]].texts[i] = text;
    }
  }
  return chunk;
}

// Whether the rows have the columns that a new mapping needs. Those that their own mapping reads
// were in their file, even where none of these rows has a cell of them.
bool fits(const Group& group, const events::Mapping& mapping) {
  std::set<std::string> names;
  add_mapped_columns(group.mapping, names);
  for (const Row& row : group.rows) {
    for (const auto& [column, text] : row.cells) names.insert(column);
  }
  const std::vector<std::string> columns(names.begin(), names.end());
  return events::check_mapping(mapping, columns).ok();
}

base::Result<std::map<GroupKey, Group>> group_rows(std::span<const store::StoredQuarantine> rows) {
  std::map<GroupKey, Group> groups;
  for (const store::StoredQuarantine& stored : rows) {
    FOOTFALL_TRY(HeldPayload held, decode_payload(stored.row.payload));
    Group& group = groups[{stored.row.source, mapping_to_json(held.mapping).dump()}];
    group.source = stored.row.source;
    group.mapping = std::move(held.mapping);
    group.rows.push_back({stored.id, stored.row.row, std::move(held.cells)});
  }
  for (auto& [key, group] : groups) {
    std::sort(group.rows.begin(), group.rows.end(), [](const Row& a, const Row& b) {
      return std::tie(a.number, a.id) < std::tie(b.number, b.id);
    });
  }
  return groups;
}

base::Status interpret(const Group& group, const std::optional<events::Mapping>& mapping,
                       Replay& replay) {
  events::Harvest& harvest = *replay.intake.harvest;
  events::Mapping used = group.mapping;
  if (mapping) {
    events::Mapping mended = *mapping;
    if (mended.kind_open) mended.kind = group.mapping.kind;
    mended.kind_open = false;
    if (fits(group, mended)) used = std::move(mended);
  }
  std::vector<RawChunk> chunks;
  chunks.push_back(chunk_of(group, used));
  auto plan = events::plan_file(used, chunks, harvest.facts, events::WrongType::kHoldRows);
  if (!plan.ok()) {
    base::Error error = std::move(plan).error();
    error.where.file = group.source;
    return error;
  }
  replay.intake.files.push_back(
      {group.source, "quarantine", group.rows.size(), replay.intake.mappings.size()});
  replay.intake.mappings.push_back(
      {plan->mapping, "", {}, plan->notes, {replay.intake.files.size() - 1}});
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ids;
  for (const Row& row : group.rows) ids.emplace_back(row.number, row.id);
  replay.ids.push_back(std::move(ids));
  auto interpreter = events::Interpreter::begin(harvest, group.source, std::move(*plan));
  FOOTFALL_RETURN_IF_ERROR(interpreter->add(chunks.front()));
  interpreter->finish();
  return base::Ok{};
}

}  // namespace

std::vector<std::uint64_t> Replay::released(std::span<const std::size_t> conflicts) const {
  const events::Harvest& harvest = *intake.harvest;
  std::set<std::pair<std::size_t, std::uint64_t>> kept;
  for (const events::HeldRow& row : harvest.held) kept.emplace(row.file, row.row);
  for (const std::size_t event : conflicts) {
    kept.emplace(file_of_event(harvest, event), harvest.batch.rows[event]);
  }
  std::vector<std::uint64_t> released;
  for (std::size_t file = 0; file < ids.size(); ++file) {
    for (const auto& [row, id] : ids[file]) {
      if (!kept.contains({file, row})) released.push_back(id);
    }
  }
  return released;
}

base::Result<Replay> replay_rows(std::span<const store::StoredQuarantine> rows,
                                 const std::optional<events::Mapping>& mapping,
                                 events::ShopFacts shop) {
  Replay replay;
  replay.intake.harvest = std::make_unique<events::Harvest>(std::move(shop));
  FOOTFALL_TRY(const auto groups, group_rows(rows));
  for (const auto& [key, group] : groups) {
    FOOTFALL_RETURN_IF_ERROR(interpret(group, mapping, replay));
  }
  replay.intake.harvest->seal();
  return replay;
}

}  // namespace footfall::engine
