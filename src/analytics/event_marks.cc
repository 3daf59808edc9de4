#include "footfall/analytics/event_marks.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "footfall/events/batch.h"

namespace footfall::analytics {
namespace {

constexpr std::size_t kComparedMax = 8;

std::uint64_t dense_servers(const std::uint8_t* flags, std::size_t count) {
  std::uint64_t bits = 0;
#if defined(__SSE2__)
  static_assert(events::kServerOrigin == 1);
  if (count == 64) {
    for (int part = 0; part < 4; ++part) {
      const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(flags + part * 16));
      // The lowest bit of each byte becomes its sign, which movemask collects.
      const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_slli_epi16(sixteen, 7)));
      bits |= std::uint64_t{mask} << (part * 16);
    }
    return bits;
  }
#endif
  for (std::size_t i = 0; i < count; ++i) {
    bits |= std::uint64_t{(flags[i] & events::kServerOrigin) != 0} << i;
  }
  return bits;
}

// Whether one of the flags may say so: most shops have no server events among these.
bool any_server(std::span<const std::uint8_t> flags) {
  std::uint8_t found = 0;
  for (const std::uint8_t flag : flags) found = static_cast<std::uint8_t>(found | flag);
  return (found & events::kServerOrigin) != 0;
}

bool any_server(const store::ColumnView<std::uint8_t>& flags, std::size_t first,
                std::size_t count) {
  if ((flags.otherwise() & events::kServerOrigin) != 0) return true;
  if (flags.is_constant()) return false;
  if (flags.is_dense()) return any_server(flags.values().subspan(first, count));
  const auto positions = flags.positions();
  const auto from = std::lower_bound(positions.begin(), positions.end(), first);
  const auto to = std::lower_bound(from, positions.end(), first + count);
  return any_server(flags.values().subspan(static_cast<std::size_t>(from - positions.begin()),
                                           static_cast<std::size_t>(to - from)));
}

void sparse_servers(const store::ColumnView<std::uint8_t>& flags, std::size_t first,
                    std::size_t count, std::vector<std::uint64_t>& words) {
  const auto positions = flags.positions();
  auto at = std::lower_bound(positions.begin(), positions.end(), first);
  for (; at != positions.end() && *at < first + count; ++at) {
    const std::size_t event = *at - first;
    const std::uint64_t bit = std::uint64_t{1} << (event % 64);
    const std::uint8_t value = flags.values()[static_cast<std::size_t>(at - positions.begin())];
    if ((value & events::kServerOrigin) != 0) {
      words[event / 64] |= bit;
    } else {
      words[event / 64] &= ~bit;
    }
  }
}

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
    __m128i events[4];
    __m128i found[4];
    for (int part = 0; part < 4; ++part) {
      events[part] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(types + part * 16));
      found[part] = _mm_setzero_si128();
    }
    for (const EventCode code : compared_) {
      const __m128i wanted = _mm_set1_epi8(static_cast<char>(code));
      for (int part = 0; part < 4; ++part) {
        found[part] = _mm_or_si128(found[part], _mm_cmpeq_epi8(events[part], wanted));
      }
    }
    std::uint64_t bits = 0;
    for (int part = 0; part < 4; ++part) {
      const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(found[part]));
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

bool EventMarker::any(const store::Block& block, std::size_t first, std::size_t count) const {
  if (!set_.intersects(block.may_occur)) return false;
  const auto types = block.types.subspan(first, count);
  const std::size_t whole = types.size() / 64;
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < whole; ++i) found |= word(types.data() + i * 64);
  return (found | last_word(types.data() + whole * 64, types.size() % 64)) != 0;
}

bool mark_servers(const store::ColumnView<std::uint8_t>& flags, std::size_t first,
                  std::size_t count, std::vector<std::uint64_t>& words) {
  if (!any_server(flags, first, count)) return false;
  const bool by_default = (flags.otherwise() & events::kServerOrigin) != 0;
  words.resize((count + 63) / 64);
  if (flags.is_dense()) {
    const std::uint8_t* const values = flags.values().data() + first;
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] = dense_servers(values + i * 64, std::min<std::size_t>(64, count - i * 64));
    }
    return true;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = by_default ? bits_inside(i, 0, count) : 0;
  }
  if (!flags.is_constant()) sparse_servers(flags, first, count, words);
  return true;
}

}  // namespace footfall::analytics
