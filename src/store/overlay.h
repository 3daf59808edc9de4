// Overlay: the blocks of a snapshot, from segments and unsealed tables that share users.
//
// Kernels rely on a block's users standing one after the other, with no gaps, and on each person
// being in one block. So users that occur in more than one source are merged into a block in
// memory, and the segments' blocks are given out without them: long stretches of other users are
// views, short ones between two hidden users are copied together. Hiding in place (say, by an end
// for each user) would be free here, but would put a test into every kernel's inner loop and make
// every loop over a block's plain columns wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/block.h"
#include "footfall/store/event_table.h"
#include "footfall/store/segment.h"
#include "footfall/store/snapshot.h"
#include "footfall/store/table_block.h"

namespace footfall::store {

/// The sources of one population in one snapshot. Thread-safe; keeps its sources alive.
class Overlay {
 public:
  /// `tables` are settled. Merges the users that occur in more than one source at once; costs one
  /// pass over all users where there is more than one source. Of the users in `replaced` (rising)
  /// nothing that segments have is given out.
  static base::Result<std::shared_ptr<const Overlay>> create(
      std::vector<std::shared_ptr<const Segment>> segments,
      std::vector<std::shared_ptr<const EventTable>> tables, std::size_t threads,
      std::span<const UserNumber> replaced = {});

  std::uint64_t event_count() const { return event_count_; }
  std::uint64_t user_count() const { return user_count_; }

  /// The blocks, with the columns asked for (those in memory show all they have). Copies are kept,
  /// each column once. Views live as long as the overlay.
  base::Result<std::vector<Block>> blocks(const Columns& columns) const;

 private:
  /// A stretch of events of at least this many is viewed where it lies.
  static constexpr std::uint64_t kViewEventsMin = 65'536;

  /// What is given out of one segment.
  struct Kept {
    std::shared_ptr<const Segment> segment;
    bool whole = true;
    std::vector<UserRange> views;
    std::vector<UserRange> copied;
  };
  /// The core columns, or one further column, of all kept parts in one order.
  using Made = std::vector<OwnedBlock>;

  Overlay() = default;
  base::Result<const Made*> made(const std::string& name, const Columns& columns) const;

  std::vector<Kept> kept_;
  std::vector<OwnedBlock> in_memory_;
  std::uint64_t event_count_ = 0;
  std::uint64_t user_count_ = 0;
  std::size_t threads_ = 1;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Made> made_;  // By column; guarded by mutex_.
};

}  // namespace footfall::store
