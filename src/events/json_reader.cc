#include "footfall/events/json_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/events/csv_reader.h"

namespace footfall::events {
namespace {

constexpr std::string_view kBetween = " \t\r\n,";
constexpr std::size_t kShownBytes = 80;

// Whether lines are objects of their own: the most of them begin with a brace and go on.
bool objects_are_lines(std::string_view sample) {
  std::size_t lines = 0;
  std::size_t begun = 0;
  while (!sample.empty() && lines < 100) {
    const std::size_t end = std::min(sample.find('\n'), sample.size());
    const std::string_view line = base::trim(sample.substr(0, end));
    sample.remove_prefix(std::min(end + 1, sample.size()));
    if (line.empty()) continue;
    ++lines;
    begun += line.size() > 1 && line[0] == '{' ? 1 : 0;
  }
  return begun * 2 > lines;
}

}  // namespace

/// What the texts of a chunk are views into.
struct JsonReader::Memory {
  std::shared_ptr<char[]> piece;
  JsonTexts texts;
};

base::Result<std::unique_ptr<JsonReader>> JsonReader::open(std::unique_ptr<ByteSource> bytes,
                                                           std::string name,
                                                           std::size_t piece_bytes) {
  FOOTFALL_TRY(TextBuffer text,
               TextBuffer::open(std::move(bytes), name, TextEncoding::kDetect, piece_bytes));
  const std::string_view sample = base::trim(text.sample());
  if (sample.empty()) return empty_file(name);
  if (sample[0] != '{' && sample[0] != '[') {
    return base::invalid(fmt::format("{}: expected JSON objects, one a line or in an array: {}",
                                     name, base::printable(sample, kShownBytes)));
  }
  const bool lines = sample[0] == '{' && objects_are_lines(sample);
  const std::string_view form = lines ? "lines" : sample[0] == '[' ? "array" : "objects";
  std::string format = fmt::format("json {} {}", form, text.encoding_name());
  // `sample` is a view into `text`, which moves here.
  std::unique_ptr<JsonReader> reader(new JsonReader(std::move(text), std::move(name)));
  reader->lines_ = lines;
  reader->format_ = std::move(format);
  return reader;
}

base::Result<bool> JsonReader::next(RawChunk& chunk) {
  chunk.row_numbers.clear();
  chunk.rejected.clear();
  for (Column& column : columns_) {
    column.texts.clear();
    column.integers.clear();
    column.absent.clear();
  }
  while (chunk.size() == 0 && chunk.rejected.empty()) {
    if (piece_.last) return false;
    FOOTFALL_RETURN_IF_ERROR(text_.next(piece_, piece_.size - at_, '\n'));
    at_ = 0;
    memory_ = std::make_shared<Memory>();
    memory_->piece = piece_.memory;
    if (lines_) {
      read_lines(chunk);
    } else {
      FOOTFALL_RETURN_IF_ERROR(read_elements(chunk));
    }
  }
  give(chunk);
  return true;
}

void JsonReader::read_lines(RawChunk& chunk) {
  while (at_ < piece_.size) {
    const std::string_view rest(piece_.data + at_, piece_.size - at_);
    const std::size_t end = rest.find('\n');
    const std::string_view line = base::trim(rest.substr(0, end));
    const bool too_long = std::min(end, rest.size()) > kRowBytesMax;
    if (end == std::string_view::npos && !too_long && !skipping_) return;
    if (too_long && !skipping_) {
      reject(chunk, "row_too_long",
             fmt::format("expected a line of at most {} bytes", kRowBytesMax), line);
    } else if (!line.empty() && !skipping_) {
      take(chunk, line);
    }
    skipping_ = end == std::string_view::npos;
    if (skipping_) {
      at_ = piece_.size;
      return;
    }
    at_ += end + 1;
    ++line_;
  }
}

void JsonReader::skip_between() {
  for (; at_ < piece_.size; ++at_) {
    const char c = piece_.data[at_];
    if (c == '[' && !in_array_) {
      in_array_ = true;
    } else if (c == ']' && in_array_) {
      in_array_ = false;
    } else if (kBetween.find(c) == std::string_view::npos) {
      return;
    }
    if (c == '\n') ++line_;
  }
}

// The end of the element at at_, or the piece's size when it is not in the piece.
std::size_t JsonReader::element_end() const {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t at = at_; at < piece_.size; ++at) {
    const char c = piece_.data[at];
    if (in_text) {
      if (c == '\\') ++at;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      // A bracket that closes the array ends a bare scalar; a stray one is an element by itself.
      if (depth == 0) return at == at_ ? at + 1 : at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && kBetween.find(c) != std::string_view::npos) {
      return at;
    }
  }
  return piece_.size;
}

