// Memory bound: how much more memory this process may take for a while.
//
// DuckDB counts its buffers and tables, not the texts that its functions make: a short query can
// ask for all of a machine's memory. Above the bound an allocation fails, as on a small machine.
// For a program that answers one question and ends: a bound of a process holds for all its threads.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace footfall::cli {

/// For all threads of the process, until the object is gone. One at a time; files that are mapped
/// do not count. Does nothing where the system does not say what is in use.
class MemoryBound {
 public:
  explicit MemoryBound(std::uint64_t more_bytes);
  MemoryBound(const MemoryBound&) = delete;
  MemoryBound& operator=(const MemoryBound&) = delete;
  ~MemoryBound();

 private:
  struct rlimit before_{};
  bool set_ = false;
};

}  // namespace footfall::cli
