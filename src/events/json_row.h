// JsonRow: one JSON object as a row of named cells.
//
// Nested objects flatten to `a.b`. An array of scalars becomes the text "x,y". An array whose
// elements all are {"key": K, "value": V} (GA4's event_params) unfolds into one cell `name.K` each,
// V being a scalar or the first present one of string_value, int_value, float_value, double_value.
// Any other array is kept as its JSON text. null and empty arrays are absent. true and false are
// texts. A whole number that fits 64 bits is an integer; every other number keeps its digits as
// text, so that no amount goes through binary floating point; so do NaN and Infinity.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace footfall::events {

inline constexpr std::size_t kJsonDepthMax = 64;

/// Names by number, in order of first appearance.
class JsonColumns {
 public:
  /// Refuses (nothing) one more than kColumnsMax names.
  std::optional<std::size_t> find_or_add(std::string_view name);
  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t column) const { return names_[column]; }
  /// Forgets the newest names, down to `count`.
  void truncate(std::size_t count);

 private:
  std::deque<std::string> names_;
  std::map<std::string_view, std::size_t> numbers_;
  std::size_t expected_ = 0;  // The column after the last one found: rows repeat their order.
};

struct JsonCell {
  std::size_t column = 0;
  std::string_view text;  // The digits, for an integer.
  bool is_integer = false;
  std::int64_t integer = 0;
};

/// Texts that had escapes, kept as long as the cells are used. Elements never move.
using JsonTexts = std::deque<std::string>;

/// Why a row could not be read.
struct JsonFailure {
  std::string reason;    // bad_json, invalid_utf8 or too_many_columns.
  std::string expected;  // "expected ...", without the offending text.
};

class JsonRow {
 public:
  JsonRow();
  ~JsonRow();
  JsonRow(const JsonRow&) = delete;
  JsonRow& operator=(const JsonRow&) = delete;

  /// Reads `text`, after which kPiecePadding bytes must be readable. Cells are views into `text`
  /// and `texts`. A row that fails adds no columns.
  std::optional<JsonFailure> read(std::string_view text, JsonColumns& columns, JsonTexts& texts);
  /// Of the last row that was read; no column twice.
  const std::vector<JsonCell>& cells() const { return cells_; }

 private:
  class Walk;
  struct Parser;
  std::unique_ptr<Parser> parser_;
  std::vector<JsonCell> cells_;
  std::vector<std::uint64_t> seen_;  // Per column, the last row that had it.
  std::uint64_t row_ = 0;
};

}  // namespace footfall::events
