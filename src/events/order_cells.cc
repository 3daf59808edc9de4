#include "footfall/events/order_cells.h"

#include <algorithm>

#include "footfall/base/words.h"

namespace footfall::events {

bool OrderCells::belongs_to_line(const std::string& column, const Mapping& mapping) const {
  for (const Field field : {Field::kItem, Field::kItemName, Field::kQuantity, Field::kPrice,
                            Field::kLine, Field::kOrder}) {
    if (mapping.column(field) == column) return true;
  }
  return base::ascii_lower(column).starts_with("lineitem");
}

std::string_view OrderCells::keep(std::string_view text) {
  return text.empty() ? std::string_view() : std::string_view(arena_.emplace_back(text));
}

const RawChunk& OrderCells::fill(const RawChunk& chunk, const Mapping& mapping) {
  filled_ = chunk;
  const RawColumn* const orders = chunk.column(mapping.column(Field::kOrder));
  if (orders == nullptr || orders->kind != CellKind::kText) return filled_;
  for (const RawColumn& column : chunk.columns) {
    if (std::find(columns_.begin(), columns_.end(), column.name) == columns_.end()) {
      columns_.push_back(column.name);
    }
  }
  std::vector<std::pair<RawColumn*, std::size_t>> shared;  // Column, its place in columns_.
  for (RawColumn& column : filled_.columns) {
    if (column.kind != CellKind::kText || belongs_to_line(column.name, mapping)) continue;
    const auto place = std::find(columns_.begin(), columns_.end(), column.name);
    shared.emplace_back(&column, static_cast<std::size_t>(place - columns_.begin()));
  }
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    if (orders->is_absent(row)) continue;
    const auto known = first_rows_.find(orders->texts[row]);
    if (known == first_rows_.end()) {
      Cells cells(columns_.size());
      for (const auto& [column, place] : shared) cells[place] = keep(column->texts[row]);
      first_rows_.emplace(keep(orders->texts[row]), std::move(cells));
      continue;
    }
    for (const auto& [column, place] : shared) {
      if (!column->is_absent(row) || place >= known->second.size()) continue;
      if (!column->absent.empty()) column->absent[row] = known->second[place].empty() ? 1 : 0;
      column->texts[row] = known->second[place];
    }
  }
  return filled_;
}

}  // namespace footfall::events
