// Opening a shop, and the steps that every change is made of.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "footfall/base/hash.h"
#include "footfall/store/durable_file.h"
#include "footfall/store/key_file.h"
#include "footfall/store/page_file.h"
#include "footfall/store/segment_writer.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/table_codec.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

// Segments of one population beside its largest one are merged into it when together they hold
// more than this share of it: users in several segments are merged anew by every reader.
constexpr double kSmallShareMax = 0.05;

base::Result<Dictionary> read_dictionary(const StoreImpl& store, const PageKind& kind,
                                         std::uint32_t size) {
  Dictionary dictionary;
  FOOTFALL_RETURN_IF_ERROR(
      store.scan_pages(kind, [&](const std::string&, std::string_view bytes) -> base::Status {
        FOOTFALL_TRY(auto page, DictionaryPage::decode(bytes));
        return dictionary.append(std::move(page));
      }));
  if (dictionary.size() != size) {
    return base::Error{base::ErrorCode::kDamaged,
                       fmt::format("the dictionary of {} should hold {} texts and holds {}",
                                   kind.name, size, dictionary.size()),
                       {store.path + "/journal", 0, "", ""},
                       "restore a backup"};
  }
  return dictionary;
}

std::array<std::shared_ptr<const EventTable>, kPopulations> shared(Tables tables) {
  std::array<std::shared_ptr<const EventTable>, kPopulations> result;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    if (tables[i].size() == 0) continue;
    result[i] = std::make_shared<const EventTable>(std::move(tables[i]));
  }
  return result;
}

}  // namespace

base::Status StoreImpl::load_manifest() {
  FOOTFALL_TRY(const std::optional<std::string> bytes, journal->get(kManifestKey));
  if (!bytes) {
    return base::Error{base::ErrorCode::kDamaged,
                       "the shop has no manifest",
                       {path, 0, "", ""},
                       "restore a backup"};
  }
  FOOTFALL_TRY(manifest, Manifest::decode(*bytes));
  return base::Ok{};
}

base::Status StoreImpl::load() {
  FOOTFALL_RETURN_IF_ERROR(load_manifest());
  FOOTFALL_TRY(Tables tables, read_tail(manifest));
  FOOTFALL_TRY(current, make_snapshot(manifest, shared(std::move(tables))));
  return base::Ok{};
}

base::Status StoreImpl::remove_strays() const {
  std::set<std::string> known;
  for (const ManifestSegment& segment : manifest.segments) known.insert(segment.file);
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(path + "/segments", failure)) {
    if (!known.contains(entry.path().filename().string())) fs::remove(entry.path(), failure);
  }
  for (const auto& entry : fs::directory_iterator(path + "/pages", failure)) {
    const auto name = parse_page_file_name(entry.path().filename().string());
    const bool stays = name && std::any_of(kPageKinds.begin(), kPageKinds.end(), [&](auto& kind) {
                         return kind.name == name->dictionary && name->first <= manifest.*kind.size;
                       });
    if (!stays) fs::remove(entry.path(), failure);
  }
  return base::Ok{};
}

base::Status StoreImpl::require_write(std::string_view what) const {
  if (outdated) {
    return base::Error{base::ErrorCode::kIo,
                       "an earlier change of this process failed half-way",
                       {path, 0, "", ""},
                       "open the shop again: it is then what the journal says"};
  }
  if (access == Access::kWrite) return base::Ok{};
  return base::invalid(fmt::format("the shop was opened for reading only: {}", what));
}

base::Result<const privacy::Privacy*> StoreImpl::privacy() const {
  const std::lock_guard guard(lazy_);
  if (privacy_) return &*privacy_;
  const std::string file = key_file();
  const auto text = read_key_file(file);
  if (!text.ok()) {
    const bool wrong = text.error().code == base::ErrorCode::kInvalidArgument;
    return base::Error{wrong ? base::ErrorCode::kInvalidArgument : base::ErrorCode::kNotFound,
                       fmt::format("the shop's key cannot be read: {}", text.error().message),
                       {file, 0, "", ""},
                       "name the key file in FOOTFALL_KEY_FILE, or put it back beside the shop"};
  }
  auto key = privacy::parse_key(*text);
  if (!key.ok()) {
    base::Error error = std::move(key).error();
    error.where.file = file;
    return error;
  }
  privacy::Privacy opened(*key);
  if (opened.key_check() != manifest.key_check) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       fmt::format("this key belongs to another shop: {}", file),
                       {file, 0, "", ""},
                       ""};
  }
  privacy_ = opened;
  return &*privacy_;
}

base::Result<People*> StoreImpl::people() const {
  const std::lock_guard guard(lazy_);
  if (!people_) {
    auto loaded = std::make_unique<People>();
    FOOTFALL_RETURN_IF_ERROR(
        scan_pages(kPeoplePages, [&](const std::string&, std::string_view bytes) {
          return loaded->add(std::string(bytes));
        }));
    if (loaded->size() != manifest.people) {
      return base::Error{base::ErrorCode::kDamaged,
                         "the dictionary of people is not whole",
                         {path + "/journal", 0, "", ""},
                         "restore a backup"};
    }
    people_ = std::move(loaded);
  }
  return people_.get();
}

