// Any bytes as CSV: no crash, every row is in a chunk or rejected, each once and in order, and the
// sizes in which the bytes arrive and are read change nothing.
#include <cstddef>
#include <cstdint>
#include <string>

#include "footfall/base/check.h"
#include "footfall/base/words.h"
#include "footfall/events/csv_reader.h"
#include "footfall/events/string_source.h"

namespace {

using footfall::events::CsvReader;
using footfall::events::RawChunk;
using footfall::events::StringSource;

struct Outcome {
  std::string text;  // All rows, then all rejected ones.
  std::size_t rows = 0;
};

Outcome read_all(const std::string& bytes, std::size_t step, std::size_t piece_bytes) {
  Outcome outcome;
  footfall::events::CsvOptions options;
  options.piece_bytes = piece_bytes;
  auto reader = CsvReader::open(std::make_unique<StringSource>(bytes, step), "fuzz", options);
  if (!reader.ok()) {
    outcome.text = reader.error().message;
    return outcome;
  }
  RawChunk chunk;
  std::uint64_t last_line = 0;
  std::string refused;
  while (true) {
    const auto more = (*reader)->next(chunk);
    FOOTFALL_CHECK(more.ok());
    if (!*more) break;
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      FOOTFALL_CHECK(chunk.row_numbers[row] > last_line);
      last_line = chunk.row_numbers[row];
      for (const auto& column : chunk.columns) {
        FOOTFALL_CHECK(column.texts.size() == chunk.size());
        FOOTFALL_CHECK(footfall::base::valid_utf8(column.texts[row]));
        outcome.text += column.texts[row];
        outcome.text += '\x1F';
      }
      outcome.text += '\x1E';
    }
    for (const auto& rejected : chunk.rejected) {
      FOOTFALL_CHECK(rejected.row > 0 && !rejected.reason.empty());
      refused += rejected.reason + " " + std::to_string(rejected.row) + rejected.message;
    }
    outcome.rows += chunk.size() + chunk.rejected.size();
  }
  outcome.text += refused;
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Outcome whole = read_all(bytes, 0, size + 10);
  FOOTFALL_CHECK(read_all(bytes, 1, 7).text == whole.text);
  FOOTFALL_CHECK(read_all(bytes, 5, 64).text == whole.text);
  // Rows begin on lines of their own.
  std::size_t lines = 1;
  for (const char c : bytes) lines += c == '\n' || c == '\r' ? 1 : 0;
  FOOTFALL_CHECK(whole.rows <= lines);
  return 0;
}
