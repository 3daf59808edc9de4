#include "footfall/connectors/file_source.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_set>

#include "footfall/base/words.h"
#include "footfall/connectors/byte_files.h"
#include "footfall/connectors/parquet_source.h"
#include "footfall/events/json_reader.h"

namespace footfall::connectors {
namespace {

namespace fs = std::filesystem;

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
  FileRows(std::unique_ptr<events::RowSource> rows, const FileBytes* file, std::string_view packing)
      : rows_(std::move(rows)), file_(file), format_(rows_->format()) {
    format_ += packing;
  }
  const std::string& name() const override { return rows_->name(); }
  const std::string& format() const override { return format_; }
  base::Result<bool> next(events::RawChunk& chunk) override { return rows_->next(chunk); }
  std::int64_t bytes_read() const override { return file_->position(); }
  std::int64_t bytes_total() const override { return file_->total(); }

 private:
  std::unique_ptr<events::RowSource> rows_;
  const FileBytes* file_;  // Owned by the sources that rows_ owns.
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

// Every file below a folder, hidden ones left out.
base::Status list_folder(const fs::path& folder, std::vector<std::string>& files) {
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.')) {
      if (at->is_directory(failure)) at.disable_recursion_pending();
      continue;
    }
    if (at->is_regular_file(failure) && name != "_SUCCESS") files.push_back(at->path().string());
  }
  if (failure) {
    const bool denied = failure == std::errc::permission_denied;
    return base::Error{
        denied ? base::ErrorCode::kPermission : base::ErrorCode::kIo,
        fmt::format("cannot read the folder ({}): {}", failure.message(), folder.string())};
  }
  if (files.empty()) {
    return base::Error{
        base::ErrorCode::kNotFound,
        fmt::format("expected files in the folder, found none: {}", folder.string())};
  }
  return base::Ok{};
}

std::vector<std::string> match_pattern(const std::string& pattern) {
  std::vector<std::string> files;
  glob_t found = {};
  if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      std::error_code failure;
      if (!fs::is_directory(found.gl_pathv[i], failure)) files.emplace_back(found.gl_pathv[i]);
    }
  }
  ::globfree(&found);
  return files;
}

base::Error nothing_found(const std::string& argument) {
  const fs::path path(argument);
  std::vector<std::string> siblings;
  std::error_code failure;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    siblings.push_back(at->path().filename().string());
  }
  return {base::ErrorCode::kNotFound,
          fmt::format("expected a file, folder or pattern that matches a file: {}", argument),
          {argument, 0, "", ""},
          base::nearest_words_hint(path.filename().string(), siblings)};
}

}  // namespace

base::Result<std::unique_ptr<events::RowSource>> open_file(const std::string& path,
                                                           const FileOptions& options) {
  const std::string name = path == "-" ? "standard input" : path;
  FOOTFALL_TRY(std::unique_ptr<FileBytes> opened, FileBytes::open(path));
  const FileBytes* file = opened.get();
  auto bytes = std::make_unique<PeekedBytes>(std::move(opened));
  FOOTFALL_TRY(std::string_view head, bytes->peek(kPeekBytes));
  if (head.starts_with("PAR1")) {
    if (path == "-") {
      return base::invalid("expected Parquet from a file, not from a pipe: standard input");
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

base::Result<std::vector<std::string>> expand_paths(std::span<const std::string> arguments) {
  std::vector<std::string> files;
  std::unordered_set<std::string> seen;
  for (const std::string& argument : arguments) {
    std::vector<std::string> matched;
    std::error_code failure;
    if (argument == "-" ||
        (fs::exists(argument, failure) && !fs::is_directory(argument, failure))) {
      matched.push_back(argument);
    } else if (fs::is_directory(argument, failure)) {
      FOOTFALL_RETURN_IF_ERROR(list_folder(argument, matched));
    } else {
      matched = match_pattern(argument);
    }
    if (matched.empty()) return nothing_found(argument);
    std::sort(matched.begin(), matched.end());
    for (std::string& file : matched) {
      const fs::path whole = file == "-" ? fs::path(file) : fs::weakly_canonical(file, failure);
      if (seen.insert(whole.string()).second) files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace footfall::connectors
