// Quarantine: the rows that a shop keeps apart, once each, whichever imports brought them.
//
// An undo leaves the quarantine that there would be had the import never been made: a row stays as
// long as one import that brought it stands, and a row that an import has replayed or dropped comes
// back with that import's undoing, unless a later one has released its equal.
#pragma once

#include "footfall/store/store_impl.h"

namespace footfall::store {

/// The batch's quarantined rows come in, those that the quarantine holds already with the batch as
/// one more holder; the rows that it releases go.
base::Status put_quarantine(const StoreImpl& store, const BatchInfo& info, BatchNumber batch,
                            Draft& draft);

base::Status undo_quarantine(const StoreImpl& store, BatchNumber undone, Draft& draft);

}  // namespace footfall::store
