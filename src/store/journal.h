// Journal: a shop's small durable values (manifest, dictionaries, people, unsealed events,
// imports, quarantine, documents), on RocksDB. One JournalBatch = one atomic, synced commit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "footfall/base/result.h"

namespace footfall::store {

/// A key whose byte order is that of (prefix, number).
std::string numbered_key(std::string_view prefix, std::uint64_t number);
/// The number of such a key.
std::uint64_t number_of_key(std::string_view key);

/// Puts and removals that happen together or not at all.
class JournalBatch {
 public:
  JournalBatch();
  ~JournalBatch();
  JournalBatch(JournalBatch&&) noexcept;
  JournalBatch& operator=(JournalBatch&&) noexcept;

  void put(std::string_view key, std::string_view value);
  void remove(std::string_view key);
  /// All keys in [from, to).
  void remove_range(std::string_view from, std::string_view to);

 private:
  friend class Journal;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Thread-safe.
class Journal {
 public:
  enum class Mode { kCreate, kWrite, kRead };

  /// kRead sees the state at opening and works beside a writer. kDamaged, also when changes are
  /// gone that commit() had made durable; kPermission, kDiskFull.
  static base::Result<std::unique_ptr<Journal>> open(const std::string& folder, Mode mode);
  ~Journal();

  /// Durable when it returns. kMemory, with nothing written, for a value of 4 GiB or more.
  base::Status commit(JournalBatch batch);

  base::Result<std::optional<std::string>> get(std::string_view key) const;
  /// Calls visit(key, value) for the keys in [from, to) in byte order; stops at its first error.
  base::Status scan(
      std::string_view from, std::string_view to,
      const std::function<base::Status(std::string_view, std::string_view)>& visit) const;
  /// Every key that begins with `prefix`.
  base::Status scan_prefix(
      std::string_view prefix,
      const std::function<base::Status(std::string_view, std::string_view)>& visit) const;

  /// Reads every block and checks it; the message of what is wrong, or nothing.
  std::optional<std::string> verify() const;
  std::uint64_t disk_bytes() const;

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  static base::Result<std::unique_ptr<Journal>> open_to_read(const std::string& folder);
  std::unique_ptr<Impl> impl_;
};

}  // namespace footfall::store
