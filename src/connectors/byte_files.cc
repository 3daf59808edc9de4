#include "footfall/connectors/byte_files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "footfall/base/stoppable_read.h"
#include "footfall/base/words.h"

namespace footfall::connectors {
namespace {

constexpr std::size_t kPackedBytes = 256 * 1024;

base::Error file_error(const std::string& name, int code, std::string_view deed) {
  return {base::error_code_of(code),
          fmt::format("cannot {} ({}): {}", deed, base::system_reason(code), name),
          {name, 0, "", ""},
          ""};
}

/// The packed bytes of a stream, buffer by buffer, and where in the file they stand.
class PackedInput {
 public:
  PackedInput(std::unique_ptr<events::ByteSource> bytes, std::string name)
      : bytes_(std::move(bytes)), name_(std::move(name)), buffer_(kPackedBytes) {}

  /// Reads more when all was used; afterwards empty() only at the end.
  base::Status refill() {
    if (used_ < filled_) return base::Ok{};
    before_ += static_cast<std::int64_t>(filled_);
    used_ = 0;
    FOOTFALL_TRY(filled_, bytes_->read(buffer_.data(), buffer_.size()));
    return base::Ok{};
  }
  bool empty() const { return used_ == filled_; }
  const char* data() const { return buffer_.data() + used_; }
  std::size_t size() const { return filled_ - used_; }
  void use(std::size_t count) { used_ += count; }

  base::Error error(std::string_view what) const {
    return {
        base::ErrorCode::kInvalidArgument,
        fmt::format("{}: {} at byte {}", name_, what, before_ + static_cast<std::int64_t>(used_)),
        {name_, 0, "", ""},
        "The file is damaged or was not copied whole."};
  }

 private:
  std::unique_ptr<events::ByteSource> bytes_;
  std::string name_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  std::size_t filled_ = 0;
  std::int64_t before_ = 0;
};

class GzipBytes final : public events::ByteSource {
 public:
  GzipBytes(std::unique_ptr<events::ByteSource> packed, std::string name)
      : input_(std::move(packed), std::move(name)) {
    constexpr int kGzipFormat = 16;
    ready_ = inflateInit2(&stream_, kGzipFormat + MAX_WBITS) == Z_OK;
  }
  ~GzipBytes() override { inflateEnd(&stream_); }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    if (!ready_) {
      return base::Error{base::ErrorCode::kMemory, "no memory left to unpack gzip data"};
    }
    size = std::min<std::size_t>(size, 1u << 30);
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      FOOTFALL_RETURN_IF_ERROR(input_.refill());
      if (between_members_) {
        FOOTFALL_TRY(const bool more, next_member());
        if (!more) return std::size_t{0};
        continue;
      }
      if (input_.empty()) return input_.error("the gzip data ends too early,");
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
      stream_.avail_in = static_cast<uInt>(input_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      input_.use(input_.size() - stream_.avail_in);
      if (result == Z_STREAM_END) {
        between_members_ = true;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return input_.error(fmt::format("damaged gzip data ({})",
                                        stream_.msg == nullptr ? zError(result) : stream_.msg));
      }
    }
    return size - stream_.avail_out;
  }

 private:
  // Further members may follow; zero bytes between them or at the end are padding.
  base::Result<bool> next_member() {
    while (!input_.empty() && *input_.data() == '\0') input_.use(1);
    FOOTFALL_RETURN_IF_ERROR(input_.refill());
    if (input_.empty()) return false;
    if (*input_.data() == '\0') return true;
    if (*input_.data() != '\x1F') return input_.error("unexpected bytes after the gzip data");
    inflateReset(&stream_);
    between_members_ = false;
    return true;
  }

  PackedInput input_;
  z_stream stream_ = {};
  bool ready_ = false;
  bool between_members_ = false;
};

class ZstdBytes final : public events::ByteSource {
 public:
  ZstdBytes(std::unique_ptr<events::ByteSource> packed, std::string name)
      : input_(std::move(packed), std::move(name)), stream_(ZSTD_createDStream()) {}
  ~ZstdBytes() override { ZSTD_freeDStream(stream_); }
  ZstdBytes(const ZstdBytes&) = delete;
  ZstdBytes& operator=(const ZstdBytes&) = delete;

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    if (stream_ == nullptr) {
      return base::Error{base::ErrorCode::kMemory, "no memory left to unpack zstd data"};
    }
    ZSTD_outBuffer output = {into, size, 0};
    while (output.pos == 0) {
      FOOTFALL_RETURN_IF_ERROR(input_.refill());
      if (input_.empty() && frame_done_) return std::size_t{0};
      ZSTD_inBuffer input = {input_.data(), input_.size(), 0};
      const std::size_t result = ZSTD_decompressStream(stream_, &output, &input);
      const bool stuck = input_.empty() && output.pos == 0;
      input_.use(input.pos);
      if (ZSTD_isError(result)) {
        return input_.error(fmt::format("damaged zstd data ({})", ZSTD_getErrorName(result)));
      }
      frame_done_ = result == 0;
      if (stuck && !frame_done_) return input_.error("the zstd data ends too early,");
    }
    return output.pos;
  }

