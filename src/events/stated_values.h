// StatedValues: the amounts that events state of themselves, whatever their lines add up to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "footfall/events/event_columns.h"
#include "footfall/events/schema.h"

namespace footfall::events {

/// The property under which a stated value is kept and read by sales.
inline constexpr std::string_view kValueProperty = "value";

/// A purchase or refund states an amount of 0 or more, else it is refused (bad_number,
/// negative_value): read as none, a refund would be of its whole order. What other events say under
/// the name is kept as it is.
class StatedValues {
 public:
  /// The cells of the field, for rows of these types. A refund states first what the field
  /// `refunded` holds, where that is not 0.
  void read(const RawChunk& chunk, const FilePlan& plan, const std::vector<EventCode>& types,
            Harvest& harvest, RowStates& states);
  /// One more value of a row, in JSON's style: a parameter's or a property's of that column. The
  /// first of a row is the one that counts.
  void add(std::size_t row, EventCode type, std::string_view text, const std::string& column,
           RowStates& states);

  /// The cells of all other rows, as those of any property; reads no rows beside other readers.
  void read_others(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest,
                   RowStates& states);

  bool has(std::size_t row) const { return amounts_.has(row); }
  base::PriceMicros amount(std::size_t row) const { return amounts_.values[row]; }
  /// What the event of a row says, as a code of the harvest's texts; 0 = nothing.
  StringTable::Code code(std::size_t row, EventCode type, Harvest& harvest) const;

 private:
  AmountCells read_refunded(const RawChunk& chunk, const FilePlan& plan,
                            const std::vector<EventCode>& types, Harvest& harvest,
                            RowStates& states);
  void check_sign(std::size_t row, const std::string& column, RowStates& states) const;

  AmountCells amounts_;
  std::vector<StringTable::Code> others_;  // Of all rows; empty without such a column.
};

}  // namespace footfall::events
