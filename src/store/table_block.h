// Table block: blocks made in memory, from event tables and from users of other blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "footfall/store/block.h"
#include "footfall/store/event_table.h"
#include "footfall/store/timeline_builder.h"

namespace footfall::store {

/// All columns of a settled table. Copies only what a block holds in another form: ticks, users,
/// offsets and the groups of lines.
OwnedBlock make_block(std::shared_ptr<const EventTable> table);

/// Users [from, to) of a block, by index.
struct UserRange {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// Which columns slice_block and gather_block give: the core ones, all others, or both.
enum class BlockParts : std::uint8_t { kCore, kOthers, kAll };

/// The users of one range, as a block of its own that views the same arrays; what counts from the
/// block's first event (offsets, positions) is copied. `block`'s memory must outlive the result.
OwnedBlock slice_block(const Block& block, UserRange range, BlockParts parts = BlockParts::kAll);

/// The users of rising, disjoint ranges, copied into one block on `threads` threads.
OwnedBlock gather_block(const Block& block, std::span<const UserRange> ranges, std::size_t threads,
                        BlockParts parts = BlockParts::kAll);

}  // namespace footfall::store
