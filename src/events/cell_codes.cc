#include "footfall/events/cell_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "footfall/base/hash.h"
#include "footfall/base/random.h"
#include "footfall/base/words.h"
#include "footfall/events/schema.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

constexpr std::size_t kSlotsFirst = 1024;
constexpr std::size_t kPlainDigitsMax = 18;
constexpr std::size_t kMetTexts = 64;
// Numbers below kDirectMost that come densely, at least one in kDirectSparse, need no hash.
constexpr std::uint64_t kDirectMost = std::uint64_t{1} << 24;
constexpr std::uint64_t kDirectSparse = 16;
constexpr std::size_t kLookAhead = 16;  // Rows whose slots are on their way from memory.

// Spreads short words: by their length, first and last bytes.
std::size_t place_of(std::string_view text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data(), std::min(text.size(), sizeof bytes));
  bytes ^= static_cast<std::uint64_t>(static_cast<unsigned char>(text.back())) << 40;
  return static_cast<std::size_t>(base::mix64(bytes + text.size()));
}

// A text that std::to_string would write: so it may share the code of the number.
bool plain_integer(std::string_view text, std::int64_t& value) {
  if (text.size() > kPlainDigitsMax || (text[0] == '0' && text.size() > 1)) return false;
  std::int64_t result = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    result = result * 10 + (c - '0');
  }
  value = result;
  return true;
}

}  // namespace

CellCodes::CellCodes(StringTable& table, Rules rules)
    : table_(table),
      rules_(std::move(rules)),
      integers_(kSlotsFirst, IntegerSlot{}),
      texts_(kSlotsFirst) {}

CellCodes::Code CellCodes::cell(const RawColumn& column, std::size_t row) {
  if (column.is_absent(row)) return kAbsent;
  switch (column.kind) {
    case CellKind::kText:
      return text(column.texts[row]);
    case CellKind::kInteger:
      return integer(column.integers[row]);
    case CellKind::kReal:
      return real(column.reals[row]);
    case CellKind::kInstant:
      break;
  }
  return text(cell_text(column, row));
}

void CellCodes::cells(const RawColumn& column, std::span<Code> into) {
  if (column.kind == CellKind::kText) return text_cells(column, into);
  if (column.kind != CellKind::kInteger) {
    for (std::size_t row = 0; row < into.size(); ++row) {
      if (into[row] == 0) into[row] = cell(column, row);
    }
    return;
  }
  const std::int64_t* const values = column.integers.data();
  for (std::size_t row = 0; row < into.size(); ++row) {
    if (row + kLookAhead < into.size()) {
      const auto ahead = static_cast<std::uint64_t>(values[row + kLookAhead]);
      if (ahead < direct_.size()) {
        __builtin_prefetch(&direct_[ahead]);
      } else {
        __builtin_prefetch(&integers_[base::mix64(ahead) & (integers_.size() - 1)]);
      }
    }
    if (into[row] == 0 && !column.is_absent(row)) into[row] = integer(values[row]);
  }
}

// Columns of words repeat a few texts: those met last are known by their bytes alone.
void CellCodes::text_cells(const RawColumn& column, std::span<Code> into) {
  struct Met {
    std::string_view text;
    Code code = kAbsent;
  };
  std::array<Met, kMetTexts> met{};
  for (std::size_t row = 0; row < into.size(); ++row) {
    const std::string_view cell = column.texts[row];
    if (into[row] != 0 || cell.empty()) continue;
    Met& place = met[place_of(cell) % kMetTexts];
    if (place.text != cell) place = {cell, text(cell)};
    into[row] = place.code;
  }
}

CellCodes::Code CellCodes::integer(std::int64_t value) {
  // Judged before the look-up: the rule may have changed since the code was made.
  if (value == 0 && rules_.refuse_bad_ids && !rules_.zero_is_valid) return kBadId;
  const auto place = static_cast<std::uint64_t>(value);
  if (place < direct_.size() && direct_[place] != 0) return direct_[place];
  const std::size_t mask = integers_.size() - 1;
  std::size_t at = base::mix64(place) & mask;
  for (; integers_[at].code != 0; at = (at + 1) & mask) {
    if (integers_[at].key == value) return integers_[at].code;
  }
  const Code code = add_integer(value);
  if (code >= kFirstProblem) return code;
  if (grow_direct(place)) {
    direct_[place] = code;
    return code;
  }
  integers_[at] = {value, code};
  if (++integer_count_ * 2 > integers_.size()) grow_integers();
  return code;
}

// Whether the table of small numbers has a place for the value: it grows with the texts that are
// known, so that a few large numbers cost no large table.
bool CellCodes::grow_direct(std::uint64_t value) {
  if (value < direct_.size()) return true;
  if (value >= kDirectMost || value >= kDirectSparse * table_.size() + kSlotsFirst) return false;
  direct_.resize(std::bit_ceil(value + 1), 0);
  return true;
}

CellCodes::Code CellCodes::text(std::string_view untrimmed) {
  std::string_view text = base::trim(untrimmed);
  if (text.empty()) return kAbsent;
  if (rules_.strip_point_zero && is_float_id(text)) text.remove_suffix(2);
  if (std::int64_t value = 0; plain_integer(text, value)) return integer(value);
  const std::uint64_t hash = base::hash64(text);
  const std::size_t mask = texts_.size() - 1;
  std::size_t at = hash & mask;
  for (; texts_[at].code != 0; at = (at + 1) & mask) {
    if (texts_[at].hash == hash &&
        table_.text(texts_[at].code).substr(rules_.prefix.size()) == text) {
      return texts_[at].code;
    }
  }
  const Code code = add_text(text);
  if (code >= kFirstProblem) return code;
  texts_[at] = {hash, code};
  if (++text_count_ * 2 > texts_.size()) grow_texts();
  return code;
}

CellCodes::Code CellCodes::real(double value) {
  if (const auto whole = whole_of(value)) return integer(*whole);
  return text(fmt::format("{}", value));
}

CellCodes::Code CellCodes::add_integer(std::int64_t value) {
  const fmt::format_int digits(value);
  const std::string_view text(digits.data(), digits.size());
  // Other numbers can be in the table as texts.
  const bool plain = value > 0 && text.size() <= kPlainDigitsMax;
  if (!plain || text.size() > rules_.bytes_max) return add_text(text);
  return table_.add(whole(text));
}

CellCodes::Code CellCodes::add_text(std::string_view text) {
  if (text.size() > rules_.bytes_max) return kTooLong;
  if (!base::valid_utf8(text)) return kInvalidUtf8;
  if (rules_.refuse_bad_ids && text != "0" && is_bad_id(text)) return kBadId;
  return table_.intern(whole(text));
}

std::string_view CellCodes::whole(std::string_view text) {
  if (rules_.prefix.empty()) return text;
  whole_.assign(rules_.prefix);
  whole_ += text;
  return whole_;
}

void CellCodes::grow_integers() {
  base::Column<IntegerSlot> larger(integers_.size() * 2, IntegerSlot{});
  const std::size_t mask = larger.size() - 1;
  for (const IntegerSlot& slot : integers_) {
    if (slot.code == 0) continue;
    std::size_t at = base::mix64(static_cast<std::uint64_t>(slot.key)) & mask;
    while (larger[at].code != 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  integers_ = std::move(larger);
}

void CellCodes::grow_texts() {
  std::vector<TextSlot> larger(texts_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const TextSlot& slot : texts_) {
    if (slot.code == 0) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].code != 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  texts_ = std::move(larger);
}

}  // namespace footfall::events
