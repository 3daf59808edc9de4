#include "footfall/analytics/event_marks.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace footfall::analytics {
namespace {

constexpr std::size_t kComparedMax = 8;

}  // namespace

EventMarker::EventMarker(const EventSet& set) : set_(set) {
#if defined(__SSE2__)
  by_compare_ = set.size() <= kComparedMax || set.size() >= 256 - kComparedMax;
  if (!by_compare_) return;
  flip_ = set.size() > kComparedMax ? ~std::uint64_t{0} : 0;
  compared_ = (flip_ == 0 ? set : ~set).codes();
#endif
}

std::uint64_t EventMarker::word(const EventCode* types) const {
#if defined(__SSE2__)
  if (by_compare_) {
    std::uint64_t bits = 0;
    for (int part = 0; part < 4; ++part) {
      const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(types + part * 16));
      __m128i found = _mm_setzero_si128();
      for (const EventCode code : compared_) {
        const __m128i wanted = _mm_set1_epi8(static_cast<char>(code));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(sixteen, wanted));
      }
      const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(found));
      bits |= std::uint64_t{mask} << (part * 16);
    }
    return bits ^ flip_;
  }
#endif
  return last_word(types, 64);
}

std::uint64_t EventMarker::last_word(const EventCode* types, std::size_t count) const {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bits |= std::uint64_t{set_.contains(types[i])} << i;
  }
  return bits;
}

void EventMarker::mark(std::span<const EventCode> types, std::vector<std::uint64_t>& words) const {
  words.resize((types.size() + 63) / 64);
  const std::size_t whole = types.size() / 64;
  for (std::size_t i = 0; i < whole; ++i) words[i] = word(types.data() + i * 64);
  if (types.size() % 64 != 0) {
    words[whole] = last_word(types.data() + whole * 64, types.size() % 64);
  }
}

bool EventMarker::any(std::span<const EventCode> types) const {
  if (set_.empty()) return false;
  const std::size_t whole = types.size() / 64;
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < whole; ++i) found |= word(types.data() + i * 64);
  return (found | last_word(types.data() + whole * 64, types.size() % 64)) != 0;
}

}  // namespace footfall::analytics
