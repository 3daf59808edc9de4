// Column: a vector for values by the million, whose memory costs only what is written to it.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace footfall::base {

/// Memory of `bytes` for a column. Large columns begin at pages of 2 MiB, but do not ask the system
/// for such pages: in a virtual machine whose host takes free ones away, each costs milliseconds to
/// get back, and a load of 20 million events was a tenth slower with them than without. What large
/// columns give back is kept, up to kColumnPoolBytes in all, for the next ones, whole or in parts:
/// fresh memory is cleared by the system first. Never null: what is not to be had is
/// std::bad_alloc, as with `new`. Threads may call all three at once.
void* take_column_memory(std::size_t bytes);
/// `bytes` as they were asked for.
void return_column_memory(void* memory, std::size_t bytes);
/// Gives what is kept back to the system: when the work that needed columns is done.
void release_column_memory();

/// Has the system map [memory, memory + bytes) now, on this thread, so that no first write waits
/// for it on another. Changes no value, and may go on while others write there.
void populate_memory(void* memory, std::size_t bytes);

inline constexpr std::size_t kColumnPoolBytes = std::size_t{1} << 30;

// Sanitizers know what the heap has taken back, and nothing of a pool: under them all columns are
// on the heap.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kColumnsArePooled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kColumnsArePooled = false;
#else
inline constexpr bool kColumnsArePooled = true;
#endif
#else
inline constexpr bool kColumnsArePooled = true;
#endif

template <typename T>
class ColumnAllocator {
 public:
  using value_type = T;

  ColumnAllocator() = default;
  template <typename U>
  ColumnAllocator(const ColumnAllocator<U>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(take_column_memory(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) { return_column_memory(memory, count * sizeof(T)); }
  // Values that are given no value are left as the memory is: resize(n) writes nothing.
  template <typename U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <typename U, typename... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(std::forward<Args>(args)...);
  }

  bool operator==(const ColumnAllocator&) const = default;
};

/// Plain values only. resize(n) leaves new values undefined; resize(n, value) and assign set them.
template <typename T>
using Column = std::vector<T, ColumnAllocator<T>>;

}  // namespace footfall::base
