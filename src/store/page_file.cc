#include "footfall/store/page_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/store/byte_codec.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".page";
constexpr std::size_t kDigits = 10;
// A page begins with its first code or number, and these begin at 1.
constexpr std::uint32_t kIsReference = 0;

base::Error damaged_page(const std::string& path, std::string message) {
  return {base::ErrorCode::kDamaged, std::move(message), {path, 0, "", ""}, "restore a backup"};
}

}  // namespace

std::string page_file_name(std::string_view dictionary, std::uint32_t first) {
  return fmt::format("{}-{:010}{}", dictionary, first, kSuffix);
}

std::optional<PageFileName> parse_page_file_name(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || name.size() - dash - 1 != kDigits) return std::nullopt;
  const std::string_view digits = name.substr(dash + 1);
  std::uint32_t first = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), first, 10);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return PageFileName{std::string(name.substr(0, dash)), first};
}

PageReference refer_to(std::string_view page) {
  return {page.size(), checksum_at_end(page)};
}

std::string encode_page_reference(const PageReference& reference) {
  FOOTFALL_CHECK(reference.checksum.has_value());
  ByteWriter writer;
  writer.number(kIsReference);
  writer.number(reference.bytes);
  writer.number(*reference.checksum);
  return std::move(writer).with_checksum();
}

base::Result<std::optional<PageReference>> page_reference(std::string_view value) {
  if (ByteReader(value).number<std::uint32_t>() != kIsReference) {
    return std::optional<PageReference>();
  }
  FOOTFALL_TRY(const std::string_view body, check_bytes(value, "the reference to a page"));
  ByteReader reader(body);
  reader.number<std::uint32_t>();
  PageReference reference;
  reference.bytes = reader.number<std::uint64_t>();
  if (!reader.at_end()) reference.checksum = reader.number<std::uint32_t>();
  if (!reader.ok() || !reader.at_end()) {
    return base::Error{base::ErrorCode::kDamaged,
                       "the reference to a page cannot be read",
                       {},
                       "restore a backup"};
  }
  return std::optional(reference);
}

base::Result<MappedFile> open_page_file(const std::string& path, const PageReference& reference) {
  auto file = MappedFile::open(path);
  if (!file.ok()) {
    switch (file.error().code) {
      case base::ErrorCode::kNotFound:
        return damaged_page(path, fmt::format("a page of the dictionaries is missing: {}", path));
      case base::ErrorCode::kInvalidArgument:
        return damaged_page(path, file.error().message);
      default:
        return file;
    }
  }
  const PageReference found = refer_to(as_text(file->bytes()));
  if (found.bytes != reference.bytes) {
    return damaged_page(
        path, fmt::format("expected {} bytes in {}, found {}", reference.bytes, path, found.bytes));
  }
  if (reference.checksum && found.checksum != reference.checksum) {
    return damaged_page(
        path, fmt::format("expected the page with checksum {:08x} in {}, found {:08x}: it is "
                          "damaged, or another shop's or another day's",
                          *reference.checksum, path, *found.checksum));
  }
  return file;
}

PageWriter::~PageWriter() {
  if (thread_.joinable()) thread_.join();
}

std::string PageWriter::add(const std::string& name, std::string_view bytes) {
  pages_.push_back({folder_ + "/" + name, bytes});
  return pages_.back().path;
}

void PageWriter::start() {
  if (pages_.empty()) return;
  const auto work = [this] {
    try {
      written_ = write();
    } catch (const std::bad_alloc&) {
      written_ = base::Error{base::ErrorCode::kMemory, "expected more memory: none is left"};
    }
  };
  try {
    thread_ = std::thread(work);
  } catch (const std::system_error&) {
    work();  // The machine gives no thread more: the work is done here.
  }
}

base::Status PageWriter::finish() {
  if (thread_.joinable()) thread_.join();
  return written_;
}

base::Status PageWriter::write() const {
  // Shops of format 1 have no such folder. Whoever made it may have been killed before its name was
  // durable.
  std::error_code failure;
  fs::create_directory(folder_, failure);
  if (failure) return file_error("make the folder", folder_, failure.value());
  FOOTFALL_RETURN_IF_ERROR(sync_folder(fs::path(folder_).parent_path().string()));
  for (const Page& page : pages_) {
    if (fs::exists(page.path, failure)) return file_error("create", page.path, EEXIST);
    FOOTFALL_TRY(DurableFile file, DurableFile::create(page.path));
    FOOTFALL_RETURN_IF_ERROR(file.append(std::as_bytes(std::span(page.bytes))));
    FOOTFALL_RETURN_IF_ERROR(file.commit());
  }
  return base::Ok{};
}

}  // namespace footfall::store
