// Batch owners: what stays of a shop without some of its imports. An event that another import
// brought as well stays, as that one's.
#pragma once

#include <array>
#include <map>
#include <span>
#include <tuple>

#include "footfall/store/store_impl.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {

using EchoKey = std::tuple<UserNumber, std::uint64_t, std::uint64_t>;
struct EchoOwner {
  BatchNumber batch = 0;
  std::int64_t sequence = 0;
};
using EchoOwners = std::map<EchoKey, EchoOwner>;

/// Who else brought the events of imports that are gone: the import with the least number each.
/// `gone` rises, here and below.
base::Result<std::array<EchoOwners, kPopulations>> other_owners(const StoreImpl& store,
                                                                std::span<const BatchNumber> gone);

/// Keeps a reference to both.
MergeFilter without_batches(std::span<const BatchNumber> gone, const EchoOwners& owners);

/// The greatest time that an import still in force delivered or states.
base::Result<base::TimeMs> complete_to_of(const StoreImpl& store,
                                          std::span<const BatchNumber> gone);

}  // namespace footfall::store
