// Item lists and parameters as GA4 writes them: JSON texts turned into lines and values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "footfall/base/decimal.h"
#include "footfall/base/result.h"

namespace footfall::events {

struct ItemLine {
  std::string item;  // item_id, else item_name.
  std::string name;
  std::string category;  // item_category, else category; "(not set)" is none.
  std::string brand;     // item_brand, else brand.
  std::int64_t quantity = 1;
  std::optional<base::PriceMicros> price;  // After discount.
};

/// Reads JSON of the two forms. Keeps its buffers between calls; one thread at a time.
class ItemReader {
 public:
  ItemReader();
  ~ItemReader();

  /// items[]: a list of objects with item_id, item_name, quantity, price, item_category and
  /// item_brand; other members are left out. Refuses other JSON, an item without id and name, more
  /// than kLinesMax items, and numbers that are none; the error's `where.field` is the rule's name
  /// ("bad_items", "bad_number", "too_many_items", "amount_too_large" by base::line_fits).
  base::Result<std::vector<ItemLine>> items(std::string_view json, int currency_decimals);

  /// event_params: [{"key": k, "value": {"string_value": v}}, ...] or a plain object {k: v}.
  base::Result<std::vector<std::pair<std::string, std::string>>> parameters(std::string_view json);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace footfall::events
