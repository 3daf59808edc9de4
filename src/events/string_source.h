// StringSource: a text in memory as a source of bytes.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "footfall/events/raw_table.h"

namespace footfall::events {

/// Hands out at most `step` bytes a call (0 = as many as asked for).
class StringSource final : public ByteSource {
 public:
  explicit StringSource(std::string bytes, std::size_t step = 0)
      : bytes_(std::move(bytes)), step_(step) {}

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    std::size_t count = std::min(size, bytes_.size() - at_);
    if (step_ > 0) count = std::min(count, step_);
    if (count > 0) std::memcpy(into, bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
};

}  // namespace footfall::events
