// Segment columns: the columns of a mapped segment, checked and decoded on first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/column.h"
#include "footfall/base/result.h"
#include "footfall/store/block.h"
#include "footfall/store/durable_file.h"
#include "footfall/store/segment.h"
#include "footfall/store/segment_format.h"

namespace footfall::store {

/// Every value that is handed out has passed its checksum and the bounds of its kind. Thread-safe;
/// work is done once a column, and kept. Owns the mapped file.
class SegmentColumns {
 public:
  SegmentColumns(MappedFile file, SegmentDirectory directory, std::string path,
                 const SegmentOptions& options);

  const SegmentDirectory& directory() const { return directory_; }
  const std::string& path() const { return path_; }
  std::uint64_t file_bytes() const { return file_.bytes().size(); }
  std::span<const std::byte> bytes() const { return file_.bytes(); }

  /// T is as wide as the format says of the kind. A missing column is constant: its default.
  template <typename T>
  base::Result<ColumnView<T>> view(SegmentColumn kind, std::string_view name = {}) const;
  /// The same with one value a row, whatever the encoding.
  template <typename T>
  base::Result<std::span<const T>> array(SegmentColumn kind) const;

  bool has(SegmentColumn kind, std::string_view name = {}) const;
  /// Properties that events have, or lines alone: a column of defaults has no entry.
  std::vector<std::string> property_names() const;
  /// All blocks that fail, of all columns; and, where none does, what else is wrong with a column.
  std::vector<Damage> verify() const;
  base::Error damaged(const SegmentEntry& entry, const std::string& what) const;

 private:
  struct Column {
    std::size_t entry = 0;
    std::once_flag once;
    std::optional<base::Error> error;    // Set by `once`, as are all below.
    base::Column<std::uint64_t> memory;  // Decoded values, as T.
    std::span<const std::uint32_t> positions;
    const std::byte* values = nullptr;
    std::size_t count = 0;
    std::once_flag array_once;
    base::Column<std::uint64_t> array_memory;
  };

  const Column* find(SegmentColumn kind, std::string_view name) const;
  const SegmentEntry& entry_of(const Column& column) const {
    return directory_.entries[column.entry];
  }
  std::span<const std::byte> bytes_of(const SegmentEntry& entry) const;
  std::vector<std::uint64_t> failed_blocks(const SegmentEntry& entry) const;
  template <typename T>
  base::Status prepare(Column& column) const;
  template <typename T>
  base::Status load(Column& column) const;
  template <typename T>
  base::Status check_values(const Column& column) const;

  MappedFile file_;
  SegmentDirectory directory_;
  std::string path_;
  SegmentOptions options_;
  mutable std::vector<std::unique_ptr<Column>> columns_;  // One an entry.
};

}  // namespace footfall::store
