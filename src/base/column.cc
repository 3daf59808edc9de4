#include "footfall/base/column.h"

#include <sys/mman.h>

#include <cstdint>
#include <map>
#include <mutex>

namespace footfall::base {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
constexpr std::size_t kLargeBytes = 2 * kHugePageBytes;
constexpr std::align_val_t kHugePage{kHugePageBytes};

std::size_t whole_pages(std::size_t bytes) {
  return (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
}

// Blocks that no column uses, by their size. Never destroyed: columns of other files' globals may
// end later.
class Pool {
 public:
  static Pool& shared() {
    static Pool* const pool = new Pool;
    return *pool;
  }

  // A block of at least `bytes`, at most twice as large; its size comes back in `bytes`.
  void* take(std::size_t& bytes) {
    const std::lock_guard guard(mutex_);
    const auto found = blocks_.lower_bound(bytes);
    if (found == blocks_.end() || found->first > 2 * bytes + kHugePageBytes) return nullptr;
    bytes = found->first;
    void* const memory = found->second;
    kept_ -= bytes;
    blocks_.erase(found);
    sizes_[memory] = bytes;
    return memory;
  }
  void made(void* memory, std::size_t bytes) {
    const std::lock_guard guard(mutex_);
    sizes_[memory] = bytes;
  }
  void give(void* memory) {
    std::size_t bytes = 0;
    {
      const std::lock_guard guard(mutex_);
      const auto found = sizes_.find(memory);
      bytes = found->second;
      sizes_.erase(found);
      if (kept_ + bytes <= kColumnPoolBytes) {
        kept_ += bytes;
        blocks_.emplace(bytes, memory);
        return;
      }
    }
    ::operator delete(memory, kHugePage);
  }
  void release() {
    std::multimap<std::size_t, void*> blocks;
    {
      const std::lock_guard guard(mutex_);
      blocks.swap(blocks_);
      kept_ = 0;
    }
    for (const auto& [bytes, memory] : blocks) ::operator delete(memory, kHugePage);
  }

 private:
  std::mutex mutex_;
  std::multimap<std::size_t, void*> blocks_;
  std::map<void*, std::size_t> sizes_;  // Of the large blocks in use.
  std::size_t kept_ = 0;
};

}  // namespace

void* take_column_memory(std::size_t bytes) {
  if (bytes < kLargeBytes) return ::operator new(bytes);
  std::size_t whole = whole_pages(bytes);
  if (void* const kept = Pool::shared().take(whole)) return kept;
  void* const memory = ::operator new(whole, kHugePage);
  // Only a wish: without it the column is as right, and slower.
  ::madvise(memory, whole, MADV_HUGEPAGE);
  Pool::shared().made(memory, whole);
  return memory;
}

void return_column_memory(void* memory, std::size_t bytes) {
  if (bytes < kLargeBytes) {
    ::operator delete(memory);
  } else {
    Pool::shared().give(memory);
  }
}

void populate_memory(void* memory, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  constexpr std::uintptr_t kPage = 4096;
  const auto begin = (reinterpret_cast<std::uintptr_t>(memory) + kPage - 1) / kPage * kPage;
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / kPage * kPage;
  // Only a wish: an older system maps what is written when it is written.
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);
#else
  (void)memory;
  (void)bytes;
#endif
}

void release_column_memory() {
  Pool::shared().release();
}

}  // namespace footfall::base
