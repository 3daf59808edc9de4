// EventFile: files with one event a row: behaviour, items, users, stock, reviews.
#pragma once

#include <cstdint>
#include <vector>

#include "footfall/events/event_columns.h"
#include "footfall/events/interpreter.h"
#include "footfall/events/item_lines.h"
#include "footfall/events/stated_values.h"

namespace footfall::events {

class EventFile final : public Interpreter {
 public:
  EventFile(Harvest& harvest, FilePlan plan);
  /// Order events of a file without browsing events come from the shop's backend (SEMANTICS 2.4).
  void finish() override;

 private:
  void read(const RawChunk& chunk) override;
  void read_columns(const RawChunk& chunk);
  void read_types(const RawChunk& chunk);
  void check_rows(const RawChunk& chunk);
  void read_lists(const RawChunk& chunk);
  void read_value_properties(const RawChunk& chunk);
  void append(const RawChunk& chunk, std::size_t row);
  void append_line(std::size_t row, bool part);
  std::string_view other_currency(std::size_t row) const;
  std::int64_t quantity(std::size_t row) const {
    return quantities_.has(row) ? quantities_.values[row] : 1;
  }
  void append_list(std::size_t row);
  void set_item_property(std::size_t row, std::string_view name, std::string ItemLine::* member);
  void mark_amount(std::size_t row, bool lined);
  void append_values(std::size_t row);
  std::int64_t sequence_of(const RawChunk& chunk, std::size_t row) const;

  FilePlan plan_;
  EventWords words_;
  PropertyReader property_reader_;
  ItemReader item_reader_;
  bool browsing_ = false;
  const bool sequence_is_row_;

  // The chunk in hand.
  RowStates states_;
  std::vector<EventCode> types_;
  TimeCells times_;
  TimeCells known_at_;
  IdCells ids_;
  std::vector<std::uint64_t> event_ids_;  // Empty: no such column.
  std::vector<std::uint8_t> server_;      // Empty: no such column.
  AmountCells sequences_, lines_, quantities_, prices_, ratings_;
  StatedValues values_;
  std::vector<std::vector<ItemLine>> lists_;  // Empty: no items[] column.
  std::vector<std::vector<std::pair<std::string, std::string>>> parameters_;
  const std::vector<PropertyCells>* properties_ = nullptr;
};

}  // namespace footfall::events
