// Memory-ahead: the memory that rows will fill is mapped on another thread while they are read.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

#include "footfall/events/harvest.h"

namespace footfall::engine {

/// Maps the memory of columns, front first where they fill side by side, then what comes after
/// them. The system clears fresh memory at about the speed at which rows are interpreted, so
/// without this a load waits for it as long again. A column may outgrow its memory meanwhile:
/// mapping what is no longer its own only costs time.
class MemoryAhead {
 public:
  /// Small columns are left alone. `later_bytes` are mapped last, for columns that are not made yet
  /// (base::take_column_memory).
  MemoryAhead(events::ColumnRoom room, std::size_t later_bytes);
  /// Stops after the step in hand.
  ~MemoryAhead();
  MemoryAhead(const MemoryAhead&) = delete;
  MemoryAhead& operator=(const MemoryAhead&) = delete;

 private:
  void map() const;
  void map_columns(const std::vector<std::span<std::byte>>& columns) const;

  events::ColumnRoom room_;
  std::size_t later_bytes_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace footfall::engine
