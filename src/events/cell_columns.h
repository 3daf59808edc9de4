// Whole columns of a chunk turned into values at once, with a problem noted for each bad cell.
#pragma once

#include <cstdint>
#include <vector>

#include "footfall/base/time.h"
#include "footfall/events/cell_codes.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/harvest.h"
#include "footfall/events/raw_table.h"
#include "footfall/events/row_states.h"
#include "footfall/events/time_text.h"

namespace footfall::events {

struct TimeCells {
  std::vector<base::TimeMs> times;
  std::vector<std::int32_t> remainders_ns;  // What the floor to milliseconds left.
};

/// Times of all rows. `column` null: all 0 ("from the beginning"). Refuses bad_time,
/// skipped_local_time, future_time; counts repeated_local_time.
void read_times(const RawColumn* column, const TimeReader& reader, Harvest& harvest,
                RowStates& states, TimeCells& cells);

/// Codes of all rows; 0 where there is none. A bad id counts as none (mark bad_id). Refuses
/// id_too_long, value_too_long and invalid_utf8. `column` may be null.
void read_codes(const RawColumn* column, CellCodes& codes, Ledger& ledger, RowStates& states,
                std::vector<CellCodes::Code>& into);

/// As read_codes, but only for rows whose code in `into` is still 0.
void fill_codes(const RawColumn* column, CellCodes& codes, Ledger& ledger, RowStates& states,
                std::vector<CellCodes::Code>& into);

/// Which person each row is about: user, else device, else session, else its order (a guest);
/// 0 where there is none of them.
struct PersonCells {
  std::vector<CellCodes::Code> persons;
  std::vector<std::uint8_t> known;  // 1: a user, device or session.
};

/// Codes of ids and names of all rows, and what was found wrong with them. They share nothing with
/// the other columns, so they may be read on a thread of their own.
class IdCells {
 public:
  /// Of the harvest only the tables of codes are touched.
  void read(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest);
  /// Adds what was found wrong to that of the other columns. Once, when those have been read.
  void join(Ledger& ledger, RowStates& states) const;

  PersonCells persons;
  std::vector<CellCodes::Code> items;  // By id, else by name.
  std::vector<CellCodes::Code> names;
  std::vector<CellCodes::Code> orders;

 private:
  void read_persons(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest);

  Ledger ledger_;
  RowStates states_;
};

/// The cell of the first of these fields that has one in this row, as the file has it and fit to be
/// printed; "(empty)" where none has.
std::string shown_cell(const RawChunk& chunk, const Mapping& mapping, std::size_t row,
                       std::initializer_list<Field> fields);

/// The chunk's column for a field; null when the mapping or the chunk has none.
const RawColumn* field_column(const RawChunk& chunk, const Mapping& mapping, Field field);

}  // namespace footfall::events
