// RowSet: remembers whole rows by 128 bits of their content, to find exact repeats.
#pragma once

#include <cstdint>
#include <vector>

namespace footfall::events {

/// 128 bits, so that among 2^32 rows a false repeat has a chance below 10^-19.
struct RowDigest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

class RowSet {
 public:
  RowSet() : slots_(1024) {}

  /// False when an equal row was added before.
  bool add(RowDigest digest);
  std::size_t size() const { return count_; }

 private:
  bool place(std::vector<RowDigest>& slots, RowDigest digest) const;

  std::vector<RowDigest> slots_;  // A power of two, at most half full; {0, 0} = free.
  std::size_t count_ = 0;
};

}  // namespace footfall::events
