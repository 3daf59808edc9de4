#include "footfall/store/column.h"

#include <sys/mman.h>

namespace footfall::store {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
constexpr std::size_t kLargeBytes = 2 * kHugePageBytes;
constexpr std::align_val_t kHugePage{kHugePageBytes};

}  // namespace

void* take_column_memory(std::size_t bytes) {
  if (bytes < kLargeBytes) return ::operator new(bytes);
  void* const memory = ::operator new(bytes, kHugePage);
  // Only a wish: without it the column is as right, and slower.
  ::madvise(memory, bytes, MADV_HUGEPAGE);
  return memory;
}

void return_column_memory(void* memory, std::size_t bytes) {
  if (bytes < kLargeBytes) {
    ::operator delete(memory);
  } else {
    ::operator delete(memory, kHugePage);
  }
}

}  // namespace footfall::store
