// OrderFile: files with one order line a row: sales, cancellations, and what is neither.
//
// Each row of a sale becomes a `purchase` event with one line, flagged kOrderPart: the store joins
// the parts of an order. A cancellation row becomes a `refund` part and, beside it, a
// `return_received` of the same line. An order all of whose lines are free is a `free_issue`.
#pragma once

#include <cstdint>
#include <vector>

#include "footfall/events/cleaning_rules.h"
#include "footfall/events/event_columns.h"
#include "footfall/events/interpreter.h"
#include "footfall/events/order_cells.h"

namespace footfall::events {

class OrderFile final : public Interpreter {
 public:
  OrderFile(Harvest& harvest, FilePlan plan);
  /// Orders without a priced line become `free_issue`.
  void finish() override;

 private:
  // What is known of an order while its file is read.
  struct OrderState {
    std::uint32_t lines = 0;  // Rows so far, repeats left out.
    bool priced = false;      // Some line has a price above zero.
  };

  void read(const RawChunk& chunk) override;
  void read_columns(const RawChunk& chunk);
  void find_repeats(const RawChunk& chunk);
  void check_rows();
  void mark_row(std::size_t row, RowClass row_class);
  void count_usual(std::size_t row, RowClass row_class);
  RowClass class_of(std::size_t row) const;
  std::int64_t quantity(std::size_t row) const {
    return quantities_.has(row) ? quantities_.values[row] : 1;
  }

  void append(const RawChunk& chunk, std::size_t row);
  void append_sale(NewEvent event, const NewLine& line, std::size_t row);
  void append_cancellation(NewEvent event, const NewLine& line, std::size_t row);
  void append_adjustment(NewEvent event, std::size_t row, RowClass row_class);
  NewLine line_of(std::size_t row);
  void set_properties(std::size_t row);

  FilePlan plan_;
  PropertyReader property_reader_;
  OrderCells order_cells_;
  std::vector<OrderState> orders_seen_;  // By code of the order.
  std::vector<std::size_t> by_name_;     // Columns of the chunk, by name.

  // The chunk in hand.
  RowStates states_;
  std::vector<std::uint8_t> repeated_;
  TimeCells times_;
  TimeCells known_at_;
  PersonCells persons_;
  std::vector<StringTable::Code> orders_;
  std::vector<StringTable::Code> items_;
  std::vector<StringTable::Code> names_;
  AmountCells lines_, quantities_, prices_;
  const std::vector<PropertyCells>* properties_ = nullptr;
};

}  // namespace footfall::events
