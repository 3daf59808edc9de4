// Dictionary: the shop's texts by code. Grows by whole pages, so readers and writers never meet.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/batch.h"
#include "footfall/store/column.h"

namespace footfall::store {

/// Texts of consecutive codes. Immutable; threads may share one.
class DictionaryPage {
 public:
  /// `texts` belong to codes first_code, first_code + 1, ...
  DictionaryPage(std::uint32_t first_code, std::span<const std::string> texts);
  /// The same texts one after another: text i is bytes [starts[i], starts[i + 1]).
  DictionaryPage(std::uint32_t first_code, std::string bytes, Column<std::uint64_t> starts);

  std::uint32_t first_code() const { return first_code_; }
  std::size_t size() const { return starts_.size() - 1; }
  std::uint64_t text_bytes() const { return bytes_.size(); }  // Of all texts.
  std::string_view text(std::uint32_t code) const;
  /// 0 = not here. `hash` is base::hash64 of the text. Builds the page's index on its first call.
  std::uint32_t find(std::string_view text, std::uint64_t hash) const;

  std::string encode() const;
  static base::Result<std::shared_ptr<const DictionaryPage>> decode(std::string_view bytes);
  /// One page of two that follow one another.
  static std::shared_ptr<const DictionaryPage> join(const DictionaryPage& first,
                                                    const DictionaryPage& second);

 private:
  struct Slot {
    std::uint32_t code = 0;  // 0 = free.
    std::uint32_t tag = 0;   // High bits of the hash, so that few other texts are looked at.
  };

  DictionaryPage() = default;
  void make_index() const;
  /// The slot that holds the text, or the free one where it would go.
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;

  std::uint32_t first_code_ = 1;
  std::string bytes_;
  Column<std::uint64_t> starts_{0};
  mutable std::once_flag index_made_;
  mutable std::vector<Slot> index_;  // A power of two, at most 3/4 full.
};

/// A list of pages. Copying is cheap; a copy never changes. Code 0 is the empty text.
class Dictionary {
 public:
  std::string_view text(std::uint32_t code) const;  // "" for 0 and unknown codes.
  std::uint32_t find(std::string_view text) const;
  std::uint32_t find(std::string_view text, std::uint64_t hash) const;
  /// Codes are 1 .. size().
  std::uint32_t size() const { return size_; }

  /// Appends a page whose first code is size() + 1; kDamaged otherwise. Pages are joined so that
  /// there are never many: a text is copied about log2(size()) times over the shop's life.
  base::Status append(std::shared_ptr<const DictionaryPage> page);

 private:
  std::vector<std::shared_ptr<const DictionaryPage>> pages_;  // Each over twice the next's size.
  std::uint32_t size_ = 0;
};

/// The shop's codes of a batch's texts.
struct CodedTexts {
  Column<std::uint32_t> codes;                     // By the batch's code; 0 where it is not used.
  std::shared_ptr<const DictionaryPage> new_page;  // Texts that were not known; null: none.
};

/// Known texts keep their code, new ones get the next in the batch's order. `used` has one element
/// a text: whether it is needed. A dictionary holds at most 2^32 - 2 texts.
CodedTexts code_texts(const Dictionary& known, const events::StringTable& texts,
                      std::span<const std::uint8_t> used, std::size_t threads);

}  // namespace footfall::store