base::Result<std::shared_ptr<const Segment>> StoreImpl::open_segment(
    const Manifest& from, const ManifestSegment& entry) const {
  const std::string file = segment_path(entry.file);
  if (current) {
    for (const auto& open : current->sources[static_cast<std::size_t>(entry.population)].segments) {
      if (open->path() == file) return open;
    }
  }
  const CodeBounds bounds{from.items + 1, from.orders + 1, from.texts + 1};
  return Segment::open(file, {options.threads, bounds});
}

base::Result<std::vector<std::shared_ptr<const Segment>>> StoreImpl::open_segments(
    const Manifest& from, Population population) const {
  std::vector<std::shared_ptr<const Segment>> segments;
  for (const ManifestSegment& entry : from.segments) {
    if (entry.population != population) continue;
    FOOTFALL_TRY(segments.emplace_back(), open_segment(from, entry));
  }
  return segments;
}

base::Result<Tables> StoreImpl::read_tail(const Manifest& from) const {
  std::array<std::vector<std::shared_ptr<const TimelineSource>>, kPopulations> records;
  const CodeBounds bounds{from.items + 1, from.orders + 1, from.texts + 1};
  std::uint64_t next = from.tail_first;
  FOOTFALL_RETURN_IF_ERROR(journal->scan(
      numbered_key(kTailPrefix, from.tail_first), numbered_key(kTailPrefix, from.tail_end),
      [&](std::string_view key, std::string_view value) -> base::Status {
        const std::string name = fmt::format("journal record {}", number_of_key(key));
        FOOTFALL_TRY(const std::string_view body, check_bytes(value, name));
        ByteReader reader(body);
        for (auto& population : records) {
          FOOTFALL_TRY(EventTable table, decode_table(reader, bounds));
          if (table.size() == 0) continue;
          population.push_back(table_source(std::make_shared<const EventTable>(std::move(table))));
        }
        ++next;
        return base::Ok{};
      }));
  if (next != from.tail_end) {
    return base::Error{base::ErrorCode::kDamaged,
                       "records of the journal are missing",
                       {path, 0, "", ""},
                       "restore a backup"};
  }
  Tables tail;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    if (records[i].empty()) continue;
    FOOTFALL_TRY(tail[i],
                 merge_to_table(records[i], {.threads = options.threads}, base::silent_progress()));
  }
  return tail;
}

base::Result<StoreImpl::Tail> StoreImpl::tail_after(const Manifest& before,
                                                    const Draft& draft) const {
  const Manifest& after = draft.manifest;
  if (after.tail_first != before.tail_first) {
    FOOTFALL_TRY(Tables tables, read_tail(after));
    return shared(std::move(tables));
  }
  Tail tail;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    tail[i] = current->sources[i].tail;
    if (after.tail_end == before.tail_end || draft.added[i].size() == 0) continue;
    auto added = std::make_shared<const EventTable>(draft.added[i]);
    if (tail[i]) {
      const std::shared_ptr<const TimelineSource> both[] = {table_source(tail[i]),
                                                            table_source(added)};
      FOOTFALL_TRY(EventTable merged,
                   merge_to_table(both, {.threads = options.threads}, base::silent_progress()));
      added = std::make_shared<const EventTable>(std::move(merged));
    }
    tail[i] = std::move(added);
  }
  return tail;
}

base::Result<std::shared_ptr<const SnapshotData>> StoreImpl::make_snapshot(const Manifest& from,
                                                                           Tail tail) const {
  auto data = std::make_shared<SnapshotData>();
  data->threads = options.threads;
  data->own_names = from.own_names;
  data->id = {from.generation, from.content.hex(), from.complete_to};
  if (current && current->items.size() == from.items) {
    data->items = current->items;
  } else {
    FOOTFALL_TRY(data->items, read_dictionary(*this, kItemPages, from.items));
  }
  if (current && current->orders.size() == from.orders) {
    data->orders = current->orders;
  } else {
    FOOTFALL_TRY(data->orders, read_dictionary(*this, kOrderPages, from.orders));
  }
  if (current && current->texts.size() == from.texts) {
    data->texts = current->texts;
  } else {
    FOOTFALL_TRY(data->texts, read_dictionary(*this, kTextPages, from.texts));
  }
  for (std::size_t i = 0; i < kPopulations; ++i) {
    FOOTFALL_TRY(data->sources[i].segments, open_segments(from, static_cast<Population>(i)));
    data->sources[i].tail = std::move(tail[i]);
  }
  return std::shared_ptr<const SnapshotData>(std::move(data));
}

