// Segment writer: settled timelines into one immutable file (docs/formats/segment.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "footfall/base/result.h"
#include "footfall/store/event_table.h"

namespace footfall::store {

/// What a segment holds at most; the caller splits larger ones by user.
inline constexpr std::uint64_t kSegmentEventsMax = 0xFFFFFFFEu;

struct SegmentSummary {
  std::uint64_t events = 0;
  std::uint64_t users = 0;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;       // Of the file.
  std::uint64_t core_bytes = 0;  // Ticks, types, items, users and offsets.
};

/// Writes a settled table in one go, without copying its columns. Durable when it returns.
/// kDiskFull, kPermission and kIo name the file; nothing stays behind then.
base::Result<SegmentSummary> write_segment(const std::string& path, const EventTable& table,
                                           std::size_t threads);

class SegmentSpool;

/// Takes settled tables of disjoint users in rising order, as merge_timelines gives them. Columns
/// wait in unnamed files beside PATH, 256 KiB of each in memory; finish() writes the segment.
class SegmentWriter {
 public:
  static base::Result<SegmentWriter> create(const std::string& path, std::size_t threads);
  SegmentWriter(SegmentWriter&&) noexcept;
  SegmentWriter& operator=(SegmentWriter&&) noexcept;
  ~SegmentWriter();

  base::Status append(const EventTable& table);
  std::uint64_t events() const;
  base::Result<SegmentSummary> finish();

 private:
  explicit SegmentWriter(std::unique_ptr<SegmentSpool> spool);
  std::unique_ptr<SegmentSpool> spool_;
};

}  // namespace footfall::store
