// Durable file: a file that appears whole under its name, or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "footfall/base/result.h"

namespace footfall::store {

/// The error for a failed system call on a file: kDiskFull, kPermission, kNotFound or kIo. The
/// message names what was tried, the file and the system's reason.
base::Error file_error(const std::string& tried, const std::string& path, int error_number);

/// Makes what was created, renamed or removed in a folder survive power loss.
base::Status sync_folder(const std::string& folder);

/// Writes PATH.tmp; commit() syncs it, renames it to PATH and syncs the folder. Without commit()
/// nothing stays behind. Buffers 1 MiB.
class DurableFile {
 public:
  /// Whoever the process's mask lets, or the owner alone, may read the file at any moment.
  enum class Readers { kUsual, kOwner };
  static base::Result<DurableFile> create(const std::string& path,
                                          Readers readers = Readers::kUsual);
  DurableFile(DurableFile&& other) noexcept;
  DurableFile& operator=(DurableFile&&) = delete;
  ~DurableFile();

  base::Status append(std::span<const std::byte> bytes);
  /// Makes room at the end for what write_at writes; returns where it begins.
  base::Result<std::uint64_t> extend(std::uint64_t bytes);
  /// Writes into room that extend() made. Threads may call it at once.
  base::Status write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;
  std::uint64_t size() const { return size_; }
  base::Status commit();

 private:
  explicit DurableFile(std::string path);
  base::Status flush();

  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string buffer_;
};

/// A whole file, mapped for reading.
class MappedFile {
 public:
  /// kInvalidArgument for what is no regular file: a folder, a pipe, a device.
  static base::Result<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  MappedFile() = default;
  std::span<const std::byte> bytes_;
};

/// The same bytes, as a text.
inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace footfall::store
