// OrderFile: files with one order line a row: sales, cancellations, and what is neither.
//
// Each row of a sale becomes a `purchase` event with one line, flagged kOrderPart: the store joins
// the parts of an order, and makes it a `free_issue` where all its lines are free. A cancellation
// row becomes a `refund` part and, beside it, a `return_received` of the same line. An order that
// was never paid (order_statements.h) is a `voided_order`. What the export says was paid back of
// a whole order becomes one `refund` without lines beside the order's first priced row. Rows of an
// order in another currency than the shop's are events of their own: amounts are never mixed.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "footfall/events/cleaning_rules.h"
#include "footfall/events/event_columns.h"
#include "footfall/events/interpreter.h"
#include "footfall/events/order_cells.h"
#include "footfall/events/order_statements.h"

namespace footfall::events {

class OrderFile final : public Interpreter {
 public:
  OrderFile(Harvest& harvest, FilePlan plan);

 private:
  // What is known of an order while its file is read.
  struct OrderState {
    std::uint32_t lines = 0;  // Rows taken so far, repeats left out.
    std::uint32_t rows = 0;   // Those that were held too.
  };

  void read(const RawChunk& chunk) override;
  void read_columns(const RawChunk& chunk);
  void find_repeats(const RawChunk& chunk);
  void number_rows();
  bool numbers_rows() const { return plan_.mapping.column(Field::kLine) == kRowSequence; }
  void hold(const RawChunk& chunk, const RowProblem& problem);
  void check_rows(const RawChunk& chunk);
  void mark_row(std::size_t row, RowClass row_class);
  bool is_usual(std::size_t row) const;
  void count_usual();
  RowClass class_of(std::size_t row) const;
  bool is_voided(std::size_t row, RowClass row_class) const {
    return row_class == RowClass::kSale && statements_.of(row).fate == OrderFate::kVoided;
  }
  std::int64_t quantity(std::size_t row) const {
    return quantities_.has(row) ? quantities_.values[row] : 1;
  }

  void append(const RawChunk& chunk, std::size_t row);
  void append_sale(NewEvent event, const NewLine& line, std::size_t row);
  void append_cancellation(NewEvent event, const NewLine& line, std::size_t row);
  void append_adjustment(NewEvent event, std::size_t row, RowClass row_class);
  void append_stated_refund(NewEvent event, std::size_t row);
  NewLine line_of(std::size_t row);
  void set_properties(std::size_t row);
  std::uint64_t key_of(std::string_view event, StringTable::Code order, std::size_t row) const;

  FilePlan plan_;
  PropertyReader property_reader_;
  OrderCells order_cells_;
  OrderStatements statements_;
  std::vector<OrderState> orders_seen_;               // By code of the order.
  std::unordered_set<std::uint64_t> stated_refunds_;  // Keys of those in the harvest.
  std::vector<std::size_t> by_name_;                  // Columns of the chunk, by name.

  // The chunk in hand.
  RowStates states_;
  std::vector<std::uint8_t> repeated_;
  TimeCells times_;
  IdCells ids_;
  TimeCells known_at_;
  AmountCells lines_, quantities_, prices_;
  std::vector<std::uint32_t> row_numbers_;  // Of each row within its order, from 1.
  const std::vector<PropertyCells>* properties_ = nullptr;
};

/// Takes events that the store will refuse out of the harvest's usual rows.
void leave_out_of_usual(Harvest& harvest, std::span<const std::size_t> refused);

}  // namespace footfall::events
