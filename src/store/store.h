// Store: the durable home of a shop's events. The only component that owns files.
//
// A shop is a folder. One process may write, many may read beside it. All changes are commits: a
// commit is there whole or not at all after a crash, and once commit() has returned it survives
// power loss. See docs/formats/ for the bytes.
//
// Size: the whole of what may be done with a shop stands on one page.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/column.h"
#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/events/batch.h"
#include "footfall/store/snapshot.h"

namespace footfall::store {

struct ShopSettings {
  std::string zone = "UTC";
  std::string currency = "EUR";
  int week_start = 1;  // 1 = Monday .. 7 = Sunday.
};

enum class Access : std::uint8_t { kRead, kWrite };

struct OpenOptions {
  std::string key_file;  // "" = SHOP/key.
  std::size_t threads = 1;
  // Events that may wait in the journal before they are sealed into a segment.
  std::uint64_t tail_events_max = 262'144;
  // Batches of more events than this go into a segment at once.
  std::uint64_t journal_batch_max = 65'536;
  // Pages of a dictionary of so many bytes or more are files of their own.
  std::uint64_t page_file_min = std::uint64_t{1} << 20;
  // Texts, or persons, that one import may add to a dictionary, in bytes: more has no length.
  std::uint64_t page_bytes_max = 0xFFFFFFFF;
};

/// What became of one event of a batch.
enum class Verdict : std::uint8_t {
  kAccepted,
  kDuplicate,   // Its equal is there already (or earlier in this batch).
  kIdConflict,  // Another event with the same id is there: not stored.
};

/// A row that was readable but is kept apart until a rule is changed.
struct QuarantinedRow {
  std::string reason;
  std::string source;  // Name of the file.
  std::uint64_t row = 0;
  std::string payload;  // Enough to judge the row again: opaque to the store.
};

struct BatchInfo {
  std::string source;  // Shown in the list of imports.
  base::TimeMs ingest_time = 0;
  std::optional<base::TimeMs> complete_to;  // Stated by the caller; else the greatest event_time.
  std::string consent = "imported";         // Basis and purposes, printed in answers.
  std::string report;                       // The collect document, JSON; opaque to the store.
  std::vector<QuarantinedRow> quarantined;  // Equal in payload and reason to a kept one: kept once.
  std::vector<std::uint64_t> released_rows;  // Quarantine ids that this batch replays.
};

struct CommitOutcome {
  BatchNumber batch = 0;
  base::Column<Verdict> verdicts;  // One an event of the batch, in its order.
  std::uint64_t generation = 0;
  // Events of the batch that may be lines of an order which the shop has already, changed: accepted
  // parts without line numbers, whose order has an earlier line of the same item. Rising.
  std::vector<std::size_t> beside_equal_items = {};
};

struct BatchRecord {
  BatchNumber batch = 0;
  BatchInfo info;  // Without the quarantined rows.
  std::uint64_t events = 0;
  bool undone = false;
};

struct StoredQuarantine {
  std::uint64_t id = 0;
  BatchNumber batch = 0;
  QuarantinedRow row;
};

struct Damage {
  std::string file;
  std::string part;  // Column and block, or journal record.
  std::string what;
};

struct PartStatus {
  std::string name;  // File name, or "journal".
  Population population = Population::kPeople;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t core_bytes = 0;  // Ticks, types, items, users and offsets.
};

struct StoreStatus {
  std::vector<PartStatus> parts;
  std::uint64_t people = 0;
  std::uint64_t guests = 0;
  std::uint64_t items = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t disk_bytes = 0;
  std::vector<Damage> damages;  // What was met on the way; verify() looks at every byte.
};

struct PartSnapshot {
  Snapshot snapshot;
  std::uint64_t left_out = 0;  // Order lines, and events that have none.
};

class StoreImpl;

/// Whether a folder has the files of a shop, sound or not.
bool is_shop_folder(const std::string& folder);

/// Thread-safe for readers; one thread at a time may call the functions that write.
class Store {
 public:
  /// Makes the folder and an empty shop in it. Refuses a folder that is not empty.
  static base::Status create(const std::string& path, const ShopSettings& settings,
                             const std::string& key_file);
  /// kNotFound names `footfall init`; kBusy names the process that writes; kDamaged, kPermission.
  static base::Result<std::unique_ptr<Store>> open(const std::string& path, Access access,
                                                   const OpenOptions& options);
  ~Store();

