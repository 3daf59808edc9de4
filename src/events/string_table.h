// StringTable: texts by dense code, for the columns of a batch on its way into the store.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "footfall/base/column.h"

namespace footfall::events {

/// Texts by code; code 0 is the empty text and means "nothing". Codes are dense and rise in order
/// of first appearance. At most 2^32 - 1 texts. Views stay valid as long as the table, also when it
/// is moved. Cost of a text: its bytes and about 40 more; no allocation of its own.
class StringTable {
 public:
  using Code = std::uint32_t;

  StringTable();
  StringTable(const StringTable&) = delete;
  StringTable& operator=(const StringTable&) = delete;
  StringTable(StringTable&&) = default;
  StringTable& operator=(StringTable&&) = default;

  Code intern(std::string_view text);
  /// As intern, for a text that is not empty and known not to be in the table: looks for nothing.
  Code add(std::string_view text);
  std::string_view text(Code code) const { return texts_[code]; }
  /// base::hash64 of the text, computed once.
  std::uint64_t hash(Code code) const { return hashes_[code]; }
  /// Number of codes, the empty text included: valid codes are 0 .. size() - 1.
  std::size_t size() const { return texts_.size(); }

 private:
  // Open addressing over a power of two, at most half full; code 0 = free.
  struct Slot {
    std::uint32_t tag = 0;  // Upper half of the hash: most misses end without reading the text.
    Code code = 0;
  };

  Code append(std::string_view text, std::uint64_t hash);
  std::string_view keep(std::string_view text);
  void index_all();

  base::Column<std::string_view> texts_;  // Views into blocks_.
  base::Column<std::uint64_t> hashes_;
  base::Column<Slot> slots_;
  std::size_t indexed_ = 1;  // Codes below stand in slots_; the others wait for the next intern.
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;  // Within the last block.
  std::size_t free_bytes_ = 0;
};

}  // namespace footfall::events
