// Buyer refunds: where the refund of another person's order belongs.
//
// A list of refunds may name the order alone, or somebody who is not its buyer. Questions on orders
// read one person after the other, so they are asked of a snapshot in which such a refund stands
// with the buyer (SEMANTICS 11: what is refunded is the order). A function of the set of events.
#pragma once

#include <memory>

#include "footfall/base/result.h"
#include "footfall/store/snapshot_data.h"

namespace footfall::store {

/// Null when every refund that names a known order is its buyer's own. An order number that stands
/// in several currencies is that of the refund's currency; a buyer's own order comes first. Costs a
/// pass over refunds and, where there are any, one over purchases.
base::Result<std::shared_ptr<const SnapshotData>> with_refunds_at_buyers(const Snapshot& snapshot,
                                                                         const SnapshotData& data);

}  // namespace footfall::store
