// Period bits: the fast way from a person's ticks to the periods in which they were seen, where all
// periods of a block fit into 64 bits.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "footfall/analytics/calendar.h"
#include "footfall/analytics/period_words.h"

namespace footfall::analytics {

/// Ticks to bits: a PeriodTable of at most 64 periods, with the bit in place of the period.
template <typename Tick>
class PeriodBits {
 public:
  /// Copies what `table` covers, if its periods rise, no more than 64 that follow each other; else
  /// nothing.
  void copy(const PeriodTable<Tick>& table) {
    cells_.clear();
    steps_.reset();
    if (!table.rises() || table.last() - table.first() >= 64) return;
    for (const auto& cell : table.cells()) {
      const bool begins = cell.periods[1] != cell.periods[0];
      // Where a zone has left a day out, its number is left out as well.
      const bool follows = !begins || cell.periods[1] == cell.periods[0] + 1;
      if (!follows || (begins && std::uint64_t{cell.boundary} >= kNever)) return cells_.clear();
      const std::uint64_t boundary = begins ? std::uint64_t{cell.boundary} : kNever;
      cells_.push_back(boundary << 6 | static_cast<std::uint64_t>(cell.periods[0] - table.first()));
    }
    shift_ = table.shift();
    find_steps();
  }
  bool covers(Tick tick) const { return (tick >> shift_) < cells_.size(); }

  /// The way without a look-up, for ticks that are covered; none where the periods differ in length
  /// or do not allow it.
  const std::optional<PeriodSteps>& steps() const { return steps_; }

  /// The periods of some ticks, all covered.
  std::uint64_t bits(const Tick* ticks, const Tick* end) const {
    std::uint64_t bits = 0;
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

  // What a multiplication gives never falls as ticks rise, so it is right everywhere if it is right
  // on both sides of each boundary.
  void find_steps() {
    std::vector<std::uint64_t> boundaries;
    for (const std::uint64_t cell : cells_) {
      if (cell >> 6 != kNever) boundaries.push_back(cell >> 6);
    }
    if (sizeof(Tick) > 4 || boundaries.size() < 2) return;
    const std::uint64_t length = boundaries[1] - boundaries[0];
    const std::uint64_t last = (std::uint64_t{cells_.size()} << shift_) - 1;
    if (length < boundaries[0] || (last + length) >> 32 != 0) return;
    // The factor is as exact as 32 bits allow.
    PeriodSteps steps{static_cast<std::uint32_t>(length - boundaries[0]), 0, 63};
    while ((std::uint64_t{1} << steps.bits) / length >= ~std::uint32_t{0}) --steps.bits;
    steps.factor = static_cast<std::uint32_t>((std::uint64_t{1} << steps.bits) / length + 1);
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
      if (steps.period(boundaries[i] - 1) != i || steps.period(boundaries[i]) != i + 1) return;
    }
    // Beyond the last boundary no further period may seem to begin.
    if (steps.period(last) == boundaries.size()) steps_ = steps;
  }

  std::uint64_t bit(Tick tick) const {
    const std::uint64_t cell = cells_[tick >> shift_];
    return std::uint64_t{1} << ((cell & 63) + static_cast<std::uint64_t>(tick >= cell >> 6));
  }

  // One word a cell: the tick at which its second period begins, and below it, in six bits, its
  // first one. A look-up that reads one word and branches nowhere.
  std::vector<std::uint64_t> cells_;
  unsigned shift_ = 0;
  std::optional<PeriodSteps> steps_;
};

}  // namespace footfall::analytics
