#include "footfall/events/cell_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "footfall/base/words.h"
#include "footfall/events/schema.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

using Code = CellCodes::Code;

TimeRead read_time(const RawColumn& column, std::size_t row, const TimeReader& reader) {
  switch (column.kind) {
    case CellKind::kText:
      return reader.text(column.texts[row]);
    case CellKind::kInteger:
      return reader.integer(column.integers[row]);
    case CellKind::kReal:
      return reader.real(column.reals[row]);
    case CellKind::kInstant:
      break;
  }
  return TimeReader::instant_us(column.integers[row]);
}

void refuse_time(const RawColumn& column, std::size_t row, const TimeReader& reader,
                 TimeOutcome outcome, RowStates& states) {
  const bool skipped = outcome == TimeOutcome::kSkippedLocal;
  states.refuse(row, skipped ? "skipped_local_time" : "bad_time", column.name,
                fmt::format("expected {}: {}", reader.expected(outcome),
                            base::printable(cell_text(column, row))));
}

// A code that is a problem becomes 0, with the problem noted.
Code settle(Code code, const RawColumn& column, std::size_t row, std::size_t bytes_max,
            RowStates& states) {
  if (code == CellCodes::kBadId) return 0;
  const std::string text = cell_text(column, row);
  if (code == CellCodes::kInvalidUtf8) {
    states.refuse(row, "invalid_utf8", column.name,
                  fmt::format("expected UTF-8: {}", base::printable(text)));
  } else {
    states.refuse(row, bytes_max == kIdBytesMax ? "id_too_long" : "value_too_long", column.name,
                  fmt::format("expected at most {} bytes, found {}: {}", bytes_max, text.size(),
                              base::printable(text, 40)));
  }
  return 0;
}

}  // namespace

const RawColumn* field_column(const RawChunk& chunk, const Mapping& mapping, Field field) {
  return mapping.has(field) ? chunk.column(mapping.column(field)) : nullptr;
}

std::string shown_cell(const RawChunk& chunk, const Mapping& mapping, std::size_t row,
                       std::initializer_list<Field> fields) {
  for (const Field field : fields) {
    const RawColumn* const column = field_column(chunk, mapping, field);
    if (column == nullptr || column->is_absent(row)) continue;
    const std::string text = cell_text(*column, row);
    if (!text.empty()) return base::printable(text);
  }
  return "(empty)";
}

void read_times(const RawColumn* column, const TimeReader& reader, Harvest& harvest,
                RowStates& states, TimeCells& cells) {
  const std::size_t count = cells.times.size();
  std::fill(cells.times.begin(), cells.times.end(), 0);
  std::fill(cells.remainders_ns.begin(), cells.remainders_ns.end(), 0);
  if (column == nullptr) return;
  const base::TimeMs latest = std::min(harvest.facts.now, base::kTimeEnd) + base::kHourMs;
  std::uint64_t repeated = 0;
  for (std::size_t row = 0; row < count; ++row) {
    if (column->is_absent(row)) {
      states.refuse(row, "no_time", column->name,
                    fmt::format("expected {}: (empty)", reader.expected()));
      continue;
    }
    const TimeRead read = read_time(*column, row, reader);
    if (read.outcome != TimeOutcome::kRead) {
      refuse_time(*column, row, reader, read.outcome, states);
      continue;
    }
    if (read.time > latest) {
      states.refuse(row, "future_time", column->name,
                    fmt::format("expected a time no more than 1 h after now ({}): {}",
                                base::format_instant(harvest.facts.now),
                                base::printable(cell_text(*column, row))));
    }
    repeated += read.repeated ? 1 : 0;
    cells.times[row] = read.time;
    cells.remainders_ns[row] = read.remainder_ns;
  }
  harvest.ledger.mark("repeated_local_time", repeated);
}

void read_codes(const RawColumn* column, CellCodes& codes, Ledger& ledger, RowStates& states,
                std::vector<Code>& into) {
  std::fill(into.begin(), into.end(), 0);
  fill_codes(column, codes, ledger, states, into);
}

void fill_codes(const RawColumn* column, CellCodes& codes, Ledger& ledger, RowStates& states,
                std::vector<Code>& into) {
  if (column == nullptr) return;
  codes.cells(*column, into);
  for (std::size_t row = 0; row < into.size(); ++row) {
    if (into[row] < CellCodes::kFirstProblem) continue;
    if (into[row] == CellCodes::kBadId) ledger.mark("bad_id");
    into[row] = settle(into[row], *column, row, codes.rules().bytes_max, states);
  }
}

void IdCells::read(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest) {
  ledger_ = {};
  states_.begin(chunk.size());
  read_persons(chunk, plan, harvest);
  items.resize(chunk.size());
  names.resize(chunk.size());
  orders.resize(chunk.size());
  const auto column = [&](Field field) { return field_column(chunk, plan.mapping, field); };
  const auto float_ids = [&](Field field) {
    return plan.float_ids[static_cast<std::size_t>(field)];
  };
  harvest.items.rules().strip_point_zero = float_ids(Field::kItem);
  harvest.orders.rules().strip_point_zero = float_ids(Field::kOrder);
  read_codes(column(Field::kOrder), harvest.orders, ledger_, states_, orders);
  read_codes(column(Field::kItem), harvest.items, ledger_, states_, items);
  fill_codes(column(Field::kItemName), harvest.items, ledger_, states_, items);
  read_codes(column(Field::kItemName), harvest.texts, ledger_, states_, names);
}

void IdCells::read_persons(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest) {
  const std::size_t count = chunk.size();
  persons.persons.assign(count, 0);
  persons.known.assign(count, 0);
  const auto fill = [&](Field field, CellCodes& codes) {
    const RawColumn* const column = field_column(chunk, plan.mapping, field);
    codes.rules().strip_point_zero = plan.float_ids[static_cast<std::size_t>(field)];
    codes.rules().zero_is_valid = plan.mapping.zero_is_an_id;
    fill_codes(column, codes, ledger_, states_, persons.persons);
  };
  fill(Field::kUser, harvest.users);
  fill(Field::kDevice, harvest.devices);
  fill(Field::kSession, harvest.sessions);
  for (std::size_t row = 0; row < count; ++row) persons.known[row] = persons.persons[row] != 0;
  // An order number that is a bad id is counted once, where it is read as an order.
  Ledger uncounted;
  const RawColumn* const order = field_column(chunk, plan.mapping, Field::kOrder);
  harvest.guests.rules().strip_point_zero = plan.float_ids[static_cast<std::size_t>(Field::kOrder)];
  fill_codes(order, harvest.guests, uncounted, states_, persons.persons);
}

void IdCells::join(Ledger& ledger, RowStates& states) const {
  for (const auto& [reason, rows] : ledger_.marked) ledger.mark(reason, rows);
  for (const RowProblem& problem : states_.problems()) {
    states.refuse(problem.row, problem.reason, problem.column, problem.message);
  }
}

}  // namespace footfall::events
