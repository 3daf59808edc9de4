// CurrencyMark: what the cell of an amount says of its currency beside the number, as "EUR" or "$".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "footfall/base/result.h"

namespace footfall::events {

struct CurrencyMark {
  std::size_t row = 0;  // Index in the chunk.
  std::string column;
  std::string text;  // As written: is_currency_mark.
};

/// Whether a text is an ISO 4217 code in any letter case, or a sign that prices are written with.
bool is_currency_mark(std::string_view text);

/// The ISO 4217 code that a mark means. `stated` is what the row says elsewhere, "" = nothing;
/// `shop` is the shop's currency. A sign of several currencies ("$") is that of `stated`, else that
/// of `shop`, where one of them is written so. Refuses a mark that contradicts `stated` and a sign
/// that does not tell.
base::Result<std::string> currency_of_mark(std::string_view mark, std::string_view stated,
                                           std::string_view shop);

}  // namespace footfall::events
