// Row numbers: where in its file each event of a batch stood, as stretches of rows that follow one
// another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "footfall/base/column.h"

namespace footfall::events {

/// Files give their rows one after another, so that millions of events make a few stretches; two
/// events of one row, or a row that was left out, begin a new one. 8 bytes a stretch.
class RowNumbers {
 public:
  std::size_t size() const { return size_; }
  void push_back(std::uint32_t row) {
    if (stretches_.empty() || row != stretches_.back().row + (size_ - stretches_.back().event)) {
      stretches_.push_back({size_, row});
    }
    ++size_;
  }
  /// The row of an event; `event` < size().
  std::uint32_t operator[](std::size_t event) const {
    const auto after = std::upper_bound(
        stretches_.begin(), stretches_.end(), event,
        [](std::size_t value, const Stretch& stretch) { return value < stretch.event; });
    const Stretch& stretch = *(after - 1);
    return stretch.row + (static_cast<std::uint32_t>(event) - stretch.event);
  }

 private:
  struct Stretch {
    std::uint32_t event;  // Its first.
    std::uint32_t row;    // Of that event.
  };
  base::Column<Stretch> stretches_;
  std::uint32_t size_ = 0;
};

}  // namespace footfall::events
