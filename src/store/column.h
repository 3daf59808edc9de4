// Column: a vector for values by the million, whose memory costs only what is written to it.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace footfall::store {

/// Memory of `bytes` for a column. Large columns begin at, and ask the system for, pages of 2 MiB:
/// first writes to small pages cost as much as the work on them. Never null.
void* take_column_memory(std::size_t bytes);
/// `bytes` as they were asked for.
void return_column_memory(void* memory, std::size_t bytes);

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

/// Numbers only. resize(n) leaves new values undefined; resize(n, value) and assign set them.
template <typename T>
using Column = std::vector<T, ColumnAllocator<T>>;

}  // namespace footfall::store
