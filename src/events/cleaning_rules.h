// The written rules by which a row of an order file is told to be a sale, its undoing, or neither.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "footfall/base/decimal.h"
#include "footfall/events/mapping.h"

namespace footfall::events {

enum class RowClass : std::uint8_t {
  kSale,
  kCancellation,          // Undoes a sale: refund and return_received.
  kStockAdjustment,       // Moves stock without a customer or money: no order.
  kAccountingAdjustment,  // Corrects the books: no order.
};

/// The facts of a row that decide.
struct OrderRow {
  std::string_view order;
  std::int64_t quantity = 1;
  base::PriceMicros price = 0;
  bool has_customer = false;
};

/// A number that is the mapping's cancellation prefix and digits is a cancellation; one that is the
/// adjustment prefix and digits an accounting adjustment. A negative quantity is a stock
/// adjustment when nobody is named and no money moves, else a cancellation. All others are sales.
RowClass classify_row(const OrderRow& row, const Mapping& mapping);

/// Whether an order number is `prefix` and then digits; no number is for an empty prefix.
bool has_number_prefix(std::string_view order, std::string_view prefix);

/// Whether an item code is bookkeeping (postage, fees, samples, vouchers) by the mapping's rule.
bool is_bookkeeping(std::string_view item, const Mapping& mapping);

/// Whether an item code is `digits` digits and then only ASCII letters.
bool is_merchandise_code(std::string_view item, int digits);

/// Whether an item code is one of the words that shops use for what is no merchandise.
bool is_bookkeeping_word(std::string_view item);

/// Whether an item is a charge (postage, fee, discount) by its code or its name, in any shop: such
/// words are bookkeeping, and no shop calls merchandise so.
bool is_charge(std::string_view code, std::string_view name);

}  // namespace footfall::events
