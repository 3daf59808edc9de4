// Any bytes as JSON: no crash, columns of equal length, valid texts, and the sizes in which the
// bytes arrive change nothing.
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
using footfall::events::StringSource;

std::string read_all(const std::string& bytes, std::size_t step) {
  auto reader = JsonReader::open(std::make_unique<StringSource>(bytes, step), "fuzz");
  if (!reader.ok()) return reader.error().message;
  std::string text;
  RawChunk chunk;
  while (true) {
    const auto more = (*reader)->next(chunk);
    if (!more.ok()) return text + more.error().message;
    if (!*more) break;
    for (const auto& column : chunk.columns) {
      text += column.name + '\x1D';
      const bool is_text = column.kind == CellKind::kText;
      FOOTFALL_CHECK((is_text ? column.texts.size() : column.integers.size()) == chunk.size());
      for (std::size_t row = 0; row < chunk.size(); ++row) {
        if (column.is_absent(row)) continue;
        if (is_text) FOOTFALL_CHECK(footfall::base::valid_utf8(column.texts[row]));
        text += is_text ? std::string(column.texts[row]) : std::to_string(column.integers[row]);
        text += '\x1F';
      }
    }
    for (const auto& rejected : chunk.rejected) {
      FOOTFALL_CHECK(rejected.row > 0 && !rejected.reason.empty());
      text += rejected.reason + " " + std::to_string(rejected.row) + rejected.message;
    }
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read_all(bytes, 0);
  FOOTFALL_CHECK(read_all(bytes, 1) == whole);
  FOOTFALL_CHECK(read_all(bytes, 5) == whole);
  return 0;
}
