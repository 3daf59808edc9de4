// Cells as values: decimal numbers in the styles that files use, whole numbers, ids, names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "footfall/base/decimal.h"
#include "footfall/events/raw_table.h"

namespace footfall::events {

/// How a column writes its numbers: decided once from many cells, then held to.
enum class NumberStyle : std::uint8_t {
  kPoint,         // 1234.50
  kGroupedPoint,  // 1,234.50; numbers without commas too.
  kComma,         // 1.234,50 or 1234,50.
};

/// Counts which styles the cells of a column can only be.
class NumberVotes {
 public:
  void see(std::string_view text);
  std::uint64_t seen() const { return seen_; }
  std::uint64_t readable() const { return seen_ - unreadable_; }
  NumberStyle style() const;
  /// Cells of both styles: those of the rarer one will be refused.
  bool mixed() const { return comma_ > 0 && point_ + grouped_ > 0; }
  /// No cell says whether 1.250 is a thousand or one, and there is one that might be either.
  bool undecided() const { return either_ > 0 && comma_ + point_ + grouped_ == 0; }

 private:
  std::uint64_t seen_ = 0;
  std::uint64_t point_ = 0;
  std::uint64_t grouped_ = 0;
  std::uint64_t comma_ = 0;
  std::uint64_t either_ = 0;
  std::uint64_t commas_ = 0;  // Of those, such as 1,250.
  std::uint64_t unreadable_ = 0;
};

/// A price and whether decimals beyond the sixth were rounded off (half to even), as binary
/// floating point leaves them: 85.64999999999999 is 85.65.
struct Amount {
  base::PriceMicros micros = 0;
  bool rounded = false;
};

/// Reads one number of a column of the given style. Nothing for blanks inside, exponents, NaN,
/// infinities, another style and numbers beyond what base::parse_price holds.
std::optional<Amount> parse_amount(std::string_view text, NumberStyle style);
std::optional<Amount> amount_of(double value);

/// A price as people write it (written_number), and the mark of its currency, "" = none.
struct WrittenAmount {
  Amount amount;
  std::string currency;
};
/// Reads a cell that parse_amount refused.
std::optional<WrittenAmount> parse_written(std::string_view text, NumberStyle style);

/// Reads a whole number; "6.0" is 6, "6.5" is nothing.
std::optional<std::int64_t> parse_whole(std::string_view text, NumberStyle style);
std::optional<std::int64_t> whole_of(double value);

/// A cell of a number column, whatever its kind. Nothing when it does not hold such a number, or
/// has its thousands set off by blanks or apostrophes: parse_written reads those prices, and
/// read_whole reads such whole numbers by itself.
std::optional<Amount> read_amount(const RawColumn& column, std::size_t row, NumberStyle style);
std::optional<std::int64_t> read_whole(const RawColumn& column, std::size_t row, NumberStyle style);

/// What is said of an order line that base::line_fits refuses.
std::string too_large(std::int64_t quantity, base::PriceMicros price);

/// Whether a text is digits, then ".0": how spreadsheets write a whole number as an id.
bool is_float_id(std::string_view text);

/// The cell as text: numbers in their shortest form, instants as RFC 3339; "" when absent.
std::string cell_text(const RawColumn& column, std::size_t row);

/// "InvoiceNo", "Lineitem sku", "user_id:token" -> "invoice_no", "lineitem_sku", "user_id":
/// the name of a property or own event; "" when nothing is left.
std::string snake_case(std::string_view name);

/// The small letter of U+00C0 to U+00FF without its accent, by the second byte of its UTF-8 (0x80
/// to 0xBF, behind 0xC3); '.' for the two that are no letters.
char unaccented(unsigned char second_byte);

}  // namespace footfall::events
