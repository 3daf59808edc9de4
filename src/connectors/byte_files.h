// Bytes out of files: plain, gzip or zstd, as a stream of bounded memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/events/raw_table.h"

namespace footfall::connectors {

/// The bytes of a file, or of standard input ("-"), as they are on disk.
class FileBytes final : public events::ByteSource {
 public:
  /// kNotFound, kPermission, kIo; refuses a folder (invalid_argument). `progress` outlives this: it
  /// is asked for the wish to stop while nothing comes, which is kInterrupted.
  static base::Result<std::unique_ptr<FileBytes>> open(const std::string& path,
                                                       const base::Progress& progress);
  ~FileBytes() override;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  base::Result<std::size_t> read(char* into, std::size_t size) override;
  /// A read that waits ends soon, as at a stop. From any thread.
  void give_up() { given_up_ = true; }
  std::int64_t position() const { return position_; }
  std::int64_t total() const { return total_; }  // 0 = unknown, as of a pipe.

 private:
  FileBytes(int descriptor, std::string name, const base::Progress& progress)
      : descriptor_(descriptor), name_(std::move(name)), progress_(progress) {}
  base::Status expect_unchanged() const;
  int descriptor_;
  std::string name_;
  const base::Progress& progress_;
  std::atomic<bool> given_up_ = false;
  std::int64_t changed_ = 0;  // When it was written last, in nanoseconds, as it was opened.
  std::int64_t position_ = 0;
  std::int64_t total_ = 0;
};

/// Another source with a look ahead.
class PeekedBytes final : public events::ByteSource {
 public:
  explicit PeekedBytes(std::unique_ptr<events::ByteSource> bytes) : bytes_(std::move(bytes)) {}
  /// The next bytes, up to `size` of them and fewer only at the end; they stay to be read.
  base::Result<std::string_view> peek(std::size_t size);
  base::Result<std::size_t> read(char* into, std::size_t size) override;

 private:
  std::unique_ptr<events::ByteSource> bytes_;
  std::string ahead_;
  std::size_t used_ = 0;
};

/// Unpacked bytes of one or more gzip members (RFC 1952) or zstd frames (RFC 8878) that follow each
/// other. Damaged or cut off data is an error that names the file and the byte in it
/// (invalid_argument). zstd windows above 128 MiB are refused.
std::unique_ptr<events::ByteSource> gzip_bytes(std::unique_ptr<events::ByteSource> packed,
                                               std::string name);
std::unique_ptr<events::ByteSource> zstd_bytes(std::unique_ptr<events::ByteSource> packed,
                                               std::string name);

}  // namespace footfall::connectors
