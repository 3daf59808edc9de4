#include "footfall/base/words.h"

#include <fmt/format.h>

#include <wchar.h>
#include <algorithm>
#include <cstdint>
#include <system_error>

namespace footfall::base {
namespace {

// One UTF-8 sequence: its length in bytes and code point; length 0 = invalid.
struct CodePoint {
  std::size_t length = 0;
  std::uint32_t value = 0;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, lead};
  std::size_t length = 0;
  std::uint32_t value = 0;
  std::uint32_t least = 0;
  if ((lead & 0xE0) == 0xC0) {
    length = 2, value = lead & 0x1Fu, least = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3, value = lead & 0x0Fu, least = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    length = 4, value = lead & 0x07u, least = 0x10000;
  } else {
    return {};
  }
  if (at + length > text.size()) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {length, value};
}

std::size_t width_of(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return 0;
  if ((c >= 0x0300 && c <= 0x036F) || c == 0x200B || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F)) {
    return 0;
  }
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
                    (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        next[j] = std::min(next[j], before[j - 2] + 1);
      }
    }
    before.swap(row);
    row.swap(next);
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> nearest_words(std::string_view word,
                                       std::span<const std::string> candidates, std::size_t most) {
  constexpr std::size_t kWordBytesMax = 200;
  if (word.size() > kWordBytesMax) return {};
  const std::string lower = ascii_lower(word);
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kWordBytesMax) continue;
    const std::string other = ascii_lower(candidate);
    std::size_t distance = edit_distance(lower, other);
    // A word typed in part ("london") is near the name that holds it.
    if (lower.size() >= 3 && other.find(lower) != std::string::npos) {
      distance = std::min<std::size_t>(distance, 1);
    }
    if (distance <= limit && distance < lower.size()) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  if (near.size() > most) near.resize(most);
  std::vector<std::string> words;
  for (auto& [distance, name] : near) words.push_back(std::move(name));
  return words;
}

std::string nearest_words_hint(std::string_view word, std::span<const std::string> candidates) {
  const std::vector<std::string> near = nearest_words(word, candidates);
  if (near.empty()) return "";
  return fmt::format("did you mean {}?", fmt::join(near, ", "));
}

bool valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const CodePoint point = code_point_at(text, at);
    if (point.length == 0) return false;
    at += point.length;
  }
  return true;
}

std::string latin1_to_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      result += c;
    } else {
      result += static_cast<char>(0xC0 | (byte >> 6));
      result += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    width += point.length == 0 ? 1 : width_of(point.value);
    at += std::max<std::size_t>(1, point.length);
  }
  return width;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::string result;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const std::size_t columns = point.length == 0 ? 1 : width_of(point.value);
    if (used + columns + 1 > width) break;
    const std::size_t length = std::max<std::size_t>(1, point.length);
    result += text.substr(at, length);
    used += columns;
    at += length;
  }
  return result + "…";
}

namespace {

// Marks that turn the direction of what follows: a name with one could show as another.
bool turns_direction(std::uint32_t point) {
  return point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text, std::size_t bytes_max) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (at >= bytes_max) return result + "…";
    const CodePoint point = code_point_at(text, at);
    if (point.length == 0 || point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0)) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
      ++at;
    } else if (turns_direction(point.value)) {
      result += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point.value));
      at += point.length;
    } else {
      result += text.substr(at, point.length);
      at += point.length;
    }
  }
  return result;
}

std::string system_reason(int error_number) {
  if (error_number == 0) return "the system gave no reason";
  return std::generic_category().message(error_number);
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  std::size_t from = 0;
  std::size_t to = text.size();
  while (from < to && blank(text[from])) ++from;
  while (from < to && blank(text[to - 1])) --to;
  return text.substr(from, to - from);
}

}  // namespace footfall::base
