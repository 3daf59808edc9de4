// ColumnFacts: what the cells of a sample say about a column, whatever its name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "footfall/events/raw_table.h"

namespace footfall::events {

struct ColumnFacts {
  std::string name;
  std::string squeezed;       // "Lineitem sku" -> "lineitemsku": for comparing names.
  std::uint64_t present = 0;  // Cells looked at that hold something.
  double numbers = 0;         // Shares of the cells present.
  double times = 0;
  double written_times = 0;  // Times that are no plain numbers.
  double event_words = 0;    // Known words of behaviour.
};

/// Cells looked at in each column.
inline constexpr std::size_t kSampleCells = 2000;

std::vector<ColumnFacts> column_facts(std::span<const RawChunk> sample);

/// Letters and digits of a name, lower case, its type after a colon ("user_id:token") left out.
std::string squeeze(std::string_view name);

/// How many of order number, quantity and price the columns tell of by a part of their names, as
/// "Order Ref." and "stk" do: 0 .. 3. Less than a field's own name, but a hint what the file is.
int order_signs(std::span<const ColumnFacts> columns);

/// Whether a column's name says that it tells who or where a person is: such columns are never
/// kept as properties unless a mapping names them.
bool is_personal(std::string_view column);

}  // namespace footfall::events
