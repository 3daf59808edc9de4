#include "footfall/engine/visible_snapshot.h"

#include <algorithm>

#include "footfall/engine/consent.h"

namespace footfall::engine {
namespace {

std::int64_t event_count(const store::Snapshot& snapshot) {
  std::uint64_t count = 0;
  for (const auto population :
       {store::Population::kPeople, store::Population::kGuests, store::Population::kThings}) {
    count += snapshot.event_count(population);
  }
  return static_cast<std::int64_t>(count);
}

}  // namespace

base::Result<VisibleSnapshot> visible_snapshot(const Context& context, std::string_view purpose) {
  FOOTFALL_TRY(const std::vector<store::BatchRecord> imports, context.store.batches());
  ConsentBasis basis = consent_basis(imports, purpose);
  // What is undone is not there at all.
  std::erase_if(basis.denied_batches, [&](store::BatchNumber batch) {
    return std::any_of(imports.begin(), imports.end(), [&](const store::BatchRecord& record) {
      return record.batch == batch && record.undone;
    });
  });
  FOOTFALL_TRY(const store::Snapshot whole, context.store.snapshot());
  if (basis.denied_batches.empty()) return VisibleSnapshot{whole, std::move(basis.words), 0};
  FOOTFALL_TRY(store::Snapshot seen,
               context.store.snapshot_without(basis.denied_batches, context.progress));
  const std::int64_t hidden = event_count(whole) - event_count(seen);
  return VisibleSnapshot{std::move(seen), std::move(basis.words), hidden};
}

}  // namespace footfall::engine
