// Any bytes as a file: gzip and zstd data are unpacked or refused, whatever sizes they arrive in,
// and a file that was packed has the rows of the plain one.
//
// Parquet is left to DuckDB, which fuzzes itself.
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "footfall/base/check.h"
#include "footfall/connectors/byte_files.h"
#include "footfall/connectors/file_source.h"
#include "footfall/events/string_source.h"

namespace {

using namespace footfall;
using Unpack = std::unique_ptr<events::ByteSource> (*)(std::unique_ptr<events::ByteSource>,
                                                       std::string);

// A few bytes may unpack to a great many; what comes after these is not looked at.
constexpr std::size_t kUnpackedMax = 1u << 20;

struct Unpacked {
  std::string text;
  bool refused = false;
  bool whole = false;
};

Unpacked unpack(Unpack packing, const std::string& packed, std::size_t step, std::size_t piece) {
  const auto source = packing(std::make_unique<events::StringSource>(packed, step), "fuzz");
  Unpacked outcome;
  std::string buffer(piece, '\0');
  while (outcome.text.size() < kUnpackedMax) {
    const auto count = source->read(buffer.data(), buffer.size());
    if (!count.ok()) {
      FOOTFALL_CHECK(!count.error().message.empty());
      outcome.refused = true;
      return outcome;
    }
    FOOTFALL_CHECK(*count <= piece);
    if (*count == 0) {
      outcome.whole = true;
      FOOTFALL_CHECK(*source->read(buffer.data(), buffer.size()) == 0);
      return outcome;
    }
    outcome.text.append(buffer, 0, *count);
  }
  return outcome;
}

void check_sizes_change_nothing(Unpack packing, const std::string& packed) {
  const Unpacked a = unpack(packing, packed, 0, 64 * 1024);
  const Unpacked b = unpack(packing, packed, 1, 613);
  // Damage may be met before the bytes in front of it were handed out.
  FOOTFALL_CHECK(a.text.starts_with(b.text) || b.text.starts_with(a.text));
  if (a.whole || b.whole) FOOTFALL_CHECK(a.whole == b.whole && a.text == b.text);
}

std::string gzip(const std::string& text) {
  constexpr int kGzipFormat = 16;
  z_stream stream = {};
  FOOTFALL_CHECK(
      deflateInit2(&stream, 1, Z_DEFLATED, kGzipFormat + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  FOOTFALL_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

bool is_packed(std::string_view bytes) {
  const bool skippable_frame = bytes.size() >= 4 && bytes.substr(1, 3) == "\x2A\x4D\x18";
  return bytes.starts_with("\x1F\x8B") || bytes.starts_with("\x28\xB5\x2F\xFD") || skippable_frame;
}

const std::string& work_file() {
  static const std::string path = [] {
    char name[] = "/tmp/footfall_packed_fuzz_XXXXXX";
    const int descriptor = ::mkstemp(name);
    FOOTFALL_CHECK(descriptor >= 0);
    ::close(descriptor);
    return std::string(name);
  }();
  static const int at_end = std::atexit([] { std::filesystem::remove(work_file()); });
  FOOTFALL_CHECK(at_end == 0);
  return path;
}

// Format, rows and rejected rows of the bytes as a file, or why it is refused.
std::string rows_of(const std::string& bytes, std::string_view packing) {
  std::ofstream(work_file(), std::ios::binary | std::ios::trunc) << bytes;
  auto source = connectors::open_file(work_file());
  if (!source.ok()) return source.error().message;
  std::string format = (*source)->format();
  if (format.ends_with(packing)) format.resize(format.size() - packing.size());
  std::string rows = format + '\n';
  events::RawChunk chunk;
  while (rows.size() < kUnpackedMax) {
    const auto more = (*source)->next(chunk);
    if (!more.ok()) return rows + more.error().message;
    if (!*more) break;
    for (const events::RawColumn& column : chunk.columns) {
      rows += column.name;
      for (const std::string_view text : column.texts) (rows += '\x1F') += text;
      for (const std::int64_t number : column.integers) rows += '\x1F' + std::to_string(number);
      rows += '\n';
    }
    for (const events::RejectedRow& row : chunk.rejected) rows += row.reason + row.message + '\n';
  }
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("PAR1")) return 0;
  check_sizes_change_nothing(connectors::gzip_bytes, bytes);
  check_sizes_change_nothing(connectors::zstd_bytes, bytes);
  const std::string plain = rows_of(bytes, "");
  if (is_packed(bytes)) return 0;
  FOOTFALL_CHECK(rows_of(gzip(bytes), " gzip") == plain);
  FOOTFALL_CHECK(rows_of(zstd(bytes), " zstd") == plain);
  return 0;
}
