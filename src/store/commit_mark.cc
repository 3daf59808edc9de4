#include "footfall/store/commit_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "footfall/store/byte_codec.h"
#include "footfall/store/durable_file.h"

namespace footfall::store {
namespace {

constexpr std::size_t kHalfBytes = 12;  // A number and its checksum.

std::string path_of(const std::string& folder) {
  return folder + "/COMMITTED";
}

// 0 for a half that is not there or not whole.
std::array<std::uint64_t, 2> halves_of(int descriptor) {
  std::array<std::uint64_t, 2> halves{};
  std::array<char, 2 * kHalfBytes> bytes{};
  const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  const std::string_view found(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  for (std::size_t half = 0; half < halves.size(); ++half) {
    if (found.size() < (half + 1) * kHalfBytes) break;
    const auto body = check_bytes(found.substr(half * kHalfBytes, kHalfBytes), "the mark");
    if (body.ok()) halves[half] = ByteReader(*body).number<std::uint64_t>();
  }
  return halves;
}

// Nothing without a mark; 0 for one of which no half is whole, or that cannot be opened.
std::optional<std::uint64_t> number_in(const std::string& folder) {
  const int descriptor = ::open(path_of(folder).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno == ENOENT ? std::nullopt : std::optional<std::uint64_t>(0);
  const auto halves = halves_of(descriptor);
  ::close(descriptor);
  return std::max(halves[0], halves[1]);
}

}  // namespace

CommitMark::~CommitMark() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t CommitMark::read(const std::string& folder) {
  return number_in(folder).value_or(0);
}

bool CommitMark::is_unreadable(const std::string& folder) {
  return number_in(folder) == std::uint64_t{0};
}

base::Status CommitMark::open() {
  const std::string path = path_of(folder_);
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) return file_error("open for writing", path, errno);
  const auto halves = halves_of(descriptor_);
  next_half_ = halves[0] > halves[1] ? 1 : 0;
  return sync_folder(folder_);
}

base::Status CommitMark::write(std::uint64_t number) {
  if (descriptor_ < 0) FOOTFALL_RETURN_IF_ERROR(open());
  ByteWriter writer;
  writer.number(number);
  const std::string bytes = std::move(writer).with_checksum();
  const auto at = static_cast<off_t>(next_half_ * kHalfBytes);
  const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), at);
  if (written != static_cast<ssize_t>(bytes.size()) || ::fdatasync(descriptor_) != 0) {
    return file_error("write", path_of(folder_), written < 0 ? errno : EIO);
  }
  next_half_ = 1 - next_half_;
  return base::Ok{};
}

}  // namespace footfall::store
