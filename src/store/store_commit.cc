// Commit, judge and undo: how events enter a shop and leave it again.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <type_traits>

#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"
#include "footfall/store/batch_owners.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/event_sort.h"
#include "footfall/store/intake.h"
#include "footfall/store/new_pages.h"
#include "footfall/store/quarantine.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/table_codec.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 65'536;

// A batch that was coded, sorted and judged.
struct Judged {
  Intake intake;
  std::vector<PartJudgement> parts;  // By population.
  Column<Verdict> verdicts;          // By event of the batch.
  std::vector<std::size_t> beside_equal_items;
  ContentSum accepted;                     // Of the accepted events.
  base::TimeMs max_time = base::kTimeMin;  // Of all its events, whatever their verdict.
};

base::TimeMs max_time_of(const events::EventBatch& batch) {
  base::TimeMs most = base::kTimeMin;
  for (const base::TimeMs time : batch.times) most = std::max(most, time);
  return most;
}

// The content digest of the batch's accepted events.
ContentSum accepted_content(const Judged& judged, std::size_t threads) {
  std::vector<ContentSum> sums(std::max<std::size_t>(1, threads));
  for (std::size_t part = 0; part < kPopulations; ++part) {
    const EventTable& table = judged.intake.tables[part];
    const Column<UserNumber>& persons = judged.intake.persons[part];
    const Column<std::uint64_t>& hashes = judged.intake.person_hashes[part];
    const Column<Verdict>& verdicts = judged.parts[part].verdicts;
    base::parallel_for(
        threads, table.size(), kGrain, [&](std::size_t worker, std::size_t begin, std::size_t end) {
          ContentSum own;
          auto person = std::lower_bound(persons.begin(), persons.end(), table.users[begin]);
          for (std::size_t event = begin; event < end; ++event) {
            while (*person != table.users[event]) ++person;
            if (verdicts[event] != Verdict::kAccepted) continue;
            own.add(content_of(table.keys[event], digest_of(table, event)),
                    hashes[static_cast<std::size_t>(person - persons.begin())]);
          }
          sums[worker].add(own);
        });
  }
  ContentSum sum;
  for (const ContentSum& own : sums) sum.add(own);
  return sum;
}

// A batch that is not const is used up.
template <typename Batch>
base::Result<Judged> judge_batch(const StoreImpl& store, Batch& batch, base::Progress& progress) {
  FOOTFALL_TRY(const privacy::Privacy* privacy, store.privacy());
  FOOTFALL_TRY(const People* people, store.people());
  const SnapshotData& shop = *store.current;
  progress.stage("sorting", 0, "events");
  Judged judged;
  judged.max_time = max_time_of(batch);
  const KnownShop known{shop.items, shop.orders, shop.texts, *people, shop.own_names, *privacy};
  if constexpr (std::is_const_v<Batch>) {
    FOOTFALL_TRY(judged.intake, take_in(batch, known, store.options.threads));
  } else {
    FOOTFALL_TRY(judged.intake, use_up(batch, known, store.options.threads));
  }
  std::array<std::vector<std::shared_ptr<const TimelineSource>>, kPopulations> existing;
  std::vector<JudgePart> parts;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    existing[i] = shop.sources[i].all();
    parts.push_back(
        {&judged.intake.tables[i], judged.intake.rows[i], static_cast<Population>(i), existing[i]});
  }
  if (progress.stop_requested()) {
    return base::Error{base::ErrorCode::kInterrupted, "stopped before anything was stored", {}, ""};
  }
  progress.stage("looking for repeats", 0, "events");
  FOOTFALL_TRY(judged.parts, judge(parts, {store.options.threads, nullptr}));
  judged.verdicts.assign(batch.types.size(), Verdict::kAccepted);
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const Column<Verdict>& verdicts = judged.parts[i].verdicts;
    for (std::size_t event = 0; event < verdicts.size(); ++event) {
      if (verdicts[event] == Verdict::kAccepted) continue;
      judged.verdicts[judged.intake.rows[i][event]] = verdicts[event];
    }
  }
  for (const PartJudgement& part : judged.parts) {
    judged.beside_equal_items.insert(judged.beside_equal_items.end(),
                                     part.beside_equal_items.begin(),
                                     part.beside_equal_items.end());
  }
  std::sort(judged.beside_equal_items.begin(), judged.beside_equal_items.end());
  judged.accepted = accepted_content(judged, store.options.threads);
  judged.intake.rows = {};
  return judged;
}

