#include "footfall/cli/memory_bound.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace footfall::cli {
namespace {

// 0 where it is not known.
std::uint64_t data_bytes() {
  std::array<std::uint64_t, 6> pages{};  // All, resident, shared, text, library, data.
  std::ifstream file("/proc/self/statm");
  for (std::uint64_t& count : pages) file >> count;
  return file ? pages.back() * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

MemoryBound::MemoryBound(std::uint64_t more_bytes) {
  const std::uint64_t used = data_bytes();
  if (used == 0 || ::getrlimit(RLIMIT_DATA, &before_) != 0) return;
  struct rlimit bound = before_;
  bound.rlim_cur = std::min<rlim_t>(before_.rlim_cur, used + more_bytes);
  set_ = ::setrlimit(RLIMIT_DATA, &bound) == 0;
}

MemoryBound::~MemoryBound() {
  if (set_) ::setrlimit(RLIMIT_DATA, &before_);
}

}  // namespace footfall::cli
