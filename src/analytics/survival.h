// Survival: the share of waits that have not ended yet, when some were cut short by the calendar.
//
// The product-limit estimate of E. L. Kaplan and P. Meier (1958) over lengths of time up to a
// window. Lengths are counted in cells of window / 4096 (exact for windows below 4096 ms), so the
// memory is fixed and partial counts add up to the same numbers in every order.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "footfall/base/time.h"

namespace footfall::analytics {

class Survival {
 public:
  /// No lengths yet; `window` >= 0. A Survival of no window holds nothing and estimates nothing.
  Survival() = default;
  explicit Survival(base::TimeMs window);

  /// A wait that ended after `length`; 0 <= length <= window.
  void add_end(base::TimeMs length) { ++ends_[cell(length)]; }
  /// A wait that was not over after `length`; longer ones count as the window.
  void add_censored(base::TimeMs length) { ++censored_[cell(length)]; }
  /// A unit whose last wait is not over after `length`, for `expected_ends`.
  void add_open(base::TimeMs length) { ++open_[cell(length)]; }
  bool empty() const { return ends_.empty(); }  // Of no window.
  /// Both must be of one window, or either of none.
  void merge(const Survival& other);

  /// Probability that a wait ends within the window.
  double ended_share() const;
  /// Its 95 % interval: Greenwood's variance on log(-log S). Nothing when no wait ended, or all.
  std::optional<std::pair<double, double>> ended_interval() const;
  /// How many of the open units will end within the window: the sum of 1 - S(window) / S(length).
  double expected_ends() const;

 private:
  std::size_t cell(base::TimeMs length) const;
  /// S after each cell. Ends come before censorings of the same cell.
  std::vector<double> survival() const;

  base::TimeMs window_ = 0;
  base::TimeMs cell_ms_ = 1;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint64_t> censored_;
  std::vector<std::uint64_t> open_;
};

}  // namespace footfall::analytics
