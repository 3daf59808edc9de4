#include "footfall/engine/generated_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/engine/output_place.h"

namespace footfall::engine {
namespace {

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr std::size_t kRowBytesMax = 256;

base::Error file_error(const std::string& path, int number) {
  return {base::error_code_of(number),
          fmt::format("cannot write the file ({}): {}", base::system_reason(number), path),
          {path, 0, "", ""},
          ""};
}

/// A file that is only there once it is complete.
class PartFile {
 public:
  explicit PartFile(const std::string& path)
      : path_(path), part_(path + ".part"), file_(std::fopen(part_.c_str(), "wb")) {}
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::remove(part_.c_str());
  }

  base::Status write(std::string_view bytes) {
    if (file_ == nullptr) return file_error(path_, errno);
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return base::Ok{};
    return file_error(path_, errno);
  }

  base::Status complete() {
    FOOTFALL_CHECK(file_ != nullptr);
    std::FILE* const file = std::exchange(file_, nullptr);
    if (std::fclose(file) != 0 || std::rename(part_.c_str(), path_.c_str()) != 0) {
      const int number = errno;
      std::remove(part_.c_str());
      return file_error(path_, number);
    }
    return base::Ok{};
  }

 private:
  std::string path_;
  std::string part_;
  std::FILE* file_;
};

// What stands around the values of a row; a view or cart has the first four alone.
struct RowForm {
  std::string_view header;
  std::string_view before_event;
  std::string_view before_user;
  std::string_view before_item;
  std::string_view before_time;
  std::string_view before_price;
  std::string_view before_quantity;
  std::string_view before_order;
  std::string_view purchase_end;
  std::string_view other_end;
};
constexpr RowForm kCsv = {"event,user,item,timestamp,price,quantity,transaction_id\n",
                          "",
                          ",",
                          ",",
                          ",",
                          ",",
                          ",",
                          ",",
                          "\n",
                          ",,,\n"};
constexpr RowForm kJsonLines = {"",
                                R"({"event":")",
                                R"(","user":")",
                                R"(","item":")",
                                R"(","timestamp":)",
                                R"(,"price":)",
                                R"(,"quantity":)",
                                R"(,"transaction_id":")",
                                "\"}\n",
                                "}\n"};

class RowWriter {
 public:
  RowWriter(const events::Generator& generator, const RowForm& form)
      : form_(form), start_second_(generator.options().start / base::kSecondMs) {
    prices_.reserve(generator.options().items);
    for (std::uint32_t item = 1; item <= generator.options().items; ++item) {
      prices_.push_back(base::format_price(generator.price(item)));
    }
    chunk_.reserve(kChunkBytes + kRowBytesMax);
    chunk_ += form.header;
  }

  void add(const events::GeneratedEvent& event) {
    text(form_.before_event);
    text(events::built_in_name(event.type));
    text(form_.before_user);
    number(event.user);
    text(form_.before_item);
    number(event.item);
    text(form_.before_time);
    number(start_second_ + event.second);
    if (event.type != events::kPurchase) return text(form_.other_end);
    text(form_.before_price);
    text(prices_[event.item - 1]);
    text(form_.before_quantity);
    number(event.quantity);
    text(form_.before_order);
    number(static_cast<std::int64_t>(++purchases_));
    text(form_.purchase_end);
  }

  bool full() const { return chunk_.size() >= kChunkBytes; }
  std::string& chunk() { return chunk_; }
  std::uint64_t purchases() const { return purchases_; }

 private:
  void text(std::string_view bytes) { chunk_ += bytes; }
  void number(std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    chunk_.append(digits, end);
  }

  const RowForm& form_;
  std::int64_t start_second_;
  std::vector<std::string> prices_;
  std::string chunk_;
  std::uint64_t purchases_ = 0;
};

// As `report` does, nothing that was there is lost; what was made up can be made up again.
base::Status expect_no_other_file(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) return base::Ok{};
  const bool file = std::filesystem::is_regular_file(status);
  if (file && std::filesystem::is_empty(path, failure)) return base::Ok{};
  return base::Error{
      base::ErrorCode::kAlreadyExists,
      "expected the name of a file that is not there yet: " + base::printable(path, 4096),
      {path, 0, "", "output"},
      file ? "remove the file, or choose another name" : "choose another name"};
}

}  // namespace

base::Result<GeneratedFile> write_generated_file(const events::Generator& generator,
                                                 const std::string& path, std::size_t threads,
                                                 base::Progress& progress) {
  const bool json_lines = path.ends_with(".jsonl");
  if (!json_lines && !path.ends_with(".csv")) {
    return base::invalid(fmt::format("expected a file whose name ends in .csv or .jsonl: {}", path),
                         "output");
  }
  FOOTFALL_RETURN_IF_ERROR(expect_outside_shops(path, "output"));
  FOOTFALL_RETURN_IF_ERROR(expect_no_other_file(path));
  PartFile file(path);
  FOOTFALL_RETURN_IF_ERROR(file.write(""));
  const auto total = static_cast<std::int64_t>(generator.options().events);
  progress.stage("make events up", total, "events");
  const std::vector<events::GeneratedEvent> events = generator.stream(threads);
  progress.stage("write", total, "events");
  RowWriter writer(generator, json_lines ? kJsonLines : kCsv);
  GeneratedFile written;
  const auto flush = [&]() -> base::Status {
    if (progress.stop_requested()) {
      return base::Error{base::ErrorCode::kInterrupted, "interrupted: " + path, {}, ""};
    }
    FOOTFALL_RETURN_IF_ERROR(file.write(writer.chunk()));
    written.bytes += writer.chunk().size();
    writer.chunk().clear();
    return base::Ok{};
  };
  std::int64_t reported = 0;
  for (const events::GeneratedEvent& event : events) {
    writer.add(event);
    ++written.events;
    if (!writer.full()) continue;
    FOOTFALL_RETURN_IF_ERROR(flush());
    progress.advance(static_cast<std::int64_t>(written.events) - reported);
    reported = static_cast<std::int64_t>(written.events);
  }
  FOOTFALL_RETURN_IF_ERROR(flush());
  FOOTFALL_RETURN_IF_ERROR(file.complete());
  progress.advance(total - reported);
  written.purchases = writer.purchases();
  return written;
}

}  // namespace footfall::engine