std::uint64_t count_accepted(const Column<Verdict>& verdicts) {
  return static_cast<std::uint64_t>(
      std::count(verdicts.begin(), verdicts.end(), Verdict::kAccepted));
}

// Leaves what is to be stored, settled; returns the number of events in all tables.
std::uint64_t settle_stored(Judged& judged, BatchNumber batch, std::size_t threads) {
  std::uint64_t events = 0;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    EventTable& table = judged.intake.tables[i];
    const Column<std::uint8_t>& store = judged.parts[i].store;
    keep_events(table, store, threads);
    table.batches.assign(table.size(), batch);
    settle(table, threads);
    events += table.size();
  }
  return events;
}

void put_journal_record(const Intake& intake, Draft& draft) {
  ByteWriter writer;
  for (const EventTable& table : intake.tables) encode_table(table, writer);
  draft.batch.put(numbered_key(kTailPrefix, draft.manifest.tail_end),
                  std::move(writer).with_checksum());
  ++draft.manifest.tail_end;
}

// The accepted events, settled: a large batch into segments, a small one into the journal.
base::Status store_events(const StoreImpl& store, Judged& judged, BatchNumber batch, Draft& draft) {
  const std::uint64_t events = settle_stored(judged, batch, store.options.threads);
  if (events == 0) return base::Ok{};
  if (events <= store.options.journal_batch_max) {
    put_journal_record(judged.intake, draft);
    draft.added = std::move(judged.intake.tables);
    return base::Ok{};
  }
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const EventTable& table = judged.intake.tables[i];
    if (table.size() == 0) continue;
    FOOTFALL_RETURN_IF_ERROR(store.write_table(table, static_cast<Population>(i), draft));
  }
  return base::Ok{};
}

void put_echoes(const Judged& judged, BatchNumber batch, Draft& draft) {
  std::vector<std::vector<Echo>> echoes;
  bool any = false;
  for (const PartJudgement& part : judged.parts) {
    echoes.push_back(part.echoes);
    any = any || !part.echoes.empty();
  }
  if (any) draft.batch.put(numbered_key(kEchoPrefix, batch), encode_echoes(echoes));
}

base::Result<BatchRecord> find_batch(const StoreImpl& store, BatchNumber batch) {
  FOOTFALL_TRY(const std::optional<std::string> bytes,
               store.journal->get(numbered_key(kBatchPrefix, batch)));
  if (bytes) return decode_batch_record(*bytes);
  const std::string known = store.manifest.next_batch == 1
                                ? "the shop has none"
                                : fmt::format("1 to {}", store.manifest.next_batch - 1);
  return base::Error{base::ErrorCode::kNotFound,
                     fmt::format("expected the number of an import ({}): {}", known, batch),
                     {},
                     ""};
}

}  // namespace

base::Result<CommitOutcome> Store::judge(const events::EventBatch& batch,
                                         base::Progress& progress) {
  FOOTFALL_TRY(Judged judged, judge_batch(*impl_, batch, progress));
  return CommitOutcome{impl_->manifest.next_batch, std::move(judged.verdicts),
                       impl_->manifest.generation, std::move(judged.beside_equal_items)};
}

