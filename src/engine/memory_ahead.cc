#include "footfall/engine/memory_ahead.h"

#include <algorithm>
#include <new>
#include <system_error>
#include <utility>

#include "footfall/base/column.h"

namespace footfall::engine {
namespace {

constexpr std::size_t kStepBytes = std::size_t{8} << 20;  // Of the widest column.

}  // namespace

MemoryAhead::MemoryAhead(events::ColumnRoom room, std::size_t later_bytes)
    : room_(std::move(room)), later_bytes_(std::min(later_bytes, base::kColumnPoolBytes)) {
  const auto small = [](const auto& column) { return column.size() < kStepBytes; };
  std::erase_if(room_.reading, small);
  std::erase_if(room_.sealing, small);
  if (room_.reading.empty()) return;
  try {
    thread_ = std::thread([this] { map(); });
  } catch (const std::system_error&) {
    // The machine gives no thread more: memory is mapped when it is written.
  }
}

MemoryAhead::~MemoryAhead() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void MemoryAhead::map() const {
  map_columns(room_.reading);
  map_columns(room_.sealing);
  if (stop_ || later_bytes_ < kStepBytes) return;
  try {
    base::Column<std::byte> later;
    later.reserve(later_bytes_);
    map_columns({{later.data(), later_bytes_}});
  } catch (const std::bad_alloc&) {
    // Whoever needs it will say so.
  }
}

void MemoryAhead::map_columns(const std::vector<std::span<std::byte>>& columns) const {
  std::size_t widest = 0;
  for (const auto& column : columns) widest = std::max(widest, column.size());
  const std::size_t steps = widest / kStepBytes;
  for (std::size_t step = 0; step < steps && !stop_; ++step) {
    for (const auto& column : columns) {
      const std::size_t from = column.size() / steps * step;
      const std::size_t to = step + 1 == steps ? column.size() : from + column.size() / steps;
      base::populate_memory(column.data() + from, to - from);
    }
  }
}

}  // namespace footfall::engine
