#include "footfall/connectors/file_source.h"

#include <fmt/format.h>

#include <array>

#include "footfall/base/words.h"
#include "footfall/connectors/byte_files.h"
#include "footfall/connectors/parquet_source.h"
#include "footfall/events/json_reader.h"

namespace footfall::connectors {
namespace {

constexpr std::size_t kPeekBytes = 4096;

struct Magic {
  std::string_view bytes;
  std::string_view what;
};
// Formats that are no text, told by their first bytes.
constexpr std::array<Magic, 11> kRefused = {{
    {"PK\x03\x04", "a zip archive or workbook (.zip, .xlsx)"},
    {"\xD0\xCF\x11\xE0", "an old workbook (.xls)"},
    {"%PDF", "a PDF document"},
    {"SQLite format 3", "an SQLite database"},
    {"BZh", "bzip2 data"},
    {std::string_view("\xFD"
                      "7zXZ\0",
                      6),
     "xz data"},
    {"7z\xBC\xAF", "a 7z archive"},
    {"ORC", "an ORC file"},
    {std::string_view("Obj\x01", 4), "an Avro file"},
    {"ARROW1", "an Arrow file"},
    {"\x7F"
     "ELF",
     "a program"},
}};

/// Rows of an unpacked file with the progress and format of the packed one.
class FileRows final : public events::RowSource {
 public:
  FileRows(std::unique_ptr<events::RowSource> rows, FileBytes* file, std::string_view packing)
      : rows_(std::move(rows)), file_(file), format_(rows_->format()) {
    format_ += packing;
  }
  const std::string& name() const override { return rows_->name(); }
  const std::string& format() const override { return format_; }
  base::Result<bool> next(events::RawChunk& chunk) override { return rows_->next(chunk); }
  std::int64_t bytes_read() const override { return file_->position(); }
  std::int64_t bytes_total() const override { return file_->total(); }
  void give_up() override { file_->give_up(); }

 private:
  std::unique_ptr<events::RowSource> rows_;
  FileBytes* file_;  // Owned by the sources that rows_ owns.
  std::string format_;
};

bool begins_like_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = base::trim(text);
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return false;
  const std::string_view after = base::trim(text.substr(1));
  if (after.empty()) return true;
  return text[0] == '{' ? after[0] == '"' || after[0] == '}' : after[0] == '{' || after[0] == ']';
}

bool is_zstd(std::string_view head) {
  // A frame, or a skippable frame before it.
  return head.starts_with("\x28\xB5\x2F\xFD") ||
         (head.size() >= 4 && (head[0] & 0xF0) == 0x50 && head.substr(1, 3) == "\x2A\x4D\x18");
}

base::Status check_head(std::string_view head, const std::string& name) {
  for (const Magic& magic : kRefused) {
    if (head.starts_with(magic.bytes)) {
      return base::Error{
          base::ErrorCode::kInvalidArgument,
          fmt::format("expected CSV, JSON lines or Parquet, found {}: {}", magic.what, name),
          {name, 0, "", ""},
          "Export the data as CSV, or unpack the archive."};
    }
  }
  return base::Ok{};
}

}  // namespace

base::Result<std::unique_ptr<events::RowSource>> open_file(const std::string& path,
                                                           const FileOptions& options) {
  const std::string name = path == "-" ? "standard input" : path;
  const base::Progress& progress =
      options.progress == nullptr ? base::silent_progress() : *options.progress;
  FOOTFALL_TRY(std::unique_ptr<FileBytes> opened, FileBytes::open(path, progress));
  FileBytes* file = opened.get();
  auto bytes = std::make_unique<PeekedBytes>(std::move(opened));
  FOOTFALL_TRY(std::string_view head, bytes->peek(kPeekBytes));
  if (head.starts_with("PAR1")) {
    if (file->total() == 0) {
      return base::invalid("expected Parquet from a file, not from a pipe: " + name);
    }
    return open_parquet(path, options.threads);
  }
  std::string_view packing;
  if (head.starts_with("\x1F\x8B")) {
    packing = " gzip";
    bytes = std::make_unique<PeekedBytes>(gzip_bytes(std::move(bytes), name));
  } else if (is_zstd(head)) {
    packing = " zstd";
    bytes = std::make_unique<PeekedBytes>(zstd_bytes(std::move(bytes), name));
  }
  if (!packing.empty()) {
    FOOTFALL_TRY(head, bytes->peek(kPeekBytes));
    if (head.starts_with("PAR1")) {
      return base::invalid(fmt::format("expected Parquet that is not packed again: {}", name));
    }
  }
  FOOTFALL_RETURN_IF_ERROR(check_head(head, name));
  std::unique_ptr<events::RowSource> rows;
  if (begins_like_json(head)) {
    FOOTFALL_TRY(rows, events::JsonReader::open(std::move(bytes), name));
  } else {
    FOOTFALL_TRY(rows, events::CsvReader::open(std::move(bytes), name, options.csv));
  }
  return std::unique_ptr<events::RowSource>(
      std::make_unique<FileRows>(std::move(rows), file, packing));
}

}  // namespace footfall::connectors
