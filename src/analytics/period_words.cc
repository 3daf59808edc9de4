#include "footfall/analytics/period_words.h"

#include <algorithm>
#include <bit>

// This file is compiled once for each kind of vector; the best one the machine has is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "footfall/analytics/period_words.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace footfall::analytics {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Vectors that cannot leave the memory behind a person's last tick unread are of no use here. Those
// of AVX2 can where lanes have 32 bits, which the library's word for it does not say.
#if HWY_TARGET == HWY_SCALAR || (HWY_MEM_OPS_MIGHT_FAULT && HWY_TARGET != HWY_AVX2)

std::uint32_t make_words(const std::uint32_t* ticks, std::span<const std::uint64_t> offsets,
                         const PeriodSteps& steps, std::span<std::uint64_t> words) {
  std::uint32_t latest = 0;
  for (std::size_t person = 0; person < words.size(); ++person) {
    words[person] = 0;
    for (std::uint64_t i = offsets[person]; i < offsets[person + 1]; ++i) {
      words[person] |= std::uint64_t{1} << (steps.period(ticks[i]) & 63);
      latest = std::max(latest, ticks[i]);
    }
  }
  return latest;
}

#else

using Ticks = hn::ScalableTag<std::uint32_t>;
using Words = hn::RepartitionToWide<Ticks>;
using TickVector = hn::Vec<Ticks>;
using WordVector = hn::Vec<Words>;

// The bits of the periods of some ticks, one word a pair of ticks.
struct Stepper {
  explicit Stepper(const PeriodSteps& steps)
      : offset(hn::Set(Ticks(), steps.offset)),
        factor(hn::Set(Ticks(), steps.factor)),
        one(hn::Set(Words(), 1)),
        bits(static_cast<int>(steps.bits)) {}

  HWY_INLINE WordVector words(TickVector ticks) const {
    const auto even = hn::Add(ticks, offset);
    const auto odd = hn::BitCast(Ticks(), hn::ShiftRight<32>(hn::BitCast(Words(), even)));
    return hn::Or(hn::Shl(one, hn::ShiftRightSame(hn::MulEven(even, factor), bits)),
                  hn::Shl(one, hn::ShiftRightSame(hn::MulEven(odd, factor), bits)));
  }

  TickVector offset;
  TickVector factor;
  WordVector one;
  int bits;
};

template <typename D>
HWY_INLINE std::uint64_t or_of_lanes(D d, hn::Vec<D> words) {
  if constexpr (hn::MaxLanes(D()) == 1) {
    return hn::GetLane(words);
  } else {
    const hn::Half<D> half;
    return or_of_lanes(half, hn::Or(hn::LowerHalf(half, words), hn::UpperHalf(half, words)));
  }
}

std::uint32_t make_words(const std::uint32_t* ticks, std::span<const std::uint64_t> offsets,
                         const PeriodSteps& steps, std::span<std::uint64_t> words) {
  const Ticks d;
  const std::size_t lanes = hn::Lanes(d);
  const Stepper stepper(steps);
  auto latest = hn::Zero(d);
  for (std::size_t person = 0; person < words.size(); ++person) {
    const std::uint32_t* from = ticks + offsets[person];
    std::size_t left = offsets[person + 1] - offsets[person];
    if (left == 0) {
      words[person] = 0;
      continue;
    }
    // What lies beyond the last tick is read as the first one, which changes nothing.
    const auto first = hn::Set(d, *from);
    auto seen = hn::Zero(Words());
    for (; left > lanes; left -= lanes, from += lanes) {
      seen = hn::Or(seen, stepper.words(hn::LoadU(d, from)));
    }
    const auto inside = hn::FirstN(d, left);
    const auto last = hn::IfThenElse(inside, hn::MaskedLoad(inside, d, from), first);
    // Ticks rise: only the last vector can hold the latest.
    latest = hn::Max(latest, last);
    words[person] = or_of_lanes(Words(), hn::Or(seen, stepper.words(last)));
  }
  return hn::GetLane(hn::MaxOfLanes(d, latest));
}

#endif

// Adds 1 to the 64 counts whose bits are set.
HWY_INLINE void count_bits(std::uint64_t word, std::uint8_t* counts) {
#if HWY_TARGET == HWY_SCALAR
  for (; word != 0; word &= word - 1) ++counts[std::countr_zero(word)];
#else
  const hn::CappedTag<std::uint8_t, 64> d;
  const std::size_t lanes = hn::Lanes(d);
  std::uint8_t bits[16] = {};  // Whoever loads a mask may read eight bytes.
  std::copy_n(reinterpret_cast<const std::uint8_t*>(&word), 8, bits);
  for (std::size_t at = 0; at < 64; at += lanes) {
    // A mask's lanes are 0 or 255, which is -1.
    const auto set = hn::VecFromMask(d, hn::LoadMaskBits(d, bits + at / 8));
    hn::Store(hn::Sub(hn::Load(d, counts + at), set), d, counts + at);
  }
#endif
}

// Counts words until one fills a cohort; returns how many it has taken.
std::size_t count_words(std::span<const std::uint64_t> words, CohortBytes& bytes) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == 0) continue;
    const auto cohort = static_cast<std::size_t>(std::countr_zero(words[i]));
    count_bits(words[i] >> cohort, bytes.seen[cohort].data());
    if (++bytes.persons[cohort] == CohortBytes::kMost) return i + 1;
  }
  return words.size();
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace footfall::analytics
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace footfall::analytics {

HWY_EXPORT(make_words);
HWY_EXPORT(count_words);

std::uint32_t make_period_words(const std::uint32_t* ticks, std::span<const std::uint64_t> offsets,
                                const PeriodSteps& steps, std::span<std::uint64_t> words) {
  return HWY_DYNAMIC_DISPATCH(make_words)(ticks, offsets, steps, words);
}

std::uint64_t CohortCounts::add(std::span<const std::uint64_t> words) {
  for (auto left = words; !left.empty();) {
    const std::size_t taken = HWY_DYNAMIC_DISPATCH(count_words)(left, bytes_);
    const auto cohort = static_cast<std::size_t>(std::countr_zero(left[taken - 1]));
    if (cohort < 64 && bytes_.persons[cohort] == CohortBytes::kMost) flush(cohort);
    left = left.subspan(taken);
  }
  return static_cast<std::uint64_t>(std::count(words.begin(), words.end(), std::uint64_t{0}));
}

void CohortCounts::flush(std::size_t cohort) {
  for (std::size_t n = 0; n < 64; ++n) totals_[cohort][n] += bytes_.seen[cohort][n];
  bytes_.seen[cohort] = {};
  bytes_.persons[cohort] = 0;
}

}  // namespace footfall::analytics
#endif
