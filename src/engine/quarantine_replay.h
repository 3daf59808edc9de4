// Quarantine replay: stored rows judged again, with the mapping of their time or a new one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/engine/intake.h"
#include "footfall/events/mapping.h"
#include "footfall/store/store.h"

namespace footfall::engine {

struct Replay {
  Intake intake;  // One file for each source and mapping; sealed.
  /// Quarantine id of each row, by (file of the harvest, row number).
  std::vector<std::vector<std::pair<std::uint64_t, std::uint64_t>>> ids;

  /// Ids of the rows that are in quarantine no longer, given the events the store refused.
  std::vector<std::uint64_t> released(std::span<const std::size_t> conflicts) const;
};

/// `mapping` replaces that of the rows whose columns it fits; null: each row's own is used.
base::Result<Replay> replay_rows(std::span<const store::StoredQuarantine> rows,
                                 const std::optional<events::Mapping>& mapping,
                                 events::ShopFacts shop);

}  // namespace footfall::engine
