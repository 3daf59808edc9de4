// CellCodes: cells of id and text columns turned into codes of a string table, fast.
//
// A column of numbers is coded through a table of small numbers or a hash of the number: the text
// is made once a distinct value, never once a row. A text that is a plain number meets the same
// code as the number.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/column.h"
#include "footfall/events/batch.h"
#include "footfall/events/raw_table.h"

namespace footfall::events {

class CellCodes {
 public:
  using Code = StringTable::Code;

  struct Rules {
    std::string prefix = "";        // Put before each value in the table: "user:".
    std::size_t bytes_max = 0;      // Longer values are refused.
    bool refuse_bad_ids = false;    // is_bad_id.
    bool zero_is_valid = false;     // 0 counts as an id all the same.
    bool strip_point_zero = false;  // "17850.0" is 17850.
  };

  // Outcomes that are no codes of a text.
  static constexpr Code kAbsent = 0;
  static constexpr Code kBadId = 0xFFFFFFFF;
  static constexpr Code kTooLong = 0xFFFFFFFE;
  static constexpr Code kInvalidUtf8 = 0xFFFFFFFD;
  static constexpr Code kFirstProblem = kInvalidUtf8;

  /// `table` outlives this object. Nobody else adds texts that begin with the prefix.
  CellCodes(StringTable& table, Rules rules);

  Code cell(const RawColumn& column, std::size_t row);
  /// The cells of all rows whose code in `into` is still 0. Whole columns of numbers are looked up
  /// ahead of their turn, so that large tables cost no wait for memory.
  void cells(const RawColumn& column, std::span<Code> into);
  /// White space off both ends; empty = kAbsent.
  Code text(std::string_view text);
  Code integer(std::int64_t value);
  Code real(double value);

  Rules& rules() { return rules_; }

 private:
  struct IntegerSlot {
    std::int64_t key = 0;
    Code code = 0;  // 0 = free.
  };
  struct TextSlot {
    std::uint64_t hash = 0;
    Code code = 0;
  };

  void text_cells(const RawColumn& column, std::span<Code> into);
  Code add_integer(std::int64_t value);
  Code add_text(std::string_view text);
  std::string_view whole(std::string_view text);
  bool grow_direct(std::uint64_t value);
  void grow_integers();
  void grow_texts();

  StringTable& table_;
  Rules rules_;
  std::string whole_;                   // Prefix and value.
  base::Column<Code> direct_;           // By small number; 0 = not here.
  base::Column<IntegerSlot> integers_;  // Powers of two, at most half full.
  std::vector<TextSlot> texts_;
  std::size_t integer_count_ = 0;
  std::size_t text_count_ = 0;
};

}  // namespace footfall::events
