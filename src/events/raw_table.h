// Raw tables: what a reader found in a file, before anyone has decided what it means.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/time.h"

namespace footfall::events {

/// How the cells of a column are held. CSV gives text only; Parquet and JSON give types.
enum class CellKind : std::uint8_t { kText, kInteger, kReal, kInstant };

/// One column of a chunk. Only the vector of its kind is filled, one element a row.
struct RawColumn {
  std::string name;
  CellKind kind = CellKind::kText;
  std::vector<std::string_view> texts;  // kText: UTF-8, white space kept; absent = empty.
  std::vector<std::int64_t> integers;   // kInteger; kInstant: UTC microseconds, ±max = ±infinity.
  std::vector<double> reals;            // kReal.
  std::vector<std::uint8_t> absent;     // Empty: all present; else 1 = no value.

  bool is_absent(std::size_t row) const {
    if (!absent.empty() && absent[row] != 0) return true;
    return kind == CellKind::kText && texts[row].empty();
  }
};

/// A row that could not be read at all. Counted as rejected.
struct RejectedRow {
  std::uint64_t row = 0;  // Line (CSV, JSON lines) or row number in the file, 1-based.
  std::string reason;     // Rule name: "ragged_row", "bad_json", "invalid_utf8", "unclosed_quote".
  std::string column;     // Where known.
  std::string message;    // What was expected, ending with the offending text, made printable.
};

/// Some thousand rows. Texts are views into `memory`.
struct RawChunk {
  std::vector<RawColumn> columns;          // All of the same length; equal names do not occur.
  std::vector<std::uint64_t> row_numbers;  // Of each row in its file: the line it begins on.
  std::vector<RejectedRow> rejected;       // Rows met in this stretch that are in no column.
  std::shared_ptr<const void> memory;

  std::size_t size() const { return row_numbers.size(); }
  const RawColumn* column(std::string_view name) const {
    for (const RawColumn& column : columns) {
      if (column.name == name) return &column;
    }
    return nullptr;
  }
};

/// A file being read, chunk by chunk in file order.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual const std::string& name() const = 0;    // For messages and reports.
  virtual const std::string& format() const = 0;  // "csv ; latin-1 gzip", for the report.
  /// Fills `chunk` (replacing what it held); false at the end. An error ends the file.
  virtual base::Result<bool> next(RawChunk& chunk) = 0;
  /// Bytes of the file consumed so far and in all, for progress; total 0 = unknown.
  virtual std::int64_t bytes_read() const = 0;
  virtual std::int64_t bytes_total() const = 0;
  /// Rows of the whole file where the file says so; 0 = unknown.
  virtual std::int64_t rows_total() const { return 0; }
  /// The rest is not wanted: a next() that waits for a pipe ends soon, with an error. Called while
  /// another thread reads.
  virtual void give_up() {}
};

/// Where bytes come from: a file, a decompressor, standard input, a test's string.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads up to `size` bytes; 0 at the end.
  virtual base::Result<std::size_t> read(char* into, std::size_t size) = 0;
};

}  // namespace footfall::events
