// OrderStatements: what the rows of an order export say of their order as a whole: that it was
// never paid, or what of it was paid back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "footfall/events/event_columns.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/harvest.h"
#include "footfall/events/row_states.h"

namespace footfall::events {

/// What became of an order, by the word in its status column; words not named here say nothing.
enum class OrderFate : std::uint8_t {
  kSale,
  kVoided,    // voided, cancelled, failed: never paid.
  kRefunded,  // refunded: paid back in full.
};
/// Letter case, blanks around and WooCommerce's "wc-" before the word do not matter.
OrderFate order_fate_of(std::string_view word);

struct OrderStatement {
  OrderFate fate = OrderFate::kSale;
  base::PriceMicros refunded = 0;           // >= 0; 0 = none is stated.
  std::optional<base::TimeMs> refunded_at;  // Nothing: the export does not say.

  bool has_refund() const {
    return fate == OrderFate::kRefunded || (fate == OrderFate::kSale && refunded > 0);
  }
};

/// Reads the mapping's order_status, refunded and refunded_at, chunk by chunk.
class OrderStatements {
 public:
  /// Times are of the style of the file's own. Refuses bad_number, bad_time and future_time.
  void read(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest, RowStates& states);
  OrderStatement of(std::size_t row) const;

 private:
  void read_times(const RawColumn& column, std::size_t rows, const TimeReader& reader,
                  const Harvest& harvest, RowStates& states);

  std::vector<OrderFate> fates_;  // Each empty where there is no such column.
  AmountCells amounts_;
  std::vector<std::optional<base::TimeMs>> times_;
};

}  // namespace footfall::events