base::Status JsonReader::read_elements(RawChunk& chunk) {
  while (true) {
    skip_between();
    if (at_ == piece_.size) break;
    const std::size_t end = element_end();
    if (end == piece_.size || end - at_ > kRowBytesMax) return end_elements(chunk);
    const std::string_view text(piece_.data + at_, end - at_);
    take(chunk, text);
    line_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    at_ = end;
  }
  if (piece_.last && in_array_) {
    reject(chunk, "bad_json", "expected the closing ] of the array before the end of the file", "");
  }
  return base::Ok{};
}

// The element at at_ does not end in this piece, or is too long.
base::Status JsonReader::end_elements(RawChunk& chunk) {
  const std::string_view rest(piece_.data + at_, piece_.size - at_);
  if (rest.size() > kRowBytesMax) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        fmt::format("{}: line {}: expected an object of at most {} bytes: {}", name_, line_,
                    kRowBytesMax, base::printable(rest.substr(0, kShownBytes), kShownBytes)),
        {name_, static_cast<std::int64_t>(line_), "", ""},
        ""};
  }
  if (piece_.last) {
    reject(chunk, "bad_json", "expected the end of what begins here before the end of the file",
           base::trim(rest));
    at_ = piece_.size;
  }
  return base::Ok{};
}

void JsonReader::take(RawChunk& chunk, std::string_view text) {
  if (const auto failure = row_.read(text, names_, memory_->texts)) {
    reject(chunk, failure->reason, failure->expected, text);
    return;
  }
  const std::size_t row = chunk.size();
  columns_.resize(std::max(columns_.size(), names_.size()));
  for (const JsonCell& cell : row_.cells()) {
    Column& column = columns_[cell.column];
    column.texts.resize(row);
    column.integers.resize(row);
    column.absent.resize(row, 1);
    column.texts.push_back(cell.text);
    column.integers.push_back(cell.integer);
    column.absent.push_back(0);
    (cell.is_integer ? column.has_integer : column.has_text) = true;
  }
  chunk.row_numbers.push_back(line_);
}

void JsonReader::give(RawChunk& chunk) {
  const std::size_t rows = chunk.size();
  chunk.memory = memory_;
  chunk.columns.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& from = columns_[i];
    RawColumn& to = chunk.columns[i];
    to.name = names_.name(i);
    to.kind = from.has_integer && !from.has_text ? CellKind::kInteger : CellKind::kText;
    to.texts.clear();
    to.integers.clear();
    to.reals.clear();
    to.absent.clear();
    if (to.kind == CellKind::kText) {
      from.texts.resize(rows);
      to.texts.swap(from.texts);
    } else {
      from.integers.resize(rows);
      from.absent.resize(rows, 1);
      to.integers.swap(from.integers);
      to.absent.swap(from.absent);
    }
  }
}

void JsonReader::reject(RawChunk& chunk, std::string reason, std::string_view expected,
                        std::string_view text) {
  chunk.rejected.push_back(
      {line_, std::move(reason), "",
       fmt::format("{}: {}", expected,
                   base::printable(text.substr(0, 2 * kShownBytes), kShownBytes))});
}

}  // namespace footfall::events
