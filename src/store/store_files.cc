// Looking after a shop's files: status, verify, backup, restore.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>

#include "footfall/base/hash.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/durable_file.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

base::Status copy_durably(const std::string& from, const std::string& to) {
  FOOTFALL_TRY(const MappedFile source, MappedFile::open(from));
  FOOTFALL_TRY(DurableFile copy, DurableFile::create(to));
  FOOTFALL_RETURN_IF_ERROR(copy.append(source.bytes()));
  return copy.commit();
}

base::Status make_empty_folder(const std::string& path) {
  std::error_code failure;
  if (fs::exists(path, failure) && !fs::is_empty(path, failure)) {
    return base::Error{base::ErrorCode::kAlreadyExists,
                       fmt::format("expected a folder that is not there or empty: {}", path),
                       {path, 0, "", ""},
                       ""};
  }
  fs::create_directories(path + "/segments", failure);
  if (!failure) fs::create_directory(path + "/pages", failure);
  if (failure) return file_error("make the folder", path, failure.value());
  return base::Ok{};
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
base::Status scan_page_files(
    const StoreImpl& shop,
    const std::function<base::Status(const std::string&, std::string_view)>& visit) {
  for (const PageKind& kind : kPageKinds) {
    FOOTFALL_RETURN_IF_ERROR(
        shop.scan_pages(kind, [&](const std::string& path, std::string_view bytes) {
          return path.empty() ? base::Status(base::Ok{}) : visit(path, bytes);
        }));
  }
  return base::Ok{};
}

base::Status copy_pages(const StoreImpl& from, const std::string& to, base::Progress& progress) {
  return scan_page_files(from, [&](const std::string& path, std::string_view bytes) {
    const base::Status copied =
        copy_durably(path, to + "/pages/" + fs::path(path).filename().string());
    progress.advance(static_cast<std::int64_t>(bytes.size()));
    return copied;
  });
}

// What cannot be read counts nothing here: `footfall verify` names it.
std::uint64_t page_file_bytes(const StoreImpl& shop) {
  std::uint64_t sum = 0;
  (void)scan_page_files(shop, [&](const std::string&, std::string_view bytes) {
    sum += bytes.size();
    return base::Status(base::Ok{});
  });
  return sum;
}

// Each page of a dictionary that cannot be read.
void verify_pages(const StoreImpl& shop, const PageKind& kind, std::vector<Damage>& damages) {
  const auto note = [&](const std::string& path, const base::Error& error) {
    damages.push_back({path.empty() ? shop.path + "/journal" : path,
                       fmt::format("page of {}", kind.name), error.message});
  };
  const base::Status scanned =
      shop.journal->scan_prefix(kind.prefix, [&](std::string_view key, std::string_view value) {
        const auto checked = [&](const std::string& path, std::string_view bytes) -> base::Status {
          const auto body = check_bytes(bytes, "a page of the dictionaries");
          if (!body.ok()) note(path, body.error());
          return base::Ok{};
        };
        const base::Status opened = shop.visit_page(kind, key, value, checked);
        if (!opened.ok()) note(opened.error().where.file, opened.error());
        return base::Status(base::Ok{});
      });
  if (!scanned.ok()) note("", scanned.error());
}

// The backup's own folder name until it is whole.
std::string unfinished(const std::string& destination) {
  return destination + ".unfinished";
}

base::Status finish_folder(const std::string& destination) {
  std::error_code failure;
  FOOTFALL_RETURN_IF_ERROR(sync_folder(unfinished(destination)));
  if (fs::exists(destination, failure)) fs::remove(destination, failure);
  fs::rename(unfinished(destination), destination, failure);
  if (failure) return file_error("rename to", destination, failure.value());
  const fs::path parent = fs::absolute(destination).parent_path();
  return sync_folder(parent.string());
}

base::Status copy_shop(const StoreImpl& from, const std::string& to, base::Progress& progress) {
  std::uint64_t total = from.journal->disk_bytes() + page_file_bytes(from);
  for (const ManifestSegment& segment : from.manifest.segments) total += segment.bytes;
  progress.stage("copying", static_cast<std::int64_t>(total), "bytes");
  for (const ManifestSegment& segment : from.manifest.segments) {
    if (progress.stop_requested()) {
      return base::Error{
          base::ErrorCode::kInterrupted, "stopped before the copy was whole", {}, ""};
    }
    FOOTFALL_RETURN_IF_ERROR(
        copy_durably(from.segment_path(segment.file), to + "/segments/" + segment.file));
    progress.advance(static_cast<std::int64_t>(segment.bytes));
  }
  FOOTFALL_RETURN_IF_ERROR(copy_pages(from, to, progress));
  return copy_journal(*from.journal, to + "/journal", progress);
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
  status.disk_bytes += impl_->journal->disk_bytes() + page_file_bytes(*impl_);
  return status;
}

base::Result<std::vector<Damage>> Store::verify(base::Progress& progress) const {
  std::vector<Damage> damages;
  progress.stage("checking", static_cast<std::int64_t>(impl_->manifest.segments.size() + 2),
                 "parts");
  for (const PopulationSources& sources : impl_->current->sources) {
    for (const auto& segment : sources.segments) {
      for (Damage& damage : segment->verify()) damages.push_back(std::move(damage));
      progress.advance(1);
    }
  }
  if (const auto what = impl_->journal->verify()) {
    damages.push_back({impl_->path + "/journal", "journal", *what});
  }
  for (const PageKind& kind : kPageKinds) verify_pages(*impl_, kind, damages);
  progress.advance(1);
  if (!damages.empty()) return damages;
  // The events themselves: their digest must be the one that the commits added up.
  const auto privacy = impl_->privacy();
  if (!privacy.ok()) return damages;  // Without the key, bytes are all that can be checked.
  FOOTFALL_TRY(const People* people, impl_->people());
  ContentSum sum;
  for (const PopulationSources& sources : impl_->current->sources) {
    const auto all = sources.all();
    if (all.empty()) continue;
    const base::Status merged = merge_timelines(
        all, {.threads = impl_->options.threads},
        [&](EventTable&& chunk) {
          return add_content(
              chunk,
              [&](UserNumber user) -> base::Result<std::uint64_t> {
                FOOTFALL_TRY(const std::string id, (*privacy)->unseal(people->sealed(user)));
                return base::hash64(id);
              },
              sum);
        },
        progress);
    if (!merged.ok()) damages.push_back({impl_->path, "timelines", merged.error().message});
  }
  if (damages.empty() && sum.hex() != impl_->manifest.content.hex()) {
    damages.push_back({impl_->path, "content",
                       fmt::format("the events' digest is {} and should be {}", sum.hex(),
                                   impl_->manifest.content.hex())});
  }
  progress.advance(1);
  return damages;
}

base::Status Store::backup(const std::string& destination, bool with_key,
                           base::Progress& progress) const {
  const std::string folder = unfinished(destination);
  std::error_code failure;
  const fs::path shop = fs::canonical(impl_->path, failure) / "";
  const std::string inside = fs::weakly_canonical(destination, failure).string();
  if (inside.starts_with(shop.string())) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       fmt::format("expected a folder outside of {}: {}", impl_->path, destination),
                       {destination, 0, "", ""},
                       ""};
  }
  fs::remove_all(folder, failure);  // Of an earlier backup that was stopped.
  if (fs::exists(destination, failure) && !fs::is_empty(destination, failure)) {
    return base::Error{base::ErrorCode::kAlreadyExists,
                       fmt::format("expected a folder that is not there or empty: {}", destination),
                       {destination, 0, "", ""},
                       ""};
  }
  FOOTFALL_RETURN_IF_ERROR(make_empty_folder(folder));
  base::Status copied = copy_shop(*impl_, folder, progress);
  if (copied.ok() && with_key) {
    const std::string key =
        impl_->options.key_file.empty() ? impl_->path + "/key" : impl_->options.key_file;
    copied = copy_durably(key, folder + "/key");
    fs::permissions(folder + "/key", fs::perms::owner_read | fs::perms::owner_write, failure);
  }
  if (!copied.ok()) {
    fs::remove_all(folder, failure);
    return copied;
  }
  return finish_folder(destination);
}

base::Status Store::restore(const std::string& backup, const std::string& destination,
                            base::Progress& progress) {
  FOOTFALL_TRY(const std::unique_ptr<Store> source, open(backup, Access::kRead, {}));
  FOOTFALL_TRY(const std::vector<Damage> damages, source->verify(progress));
  if (!damages.empty()) {
    return base::Error{base::ErrorCode::kDamaged,
                       fmt::format("the backup is damaged: {} ({}): {}", damages[0].file,
                                   damages[0].part, damages[0].what),
                       {backup, 0, "", ""},
                       ""};
  }
  std::error_code failure;
  const bool with_key = fs::exists(backup + "/key", failure);
  return source->backup(destination, with_key, progress);
}

}  // namespace footfall::store
