// Segment: one immutable file of settled timelines, memory-mapped (docs/formats/segment.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/block.h"
#include "footfall/store/event_table.h"
#include "footfall/store/snapshot.h"
#include "footfall/store/store.h"
#include "footfall/store/timeline_source.h"

namespace footfall::store {

/// Codes in a segment must be below these: the sizes of the shop's dictionaries. Larger ones are
/// damage, found when the column is first used.
struct CodeBounds {
  std::uint32_t items = ~std::uint32_t{0};
  std::uint32_t orders = ~std::uint32_t{0};
  std::uint32_t texts = ~std::uint32_t{0};
};

struct SegmentOptions {
  std::size_t threads = 1;  // For checking and decoding large columns.
  CodeBounds bounds = {};
};

class SegmentImpl;

/// Opening checks header, directory and sizes. The bytes of a column are checked, and decoded where
/// the file holds it narrower than a view can show, on its first use; so a damaged column leaves
/// the others readable. Errors (kDamaged) name file, column and block. Thread-safe.
class Segment final : public TimelineSource {
 public:
  static base::Result<std::shared_ptr<const Segment>> open(const std::string& path,
                                                           const SegmentOptions& options);
  ~Segment() override;

  const std::string& path() const;
  std::uint64_t event_count() const;
  std::uint64_t user_count() const;
  std::uint64_t line_count() const;
  std::uint64_t file_bytes() const;
  /// The whole file.
  std::span<const std::byte> bytes() const;
  std::uint64_t core_bytes() const;
  base::TimeMs min_time() const;  // 0 when there are no events.
  base::TimeMs max_time() const;
  /// Codes of the events that occur.
  std::vector<EventCode> event_codes() const;
  std::vector<std::string> property_names() const;

  /// The core columns and those asked for. Views live as long as the segment.
  base::Result<Block> block(const Columns& columns) const;
  /// Index of the user among the segment's users.
  base::Result<std::optional<std::size_t>> find_user(UserNumber user) const;
  /// Everything that is known of the users at [user_from, user_to).
  base::Result<EventTable> read(std::size_t user_from, std::size_t user_to) const;
  /// Checks every column. An empty list is good.
  std::vector<Damage> verify() const;

  base::Result<UserIndex> user_index() const override;
  base::Result<IdentityColumns> identities() const override;
  base::Status append_to(EventTable& table, std::size_t user_from,
                         std::size_t user_to) const override;

 private:
  explicit Segment(std::unique_ptr<SegmentImpl> impl);
  std::unique_ptr<SegmentImpl> impl_;
};

}  // namespace footfall::store
