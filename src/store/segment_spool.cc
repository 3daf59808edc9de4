#include "footfall/store/segment_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "footfall/store/durable_file.h"

namespace footfall::store {
namespace {

constexpr std::size_t kSpoolBytes = 256 * 1024;

}  // namespace

SpoolColumn::SpoolColumn(std::string path, std::uint8_t width, std::uint64_t otherwise)
    : path_(std::move(path)), width_(width), otherwise_(otherwise) {}

SpoolColumn::SpoolColumn(SpoolColumn&& other) noexcept
    : path_(std::move(other.path_)),
      width_(other.width_),
      otherwise_(other.otherwise_),
      run_value_(other.run_value_),
      run_(other.run_),
      rows_(other.rows_),
      buffer_(std::move(other.buffer_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      spilled_(other.spilled_) {}

SpoolColumn::~SpoolColumn() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Status SpoolColumn::append(std::span<const std::uint64_t> values) {
  if (values.empty()) return base::Ok{};
  if (rows_ == 0) run_value_ = values[0];
  std::size_t at = 0;
  if (run_ == rows_) {
    while (at < values.size() && values[at] == run_value_) ++at;
    run_ += at;
  }
  rows_ += values.size();
  for (; at < values.size(); ++at) {
    const auto* const bytes = reinterpret_cast<const char*>(&values[at]);
    buffer_.append(bytes, width_);
  }
  return buffer_.size() >= kSpoolBytes ? spill() : base::Status(base::Ok{});
}

base::Status SpoolColumn::pad_to(std::uint64_t rows) {
  const std::vector<std::uint64_t> chunk(kFeedChunk, otherwise_);
  while (rows_ < rows) {
    FOOTFALL_RETURN_IF_ERROR(
        append(std::span(chunk).first(std::min<std::uint64_t>(kFeedChunk, rows - rows_))));
  }
  return base::Ok{};
}

base::Status SpoolColumn::feed(std::uint64_t begin, std::uint64_t end,
                               const ValueSink& sink) const {
  if (begin < run_) {
    FOOTFALL_RETURN_IF_ERROR(
        feed_values(begin, std::min(end, run_), sink, [&](std::uint64_t) { return run_value_; }));
  }
  // Bytes after the run: first those in the file, then those in memory.
  std::uint64_t from = (std::max(begin, run_) - run_) * width_;
  const std::uint64_t to = (std::max(end, run_) - run_) * width_;
  std::string bytes;
  while (from < std::min(to, spilled_)) {
    bytes.resize(std::min<std::uint64_t>(kFeedChunk * width_, std::min(to, spilled_) - from));
    FOOTFALL_RETURN_IF_ERROR(read_spilled(from, bytes));
    FOOTFALL_RETURN_IF_ERROR(feed_bytes(bytes, sink));
    from += bytes.size();
  }
  if (from >= to) return base::Ok{};
  return feed_bytes(std::string_view(buffer_).substr(from - spilled_, to - from), sink);
}

base::Status SpoolColumn::read_spilled(std::uint64_t from, std::string& bytes) const {
  for (std::size_t got = 0; got < bytes.size();) {
    const ssize_t count = ::pread(descriptor_, bytes.data() + got, bytes.size() - got,
                                  static_cast<off_t>(from + got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return file_error("read back", path_, count < 0 ? errno : EIO);
    got += static_cast<std::size_t>(count);
  }
  return base::Ok{};
}

base::Status SpoolColumn::feed_bytes(std::string_view bytes, const ValueSink& sink) const {
  return feed_values(0, bytes.size() / width_, sink, [&](std::uint64_t i) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + i * width_, width_);
    return value;
  });
}

base::Status SpoolColumn::spill() {
  if (descriptor_ < 0) {
    const std::string name = path_ + ".spool.tmp";
    descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor_ < 0) return file_error("create", name, errno);
    ::unlink(name.c_str());
  }
  for (std::size_t done = 0; done < buffer_.size();) {
    const ssize_t count = ::pwrite(descriptor_, buffer_.data() + done, buffer_.size() - done,
                                   static_cast<off_t>(spilled_ + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("write", path_, errno);
    done += static_cast<std::size_t>(count);
  }
  spilled_ += buffer_.size();
  buffer_.clear();
  return base::Ok{};
}

}  // namespace footfall::store
