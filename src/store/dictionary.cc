#include "footfall/store/dictionary.h"

#include <algorithm>

#include "footfall/store/byte_codec.h"

namespace footfall::store {

DictionaryPage::DictionaryPage(std::uint32_t first_code, std::vector<std::string> texts)
    : first_code_(first_code) {
  for (const std::string& text : texts) {
    bytes_ += text;
    starts_.push_back(bytes_.size());
  }
}

std::string_view DictionaryPage::text(std::uint32_t code) const {
  const std::size_t index = code - first_code_;
  return std::string_view(bytes_).substr(starts_[index], starts_[index + 1] - starts_[index]);
}

std::uint32_t DictionaryPage::find(std::string_view text) const {
  std::call_once(index_made_, [this] {
    index_.reserve(size());
    for (std::uint32_t i = 0; i < size(); ++i) {
      index_.emplace(this->text(first_code_ + i), first_code_ + i);
    }
  });
  const auto found = index_.find(text);
  return found == index_.end() ? 0 : found->second;
}

std::string DictionaryPage::encode() const {
  ByteWriter writer;
  writer.number(first_code_);
  writer.array(starts_);
  writer.text(bytes_);
  return std::move(writer).with_checksum();
}

base::Result<std::shared_ptr<const DictionaryPage>> DictionaryPage::decode(std::string_view bytes) {
  FOOTFALL_TRY(const std::string_view body, check_bytes(bytes, "a dictionary page"));
  ByteReader reader(body);
  const std::shared_ptr<DictionaryPage> page(new DictionaryPage());
  page->first_code_ = reader.number<std::uint32_t>();
  reader.array(page->starts_);
  page->bytes_ = reader.text();
  const bool valid = reader.ok() && page->first_code_ > 0 && !page->starts_.empty() &&
                     page->starts_.front() == 0 && page->starts_.back() == page->bytes_.size() &&
                     std::is_sorted(page->starts_.begin(), page->starts_.end());
  if (!valid) {
    return base::Error{base::ErrorCode::kDamaged, "a dictionary page cannot be read", {}, ""};
  }
  return std::shared_ptr<const DictionaryPage>(page);
}

std::string_view Dictionary::text(std::uint32_t code) const {
  if (code == 0 || code > size_) return {};
  const auto after = std::upper_bound(
      pages_.begin(), pages_.end(), code,
      [](std::uint32_t value, const auto& page) { return value < page->first_code(); });
  return (*(after - 1))->text(code);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  if (text.empty()) return 0;
  for (const auto& page : pages_) {
    if (const std::uint32_t code = page->find(text); code != 0) return code;
  }
  return 0;
}

base::Status Dictionary::append(std::shared_ptr<const DictionaryPage> page) {
  if (page->first_code() != size_ + 1) {
    return base::Error{base::ErrorCode::kDamaged, "a dictionary page is missing", {}, ""};
  }
  size_ += static_cast<std::uint32_t>(page->size());
  pages_.push_back(std::move(page));
  if (pages_.size() > kPagesMax) {
    std::vector<std::string> texts;
    texts.reserve(size_);
    for (std::uint32_t code = 1; code <= size_; ++code) texts.emplace_back(text(code));
    pages_ = {std::make_shared<const DictionaryPage>(1, std::move(texts))};
  }
  return base::Ok{};
}

std::uint32_t DictionaryWriter::intern(std::string_view text) {
  if (text.empty()) return 0;
  if (const std::uint32_t code = known_.find(text); code != 0) return code;
  const auto next = known_.size() + static_cast<std::uint32_t>(new_texts_.size()) + 1;
  const auto [place, is_new] = new_codes_.emplace(std::string(text), next);
  if (is_new) new_texts_.emplace_back(text);
  return place->second;
}

std::shared_ptr<const DictionaryPage> DictionaryWriter::new_page() const {
  if (new_texts_.empty()) return nullptr;
  return std::make_shared<const DictionaryPage>(known_.size() + 1, new_texts_);
}

}  // namespace footfall::store
