#include "footfall/events/csv_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "footfall/base/words.h"
#include "footfall/events/csv_scanner.h"

namespace footfall::events {
namespace {

constexpr std::size_t kShownBytes = 80;

std::string delimiter_name(char delimiter) {
  return delimiter == '\t' ? "tab" : std::string(1, delimiter);
}

}  // namespace

/// Cuts one row at a time out of a piece, without changing it.
class CsvReader::RowParser {
 public:
  RowParser(const TextPiece& piece, const CsvDialect& dialect, std::size_t start)
      : data_(piece.data),
        size_(piece.size),
        last_(piece.last),
        dialect_(dialect),
        scanner_(piece.data, piece.size, dialect.delimiter, dialect.cr_lines) {
    seek(start);
  }

  void seek(std::size_t start) { scanner_.seek(start); }

  /// `start` is where the last row ended, or what was sought.
  Found parse(std::size_t start, std::vector<Cell>& cells) {
    cells.clear();
    lines_ = 0;
    for (std::size_t begin = start;;) {
      Cell cell{begin, begin, false, false};
      std::size_t stop = 0;
      if (begin < size_ && data_[begin] == '"') {
        const Found found = quoted(cell, stop);
        if (found != Found::kRow) return found;
      } else {
        do {
          stop = scanner_.next();
        } while (stop < size_ && data_[stop] == '"');
        if (stop == size_) return Found::kIncomplete;
        cell.end = stop;
        const bool crlf =
            !dialect_.cr_lines && data_[stop] == '\n' && stop > begin && data_[stop - 1] == '\r';
        if (crlf && data_[stop] != dialect_.delimiter) --cell.end;
      }
      cells.push_back(cell);
      if (data_[stop] == dialect_.delimiter) {
        begin = stop + 1;
        continue;
      }
      if (!end_row(stop)) return Found::kIncomplete;
      const bool blank = cells.size() == 1 && !cell.quoted && cell.begin == cell.end;
      return blank ? Found::kBlank : Found::kRow;
    }
  }

  std::size_t end() const { return end_; }        // After the row's line end.
  std::uint64_t lines() const { return lines_; }  // That the row takes up.

 private:
  // Reads a quoted cell; `stop` becomes the delimiter or line end after it.
  Found quoted(Cell& cell, std::size_t& stop) {
    scanner_.next();  // The opening quote.
    ++cell.begin;
    cell.quoted = true;
    while (true) {
      const std::size_t at = scanner_.next();
      if (at - cell.begin > kCellBytesMax) return Found::kUnclosedQuote;
      if (at == size_) return last_ ? Found::kUnclosedQuote : Found::kIncomplete;
      if (data_[at] != '"') {
        const bool second_of_pair = dialect_.cr_lines && data_[at] == '\n' && data_[at - 1] == '\r';
        if (data_[at] != dialect_.delimiter && !second_of_pair) ++lines_;
        continue;
      }
      // Two bytes decide: a second quote, or CR LF.
      if (at + 2 >= size_ && !last_) return Found::kIncomplete;
      if (data_[at + 1] == '"') {
        scanner_.next();
        cell.escaped = true;
        continue;
      }
      cell.end = at;
      stop = at + 1;
      if (!dialect_.cr_lines && data_[stop] == '\r' && data_[stop + 1] == '\n') ++stop;
      const bool ends = data_[stop] == dialect_.delimiter || data_[stop] == '\n' ||
                        (dialect_.cr_lines && data_[stop] == '\r');
      if (stop >= size_ || !ends) return Found::kBadQuote;
      scanner_.next();
      return Found::kRow;
    }
  }

  bool end_row(std::size_t stop) {
    end_ = stop + 1;
    ++lines_;
    if (!dialect_.cr_lines || data_[stop] != '\r') return true;
    if (end_ == size_) return last_;
    if (data_[end_] == '\n') {
      ++end_;
      scanner_.next();
    }
    return true;
  }

  const char* data_;
  std::size_t size_;
  bool last_;
  const CsvDialect& dialect_;
  CsvScanner scanner_;
  std::size_t end_ = 0;
  std::uint64_t lines_ = 0;
};

base::Result<std::unique_ptr<CsvReader>> CsvReader::open(std::unique_ptr<ByteSource> bytes,
                                                         std::string name,
                                                         const CsvOptions& options) {
  if (options.delimiter &&
      std::string_view("\"\r\n").find(*options.delimiter) != std::string::npos) {
    return base::invalid("expected a delimiter such as , ; | or tab: " +
                             base::printable(std::string(1, *options.delimiter)),
                         "delimiter");
  }
  FOOTFALL_TRY(TextBuffer text,
               TextBuffer::open(std::move(bytes), name, options.encoding, options.piece_bytes));
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(text), std::move(name)));
  FOOTFALL_RETURN_IF_ERROR(reader->read_header(options));
  return reader;
}