base::Status StoreImpl::write_table(const EventTable& table, Population population,
                                    Draft& draft) const {
  constexpr std::array<std::string_view, kPopulations> kNames = {"people", "guests", "things"};
  const std::string file =
      fmt::format("{:012}-{}-{}.segment", draft.manifest.generation, draft.written.size(),
                  kNames[static_cast<std::size_t>(population)]);
  draft.written.push_back(segment_path(file));
  FOOTFALL_TRY(const SegmentSummary summary,
               write_segment(segment_path(file), table, options.threads));
  draft.manifest.segments.push_back(
      {population, file, summary.events, summary.bytes, summary.core_bytes});
  return base::Ok{};
}

base::Status StoreImpl::rewrite(Population population, const MergeFilter& filter,
                                const std::function<base::Status(const EventTable&)>& seen,
                                Draft& draft, base::Progress& progress) const {
  const auto index = static_cast<std::size_t>(population);
  std::erase_if(draft.manifest.segments,
                [&](const ManifestSegment& segment) { return segment.population == population; });
  const auto sources = current->sources[index].all();
  if (sources.empty()) return base::Ok{};
  const std::string file =
      fmt::format("{:012}-{}-{}.segment", draft.manifest.generation, draft.written.size(), index);
  draft.written.push_back(segment_path(file));
  FOOTFALL_TRY(SegmentWriter writer, SegmentWriter::create(segment_path(file), options.threads));
  MergeOptions merge;
  merge.threads = options.threads;
  merge.filter = filter;
  FOOTFALL_RETURN_IF_ERROR(merge_timelines(
      sources, merge,
      [&](EventTable&& chunk) -> base::Status {
        if (seen) FOOTFALL_RETURN_IF_ERROR(seen(chunk));
        return writer.append(chunk);
      },
      progress));
  if (writer.events() == 0) return base::Ok{};
  FOOTFALL_TRY(const SegmentSummary summary, writer.finish());
  draft.manifest.segments.push_back(
      {population, file, summary.events, summary.bytes, summary.core_bytes});
  return base::Ok{};
}

void StoreImpl::clear_tail(Draft& draft) const {
  draft.batch.remove_range(numbered_key(kTailPrefix, draft.manifest.tail_first),
                           numbered_key(kTailPrefix, draft.manifest.tail_end));
  draft.manifest.tail_first = draft.manifest.tail_end;
}

base::Status StoreImpl::commit(Draft draft) {
  draft.batch.put(kManifestKey, draft.manifest.encode());
  std::vector<std::string> replaced;
  for (const ManifestSegment& segment : manifest.segments) {
    const bool stays =
        std::any_of(draft.manifest.segments.begin(), draft.manifest.segments.end(),
                    [&](const ManifestSegment& kept) { return kept.file == segment.file; });
    if (!stays) replaced.push_back(segment_path(segment.file));
  }
  // From here on the journal may hold the change, also where writing it has failed: a log can be
  // whole though it could not be synced. Which files belong to the shop is then known at its next
  // opening, which removes the others.
  outdated = true;
  FOOTFALL_RETURN_IF_ERROR(journal->commit(std::move(draft.batch)));
  FOOTFALL_TRY(Tail tail, tail_after(manifest, draft));
  manifest = draft.manifest;
  FOOTFALL_TRY(current, make_snapshot(manifest, std::move(tail)));
  outdated = false;
  // Readers that have the files mapped keep their bytes.
  std::error_code failure;
  for (const std::string& file : replaced) fs::remove(file, failure);
  return base::Ok{};
}

base::Error StoreImpl::abandon(const Draft& draft, const base::Error& error) const {
  std::error_code failure;
  for (const std::string& file : draft.written) fs::remove(file, failure);
  return error;
}

base::Status StoreImpl::seal(base::Progress& progress) {
  if (manifest.tail_first == manifest.tail_end) return base::Ok{};
  progress.stage("sealing", static_cast<std::int64_t>(kPopulations), "parts");
  Draft draft;
  draft.manifest = manifest;
  ++draft.manifest.generation;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const auto& tail = current->sources[i].tail;
    if (tail) {
      const base::Status written = write_table(*tail, static_cast<Population>(i), draft);
      if (!written.ok()) return abandon(draft, written.error());
    }
    progress.advance(1);
  }
  clear_tail(draft);
  return commit(std::move(draft));
}

base::Status StoreImpl::compact(base::Progress& progress, bool always) {
  Draft draft;
  draft.manifest = manifest;
  ++draft.manifest.generation;
  bool any = false;
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const auto& segments = current->sources[i].segments;
    std::uint64_t total = 0;
    std::uint64_t largest = 0;
    for (const auto& segment : segments) {
      total += segment->event_count();
      largest = std::max(largest, segment->event_count());
    }
    const double small = static_cast<double>(total - largest);
    if (segments.size() < 2) continue;
    if (!always && small <= kSmallShareMax * static_cast<double>(largest)) continue;
    any = true;
    const base::Status rewritten = rewrite(static_cast<Population>(i), {}, {}, draft, progress);
    if (!rewritten.ok()) return abandon(draft, rewritten.error());
  }
  if (!any) return base::Ok{};
  return commit(std::move(draft));
}

}  // namespace footfall::store
