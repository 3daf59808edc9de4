// Snapshot document: how every answer names the snapshot it was computed from.
#pragma once

#include "footfall/engine/context.h"
#include "footfall/engine/json.h"
#include "footfall/store/snapshot.h"

namespace footfall::engine {

/// {id, content, complete_to, zone, zone_data}; complete_to is null in an empty shop.
Json snapshot_document(const store::Snapshot& snapshot, const base::Zone& zone);

}  // namespace footfall::engine
