// Memory-ahead: the memory that rows will fill is mapped on another thread while they are read.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

namespace footfall::engine {

/// Maps columns that fill side by side, front first. The system clears fresh memory at about the
/// speed at which rows are interpreted, so without this a load waits for it as long again. A column
/// may outgrow its memory meanwhile: mapping what is no longer its own only costs time.
class MemoryAhead {
 public:
  /// Small columns are left alone.
  explicit MemoryAhead(std::vector<std::span<std::byte>> columns);
  /// Stops after the step in hand.
  ~MemoryAhead();
  MemoryAhead(const MemoryAhead&) = delete;
  MemoryAhead& operator=(const MemoryAhead&) = delete;

 private:
  void map() const;

  std::vector<std::span<std::byte>> columns_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace footfall::engine
