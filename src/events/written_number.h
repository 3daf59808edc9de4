// WrittenNumber: a number as people write it, its thousands set off by blanks or apostrophes and a
// currency beside it, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace footfall::events {

struct WrittenNumber {
  std::string digits;    // "-1234,50": no groups, the mark before the decimals as it was.
  std::string currency;  // "EUR", "€", as written; "" = none.
};

/// Takes "1 234,50", "1'234.50", "€ 12,50" and "12,50 EUR" apart. Nothing where the groups are not
/// of three digits each with one mark throughout, or where something beside the number is no
/// currency, or there are two. Which mark stands before the decimals is not decided here. Slow: for
/// cells that parse_amount refuses.
std::optional<WrittenNumber> written_number(std::string_view text);

}  // namespace footfall::events
