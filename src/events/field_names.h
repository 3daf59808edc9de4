// Names that files give to their columns, and the fields they stand for.
#pragma once

#include <span>
#include <string_view>

namespace footfall::events {

struct FieldName {
  std::string_view squeezed;  // As column_facts.h squeezes names.
  std::string_view field;     // A field's name, or "event", "time", "category", "brand", "text",
                              // "stock_level", "stock_change", "new_price".
  double confidence;          // How sure the name alone makes us.
};

/// All known names, by field and falling confidence.
std::span<const FieldName> field_names();

}  // namespace footfall::events
