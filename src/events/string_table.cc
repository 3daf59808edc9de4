#include "footfall/events/string_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "footfall/base/hash.h"

namespace footfall::events {
namespace {

constexpr std::size_t kSlotsFirst = 64;
constexpr std::size_t kBlockFirst = 4096;
constexpr std::size_t kBlockMost = std::size_t{1} << 22;

std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

StringTable::StringTable() : texts_{""}, hashes_{base::hash64("")}, slots_(kSlotsFirst, Slot{}) {}

StringTable::Code StringTable::intern(std::string_view text) {
  if (text.empty()) return 0;
  if (indexed_ < texts_.size()) index_all();
  const std::uint64_t hash = base::hash64(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].code != 0; at = (at + 1) & mask) {
    if (slots_[at].tag == tag_of(hash) && texts_[slots_[at].code] == text) return slots_[at].code;
  }
  const Code code = append(text, hash);
  slots_[at] = {tag_of(hash), code};
  ++indexed_;
  if (texts_.size() * 2 > slots_.size()) index_all();
  return code;
}

StringTable::Code StringTable::add(std::string_view text) {
  return append(text, base::hash64(text));
}

StringTable::Code StringTable::append(std::string_view text, std::uint64_t hash) {
  const auto code = static_cast<Code>(texts_.size());
  texts_.push_back(keep(text));
  hashes_.push_back(hash);
  return code;
}

std::string_view StringTable::keep(std::string_view text) {
  if (text.size() > free_bytes_) {
    const std::size_t doubled = kBlockFirst << std::min<std::size_t>(blocks_.size(), 10);
    free_bytes_ = std::max(text.size(), std::min(doubled, kBlockMost));
    free_ = blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(free_bytes_)).get();
  }
  std::memcpy(free_, text.data(), text.size());
  const std::string_view kept(free_, text.size());
  free_ += text.size();
  free_bytes_ -= text.size();
  return kept;
}

void StringTable::index_all() {
  std::size_t size = slots_.size();
  while (texts_.size() * 2 > size) size *= 2;
  if (size > slots_.size()) {
    slots_.assign(size, Slot{});
    indexed_ = 1;
  }
  const std::size_t mask = slots_.size() - 1;
  for (; indexed_ < texts_.size(); ++indexed_) {
    std::size_t at = hashes_[indexed_] & mask;
    while (slots_[at].code != 0) at = (at + 1) & mask;
    slots_[at] = {tag_of(hashes_[indexed_]), static_cast<Code>(indexed_)};
  }
}

}  // namespace footfall::events
