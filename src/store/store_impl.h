// Store internals: the state behind Store, shared by the store's own source files only.
// Size: one state, and every step that a change of it is made of.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/privacy/keys.h"
#include "footfall/store/dictionary.h"
#include "footfall/store/journal.h"
#include "footfall/store/judge.h"
#include "footfall/store/manifest.h"
#include "footfall/store/people.h"
#include "footfall/store/shop_lock.h"
#include "footfall/store/snapshot_data.h"
#include "footfall/store/store.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {

// Keys of the journal (docs/formats/journal.md).
inline constexpr std::string_view kManifestKey = "m";
inline constexpr std::string_view kItemsPrefix = "di/";
inline constexpr std::string_view kOrdersPrefix = "do/";
inline constexpr std::string_view kTextsPrefix = "dt/";
inline constexpr std::string_view kPeoplePrefix = "p/";
inline constexpr std::string_view kTailPrefix = "j/";
inline constexpr std::string_view kBatchPrefix = "b/";
inline constexpr std::string_view kEchoPrefix = "e/";
inline constexpr std::string_view kQuarantinePrefix = "q/";
inline constexpr std::string_view kReleasedPrefix = "r/";
inline constexpr std::string_view kHolderPrefix = "h/";
inline constexpr std::string_view kDocumentPrefix = "x/";

/// The dictionaries, which grow by pages.
struct PageKind {
  std::string_view prefix;
  std::string_view name;  // Of the page's file.
  std::uint32_t Manifest::* size;
};
inline constexpr PageKind kItemPages{kItemsPrefix, "items", &Manifest::items};
inline constexpr PageKind kOrderPages{kOrdersPrefix, "orders", &Manifest::orders};
inline constexpr PageKind kTextPages{kTextsPrefix, "texts", &Manifest::texts};
inline constexpr PageKind kPeoplePages{kPeoplePrefix, "people", &Manifest::people};
inline constexpr std::array kPageKinds = {kItemPages, kOrderPages, kTextPages, kPeoplePages};

/// "page of items from 17".
inline std::string page_words(const PageKind& kind, std::uint64_t first) {
  return "page of " + std::string(kind.name) + " from " + std::to_string(first);
}

using Tables = std::array<EventTable, kPopulations>;

/// Everything a commit changes, before it is durable.
struct Draft {
  Manifest manifest;
  JournalBatch batch;
  std::vector<std::string> written;  // Files to remove if the commit fails.
  Tables added;                      // What the batch adds to the unsealed tail; settled.
};

/// How far the pages of the dictionaries are looked at: each is the one referred to; or it can be
/// read as well, and follows the one before it.
enum class PageCheck : std::uint8_t { kOpens, kReads };
struct PageFiles {
  std::uint64_t bytes = 0;
  std::vector<Damage> damages;
};

class StoreImpl {
 public:
  std::string path;
  Access access = Access::kRead;
  OpenOptions options;
  std::optional<ShopLock> lock;
  std::unique_ptr<Journal> journal;
  Manifest manifest;
  std::shared_ptr<const SnapshotData> current;
  bool outdated = false;  // The journal may be ahead of `manifest` and `current`.

  base::Status load();
  /// The first step of load().
  base::Status load_manifest();
  /// Writers only: removes files that belong to no manifest (a crash left them).
  base::Status remove_strays() const;
  base::Status require_write(std::string_view what) const;

  /// The shop's key; kNotFound or kPermission names the key file, kInvalidArgument a wrong key.
  base::Result<const privacy::Privacy*> privacy() const;
  /// Loaded on first use: questions do not need it.
  base::Result<People*> people() const;
  /// Store::imports().
  base::Result<std::shared_ptr<const std::vector<BatchRecord>>> imports() const;

  std::string key_file() const {
    return options.key_file.empty() ? path + "/key" : options.key_file;
  }
  std::string segment_path(const std::string& file) const { return path + "/segments/" + file; }
  std::string page_path(std::string_view file) const {
    return path + "/pages/" + std::string(file);
  }
  using PageVisit = std::function<base::Status(const std::string& path, std::string_view bytes)>;
  /// Calls visit(path, bytes) for the page that a journal value is or refers to; `path` is empty
  /// where it is the page itself.
  base::Status visit_page(const PageKind& kind, std::string_view key, std::string_view value,
                          const PageVisit& visit) const;
  PageFiles look_at_pages(PageCheck check) const;
  /// All pages of a dictionary in order.
  base::Status scan_pages(const PageKind& kind, const PageVisit& visit) const;
  /// The one that `current` has open, if it has.
  base::Result<std::shared_ptr<const Segment>> open_segment(const Manifest& from,
                                                            const ManifestSegment& entry) const;
  base::Result<std::vector<std::shared_ptr<const Segment>>> open_segments(
      const Manifest& from, Population population) const;
  base::Result<Tables> read_tail(const Manifest& from) const;
  using Tail = std::array<std::shared_ptr<const EventTable>, kPopulations>;
  /// The tail after a commit, from the one before it where that saves reading the journal.
  base::Result<Tail> tail_after(const Manifest& before, const Draft& draft) const;
  /// The snapshot that a manifest describes; keeps what `current` has open already.
  base::Result<std::shared_ptr<const SnapshotData>> make_snapshot(const Manifest& from,
                                                                  Tail tail) const;

  /// Writes one segment file and enters it in the draft's manifest.
  base::Status write_table(const EventTable& table, Population population, Draft& draft) const;
  /// Merges all sources of a population into new segments through `filter`; `seen` gets every
  /// merged chunk.
  base::Status rewrite(Population population, const MergeFilter& filter,
                       const std::function<base::Status(const EventTable&)>& seen, Draft& draft,
                       base::Progress& progress) const;
  /// Drops the journal's unsealed records in the draft: their events are in segments now.
  void clear_tail(Draft& draft) const;
  /// Makes a draft durable and then visible. On failure nothing has changed.
  base::Status commit(Draft draft);
  /// Removes what a draft has written, and gives the error back.
  base::Error abandon(const Draft& draft, const base::Error& error) const;

  base::Status seal(base::Progress& progress);
  base::Status compact(base::Progress& progress, bool always);

 private:
  mutable std::mutex lazy_;
  mutable std::optional<privacy::Privacy> privacy_;
  mutable std::unique_ptr<People> people_;
  mutable std::shared_ptr<const std::vector<BatchRecord>> imports_;  // Of imports_generation_.
  mutable std::uint64_t imports_generation_ = 0;
};

std::string encode_batch_record(const BatchRecord& record);
enum class WithReport : std::uint8_t { kNo, kYes };
base::Result<BatchRecord> decode_batch_record(std::string_view bytes,
                                              WithReport report = WithReport::kYes);
std::string encode_quarantined(BatchNumber batch, const QuarantinedRow& row);
base::Result<StoredQuarantine> decode_quarantined(std::uint64_t id, std::string_view bytes);
std::string encode_echoes(const std::vector<std::vector<Echo>>& echoes);
base::Result<std::vector<std::vector<Echo>>> decode_echoes(std::string_view bytes);

/// What an event or order line adds to the content digest, beside its person.
inline std::uint64_t content_of(std::uint64_t key, std::uint64_t digest) {
  return base::hash_combine(key, digest);
}
/// Adds all events of a settled table; `persons` gives the hash of a user's raw id.
base::Status add_content(const EventTable& table,
                         const std::function<base::Result<std::uint64_t>(UserNumber)>& persons,
                         ContentSum& sum);

}  // namespace footfall::store
