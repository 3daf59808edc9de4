// Timeline source: anything that holds settled timelines user by user, be it memory or a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/block.h"
#include "footfall/store/event_table.h"

namespace footfall::store {

/// Each user's events stand together; users rise.
struct UserIndex {
  std::span<const UserNumber> users;
  std::span<const std::uint64_t> offsets;  // Size users.size() + 1.

  /// Index of the first user not before `user`.
  std::size_t lower_bound(UserNumber user) const {
    return static_cast<std::size_t>(std::lower_bound(users.begin(), users.end(), user) -
                                    users.begin());
  }
};

/// What tells stored events and order lines apart. Digests are kept as digest xor key, which is 0
/// wherever the digest is the key.
struct IdentityColumns {
  UserIndex index;
  TickScale scale;
  std::span<const std::uint32_t> ticks32;  // Exactly one of ticks32, ticks64 and times is used.
  std::span<const std::uint64_t> ticks64;
  std::span<const base::TimeMs> times;
  ColumnView<std::uint64_t> keys;
  ColumnView<std::uint64_t> digest_xor_keys;
  ColumnView<std::uint8_t> flags;
  ColumnView<std::int64_t> sequences;
  std::span<const std::uint32_t> line_events;  // As in LineColumns.
  std::span<const std::uint32_t> line_starts;
  ColumnView<std::uint64_t> line_keys;
  ColumnView<std::uint64_t> line_digest_xor_keys;
  ColumnView<std::uint32_t> line_numbers;
  ColumnView<ItemCode> line_items;

  base::TimeMs time(std::size_t event) const {
    if (!times.empty()) return times[event];
    return scale.time(ticks64.empty() ? ticks32[event] : ticks64[event]);
  }
};

/// Settled: in total order, orders joined, no event twice (timeline_merge.h). Thread-safe.
class TimelineSource {
 public:
  virtual ~TimelineSource() = default;

  /// Views live as long as the source. Files may be found damaged here (kDamaged).
  virtual base::Result<UserIndex> user_index() const = 0;
  virtual base::Result<IdentityColumns> identities() const = 0;
  /// Appends all that is known of the users at [user_from, user_to) of the index.
  virtual base::Status append_to(EventTable& table, std::size_t user_from,
                                 std::size_t user_to) const = 0;
};

/// A settled table as a source. Shares ownership of the table.
std::shared_ptr<const TimelineSource> table_source(std::shared_ptr<const EventTable> table);

}  // namespace footfall::store
