#include "footfall/base/column.h"

#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <thread>

namespace footfall::base {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
constexpr std::size_t kLargeBytes = 2 * kHugePageBytes;

constexpr bool is_pooled(std::size_t bytes) {
  return kColumnsArePooled && bytes >= kLargeBytes;
}

std::size_t whole_pages(std::size_t bytes) {
  return (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
}

// Memory straight from the system, so that parts of it can be given back.
char* map_pages(std::size_t bytes) {
  void* const mapped = ::mmap(nullptr, bytes + kHugePageBytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  // An allocator has no other way to say it: callers hear of it as of the heap's refusal.
  if (mapped == MAP_FAILED) std::rethrow_exception(std::make_exception_ptr(std::bad_alloc()));
  const auto at = reinterpret_cast<std::uintptr_t>(mapped);
  const std::size_t before = whole_pages(at) - at;
  char* const memory = static_cast<char*>(mapped) + before;
  if (before > 0) ::munmap(mapped, before);
  ::munmap(memory + bytes, kHugePageBytes - before);
  return memory;
}

// Pages that no column uses. Never destroyed: columns of other files' globals may end later.
class Pool {
 public:
  static Pool& shared() {
    static Pool* const pool = new Pool;
    return *pool;
  }

  // From the front of the smallest block that has room; null when none has.
  char* take(std::size_t bytes) {
    const std::lock_guard guard(mutex_);
    auto best = blocks_.end();
    for (auto block = blocks_.begin(); block != blocks_.end(); ++block) {
      if (block->second < bytes) continue;
      if (best == blocks_.end() || block->second < best->second) best = block;
    }
    if (best == blocks_.end()) return nullptr;
    const auto [memory, size] = *best;
    blocks_.erase(best);
    if (size > bytes) blocks_.emplace(memory + bytes, size - bytes);
    kept_ -= bytes;
    return memory;
  }

  void give(char* memory, std::size_t bytes) {
    {
      const std::lock_guard guard(mutex_);
      if (kept_ + bytes <= kColumnPoolBytes) {
        keep(memory, bytes);
        return;
      }
    }
    ::munmap(memory, bytes);
  }

  void release() {
    std::map<char*, std::size_t> blocks;
    {
      const std::lock_guard guard(mutex_);
      blocks.swap(blocks_);
      kept_ = 0;
    }
    for (const auto& [memory, bytes] : blocks) ::munmap(memory, bytes);
  }

 private:
  // Neighbours become one block.
  void keep(char* memory, std::size_t bytes) {
    kept_ += bytes;
    auto next = blocks_.lower_bound(memory);
    if (next != blocks_.end() && memory + bytes == next->first) {
      bytes += next->second;
      next = blocks_.erase(next);
    }
    if (next != blocks_.begin()) {
      const auto before = std::prev(next);
      if (before->first + before->second == memory) {
        before->second += bytes;
        return;
      }
    }
    blocks_.emplace_hint(next, memory, bytes);
  }

  std::mutex mutex_;
  std::map<char*, std::size_t> blocks_;  // Size by address.
  std::size_t kept_ = 0;
};

}  // namespace

void* take_column_memory(std::size_t bytes) {
  if (!is_pooled(bytes)) return ::operator new(bytes);
  const std::size_t whole = whole_pages(bytes);
  if (char* const kept = Pool::shared().take(whole)) return kept;
  return map_pages(whole);
}

void return_column_memory(void* memory, std::size_t bytes) {
  if (!is_pooled(bytes)) {
    ::operator delete(memory);
  } else {
    Pool::shared().give(static_cast<char*>(memory), whole_pages(bytes));
  }
}

void populate_memory(void* memory, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  constexpr std::uintptr_t kPage = 4096;
  if (bytes == 0) return;
  // Every page that holds some of it.
  const auto begin = reinterpret_cast<std::uintptr_t>(memory) / kPage * kPage;
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes + kPage - 1) / kPage * kPage;
  // One page at a time, and a pause after each: while the system clears memory here, no other
  // thread can have memory mapped or given back, and without a pause it would wait for its turn for
  // ever. Only a wish: an older system maps what is written when it is written.
  for (std::uintptr_t at = begin; at < end;) {
    const std::uintptr_t page_end = (at / kHugePageBytes + 1) * kHugePageBytes;
    const std::uintptr_t next = std::min<std::uintptr_t>(end, page_end);
    if (::madvise(reinterpret_cast<void*>(at), next - at, MADV_POPULATE_WRITE) != 0) return;
    std::this_thread::sleep_for(std::chrono::microseconds(20));
    at = next;
  }
#else
  (void)memory;
  (void)bytes;
#endif
}

void release_column_memory() {
  Pool::shared().release();
}

}  // namespace footfall::base
