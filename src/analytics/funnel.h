// Funnels: how far each person gets through an ordered list of steps within a time window.
//
// A chain is a sequence of distinct events of one person in stored order, the i-th matching step
// i; it starts at an event of the first step inside the range, and its last event is at most
// `window_ms` after its first. Other events in between are ignored, one event fills one step, and
// equal times keep their stored order. A person's depth is that of their deepest chain
// (SEMANTICS 3: order sequential, closed, counting users).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "footfall/analytics/estimates.h"
#include "footfall/analytics/event_marks.h"
#include "footfall/analytics/event_set.h"
#include "footfall/analytics/survival.h"
#include "footfall/base/result.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

inline constexpr std::size_t kFunnelStepsMax = 64;
/// Any length of time will do.
inline constexpr base::TimeMs kNoWindow = std::numeric_limits<base::TimeMs>::max();

enum class FunnelEntry : std::uint8_t {
  kBestChain,   // Every event of the first step is tried.
  kFirstEntry,  // Only the first one in the range.
};

struct FunnelSpec {
  std::vector<EventSet> steps;                // In order; sets may overlap.
  base::TimeMs window_ms = 7 * base::kDayMs;  // From a chain's first event to its last, inclusive.
  FunnelEntry entry = FunnelEntry::kBestChain;
  // Entries are in [from, to); what follows them may lie after `to`.
  base::TimeMs from = base::kTimeMin;
  base::TimeMs to = base::kTimeEnd;
  // Also times from entry and open windows: about three times the work, and one number in memory
  // for every step that a person reaches.
  bool details = false;
  base::TimeMs complete_to = base::kTimeEnd;  // H: up to when the history is complete.
};

/// What is known of windows that the end of the history cut short (SEMANTICS 3.10).
struct FunnelWindows {
  std::uint64_t open = 0;    // Not converted, and the newest entry's window ends after H.
  std::uint64_t closed = 0;  // The newest entry's window ended by H, converted or not.
  std::uint64_t closed_converted = 0;
  // Conversion as if no window were cut short: from spells for best_chain, from Kaplan and Meier
  // for first_entry. Nothing without a window, or without persons.
  std::optional<double> corrected;
  std::optional<std::pair<double, double>> corrected_interval;  // first_entry alone.
};

struct FunnelStep {
  std::uint64_t persons = 0;                  // Persons of at least this depth.
  std::optional<DurationSummary> from_entry;  // In their reported chains (SEMANTICS 3.4).
};

struct FunnelAnswer {
  std::vector<FunnelStep> steps;
  FunnelWindows windows;  // With details alone.
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
};

/// What some of the persons gave. Partials of one funnel may be merged in any order.
struct FunnelPartial {
  std::array<std::uint64_t, kFunnelStepsMax + 1> depths{};  // Persons by depth.
  std::uint64_t events = 0;
  std::array<std::vector<base::TimeMs>, kFunnelStepsMax> from_entry;  // By step.
  FunnelWindows windows;
  Survival spells;
};

/// A FunnelSpec that has been checked. Immutable, so threads may share one.
class Funnel {
 public:
  /// Refuses fewer than two steps, more than kFunnelStepsMax, a step without events and a
  /// negative window (invalid_argument).
  static base::Result<Funnel> create(FunnelSpec spec);

  const FunnelSpec& spec() const { return spec_; }

  /// Adds users [begin, end) of a block. One pass over the types; ticks are read where they
  /// matter. Needs no columns beside the core ones.
  void fold(FunnelPartial& partial, const store::Block& block, std::size_t begin,
            std::size_t end) const;
  static void merge(FunnelPartial& into, const FunnelPartial& from);
  FunnelAnswer finish(const FunnelPartial& partial) const;

 private:
  explicit Funnel(FunnelSpec spec);
  template <typename Tick>
  void fold_ticks(FunnelPartial& partial, const store::Block& block, std::size_t begin,
                  std::size_t end) const;

  FunnelSpec spec_;
  std::array<std::uint64_t, 256> steps_of_{};  // Bit k: the type matches step k, from 0.
  EventMarker entry_marker_;                   // The first step.
  EventMarker later_marker_;                   // Any other step.
};

}  // namespace footfall::analytics
