#include "footfall/engine/visible_snapshot.h"

#include <algorithm>

#include "footfall/engine/consent.h"

namespace footfall::engine {
base::Result<VisibleSnapshot> visible_snapshot(const Context& context, std::string_view purpose) {
  FOOTFALL_TRY(const auto kept, context.store.imports());
  const std::vector<store::BatchRecord>& imports = *kept;
  ConsentBasis basis = consent_basis(imports, purpose);
  // What is undone is not there at all.
  std::erase_if(basis.denied_batches, [&](store::BatchNumber batch) {
    return std::any_of(imports.begin(), imports.end(), [&](const store::BatchRecord& record) {
      return record.batch == batch && record.undone;
    });
  });
  FOOTFALL_TRY(const store::Snapshot whole, context.store.snapshot());
  if (basis.denied_batches.empty()) return VisibleSnapshot{whole, std::move(basis.words), 0};
  FOOTFALL_TRY(store::PartSnapshot seen,
               context.store.snapshot_without(basis.denied_batches, context.progress));
  return VisibleSnapshot{std::move(seen.snapshot), std::move(basis.words),
                         static_cast<std::int64_t>(seen.left_out)};
}

}  // namespace footfall::engine
