// CsvReader: CSV text as raw chunks; every row ends up in a chunk or is rejected with its reason.
//
// RFC 4180, with the delimiter, line ends, encoding and header recognised from the first 64 KiB.
// Cells keep their white space; header names lose it. Blank lines are no rows. A quote inside an
// unquoted cell is a character like any other.
//
// Rejected rows (reason): ragged_row, repeated_header, invalid_utf8, unclosed_quote (no end within
// kCellBytesMax), bad_quote (text after a closing quote), cell_too_long, row_too_long. After a row
// with a wrong quote reading goes on at the next line, so that one stray quote never swallows the
// rows that follow.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/csv_dialect.h"
#include "footfall/events/raw_table.h"
#include "footfall/events/text_buffer.h"

namespace footfall::events {

inline constexpr std::size_t kCellBytesMax = 1024 * 1024;
inline constexpr std::size_t kRowBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kColumnsMax = 4096;

/// Settings that are not given are recognised.
struct CsvOptions {
  std::optional<char> delimiter;
  std::optional<bool> header;
  TextEncoding encoding = TextEncoding::kDetect;
  std::size_t piece_bytes = kPieceBytes;  // Changes the size of chunks and nothing else.
};

class CsvReader final : public RowSource {
 public:
  /// `name` is for messages. Refuses an empty or binary file, more than kColumnsMax columns and two
  /// columns of one name (invalid_argument). Without a header columns are column_1, column_2, ...
  static base::Result<std::unique_ptr<CsvReader>> open(std::unique_ptr<ByteSource> bytes,
                                                       std::string name,
                                                       const CsvOptions& options = {});

  const std::string& name() const override { return name_; }
  const std::string& format() const override { return format_; }
  /// The first chunk comes even when it has no rows: it has the columns.
  base::Result<bool> next(RawChunk& chunk) override;
  /// Bytes taken from the source.
  std::int64_t bytes_read() const override { return text_.bytes_read(); }
  std::int64_t bytes_total() const override { return 0; }

 private:
  struct Cell {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool quoted = false;
    bool escaped = false;  // Holds doubled quotes.
  };
  enum class Found { kRow, kBlank, kIncomplete, kUnclosedQuote, kBadQuote };
  struct FirstRow {
    Found found = Found::kRow;
    std::size_t end = 0;
    std::uint64_t lines = 0;
  };
  class RowParser;

  CsvReader(TextBuffer text, std::string name) : text_(std::move(text)), name_(std::move(name)) {}
  base::Status load();
  base::Result<FirstRow> find_first_row();
  base::Status read_header(const CsvOptions& options);
  base::Status name_columns(std::vector<std::string> names, std::uint64_t line);
  void read_piece(RawChunk& chunk);
  bool skip_long_row();
  void take_row(RawChunk& chunk, const RowParser& row);
  bool is_repeated_header();
  bool invalid_cell(RawChunk& chunk);
  std::string_view cell_text(Cell& cell);
  void reject(RawChunk& chunk, std::string reason, std::string expected, std::string column = "");
  std::size_t line_end() const;  // Of the line at at_; the piece's size when it is not there.
  void go_to_next_line();

  TextBuffer text_;
  std::string name_;
  std::string format_;
  CsvDialect dialect_;
  std::vector<std::string> columns_;
  std::vector<std::string> header_cells_;  // As they stand in the file; empty without a header.
  TextPiece piece_;
  std::size_t at_ = 0;         // Where the next row begins in the piece.
  std::uint64_t line_ = 1;     // Line number there.
  bool piece_is_new_ = false;  // Nothing was read from it yet, or only the header.
  bool suspect_ = false;       // The piece holds bytes that are not UTF-8.
  bool skipping_ = false;      // Inside a row that was too long.
  bool first_chunk_ = true;
  std::vector<Cell> cells_;  // Of the row being read.
};

}  // namespace footfall::events
