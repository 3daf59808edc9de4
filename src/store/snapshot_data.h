// Snapshot data: what a Snapshot shares; for the store's own files only.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "footfall/store/dictionary.h"
#include "footfall/store/intake.h"
#include "footfall/store/manifest.h"
#include "footfall/store/overlay.h"
#include "footfall/store/segment.h"
#include "footfall/store/snapshot.h"

namespace footfall::store {

/// The sources of one population: sealed segments and the settled tail (null when empty).
struct PopulationSources {
  std::vector<std::shared_ptr<const Segment>> segments;
  std::shared_ptr<const EventTable> tail;

  std::vector<std::shared_ptr<const TimelineSource>> all() const;
};

/// Immutable but for the overlays, which are made on first use.
class SnapshotData {
 public:
  SnapshotId id;
  std::array<PopulationSources, kPopulations> sources;
  std::vector<std::string> own_names;
  Dictionary items;
  Dictionary orders;
  Dictionary texts;
  std::size_t threads = 1;
  // Persons, rising, whose timelines are those of the tail alone, whatever the segments have.
  std::array<std::vector<UserNumber>, kPopulations> replaced;

  /// A snapshot of the same shop that holds no events yet.
  std::shared_ptr<SnapshotData> without_events() const;

  base::Result<std::shared_ptr<const Overlay>> overlay(Population population) const;
  /// See Snapshot::with_refunds_at_buyers; null when it is this one.
  base::Result<std::shared_ptr<const SnapshotData>> at_buyers(const Snapshot& snapshot,
                                                              std::string_view shop_currency) const;

 private:
  mutable std::mutex buyers_mutex_;
  mutable std::optional<std::shared_ptr<const SnapshotData>> at_buyers_;  // By buyers_mutex_.
  mutable std::mutex mutex_;
  mutable std::array<std::shared_ptr<const Overlay>, kPopulations> overlays_;  // By mutex_.
};

}  // namespace footfall::store
