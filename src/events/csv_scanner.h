// CsvScanner: finds the characters that structure CSV text, 64 bytes at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace footfall::events {

/// Walks the delimiters, double quotes and line ends of a stretch of text in order. 63 bytes after
/// the end must be readable.
class CsvScanner {
 public:
  CsvScanner(const char* data, std::size_t size, char delimiter, bool cr_lines)
      : data_(data), size_(size), delimiter_(delimiter), other_end_(cr_lines ? '\r' : '\n') {}

  /// The next found position not before the cursor, or `size` at the end; moves past it.
  std::size_t next() {
    while (mask_ == 0) {
      block_ += 64;
      if (block_ >= size_) return size_;
      mask_ = find(block_);
    }
    const std::size_t position = block_ + static_cast<std::size_t>(std::countr_zero(mask_));
    mask_ &= mask_ - 1;
    return position < size_ ? position : size_;
  }

  void seek(std::size_t position) {
    const std::size_t block = position & ~std::size_t{63};
    block_ = block;
    mask_ = block < size_ ? find(block) & (~std::uint64_t{0} << (position & 63)) : 0;
  }

 private:
  std::uint64_t find(std::size_t at) const {
#if defined(__SSE2__)
    std::uint64_t mask = 0;
    for (int part = 3; part >= 0; --part) {
      const __m128i text =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(data_ + at + part * 16));
      const __m128i hit =
          _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8(delimiter_)),
                                    _mm_cmpeq_epi8(text, _mm_set1_epi8('"'))),
                       _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('\n')),
                                    _mm_cmpeq_epi8(text, _mm_set1_epi8(other_end_))));
      mask = (mask << 16) | static_cast<std::uint32_t>(_mm_movemask_epi8(hit));
    }
    return mask;
#else
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < 64; ++i) {
      const char c = data_[at + i];
      const bool hit = c == delimiter_ || c == '"' || c == '\n' || c == other_end_;
      mask |= static_cast<std::uint64_t>(hit) << i;
    }
    return mask;
#endif
  }

  const char* data_;
  std::size_t size_;
  char delimiter_;
  char other_end_;
  std::size_t block_ = 0;
  std::uint64_t mask_ = 0;
};

}  // namespace footfall::events
