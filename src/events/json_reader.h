// JsonReader: JSON lines, or an array of JSON objects, as raw chunks. JsonRow says what the cells
// of an object are.
//
// A column is an integer as long as all its cells were; from the first chunk with another kind of
// cell on it is text. Rejected rows (reason): bad_json, invalid_utf8, row_too_long,
// too_many_columns; they are numbered by the line they begin on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/json_row.h"
#include "footfall/events/raw_table.h"
#include "footfall/events/text_buffer.h"

namespace footfall::events {

class JsonReader final : public RowSource {
 public:
  /// `piece_bytes` changes the size of chunks, and from which row on a column of mixed kinds is
  /// text. Refuses an empty or binary file, and text that begins with neither { nor [.
  static base::Result<std::unique_ptr<JsonReader>> open(std::unique_ptr<ByteSource> bytes,
                                                        std::string name,
                                                        std::size_t piece_bytes = kPieceBytes);

  const std::string& name() const override { return name_; }
  /// "json lines utf-8", "json array utf-8" or "json objects utf-8" (each over several lines).
  const std::string& format() const override { return format_; }
  /// Each chunk has all columns that were met so far. An object of more than kRowBytesMax that is
  /// not on a line of its own ends the file with an error.
  base::Result<bool> next(RawChunk& chunk) override;
  /// Bytes taken from the source.
  std::int64_t bytes_read() const override { return text_.bytes_read(); }
  std::int64_t bytes_total() const override { return 0; }

 private:
  struct Memory;
  struct Column {
    std::vector<std::string_view> texts;
    std::vector<std::int64_t> integers;
    std::vector<std::uint8_t> absent;
    bool has_integer = false;
    bool has_text = false;
  };

  JsonReader(TextBuffer text, std::string name) : text_(std::move(text)), name_(std::move(name)) {}
  void read_lines(RawChunk& chunk);
  base::Status read_elements(RawChunk& chunk);
  base::Status end_elements(RawChunk& chunk);
  void skip_between();
  std::size_t element_end() const;
  void take(RawChunk& chunk, std::string_view text);
  void give(RawChunk& chunk);
  void reject(RawChunk& chunk, std::string reason, std::string_view expected,
              std::string_view text);

  TextBuffer text_;
  std::string name_;
  std::string format_;
  bool lines_ = true;  // One object a line; else objects wherever they end.
  bool in_array_ = false;
  bool skipping_ = false;  // Inside a line that was too long.
  TextPiece piece_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::shared_ptr<Memory> memory_;
  JsonRow row_;
  JsonColumns names_;
  std::vector<Column> columns_;
};

}  // namespace footfall::events
