#include "footfall/store/dictionary.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"
#include "footfall/store/byte_codec.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 16'384;
constexpr std::uint32_t kCodeEnd = 0xFFFFFFFF;  // One past the last code of a dictionary.

std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

DictionaryPage::DictionaryPage(std::uint32_t first_code, std::span<const std::string> texts)
    : first_code_(first_code) {
  for (const std::string& text : texts) {
    bytes_ += text;
    starts_.push_back(bytes_.size());
  }
}

DictionaryPage::DictionaryPage(std::uint32_t first_code, std::string bytes,
                               Column<std::uint64_t> starts)
    : first_code_(first_code), bytes_(std::move(bytes)), starts_(std::move(starts)) {}

std::string_view DictionaryPage::text(std::uint32_t code) const {
  const std::size_t index = code - first_code_;
  return std::string_view(bytes_).substr(starts_[index], starts_[index + 1] - starts_[index]);
}

void DictionaryPage::make_index() const {
  index_.assign(std::bit_ceil(size() * 4 / 3 + 1), Slot{});
  for (std::uint32_t i = 0; i < size(); ++i) {
    const std::string_view own = text(first_code_ + i);
    const std::uint64_t hash = base::hash64(own);
    Slot& slot = index_[slot_of(own, hash)];
    if (slot.code == 0) slot = {first_code_ + i, tag_of(hash)};
  }
}

std::size_t DictionaryPage::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = index_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = index_[at];
    if (slot.code == 0 || (slot.tag == tag_of(hash) && this->text(slot.code) == text)) return at;
  }
}

std::uint32_t DictionaryPage::find(std::string_view text, std::uint64_t hash) const {
  std::call_once(index_made_, [this] { make_index(); });
  return index_[slot_of(text, hash)].code;
}

std::string DictionaryPage::encode() const {
  constexpr std::size_t kLengths = 32;  // More than all lengths and the checksum take.
  ByteWriter writer;
  writer.reserve(bytes_.size() + starts_.size() * sizeof(starts_[0]) + kLengths);
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
  const bool valid = reader.ok() && reader.at_end() && page->first_code_ > 0 &&
                     !page->starts_.empty() && page->size() <= kCodeEnd - page->first_code_ &&
                     page->starts_.front() == 0 && page->starts_.back() == page->bytes_.size() &&
                     std::is_sorted(page->starts_.begin(), page->starts_.end());
  if (!valid) {
    return base::Error{base::ErrorCode::kDamaged, "a dictionary page cannot be read", {}, ""};
  }
  return std::shared_ptr<const DictionaryPage>(page);
}

std::shared_ptr<const DictionaryPage> DictionaryPage::join(const DictionaryPage& first,
                                                           const DictionaryPage& second) {
  Column<std::uint64_t> starts = first.starts_;
  starts.reserve(first.size() + second.size() + 1);
  for (std::size_t i = 1; i < second.starts_.size(); ++i) {
    starts.push_back(first.bytes_.size() + second.starts_[i]);
  }
  return std::make_shared<const DictionaryPage>(first.first_code_, first.bytes_ + second.bytes_,
                                                std::move(starts));
}

std::string_view Dictionary::text(std::uint32_t code) const {
  if (code == 0 || code > size_) return {};
  const auto after = std::upper_bound(
      pages_.begin(), pages_.end(), code,
      [](std::uint32_t value, const auto& page) { return value < page->first_code(); });
  return (*(after - 1))->text(code);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  return find(text, base::hash64(text));
}

std::uint32_t Dictionary::find(std::string_view text, std::uint64_t hash) const {
  if (text.empty()) return 0;
  for (const auto& page : pages_) {
    if (const std::uint32_t code = page->find(text, hash); code != 0) return code;
  }
  return 0;
}

base::Status Dictionary::append(std::shared_ptr<const DictionaryPage> page) {
  if (page->first_code() != size_ + 1) {
    return base::Error{base::ErrorCode::kDamaged, "a dictionary page is missing", {}, ""};
  }
  size_ += static_cast<std::uint32_t>(page->size());
  while (!pages_.empty() && pages_.back()->size() <= 2 * page->size()) {
    page = DictionaryPage::join(*pages_.back(), *page);
    pages_.pop_back();
  }
  pages_.push_back(std::move(page));
  return base::Ok{};
}

CodedTexts code_texts(const Dictionary& known, const events::StringTable& texts,
                      std::span<const std::uint8_t> used, std::size_t threads) {
  struct Fresh {
    std::uint32_t texts = 0;
    std::uint64_t bytes = 0;
  };
  const std::size_t count = texts.size();
  std::vector<Fresh> before(count / kGrain + 2);
  CodedTexts result;
  result.codes.assign(count, 0);
  const auto is_fresh = [&](std::uint32_t code) {
    return code != 0 && used[code] != 0 && result.codes[code] == 0;
  };
  base::parallel_for(threads, count, kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
    Fresh& fresh = before[begin / kGrain + 1];
    for (auto code = static_cast<std::uint32_t>(begin); code < end; ++code) {
      if (!is_fresh(code)) continue;
      const std::string_view text = texts.text(code);
      result.codes[code] = known.find(text, texts.hash(code));
      if (result.codes[code] != 0) continue;
      ++fresh.texts;
      fresh.bytes += text.size();
    }
  });
  for (std::size_t i = 1; i < before.size(); ++i) {
    before[i].texts += before[i - 1].texts;
    before[i].bytes += before[i - 1].bytes;
  }
  if (before.back().texts == 0) return result;
  std::string bytes(before.back().bytes, '\0');
  Column<std::uint64_t> starts(before.back().texts + 1);
  starts[0] = 0;
  base::parallel_for(threads, count, kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
    Fresh at = before[begin / kGrain];
    for (auto code = static_cast<std::uint32_t>(begin); code < end; ++code) {
      if (!is_fresh(code)) continue;
      const std::string_view text = texts.text(code);
      std::memcpy(bytes.data() + at.bytes, text.data(), text.size());
      at.bytes += text.size();
      starts[++at.texts] = at.bytes;
      result.codes[code] = known.size() + at.texts;
    }
  });
  result.new_page =
      std::make_shared<const DictionaryPage>(known.size() + 1, std::move(bytes), std::move(starts));
  return result;
}

}  // namespace footfall::store
