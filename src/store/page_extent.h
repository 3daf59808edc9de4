// Page extent: which numbers of a dictionary one of its pages holds.
#pragma once

#include <cstdint>

namespace footfall::store {

struct PageExtent {
  std::uint32_t first = 1;
  std::uint32_t count = 0;
};

}  // namespace footfall::store
