#include "footfall/engine/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "footfall/base/column.h"
#include "footfall/engine/collect_report.h"
#include "footfall/engine/filled_counts.h"
#include "footfall/engine/held_rows.h"
#include "footfall/engine/intake.h"
#include "footfall/engine/quarantine_replay.h"
#include "footfall/engine/snapshot_document.h"
#include "footfall/events/order_file.h"

namespace footfall::engine {
namespace {

struct MemoryRelease {
  MemoryRelease() = default;
  MemoryRelease(const MemoryRelease&) = delete;
  MemoryRelease& operator=(const MemoryRelease&) = delete;
  ~MemoryRelease() { base::release_column_memory(); }
};

base::Result<events::ShopFacts> facts_of(const Context& context) {
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  return events::ShopFacts{
      context.zone, context.store.settings().currency, context.currency_decimals,
      context.now > 0 ? context.now : base::kTimeEnd, snapshot.own_event_names()};
}

std::string source_words(const Intake& intake) {
  if (intake.files.empty()) return "";
  const std::string& first = intake.files.front().name;
  if (intake.files.size() == 1) return first;
  return fmt::format("{} and {} more", first, intake.files.size() - 1);
}

std::int64_t event_count(const store::Snapshot& snapshot) {
  std::uint64_t count = 0;
  for (const auto population :
       {store::Population::kPeople, store::Population::kGuests, store::Population::kThings}) {
    count += snapshot.event_count(population);
  }
  return static_cast<std::int64_t>(count);
}

// Whether parts of one order number name two persons.
bool orders_are_shared(const events::EventBatch& batch) {
  std::vector<events::StringTable::Code> buyers(batch.orders_table.size(), 0);
  for (std::size_t event = 0; event < batch.orders.size(); ++event) {
    if ((batch.flags[event] & events::kOrderPart) == 0) continue;
    events::StringTable::Code& buyer = buyers[batch.orders[event]];
    if (buyer != 0 && buyer != batch.users[event]) return true;
    buyer = batch.users[event];
  }
  return false;
}

// An id of its own, or a numbered line, can meet other content under the same id; other lines of
// orders only an order that the shop has in another way, or of another person.
bool may_conflict(const events::EventBatch& batch, bool shop_has_events) {
  bool parts = false;
  for (const std::uint8_t flags : batch.flags) {
    if ((flags & events::kHasEventId) == 0) continue;
    parts = true;
    const bool unnumbered_part =
        (flags & events::kOrderPart) != 0 && (flags & events::kSequenceIsRow) != 0;
    if (!unnumbered_part) return true;
  }
  return parts && (shop_has_events || orders_are_shared(batch));
}

// Rows to keep apart: those of the cleaning and those the store will refuse.
std::vector<store::QuarantinedRow> rows_to_hold(const events::Harvest& harvest,
                                                const std::vector<std::size_t>& conflicts) {
  std::vector<store::QuarantinedRow> rows;
  for (const events::HeldRow& held : harvest.held) {
    const events::HarvestFile& file = harvest.files[held.file];
    rows.push_back({held.reason, file.name, held.row, encode_payload(file.mapping, held.cells)});
  }
  for (const std::size_t event : conflicts) {
    const HeldPayload payload = payload_of_event(harvest, event);
    rows.push_back({"id_conflict", harvest.files[file_of_event(harvest, event)].name,
                    harvest.batch.rows[event], encode_payload(payload.mapping, payload.cells)});
  }
  return rows;
}

base::Status report_snapshot(const Context& context, Json& report) {
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  report["snapshot"] = snapshot_document(snapshot, context.zone);
  FOOTFALL_TRY(const FilledCounts filled, count_filled(context, snapshot));
  for (const auto& [field, count] : filled) {
    report["filled"].push_back({{"field", field}, {"count", count}});
  }
  return base::Ok{};
}

base::Result<Json> report_dry_run(Context& context, const Intake& intake) {
  FOOTFALL_TRY(const store::CommitOutcome judged,
               context.store.judge(intake.harvest->batch, context.progress));
  const RowVerdicts verdicts = count_verdicts(*intake.harvest, judged);
  events::leave_out_of_usual(*intake.harvest, verdicts.conflicts);
  Json report = collect_report(intake, verdicts);
  report["dry_run"] = true;
  return report;
}

// What is committed beside the events themselves.
struct CommitExtras {
  std::vector<store::QuarantinedRow> quarantined;
  std::vector<std::uint64_t> released;
};

// Uses the intake's events up.
base::Result<Json> commit(Context& context, const CollectRequest& request, Intake& intake,
                          CommitExtras extras) {
  events::Harvest& harvest = *intake.harvest;
  store::BatchInfo info;
  info.source = source_words(intake);
  info.ingest_time = context.now;
  info.complete_to = request.complete_to;
  if (!request.consent.empty()) info.consent = request.consent;
  info.quarantined = std::move(extras.quarantined);
  info.released_rows = std::move(extras.released);
  FOOTFALL_TRY(const store::CommitOutcome outcome,
               context.store.commit(harvest.batch, std::move(info), context.progress));
  Json report = collect_report(intake, count_verdicts(harvest, outcome));
  report["batch"] = outcome.batch;
  // What is durable is told, whoever wishes to stop by now.
  const Context telling{context.store,   context.zone, context.currency_decimals,
                        context.threads, context.now,  base::silent_progress()};
  FOOTFALL_RETURN_IF_ERROR(report_snapshot(telling, report));
  FOOTFALL_RETURN_IF_ERROR(context.store.set_report(outcome.batch, dump(report)));
  return report;
}

// Events that the store will refuse; while the columns that say what they are are still here.
base::Result<std::vector<std::size_t>> leave_conflicts_out(Context& context,
                                                           events::Harvest& harvest) {
  FOOTFALL_TRY(const store::Snapshot before, context.store.snapshot());
  if (!may_conflict(harvest.batch, event_count(before) > 0)) return std::vector<std::size_t>{};
  FOOTFALL_TRY(const store::CommitOutcome judged,
               context.store.judge(harvest.batch, context.progress));
  std::vector<std::size_t> conflicts = count_verdicts(harvest, judged).conflicts;
  events::leave_out_of_usual(harvest, conflicts);
  return conflicts;
}

base::Result<Json> collect_files(Context& context, const CollectRequest& request) {
  IntakeRequest wanted{request.files, request.as, request.mapping, request.known_at,
                       context.threads};
  FOOTFALL_TRY(events::ShopFacts shop, facts_of(context));
  FOOTFALL_TRY(Intake intake, take_in(wanted, std::move(shop), context.progress));
  if (request.dry_run) return report_dry_run(context, intake);
  CommitExtras extras;
  FOOTFALL_TRY(const std::vector<std::size_t> conflicts,
               leave_conflicts_out(context, *intake.harvest));
  extras.quarantined = rows_to_hold(*intake.harvest, conflicts);
  return commit(context, request, intake, std::move(extras));
}

base::Result<Json> replay_quarantine(Context& context, const CollectRequest& request) {
  FOOTFALL_TRY(const std::vector<store::StoredQuarantine> rows, context.store.quarantine());
  FOOTFALL_TRY(events::ShopFacts shop, facts_of(context));
  FOOTFALL_TRY(Replay replay, replay_rows(rows, request.mapping, std::move(shop)));
  if (request.dry_run) return report_dry_run(context, replay.intake);
  FOOTFALL_TRY(const std::vector<std::size_t> conflicts,
               leave_conflicts_out(context, *replay.intake.harvest));
  CommitExtras extras;
  extras.released = replay.released(conflicts);
  if (!extras.released.empty()) return commit(context, request, replay.intake, std::move(extras));
  // Every row is held as before: there is nothing to write.
  RowVerdicts verdicts;
  verdicts.conflicts = conflicts;
  Json report = collect_report(replay.intake, verdicts);
  FOOTFALL_RETURN_IF_ERROR(report_snapshot(context, report));
  return report;
}

// An import without events: taken back, it brings the rows back.
base::Result<Json> drop_quarantine(Context& context, const CollectRequest& request) {
  FOOTFALL_TRY(const std::vector<store::StoredQuarantine> rows, context.store.quarantine());
  Json report = {{"dropped", rows.size()}};
  if (request.dry_run) {
    report["dry_run"] = true;
  } else if (!rows.empty()) {
    events::EventBatch nothing;
    store::BatchInfo info;
    info.source =
        fmt::format("{} quarantined row{} dropped", rows.size(), rows.size() == 1 ? "" : "s");
    info.ingest_time = context.now;
    for (const store::StoredQuarantine& row : rows) info.released_rows.push_back(row.id);
    FOOTFALL_TRY(const store::CommitOutcome outcome,
                 context.store.commit(nothing, std::move(info), context.progress));
    report["batch"] = outcome.batch;
    FOOTFALL_RETURN_IF_ERROR(context.store.set_report(outcome.batch, dump(report)));
  }
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  report["snapshot"] = snapshot_document(snapshot, context.zone);
  return report;
}

base::Result<Json> undo_import(Context& context, const CollectRequest& request) {
  FOOTFALL_TRY(const store::Snapshot before, context.store.snapshot());
  FOOTFALL_TRY(const std::vector<store::BatchRecord> records, context.store.batches());
  const auto record =
      std::find_if(records.begin(), records.end(),
                   [&](const store::BatchRecord& one) { return one.batch == *request.undo; });
  if (request.dry_run) {
    if (record == records.end()) {
      return base::Error{base::ErrorCode::kNotFound,
                         fmt::format("expected the number of an import: {}", *request.undo),
                         {},
                         ""};
    }
  } else {
    FOOTFALL_RETURN_IF_ERROR(context.store.undo(*request.undo, context.progress));
  }
  Json report = {{"undone", *request.undo}};
  if (record != records.end()) {
    report["source"] = record->info.source;
    report["records"] = record->events;
  }
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  if (request.dry_run) {
    report["dry_run"] = true;
  } else {
    report["events_removed"] = event_count(before) - event_count(snapshot);
    if (record != records.end() && record->events > 0 &&
        snapshot.id().content == before.id().content) {
      report["notes"] = {"nothing left the shop: other imports brought the same rows"};
    }
  }
  report["snapshot"] = snapshot_document(snapshot, context.zone);
  return report;
}

// An hour, as for the times of rows: clocks differ.
base::Status expect_past(const Context& context, const CollectRequest& request) {
  if (!request.complete_to || context.now <= 0) return base::Ok{};
  if (*request.complete_to <= context.now + base::kHourMs) return base::Ok{};
  return base::invalid(
      fmt::format("complete_to: expected a time that has been, not after {}: {}",
                  base::format_instant(context.now), base::format_instant(*request.complete_to)),
      "complete_to");
}

}  // namespace

base::Result<Json> collect(Context& context, const CollectRequest& request) {
  // Declared first, so that the columns are gone when their memory is given back.
  const MemoryRelease release;
  FOOTFALL_RETURN_IF_ERROR(expect_past(context, request));
  if (request.undo) return undo_import(context, request);
  if (request.drop) return drop_quarantine(context, request);
  if (request.quarantine) return replay_quarantine(context, request);
  return collect_files(context, request);
}

base::Result<Json> collect(Context& context, const Json& document) {
  FOOTFALL_TRY(const CollectRequest request, read_collect_request(document, context.zone));
  return collect(context, request);
}

}  // namespace footfall::engine
