// Cohort words: the fast way to count retention where all periods of a block fit into 64 bits.
//
// A person becomes one word with a bit for each period in which they were seen. Its lowest bit is
// their cohort, so no comparison with the first event is needed, and the words of a cohort are
// added up eight periods at a time, without a branch.
//
// Size: both halves are loops that the reader of timelines has to have inline.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "footfall/analytics/calendar.h"
#include "footfall/analytics/event_marks.h"

namespace footfall::analytics {

/// Ticks to bits: a PeriodTable of at most 64 periods, with the bit in place of the period.
template <typename Tick>
class PeriodBits {
 public:
  /// Copies what `table` covers, if it has no more than 64 periods that follow each other; else
  /// nothing.
  void copy(const PeriodTable<Tick>& table) {
    cells_.clear();
    if (table.last() - table.first() >= 64) return;
    for (const auto& cell : table.cells()) {
      const bool begins = cell.periods[1] != cell.periods[0];
      // Where a zone has left a day out, its number is left out as well.
      const bool steps = !begins || cell.periods[1] == cell.periods[0] + 1;
      if (!steps || (begins && std::uint64_t{cell.boundary} >= kNever)) return cells_.clear();
      const std::uint64_t boundary = begins ? std::uint64_t{cell.boundary} : kNever;
      cells_.push_back(boundary << 6 | static_cast<std::uint64_t>(cell.periods[0] - table.first()));
    }
    shift_ = table.shift();
    find_step();
  }
  bool covers(Tick tick) const { return (tick >> shift_) < cells_.size(); }

  /// The periods of some ticks, all covered.
  std::uint64_t bits(const Tick* ticks, const Tick* end) const {
    std::uint64_t bits = 0;
    if (step_factor_ != 0) {
      for (; ticks != end; ++ticks) bits |= std::uint64_t{1} << stepped(*ticks);
      return bits;
    }
    if (end - ticks < 4) {
      for (; ticks != end; ++ticks) bits |= bit(*ticks);
      return bits;
    }
    // Four at a time; the last four may read some ticks again, which changes nothing.
    for (; ticks < end - 4; ticks += 4) {
      bits |= (bit(ticks[0]) | bit(ticks[1])) | (bit(ticks[2]) | bit(ticks[3]));
    }
    return bits | (bit(end[-4]) | bit(end[-3])) | (bit(end[-2]) | bit(end[-1]));
  }

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0} >> 6;  // No tick comes so far.

  // Periods that are all of one length, as weeks are where no clock is changed, are counted by one
  // multiplication in place of a look-up: period = (tick + offset) * factor >> step_bits_. What it
  // gives never falls, so it is right everywhere if it is right on both sides of each boundary.
  std::uint64_t stepped(std::uint64_t tick) const {
    return (tick + step_offset_) * step_factor_ >> step_bits_;
  }
  void find_step() {
    step_factor_ = 0;
    std::vector<std::uint64_t> boundaries;
    for (const std::uint64_t cell : cells_) {
      if (cell >> 6 != kNever) boundaries.push_back(cell >> 6);
    }
    if (sizeof(Tick) > 4 || boundaries.size() < 2) return;
    const std::uint64_t length = boundaries[1] - boundaries[0];
    const std::uint64_t last = cells_.size() << shift_;
    if (length < boundaries[0] || (last + length) >> 32 != 0) return;
    step_offset_ = length - boundaries[0];
    // As exact as 64 bits allow.
    step_bits_ = 62 - static_cast<unsigned>(std::bit_width((last + length) / length));
    step_factor_ = (std::uint64_t{1} << step_bits_) / length + 1;
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
      if (stepped(boundaries[i]) == i + 1 && stepped(boundaries[i] - 1) == i) continue;
      step_factor_ = 0;
      return;
    }
    // Beyond the last boundary no further period may seem to begin.
    if (stepped(last - 1) != boundaries.size()) step_factor_ = 0;
  }

  std::uint64_t bit(Tick tick) const {
    const std::uint64_t cell = cells_[tick >> shift_];
    return std::uint64_t{1} << ((cell & 63) + static_cast<std::uint64_t>(tick >= cell >> 6));
  }

  // One word a cell: the tick at which its second period begins, and below it, in six bits, its
  // first one. A look-up that reads one word and branches nowhere.
  std::vector<std::uint64_t> cells_;
  std::uint64_t step_offset_ = 0;
  std::uint64_t step_factor_ = 0;  // 0: periods are looked up.
  unsigned step_bits_ = 0;
  unsigned shift_ = 0;
};

/// Adds up words by cohort. Holds up to 255 words of a cohort in bytes before they are counted.
class CohortWords {
 public:
  /// Counts periods 0 .. periods - 1; at most 64.
  explicit CohortWords(std::size_t periods) : groups_((periods + 7) / 8) {}

  /// `word` is not 0.
  void add(std::uint64_t word) {
    const std::size_t cohort = lowest_bit(word);
    Lanes& lanes = lanes_[cohort];
    word >>= cohort;
    for (std::size_t group = 0; group < groups_ && word != 0; ++group, word >>= 8) {
      // Byte k of the lane is one of eight counters; bit k of the word goes into it.
      lanes.counts[group] += kSpread[word & 255];
    }
    if (++lanes.words == 255) flush(cohort);
  }
  /// Calls visit(cohort, period, count) for all that was added, and forgets it.
  template <typename Visit>
  void drain(Visit&& visit) {
    for (std::size_t cohort = 0; cohort < 64; ++cohort) {
      flush(cohort);
      for (std::size_t period = 0; period < groups_ * 8; ++period) {
        std::uint64_t& count = totals_[cohort][period];
        if (count != 0) visit(cohort, period, count);
        count = 0;
      }
    }
  }

 private:
  struct Lanes {
    std::array<std::uint64_t, 8> counts{};
    std::uint64_t words = 0;
  };
  static constexpr std::array<std::uint64_t, 256> kSpread = [] {
    std::array<std::uint64_t, 256> spread{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
      for (std::size_t bit = 0; bit < 8; ++bit) {
        spread[byte] |= std::uint64_t{byte >> bit & 1} << (8 * bit);
      }
    }
    return spread;
  }();

  void flush(std::size_t cohort) {
    Lanes& lanes = lanes_[cohort];
    for (std::size_t period = 0; period < groups_ * 8; ++period) {
      totals_[cohort][period] += lanes.counts[period / 8] >> (8 * (period % 8)) & 255;
    }
    lanes = {};
  }

  std::size_t groups_;
  std::array<Lanes, 64> lanes_{};
  std::array<std::array<std::uint64_t, 64>, 64> totals_{};
};

}  // namespace footfall::analytics
