#include "footfall/store/durable_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "footfall/base/words.h"

namespace footfall::store {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

base::Error file_error(const std::string& tried, const std::string& path, int error_number) {
  base::Error error;
  error.code = base::error_code_of(error_number);
  error.message = "could not " + tried + " " + path + ": " + base::system_reason(error_number);
  error.where.file = path;
  if (error.code == base::ErrorCode::kDiskFull) {
    error.hint = "Free some space on this disk and try again; nothing was changed.";
  }
  return error;
}

base::Status sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return file_error("open folder", folder, errno);
  const int failure = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failure != 0) return file_error("sync folder", folder, failure);
  return base::Ok{};
}

base::Result<DurableFile> DurableFile::create(const std::string& path, Readers readers) {
  DurableFile file(path);
  const mode_t mode = readers == Readers::kOwner ? 0600 : 0644;
  file.descriptor_ =
      ::open(file.temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file.descriptor_ < 0) return file_error("create", path, errno);
  // A temporary file that a crash left keeps its mode when it is opened.
  if (readers == Readers::kOwner && ::fchmod(file.descriptor_, mode) != 0) {
    return file_error("protect", path, errno);
  }
  return file;
}

DurableFile::DurableFile(std::string path) : path_(std::move(path)), temporary_(path_ + ".tmp") {
  buffer_.reserve(kBufferBytes);
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      buffer_(std::move(other.buffer_)) {}

DurableFile::~DurableFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

base::Status DurableFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), kBufferBytes - buffer_.size());
    buffer_.append(reinterpret_cast<const char*>(bytes.data()), taken);
    size_ += taken;
    bytes = bytes.subspan(taken);
    if (buffer_.size() == kBufferBytes) FOOTFALL_RETURN_IF_ERROR(flush());
  }
  return base::Ok{};
}

base::Result<std::uint64_t> DurableFile::extend(std::uint64_t bytes) {
  FOOTFALL_RETURN_IF_ERROR(flush());
  return std::exchange(size_, size_ + bytes);
}

base::Status DurableFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::pwrite(descriptor_, bytes.data() + written, bytes.size() - written,
                                   static_cast<off_t>(offset + written));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("write", path_, errno);
    written += static_cast<std::size_t>(count);
  }
  // The disk may begin at once, so that less is left to wait for in commit(). Only a wish.
  ::sync_file_range(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(bytes.size()),
                    SYNC_FILE_RANGE_WRITE);
  return base::Ok{};
}

base::Status DurableFile::flush() {
  if (buffer_.empty()) return base::Ok{};
  FOOTFALL_RETURN_IF_ERROR(
      write_at(size_ - buffer_.size(), std::as_bytes(std::span<const char>(buffer_))));
  buffer_.clear();
  return base::Ok{};
}

base::Status DurableFile::commit() {
  FOOTFALL_RETURN_IF_ERROR(flush());
  if (::fsync(descriptor_) != 0) return file_error("sync", path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return file_error("name", path_, errno);
  ::close(std::exchange(descriptor_, -1));
  return sync_folder(folder_of(path_));
}

base::Result<MappedFile> MappedFile::open(const std::string& path) {
  // A pipe that nobody writes to would be waited for.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return file_error("open", path, errno);
  struct stat facts{};
  const int unknown = ::fstat(descriptor, &facts) == 0 ? 0 : errno;
  if (unknown != 0 || !S_ISREG(facts.st_mode)) {
    ::close(descriptor);
    if (unknown != 0) return file_error("read", path, unknown);
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "expected a regular file: " + path,
                       {path, 0, "", ""},
                       ""};
  }
  MappedFile file;
  const auto size = static_cast<std::size_t>(facts.st_size);
  if (size > 0) {
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED) {
      const int failure = errno;
      ::close(descriptor);
      return file_error("map", path, failure);
    }
    file.bytes_ = {static_cast<const std::byte*>(memory), size};
  }
  ::close(descriptor);
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, std::span<const std::byte>{})) {}

MappedFile::~MappedFile() {
  if (bytes_.empty()) return;
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace footfall::store