base::Status CsvReader::read_header(const CsvOptions& options) {
  dialect_ = recognise_csv(text_.sample(), text_.sample_is_all());
  if (options.delimiter) {
    dialect_.delimiter = *options.delimiter;
    dialect_.header = recognise_header(text_.sample(), text_.sample_is_all(), dialect_);
  }
  if (options.header) dialect_.header = *options.header;
  format_ = fmt::format("csv {} {}{}", delimiter_name(dialect_.delimiter), text_.encoding_name(),
                        dialect_.header ? "" : " without header");
  FOOTFALL_TRY(const FirstRow first, find_first_row());
  if (first.found != Found::kRow) {
    const std::string why = first.found == Found::kIncomplete ? "within 1 MiB"
                            : first.found == Found::kBadQuote ? "without text after a closing quote"
                                                              : "with every quote closed";
    const std::string_view text(piece_.data + at_, line_end() - at_);
    return base::Error{base::ErrorCode::kInvalidArgument,
                       fmt::format("{}: line {}: expected a first row {}: {}", name_, line_, why,
                                   base::printable(text, kShownBytes)),
                       {name_, static_cast<std::int64_t>(line_), "", ""},
                       ""};
  }
  const std::uint64_t line = line_;
  std::vector<std::string> names;
  if (!dialect_.header) {
    names.resize(cells_.size());
  } else {
    for (Cell& cell : cells_) header_cells_.emplace_back(cell_text(cell));
    for (const std::string& cell : header_cells_) names.emplace_back(base::trim(cell));
    at_ = first.end;
    line_ += first.lines;
  }
  return name_columns(std::move(names), line);
}

// Leaves at_ and line_ at the first row that is not blank, and its cells in cells_.
base::Result<CsvReader::FirstRow> CsvReader::find_first_row() {
  while (true) {
    FOOTFALL_RETURN_IF_ERROR(load());
    RowParser row(piece_, dialect_, 0);
    Found found = row.parse(at_, cells_);
    while (found == Found::kBlank) {
      at_ = row.end();
      line_ += row.lines();
      found = row.parse(at_, cells_);
    }
    const bool whole_line = line_end() < piece_.size || piece_.last;
    const bool shown = found != Found::kBadQuote || whole_line;
    if (found != Found::kIncomplete && shown) return FirstRow{found, row.end(), row.lines()};
    if (piece_.last) return empty_file(name_);
    if (piece_.size - at_ > kPieceBytes) return FirstRow{found, 0, 0};
  }
}

base::Status CsvReader::name_columns(std::vector<std::string> names, std::uint64_t line) {
  const auto refuse = [&](std::string message, std::string column = "") -> base::Error {
    return {base::ErrorCode::kInvalidArgument,
            std::move(message),
            {name_, static_cast<std::int64_t>(line), std::move(column), ""},
            ""};
  };
  if (names.size() > kColumnsMax) {
    return refuse(
        fmt::format("{}: expected at most {} columns, found {}", name_, kColumnsMax, names.size()));
  }
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = fmt::format("column_{}", i + 1);
    if (!base::valid_utf8(names[i])) {
      return refuse(fmt::format("{}: expected UTF-8 in the name of column {}: {}", name_, i + 1,
                                base::printable(names[i])));
    }
  }
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      return refuse(fmt::format("{}: expected a name of its own for every column, found twice: {}",
                                name_, base::printable(name)),
                    name);
    }
  }
  columns_ = std::move(names);
  return base::Ok{};
}

base::Status CsvReader::load() {
  FOOTFALL_RETURN_IF_ERROR(text_.next(piece_, piece_.size - at_, dialect_.cr_lines ? '\r' : '\n'));
  at_ = 0;
  piece_is_new_ = true;
  const std::string_view text(piece_.data, piece_.size);
  suspect_ =
      text_.may_be_invalid() &&
      !simdjson::validate_utf8(text.data(), piece_.last ? text.size() : whole_utf8_prefix(text));
  return base::Ok{};
}

base::Result<bool> CsvReader::next(RawChunk& chunk) {
  chunk.row_numbers.clear();
  chunk.rejected.clear();
  chunk.columns.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    RawColumn& column = chunk.columns[i];
    column.name = columns_[i];
    column.kind = CellKind::kText;
    column.texts.clear();
    column.integers.clear();
    column.reals.clear();
    column.absent.clear();
  }
  while (chunk.size() == 0 && chunk.rejected.empty()) {
    if (!piece_is_new_) {
      if (piece_.last) break;
      FOOTFALL_RETURN_IF_ERROR(load());
    }
    piece_is_new_ = false;
    read_piece(chunk);
    chunk.memory = piece_.memory;
  }
  const bool something = chunk.size() > 0 || !chunk.rejected.empty();
  return std::exchange(first_chunk_, false) || something;
}

