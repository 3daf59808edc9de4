// Paths: which ways people take inside a session, from a start event on or back from an end event.
//
// A session's path begins at the first occurrence of a start event (backwards: at the last
// occurrence of an end event) and holds the next `steps` nodes. A node is an event's name; equal
// neighbours are one node. Columns are positions on the path, so a path may pass a name twice.
// Every node before the last column has in = out + ends (SEMANTICS 8).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "footfall/analytics/event_set.h"
#include "footfall/analytics/session_cut.h"
#include "footfall/base/result.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

inline constexpr std::size_t kPathStepsMax = 20;

enum class PathDirection : std::uint8_t { kForward, kBackward };

struct PathSpec {
  SessionRule rule = {};
  PathDirection direction = PathDirection::kForward;
  EventSet anchor = EventSet::deeds();  // Start events, or end events when backwards.
  std::size_t steps = 5;                // Nodes after the anchor.
  base::TimeMs from = base::kTimeMin;   // Sessions that begin in [from, to).
  base::TimeMs to = base::kTimeEnd;
  EventSet ignored = EventSet::attributes();
};

/// kNoEvent stands for all names of a column that are not among its most frequent ones.
struct PathNode {
  std::size_t column = 0;  // 0 is the anchor; backwards, columns count against time.
  EventCode event = 0;
  std::uint64_t sessions = 0;
  std::uint64_t ends = 0;  // Sessions with no further node on this side.
};

struct PathLink {
  std::size_t column = 0;  // Of `near`.
  EventCode near = 0;      // Nearer to the anchor.
  EventCode far = 0;       // One column on.
  std::uint64_t sessions = 0;
};

struct PathAnswer {
  std::vector<PathNode> nodes;  // By column, then sessions falling, then name; `other` last.
  std::vector<PathLink> links;  // By column, then in the order of the nodes.
  std::uint64_t sessions = 0;   // All in range.
  std::uint64_t without_anchor = 0;
  std::uint64_t no_session = 0;  // Server events of the range outside every session.
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
};

/// What some of the persons gave; 0.5 MiB a step. Partials may be merged in any order.
struct PathPartial {
  std::vector<std::uint64_t> links;  // [column][near][far]; made by the first fold.
  std::vector<std::uint64_t> nodes;  // [column][event]
  std::vector<std::uint64_t> ends;   // [column][event]
  std::uint64_t sessions = 0;
  std::uint64_t without_anchor = 0;
  std::uint64_t no_session = 0;
  std::uint64_t persons = 0;
  std::uint64_t events = 0;
};

/// A PathSpec that has been checked. Immutable, so threads may share one.
class Paths {
 public:
  /// Refuses a gap of 0 or less, an empty anchor, no steps and more than kPathStepsMax.
  static base::Result<Paths> create(PathSpec spec);

  const PathSpec& spec() const { return spec_; }

  /// Adds users [begin, end) of a block. Needs the column flags.
  void fold(PathPartial& partial, const store::Block& block, std::size_t begin,
            std::size_t end) const;
  static void merge(PathPartial& into, const PathPartial& from);
  /// Keeps the `top` most frequent names of each column, ties by name; `names` by event code.
  PathAnswer finish(const PathPartial& partial, std::size_t top,
                    std::span<const std::string> names) const;

 private:
  explicit Paths(PathSpec spec) : spec_(std::move(spec)), ignored_marker_(spec_.ignored) {}
  template <typename Tick>
  void fold_ticks(PathPartial& partial, const store::Block& block, std::size_t begin,
                  std::size_t end) const;
  /// `types` and `ignored` (may be null) count from the start of the run, as `session` does.
  void add_session(PathPartial& partial, const EventCode* types, const std::uint64_t* ignored,
                   const Session& session) const;

  PathSpec spec_;
  EventMarker ignored_marker_;
};

}  // namespace footfall::analytics
