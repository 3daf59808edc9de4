// Looking after a shop's files: status, backup, restore.
#include <fmt/format.h>

#include <filesystem>
#include <span>
#include <utility>

#include "footfall/store/byte_codec.h"
#include "footfall/store/durable_file.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/unfinished_copy.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

base::Status write_durably(std::span<const std::byte> bytes, const std::string& to,
                           DurableFile::Readers readers = DurableFile::Readers::kUsual) {
  FOOTFALL_TRY(DurableFile copy, DurableFile::create(to, readers));
  FOOTFALL_RETURN_IF_ERROR(copy.append(bytes));
  return copy.commit();
}

base::Error damaged(const Damage& damage) {
  return {base::ErrorCode::kDamaged,
          fmt::format("expected a shop without damage: {} ({}): {}", damage.file, damage.part,
                      damage.what),
          {damage.file, 0, "", ""},
          "run `footfall verify` to see all of it; an earlier backup may be whole"};
}

base::Error stopped() {
  return {base::ErrorCode::kInterrupted, "stopped before the copy was whole", {}, ""};
}

// Everything in one journal into a fresh one. A reader's view is a consistent one.
base::Status copy_journal(const Journal& from, const std::string& to, base::Progress& progress) {
  FOOTFALL_TRY(const auto copy, Journal::open(to, Journal::Mode::kCreate));
  constexpr std::size_t kBatchBytesMax = 8u << 20;
  JournalBatch batch;
  std::size_t bytes = 0;
  FOOTFALL_RETURN_IF_ERROR(
      from.scan("", "", [&](std::string_view key, std::string_view value) -> base::Status {
        batch.put(key, value);
        bytes += key.size() + value.size();
        if (bytes < kBatchBytesMax) return base::Ok{};
        progress.advance(static_cast<std::int64_t>(bytes));
        bytes = 0;
        return copy->commit(std::exchange(batch, JournalBatch()));
      }));
  return copy->commit(std::move(batch));
}

// Files that the journal refers to; others may be what a writer beside us is about to add.
base::Status scan_page_files(const StoreImpl& shop, const StoreImpl::PageVisit& visit) {
  for (const PageKind& kind : kPageKinds) {
    FOOTFALL_RETURN_IF_ERROR(
        shop.scan_pages(kind, [&](const std::string& path, std::string_view bytes) {
          return path.empty() ? base::Status(base::Ok{}) : visit(path, bytes);
        }));
  }
  return base::Ok{};
}

base::Status copy_pages(const StoreImpl& from, const std::string& to, base::Progress& progress) {
  return scan_page_files(
      from, [&](const std::string& path, std::string_view bytes) -> base::Status {
        if (progress.stop_requested()) return stopped();
        FOOTFALL_RETURN_IF_ERROR(check_bytes(bytes, path));
        FOOTFALL_RETURN_IF_ERROR(write_durably(
            std::as_bytes(std::span(bytes)), to + "/pages/" + fs::path(path).filename().string()));
        progress.advance(static_cast<std::int64_t>(bytes.size()));
        return base::Ok{};
      });
}

// A segment that a writer beside us has replaced meanwhile is still mapped.
base::Status copy_segment(const StoreImpl& from, const ManifestSegment& entry,
                          const std::string& to) {
  FOOTFALL_TRY(const auto segment, from.open_segment(from.manifest, entry));
  const std::vector<Damage> damages = segment->verify();
  if (!damages.empty()) return damaged(damages.front());
  return write_durably(segment->bytes(), to + "/segments/" + entry.file);
}

base::Status copy_shop(const StoreImpl& from, const std::string& to, base::Progress& progress) {
  std::uint64_t total = from.journal->disk_bytes() + from.look_at_pages(PageCheck::kOpens).bytes;
  for (const ManifestSegment& segment : from.manifest.segments) total += segment.bytes;
  progress.stage("copying", static_cast<std::int64_t>(total), "bytes");
  for (const ManifestSegment& segment : from.manifest.segments) {
    if (progress.stop_requested()) return stopped();
    FOOTFALL_RETURN_IF_ERROR(copy_segment(from, segment, to));
    progress.advance(static_cast<std::int64_t>(segment.bytes));
  }
  FOOTFALL_RETURN_IF_ERROR(copy_pages(from, to, progress));
  return copy_journal(*from.journal, to + "/journal", progress);
}

base::Status copy_key(const StoreImpl& from, const std::string& to) {
  FOOTFALL_TRY(const MappedFile key, MappedFile::open(from.key_file()));
  return write_durably(key.bytes(), to, DurableFile::Readers::kOwner);
}

}  // namespace

base::Result<StoreStatus> Store::status() const {
  StoreStatus status;
  for (const ManifestSegment& segment : impl_->manifest.segments) {
    status.parts.push_back(
        {segment.file, segment.population, segment.events, segment.bytes, segment.core_bytes});
    status.disk_bytes += segment.bytes;
  }
  for (std::size_t i = 0; i < kPopulations; ++i) {
    const auto& tail = impl_->current->sources[i].tail;
    if (!tail) continue;
    status.parts.push_back({"journal", static_cast<Population>(i), tail->size(), 0, 0});
  }
  const Snapshot snapshot(impl_->current);
  status.people = snapshot.user_count(Population::kPeople);
  status.guests = snapshot.user_count(Population::kGuests);
  status.items = impl_->manifest.items;
  status.quarantined = impl_->manifest.quarantined;
  PageFiles pages = impl_->look_at_pages(PageCheck::kOpens);
  status.disk_bytes += impl_->journal->disk_bytes() + pages.bytes;
  status.damages = std::move(pages.damages);
  return status;
}

base::Status Store::backup(const std::string& destination, bool with_key,
                           base::Progress& progress) const {
  std::error_code failure;
  const fs::path shop = fs::canonical(impl_->path, failure) / "";
  const std::string inside = fs::weakly_canonical(destination, failure).string();
  if (inside.starts_with(shop.string())) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       fmt::format("expected a folder outside of {}: {}", impl_->path, destination),
                       {destination, 0, "", ""},
                       ""};
  }
  FOOTFALL_TRY(UnfinishedCopy copy, UnfinishedCopy::begin(destination));
  for (const char* folder : {"/segments", "/pages"}) {
    fs::create_directory(copy.path() + folder, failure);
    if (failure) return file_error("make the folder", copy.path() + folder, failure.value());
  }
  FOOTFALL_RETURN_IF_ERROR(copy_shop(*impl_, copy.path(), progress));
  if (with_key) FOOTFALL_RETURN_IF_ERROR(copy_key(*impl_, copy.path() + "/key"));
  return copy.finish();
}

base::Status Store::restore(const std::string& backup, const std::string& destination,
                            base::Progress& progress) {
  FOOTFALL_TRY(const std::unique_ptr<Store> source, open(backup, Access::kRead, {}));
  FOOTFALL_TRY(const std::vector<Damage> damages, source->verify(progress));
  if (!damages.empty()) return damaged(damages.front());
  std::error_code failure;
  const bool with_key = fs::exists(backup + "/key", failure);
  return source->backup(destination, with_key, progress);
}

}  // namespace footfall::store
