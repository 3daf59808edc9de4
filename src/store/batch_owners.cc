#include "footfall/store/batch_owners.h"

#include <algorithm>

namespace footfall::store {
namespace {

bool holds(std::span<const BatchNumber> batches, BatchNumber batch) {
  return std::binary_search(batches.begin(), batches.end(), batch);
}

}  // namespace

base::Result<std::array<EchoOwners, kPopulations>> other_owners(const StoreImpl& store,
                                                                std::span<const BatchNumber> gone) {
  std::array<EchoOwners, kPopulations> owners;
  FOOTFALL_RETURN_IF_ERROR(store.journal->scan_prefix(
      kEchoPrefix, [&](std::string_view key, std::string_view value) -> base::Status {
        const auto batch = static_cast<BatchNumber>(number_of_key(key));
        if (holds(gone, batch)) return base::Ok{};
        FOOTFALL_TRY(const auto echoes, decode_echoes(value));
        for (std::size_t i = 0; i < kPopulations; ++i) {
          for (const Echo& echo : echoes[i]) {
            // Imports come in rising order: the first one stays, the least sequence counts.
            auto [owner, is_new] = owners[i].emplace(EchoKey{echo.user, echo.key, echo.line_key},
                                                     EchoOwner{batch, echo.sequence});
            if (!is_new) {
              owner->second.sequence = std::min(owner->second.sequence, echo.sequence);
            }
          }
        }
        return base::Ok{};
      }));
  return owners;
}

MergeFilter without_batches(std::span<const BatchNumber> gone, const EchoOwners& owners) {
  return [gone, &owners](MergeFacts& facts) {
    if (!holds(gone, facts.batch)) return true;
    const auto other = owners.find({facts.user, facts.key, facts.line_key});
    if (other == owners.end()) return false;
    facts.batch = other->second.batch;
    facts.sequence = other->second.sequence;
    return true;
  };
}

base::Result<base::TimeMs> complete_to_of(const StoreImpl& store,
                                          std::span<const BatchNumber> gone) {
  base::TimeMs complete_to = base::kTimeMin;
  FOOTFALL_RETURN_IF_ERROR(store.journal->scan_prefix(
      kBatchPrefix, [&](std::string_view, std::string_view value) -> base::Status {
        FOOTFALL_TRY(const BatchRecord record, decode_batch_record(value));
        if (!record.undone && !holds(gone, record.batch) && record.info.complete_to) {
          complete_to = std::max(complete_to, *record.info.complete_to);
        }
        return base::Ok{};
      }));
  return complete_to;
}

base::Result<PartSnapshot> Store::snapshot_without(std::span<const BatchNumber> batches,
                                                   base::Progress& progress) const {
  const SnapshotData& whole = *impl_->current;
  FOOTFALL_TRY(const auto owners, other_owners(*impl_, batches));
  const std::shared_ptr<SnapshotData> data = whole.without_events();
  FOOTFALL_TRY(data->id.complete_to, complete_to_of(*impl_, batches));
  std::uint64_t left_out = 0;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const auto sources = whole.sources[i].all();
    if (sources.empty()) continue;
    const MergeFilter stays = without_batches(batches, owners[i]);
    const MergeFilter counted = [&](MergeFacts& facts) {
      const bool kept = stays(facts);
      left_out += kept ? 0 : 1;
      return kept;
    };
    const MergeOptions options{.threads = whole.threads, .filter = counted};
    FOOTFALL_TRY(EventTable table, merge_to_table(sources, options, progress));
    if (table.size() == 0) continue;
    data->sources[i].tail = std::make_shared<const EventTable>(std::move(table));
  }
  return PartSnapshot{Snapshot(data), left_out};
}

}  // namespace footfall::store