  const ShopSettings& settings() const;

  /// Judges every event against the shop and the batch itself, exactly, and makes the accepted
  /// ones durable in one commit. The batch's codes are local; see EventBatch. Uses the batch up: of
  /// its columns types, rows, orders and flags can be read afterwards, and its texts.
  base::Result<CommitOutcome> commit(events::EventBatch& batch, BatchInfo info,
                                     base::Progress& progress);
  /// The verdicts commit() would give; changes nothing. Works with read access.
  base::Result<CommitOutcome> judge(const events::EventBatch& batch, base::Progress& progress);
  /// Replaces the report that was stored with a batch (its final form holds the verdicts' counts).
  base::Status set_report(BatchNumber batch, const std::string& report);

  /// Takes one import back: afterwards every answer is as if it had never been made. Events that
  /// another import brought as well stay. kNotFound lists the known imports.
  base::Result<CommitOutcome> undo(BatchNumber batch, base::Progress& progress);

  base::Result<Snapshot> snapshot() const;
  /// What there would be without some imports (rising), with the id of the whole but for its end.
  /// A copy in memory, made anew each time.
  base::Result<PartSnapshot> snapshot_without(std::span<const BatchNumber> batches,
                                              base::Progress& progress) const;

  /// The person with this id (events::person_text form), if the shop has met it.
  base::Result<std::optional<UserNumber>> find_person(std::string_view person) const;
  /// The raw id of a person, unsealed with the shop's key.
  base::Result<std::string> person(UserNumber user) const;

  /// Whether the shop's key is where it is looked for; it may still be another shop's.
  bool has_key() const;

  base::Result<std::vector<BatchRecord>> batches() const;
  /// The same without their reports, which are most of their bytes. Read once: a commit makes them
  /// anew.
  base::Result<std::shared_ptr<const std::vector<BatchRecord>>> imports() const;
  base::Result<std::vector<StoredQuarantine>> quarantine() const;

  /// Small documents kept beside the events (receipts, model cards, saved mappings): one commit.
  base::Status put_document(std::string_view collection, std::string_view id,
                            std::string_view bytes);
  base::Result<std::optional<std::string>> get_document(std::string_view collection,
                                                        std::string_view id) const;
  /// Ids in byte order.
  base::Result<std::vector<std::string>> list_documents(std::string_view collection) const;

  /// Seals the journal tail into segments and merges segments: nothing that can be asked changes.
  base::Status seal(base::Progress& progress);
  base::Status compact(base::Progress& progress);

  base::Result<StoreStatus> status() const;
  /// Reads every byte and checks it. An empty list is good.
  base::Result<std::vector<Damage>> verify(base::Progress& progress) const;
  /// The damaged parts of a shop that open() refused as kDamaged, at least one. Changes nothing.
  static std::vector<Damage> find_damage(const std::string& path, const base::Error& refusal,
                                         base::Progress& progress);
  /// A consistent copy, while the shop is in use; kDamaged, and no copy, when a part cannot be read
  /// as it was written. kBusy while another copy to `destination` is being made. The key is left
  /// out unless asked for.
  base::Status backup(const std::string& destination, bool with_key,
                      base::Progress& progress) const;
  static base::Status restore(const std::string& backup, const std::string& destination,
                              base::Progress& progress);

 private:
  explicit Store(std::unique_ptr<StoreImpl> impl);
  std::unique_ptr<StoreImpl> impl_;
};

}  // namespace footfall::store
