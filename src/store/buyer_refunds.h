// Buyer refunds: where the refund of another person's order belongs.
//
// A list of refunds may name the order alone, or somebody who is not its buyer. Questions on orders
// read one person after the other, so they are asked of a snapshot in which such a refund stands
// with the buyer (SEMANTICS 11: what is refunded is the order). A function of the set of events.
#pragma once

#include <memory>
#include <string_view>

#include "footfall/base/result.h"
#include "footfall/store/snapshot_data.h"

namespace footfall::store {

/// Null when every refund that names a known order is its buyer's own. An order number that several
/// persons have is of whoever bought in the refund's currency (`shop_currency` where none is
/// named); where nobody did, of whoever has the number. Where those are more than one, or its own
/// person is among them, the refund stays where it is. One that moves is marked events::kSecondary:
/// what it says of its person is of whoever booked it. Costs a pass over refunds and, where there
/// are any, one over purchases.
base::Result<std::shared_ptr<const SnapshotData>> with_refunds_at_buyers(
    const Snapshot& snapshot, const SnapshotData& data, std::string_view shop_currency);

}  // namespace footfall::store
