// Period words: one 64-bit word a person, with a bit for each period in which they were seen.
//
// Where all periods of a block are of one length, as weeks and days are between two changes of the
// clock, a tick's period is one multiplication, done for as many ticks at a time as the machine's
// vectors hold. A word's lowest bit is the person's cohort, so no comparison with the first event
// is needed, and the words of a cohort are counted all 64 periods at a time. Machines with AVX2 or
// AVX-512 make words with vectors; others compute the same tick by tick.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace footfall::analytics {

/// Periods of one length: tick t lies in period ((t + offset) * factor) >> bits. No t + offset of a
/// block may reach 2^32, and no period 64.
struct PeriodSteps {
  std::uint32_t offset = 0;
  std::uint32_t factor = 0;
  unsigned bits = 0;

  std::uint64_t period(std::uint64_t tick) const { return (tick + offset) * factor >> bits; }
};

/// Makes the words of words.size() persons: person p has the ticks [offsets[p], offsets[p + 1]) of
/// `ticks`; one without ticks gets 0. Returns the latest tick it read, 0 if none: the words are
/// right only if `steps` are right up to it. `offsets` has one more than `words`.
std::uint32_t make_period_words(const std::uint32_t* ticks, std::span<const std::uint64_t> offsets,
                                const PeriodSteps& steps, std::span<std::uint64_t> words);

/// Counts that have room for kMost persons of each cohort.
struct CohortBytes {
  static constexpr std::uint8_t kMost = 255;
  alignas(64) std::array<std::array<std::uint8_t, 64>, 64> seen{};  // By cohort and periods later.
  std::array<std::uint8_t, 64> persons{};
};

/// Counts persons by cohort and period.
class CohortCounts {
 public:
  /// Adds persons by their words and returns how many of these were 0: they are in no cohort.
  std::uint64_t add(std::span<const std::uint64_t> words);

  /// Calls visit(cohort, n, count) for each count that is not 0, and forgets all: so many persons
  /// of the cohort were seen n periods later.
  template <typename Visit>
  void drain(Visit&& visit) {
    for (std::size_t cohort = 0; cohort < 64; ++cohort) {
      flush(cohort);
      for (std::size_t n = 0; n < 64; ++n) {
        std::uint64_t& count = totals_[cohort][n];
        if (count != 0) visit(cohort, n, count);
        count = 0;
      }
    }
  }

 private:
  void flush(std::size_t cohort);

  CohortBytes bytes_;
  std::array<std::array<std::uint64_t, 64>, 64> totals_{};
};

}  // namespace footfall::analytics