void CsvReader::read_piece(RawChunk& chunk) {
  if (skipping_) go_to_next_line();
  RowParser row(piece_, dialect_, at_);
  while (at_ < piece_.size) {
    switch (row.parse(at_, cells_)) {
      case Found::kRow:
        take_row(chunk, row);
        break;
      case Found::kBlank:
        at_ = row.end();
        line_ += row.lines();
        break;
      case Found::kIncomplete:
        if (piece_.size - at_ <= kRowBytesMax) return;
        reject(chunk, "row_too_long",
               fmt::format("expected a row of at most {} bytes", kRowBytesMax));
        go_to_next_line();
        row.seek(at_);
        break;
      case Found::kUnclosedQuote:
        reject(chunk, "unclosed_quote",
               fmt::format("expected the end of a quoted cell within {} bytes", kCellBytesMax));
        go_to_next_line();
        row.seek(at_);
        break;
      case Found::kBadQuote:
        // Its message shows the line, so the line must be there.
        if (!piece_.last && line_end() == piece_.size && piece_.size - at_ <= kRowBytesMax) return;
        reject(chunk, "bad_quote",
               "expected a delimiter or the end of the line after a closing quote");
        go_to_next_line();
        row.seek(at_);
        break;
    }
  }
}

std::size_t CsvReader::line_end() const {
  const std::string_view rest(piece_.data + at_, piece_.size - at_);
  const std::size_t end = dialect_.cr_lines ? rest.find_first_of("\r\n") : rest.find('\n');
  return at_ + std::min(end, rest.size());
}

void CsvReader::go_to_next_line() {
  const std::size_t end = line_end();
  skipping_ = end == piece_.size;
  if (skipping_) {
    at_ = piece_.size;
    return;
  }
  const bool pair =
      piece_.data[end] == '\r' && end + 1 < piece_.size && piece_.data[end + 1] == '\n';
  at_ = end + (pair ? 2 : 1);
  ++line_;
}

void CsvReader::take_row(RawChunk& chunk, const RowParser& row) {
  const bool too_long = row.end() - at_ > kRowBytesMax;
  const auto long_cell = std::find_if(cells_.begin(), cells_.end(), [](const Cell& cell) {
    return cell.end - cell.begin > kCellBytesMax;
  });
  if (too_long) {
    reject(chunk, "row_too_long", fmt::format("expected a row of at most {} bytes", kRowBytesMax));
  } else if (cells_.size() != columns_.size()) {
    reject(chunk, "ragged_row",
           fmt::format("expected {} cells, found {}", columns_.size(), cells_.size()));
  } else if (long_cell != cells_.end()) {
    reject(chunk, "cell_too_long",
           fmt::format("expected a cell of at most {} bytes", kCellBytesMax),
           columns_[static_cast<std::size_t>(long_cell - cells_.begin())]);
  } else if (is_repeated_header()) {
    reject(chunk, "repeated_header", "expected data, found the header a second time");
  } else if (!suspect_ || !invalid_cell(chunk)) {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      chunk.columns[i].texts.push_back(cell_text(cells_[i]));
    }
    chunk.row_numbers.push_back(line_);
  }
  at_ = row.end();
  line_ += row.lines();
}

bool CsvReader::is_repeated_header() {
  for (std::size_t i = 0; i < header_cells_.size(); ++i) {
    std::string_view cell = cell_text(cells_[i]);
    // Files that were put together may each begin with a byte order mark.
    if (i == 0 && cell.starts_with("\xEF\xBB\xBF")) cell.remove_prefix(3);
    if (cell != header_cells_[i]) return false;
  }
  return !header_cells_.empty();
}

bool CsvReader::invalid_cell(RawChunk& chunk) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (base::valid_utf8({piece_.data + cells_[i].begin, cells_[i].end - cells_[i].begin}))
      continue;
    reject(chunk, "invalid_utf8",
           fmt::format("expected UTF-8 as at the beginning of the file, in column {}", columns_[i]),
           columns_[i]);
    return true;
  }
  return false;
}

// Takes the doubled quotes out in place: the piece is ours, and the text only becomes shorter.
std::string_view CsvReader::cell_text(Cell& cell) {
  if (cell.escaped) {
    char* to = piece_.data + cell.begin;
    for (std::size_t from = cell.begin; from < cell.end; ++from) {
      *to++ = piece_.data[from];
      if (piece_.data[from] == '"') ++from;
    }
    cell.end = static_cast<std::size_t>(to - piece_.data);
    cell.escaped = false;
  }
  return {piece_.data + cell.begin, cell.end - cell.begin};
}

void CsvReader::reject(RawChunk& chunk, std::string reason, std::string expected,
                       std::string column) {
  const std::size_t shown = std::min(line_end() - at_, 2 * kShownBytes);
  const std::string_view text = base::trim({piece_.data + at_, shown});
  chunk.rejected.push_back({line_, std::move(reason), std::move(column),
                            fmt::format("{}: {}", expected, base::printable(text, kShownBytes))});
}

}  // namespace footfall::events