base::Result<CommitOutcome> Store::commit(events::EventBatch& batch, BatchInfo info,
                                          base::Progress& progress) {
  FOOTFALL_RETURN_IF_ERROR(impl_->require_write("collect"));
  FOOTFALL_TRY(Judged judged, judge_batch(*impl_, batch, progress));
  Draft draft;
  draft.manifest = impl_->manifest;
  ++draft.manifest.generation;
  const BatchNumber number = draft.manifest.next_batch++;
  draft.manifest.content.add(judged.accepted);
  put_echoes(judged, number, draft);
  FOOTFALL_RETURN_IF_ERROR(put_quarantine(*impl_, info, number, draft));

  if (!info.complete_to && batch.size() > 0) info.complete_to = judged.max_time;
  if (info.complete_to) {
    draft.manifest.complete_to = std::max(draft.manifest.complete_to, *info.complete_to);
  }
  info.quarantined.clear();
  const std::uint64_t accepted = count_accepted(judged.verdicts);
  draft.batch.put(numbered_key(kBatchPrefix, number),
                  encode_batch_record({number, std::move(info), accepted, false}));

  progress.stage("writing", 0, "events");
  NewPages pages(*impl_, draft);
  FOOTFALL_RETURN_IF_ERROR(pages.put(judged.intake));
  const base::Status stored = store_events(*impl_, judged, number, draft);
  const base::Status paged = pages.finish();
  if (!stored.ok()) return impl_->abandon(draft, stored.error());
  if (!paged.ok()) return impl_->abandon(draft, paged.error());
  if (progress.stop_requested()) {
    return impl_->abandon(
        draft, {base::ErrorCode::kInterrupted, "stopped before anything was stored", {}, ""});
  }
  FOOTFALL_RETURN_IF_ERROR(impl_->commit(std::move(draft)));
  FOOTFALL_TRY(People * people, impl_->people());
  // Loaded just now, the dictionary has the new page already.
  if (people->size() < impl_->manifest.people) {
    FOOTFALL_RETURN_IF_ERROR(people->add(std::move(judged.intake.new_people)));
  }
  std::uint64_t tail = 0;
  for (const PopulationSources& sources : impl_->current->sources) {
    tail += sources.tail ? sources.tail->size() : 0;
  }
  if (tail > impl_->options.tail_events_max) FOOTFALL_RETURN_IF_ERROR(impl_->seal(progress));
  FOOTFALL_RETURN_IF_ERROR(impl_->compact(progress, false));
  return CommitOutcome{number, std::move(judged.verdicts), impl_->manifest.generation,
                       std::move(judged.beside_equal_items)};
}

base::Result<CommitOutcome> Store::undo(BatchNumber batch, base::Progress& progress) {
  FOOTFALL_RETURN_IF_ERROR(impl_->require_write("undo"));
  FOOTFALL_TRY(BatchRecord record, find_batch(*impl_, batch));
  if (record.undone) {
    return base::invalid(fmt::format("this import has been undone before: {}", batch), "undo");
  }
  FOOTFALL_TRY(const privacy::Privacy* privacy, impl_->privacy());
  FOOTFALL_TRY(const People* people, impl_->people());
  const std::span<const BatchNumber> gone(&batch, 1);
  FOOTFALL_TRY(const auto owners, other_owners(*impl_, gone));
  const auto person_hash = [&](UserNumber user) -> base::Result<std::uint64_t> {
    FOOTFALL_TRY(const std::string id, privacy->unseal(people->sealed(user)));
    return base::hash64(id);
  };
  Draft draft;
  draft.manifest = impl_->manifest;
  ++draft.manifest.generation;
  draft.manifest.content = {};
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const base::Status rewritten = impl_->rewrite(
        static_cast<Population>(i), without_batches(gone, owners[i]),
        [&](const EventTable& chunk) {
          return add_content(chunk, person_hash, draft.manifest.content);
        },
        draft, progress);
    if (!rewritten.ok()) return impl_->abandon(draft, rewritten.error());
  }
  impl_->clear_tail(draft);
  FOOTFALL_RETURN_IF_ERROR(undo_quarantine(*impl_, batch, draft));
  FOOTFALL_TRY(draft.manifest.complete_to, complete_to_of(*impl_, gone));
  record.undone = true;
  draft.batch.remove(numbered_key(kEchoPrefix, batch));
  draft.batch.put(numbered_key(kBatchPrefix, batch), encode_batch_record(record));
  FOOTFALL_RETURN_IF_ERROR(impl_->commit(std::move(draft)));
  return CommitOutcome{batch, {}, impl_->manifest.generation};
}

}  // namespace footfall::store
