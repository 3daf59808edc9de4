#include "footfall/engine/memory_ahead.h"

#include <algorithm>
#include <utility>

#include "footfall/base/column.h"

namespace footfall::engine {
namespace {

constexpr std::size_t kStepBytes = std::size_t{8} << 20;  // Of the widest column.

}  // namespace

MemoryAhead::MemoryAhead(std::vector<std::span<std::byte>> columns) : columns_(std::move(columns)) {
  std::erase_if(columns_, [](const auto& column) { return column.size() < kStepBytes; });
  if (!columns_.empty()) thread_ = std::thread([this] { map(); });
}

MemoryAhead::~MemoryAhead() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void MemoryAhead::map() const {
  std::size_t widest = 0;
  for (const auto& column : columns_) widest = std::max(widest, column.size());
  const std::size_t steps = widest / kStepBytes;
  for (std::size_t step = 0; step < steps && !stop_; ++step) {
    for (const auto& column : columns_) {
      const std::size_t from = column.size() / steps * step;
      const std::size_t to = step + 1 == steps ? column.size() : from + column.size() / steps;
      base::populate_memory(column.data() + from, to - from);
    }
  }
}

}  // namespace footfall::engine
