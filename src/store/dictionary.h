// Dictionary: the shop's texts by code. Grows by whole pages, so readers and writers never meet.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "footfall/base/result.h"

namespace footfall::store {

/// Texts of consecutive codes. Immutable; threads may share one.
class DictionaryPage {
 public:
  /// `texts` belong to codes first_code, first_code + 1, ...
  DictionaryPage(std::uint32_t first_code, std::vector<std::string> texts);

  std::uint32_t first_code() const { return first_code_; }
  std::size_t size() const { return starts_.size() - 1; }
  std::string_view text(std::uint32_t code) const;
  /// 0 = not here. Builds the page's index on its first call.
  std::uint32_t find(std::string_view text) const;

  std::string encode() const;
  static base::Result<std::shared_ptr<const DictionaryPage>> decode(std::string_view bytes);

 private:
  DictionaryPage() = default;
  std::uint32_t first_code_ = 1;
  std::string bytes_;
  std::vector<std::uint64_t> starts_{0};
  mutable std::once_flag index_made_;
  mutable std::unordered_map<std::string_view, std::uint32_t> index_;
};

/// A list of pages. Copying is cheap; a copy never changes. Code 0 is the empty text.
class Dictionary {
 public:
  std::string_view text(std::uint32_t code) const;  // "" for 0 and unknown codes.
  std::uint32_t find(std::string_view text) const;
  /// Codes are 1 .. size().
  std::uint32_t size() const { return size_; }

  /// Appends a page whose first code is size() + 1; kDamaged otherwise.
  base::Status append(std::shared_ptr<const DictionaryPage> page);

 private:
  static constexpr std::size_t kPagesMax = 16;  // More are copied together into one.

  std::vector<std::shared_ptr<const DictionaryPage>> pages_;
  std::uint32_t size_ = 0;
};

/// Gives codes to texts: known ones keep theirs, new ones get the next. At most 2^32 - 2 texts.
class DictionaryWriter {
 public:
  explicit DictionaryWriter(Dictionary known) : known_(std::move(known)) {}

  std::uint32_t intern(std::string_view text);
  /// The page of the new texts; null when there are none.
  std::shared_ptr<const DictionaryPage> new_page() const;

 private:
  Dictionary known_;
  std::vector<std::string> new_texts_;
  std::unordered_map<std::string, std::uint32_t> new_codes_;
};

}  // namespace footfall::store
