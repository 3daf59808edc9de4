// Visible snapshot: what a purpose may see of a shop.
#pragma once

#include <string>
#include <string_view>

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/store/snapshot.h"

namespace footfall::engine {

struct VisibleSnapshot {
  store::Snapshot snapshot;
  std::string consent;  // The basis, in words: consent.h.
  // Of imports that do not cover the purpose: order lines, and events that have none.
  std::int64_t no_consent = 0;
};

/// The snapshot without the imports whose consent does not cover the purpose (SEMANTICS 13.1); an
/// event that an import with consent brought as well is seen. Where all cover it, the snapshot
/// itself, at no cost.
base::Result<VisibleSnapshot> visible_snapshot(const Context& context, std::string_view purpose);

}  // namespace footfall::engine
