// Any bytes as JSON: no crash, columns of equal length, valid texts, and the sizes in which the
// bytes arrive and are read change no cell.
#include <cstddef>
#include <cstdint>
#include <string>

#include "footfall/base/check.h"
#include "footfall/base/words.h"
#include "footfall/events/json_reader.h"
#include "footfall/events/string_source.h"

namespace {

using footfall::events::CellKind;
using footfall::events::JsonReader;
using footfall::events::RawChunk;
using footfall::events::RawColumn;
using footfall::events::StringSource;

std::string cell_text(const RawColumn& column, std::size_t row) {
  if (column.kind == CellKind::kInteger) return std::to_string(column.integers[row]);
  FOOTFALL_CHECK(footfall::base::valid_utf8(column.texts[row]));
  return std::string(column.texts[row]);
}

std::string read_all(const std::string& bytes, std::size_t step, std::size_t piece_bytes) {
  auto reader = JsonReader::open(std::make_unique<StringSource>(bytes, step), "fuzz", piece_bytes);
  if (!reader.ok()) return reader.error().message;
  std::string rows;
  std::string rejected;
  RawChunk chunk;
  while (true) {
    const auto more = (*reader)->next(chunk);
    if (!more.ok()) return rows + rejected + more.error().message;
    if (!*more) break;
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      rows += std::to_string(chunk.row_numbers[row]);
      for (const RawColumn& column : chunk.columns) {
        const bool is_text = column.kind == CellKind::kText;
        FOOTFALL_CHECK((is_text ? column.texts.size() : column.integers.size()) == chunk.size());
        if (!column.is_absent(row)) rows += '\x1F' + column.name + '=' + cell_text(column, row);
      }
      rows += '\x1E';
    }
    for (const auto& row : chunk.rejected) {
      FOOTFALL_CHECK(row.row > 0 && !row.reason.empty());
      rejected += row.reason + " " + std::to_string(row.row) + row.message;
    }
  }
  return rows + rejected;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read_all(bytes, 0, size + 10);
  FOOTFALL_CHECK(read_all(bytes, 1, 7) == whole);
  FOOTFALL_CHECK(read_all(bytes, 5, 64) == whole);
  return 0;
}
