// EventColumns: the fields of a chunk's rows, read column by column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "footfall/events/cell_columns.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/harvest.h"
#include "footfall/events/row_states.h"

namespace footfall::events {

/// A column of decimal numbers; rows without one have known = 0.
struct AmountCells {
  std::vector<base::PriceMicros> values;
  std::vector<std::uint8_t> known;

  bool any() const { return !known.empty(); }
  bool has(std::size_t row) const { return !known.empty() && known[row] != 0; }
};

/// Numbers of a field; empty when the chunk has no such column. Refuses bad_number; marks
/// rounded_number. What a price says of its currency goes to `states`.
AmountCells read_amounts(const RawChunk& chunk, const FilePlan& plan, Field field, Harvest& harvest,
                         RowStates& states);

/// Whole numbers of a field, as read_amounts.
AmountCells read_wholes(const RawChunk& chunk, const FilePlan& plan, Field field,
                        RowStates& states);

/// One property of all rows of a chunk.
struct PropertyCells {
  std::size_t property = 0;  // Harvest::property.
  std::vector<StringTable::Code> codes;
};

/// Everything that becomes a property by its column alone, the currency included. Reads each
/// chunk's own columns, so a column that a file begins to use later is not lost.
class PropertyReader {
 public:
  /// Reads codes of all rows, when all amounts have been read: their currencies are settled here.
  /// Refuses value_too_long, invalid_utf8 and bad_currency.
  const std::vector<PropertyCells>& read(const RawChunk& chunk, const FilePlan& plan,
                                         Harvest& harvest, RowStates& states);
  /// The currency of a row of that chunk where it is not the shop's, else empty.
  std::string_view other_currency(std::size_t row, const Harvest& harvest) const;

 private:
  void read_currency(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest,
                     RowStates& states);
  /// Null where the chunk's rows say nothing of a currency.
  PropertyCells* currency_cells(const Harvest& harvest);
  void settle_currencies(const FilePlan& plan, Harvest& harvest, RowStates& states,
                         std::size_t rows);
  void bind(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest);

  std::vector<std::string> columns_;                        // Of the chunk that was bound last.
  std::vector<std::pair<std::size_t, std::string>> bound_;  // Property, column.
  std::vector<PropertyCells> cells_;
};

/// Events of all rows by the mapping: column and words, or constant.
class EventWords {
 public:
  EventWords();
  /// kNoEvent where the cell is refused (no_event, bad_event, too_many_events).
  void read(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest, RowStates& states,
            std::vector<EventCode>& types);

 private:
  EventCode code_of(std::string_view word, const Mapping& mapping, Harvest& harvest);

  StringTable words_;
  CellCodes codes_;
  std::vector<EventCode> events_;       // By code of words_.
  std::vector<CellCodes::Code> cells_;  // Of the chunk in hand.
};

}  // namespace footfall::events