 private:
  PackedInput input_;
  ZSTD_DStream* stream_;
  bool frame_done_ = false;
};

std::int64_t change_time(const struct stat& facts) {
  return std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

}  // namespace

base::Result<std::unique_ptr<FileBytes>> FileBytes::open(const std::string& path,
                                                         const base::Progress& progress) {
  if (path == "-") {
    return std::unique_ptr<FileBytes>(new FileBytes(0, "standard input", progress));
  }
  const int descriptor = base::open_to_read(path.c_str());
  if (descriptor < 0) return file_error(path, errno, "open the file");
  std::unique_ptr<FileBytes> file(new FileBytes(descriptor, path, progress));
  struct stat facts = {};
  if (::fstat(descriptor, &facts) != 0) return file_error(path, errno, "read the file");
  if (S_ISDIR(facts.st_mode)) {
    return base::invalid(fmt::format("expected a file, found a folder: {}", path));
  }
  if (S_ISREG(facts.st_mode)) {
    file->total_ = facts.st_size;
    file->changed_ = change_time(facts);
  }
  return file;
}

FileBytes::~FileBytes() {
  if (descriptor_ != 0) ::close(descriptor_);
}

base::Result<std::size_t> FileBytes::read(char* into, std::size_t size) {
  const ssize_t count = base::stoppable_read(descriptor_, into, size, progress_, &given_up_);
  if (count < 0 && errno == ECANCELED) {
    return base::Error{base::ErrorCode::kInterrupted, "stopped before anything was written"};
  }
  if (count < 0) return file_error(name_, errno, fmt::format("read on at byte {}", position_));
  position_ += count;
  if (count == 0 && size > 0) FOOTFALL_RETURN_IF_ERROR(expect_unchanged());
  return static_cast<std::size_t>(count);
}

// A file that grows is read as far as it goes; one that was cut or written anew is two halves.
base::Status FileBytes::expect_unchanged() const {
  struct stat facts = {};
  if (total_ <= 0 || ::fstat(descriptor_, &facts) != 0 || facts.st_size > total_) return base::Ok{};
  if (facts.st_size == total_ && change_time(facts) == changed_) return base::Ok{};
  return base::Error{base::ErrorCode::kIo,
                     fmt::format("the file changed while it was read: {}", name_),
                     {name_, 0, "", ""},
                     "nothing of it was taken: take it in again once it is whole"};
}

base::Result<std::string_view> PeekedBytes::peek(std::size_t size) {
  ahead_.erase(0, used_);
  used_ = 0;
  while (ahead_.size() < size) {
    const std::size_t had = ahead_.size();
    ahead_.resize(size);
    auto count = bytes_->read(ahead_.data() + had, size - had);
    ahead_.resize(had + (count.ok() ? *count : 0));
    if (!count.ok()) return std::move(count).error();
    if (*count == 0) break;
  }
  return std::string_view(ahead_).substr(0, size);
}

base::Result<std::size_t> PeekedBytes::read(char* into, std::size_t size) {
  if (used_ == ahead_.size()) return bytes_->read(into, size);
  const std::size_t count = std::min(size, ahead_.size() - used_);
  std::memcpy(into, ahead_.data() + used_, count);
  used_ += count;
  return count;
}

std::unique_ptr<events::ByteSource> gzip_bytes(std::unique_ptr<events::ByteSource> packed,
                                               std::string name) {
  return std::make_unique<GzipBytes>(std::move(packed), std::move(name));
}

std::unique_ptr<events::ByteSource> zstd_bytes(std::unique_ptr<events::ByteSource> packed,
                                               std::string name) {
  return std::make_unique<ZstdBytes>(std::move(packed), std::move(name));
}

}  // namespace footfall::connectors
