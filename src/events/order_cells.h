// OrderCells: exports that fill the cells of a whole order on its first row only, filled down.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "footfall/events/mapping.h"
#include "footfall/events/raw_table.h"

namespace footfall::events {

/// Cells of the line (item, quantity, price, names that begin with "Lineitem") are never filled.
class OrderCells {
 public:
  /// The chunk with empty cells of an order's later rows taken from its first row in this file.
  /// Views into this object and into `chunk`.
  const RawChunk& fill(const RawChunk& chunk, const Mapping& mapping);

 private:
  using Cells = std::vector<std::string_view>;  // By column of the file's first chunk.

  bool belongs_to_line(const std::string& column, const Mapping& mapping) const;
  std::string_view keep(std::string_view text);

  RawChunk filled_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string_view, Cells> first_rows_;  // By order number.
  std::deque<std::string> arena_;
};

}  // namespace footfall::events
