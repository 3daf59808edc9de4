#include "footfall/store/store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "footfall/store/durable_file.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

base::Error no_shop(const std::string& path) {
  return {base::ErrorCode::kNotFound,
          fmt::format("there is no shop here: {}", path),
          {path, 0, "", ""},
          fmt::format("make one with `footfall init {}`", path)};
}

base::Status make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return base::Ok{};
  return file_error("make the folder", path, errno);
}

// The key named by the caller, or a fresh one written to SHOP/key with mode 0600.
base::Result<privacy::MasterKey> first_key(const std::string& path, const std::string& key_file) {
  const std::string file = key_file.empty() ? path + "/key" : key_file;
  if (fs::exists(file)) {
    FOOTFALL_TRY(const MappedFile mapped, MappedFile::open(file));
    return privacy::parse_key(as_text(mapped.bytes()));
  }
  const privacy::MasterKey key = privacy::generate_key();
  FOOTFALL_TRY(DurableFile out, DurableFile::create(file, DurableFile::Readers::kOwner));
  const std::string text = privacy::format_key(key);
  FOOTFALL_RETURN_IF_ERROR(out.append(std::as_bytes(std::span(text))));
  FOOTFALL_RETURN_IF_ERROR(out.commit());
  return key;
}

// A file that belongs to the shop and is not there, however often one looks, or is no file.
base::Error missing_file(base::Error error) {
  const bool missing =
      error.code == base::ErrorCode::kNotFound || error.code == base::ErrorCode::kInvalidArgument;
  if (!missing) return error;
  error.code = base::ErrorCode::kDamaged;
  error.hint = "restore a backup";
  return error;
}

// A folder that held events once. Not so what an interrupted init leaves.
bool has_events(const std::string& path) {
  std::error_code failure;
  for (const char* folder : {"/segments", "/pages"}) {
    if (fs::directory_iterator(path + folder, failure) != fs::directory_iterator()) return true;
  }
  for (const auto& entry : fs::directory_iterator(path + "/journal", failure)) {
    const std::string kind = entry.path().extension().string();
    if (kind == ".log" || kind == ".sst") return true;
  }
  return false;
}

base::Error no_journal(const std::string& path) {
  return {base::ErrorCode::kDamaged,
          fmt::format("the shop's journal is missing or not whole: {}/journal", path),
          {path, 0, "", ""},
          "restore a backup"};
}

std::string document_key(std::string_view collection, std::string_view id) {
  return fmt::format("{}{}/{}", kDocumentPrefix, collection, id);
}

}  // namespace

bool is_shop_folder(const std::string& folder) {
  std::error_code failure;
  return std::filesystem::exists(folder + "/journal/CURRENT", failure) &&
         std::filesystem::is_directory(folder + "/segments", failure);
}

Store::Store(std::unique_ptr<StoreImpl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

base::Status Store::create(const std::string& path, const ShopSettings& settings,
                           const std::string& key_file) {
  std::error_code failure;
  if (fs::exists(path, failure)) {
    if (!fs::is_directory(path, failure)) {
      return base::Error{base::ErrorCode::kAlreadyExists,
                         fmt::format("expected a folder to make the shop in: {}", path),
                         {path, 0, "", ""},
                         ""};
    }
    if (fs::exists(path + "/journal/CURRENT", failure)) {
      return base::Error{base::ErrorCode::kAlreadyExists,
                         fmt::format("there is a shop already: {}", path),
                         {path, 0, "", ""},
                         ""};
    }
    if (has_events(path)) return no_journal(path);
    for (const auto& entry : fs::directory_iterator(path, failure)) {
      const std::string name = entry.path().filename().string();
      // What an interrupted init leaves may be made again; the key is kept.
      const std::array ours = {"key", "journal", "segments", "pages", "lock"};
      if (std::find(ours.begin(), ours.end(), name) != ours.end()) continue;
      return base::Error{base::ErrorCode::kAlreadyExists,
                         fmt::format("expected an empty folder, found in it: {}", name),
                         {path, 0, "", ""},
                         ""};
    }
  }
  FOOTFALL_RETURN_IF_ERROR(make_folder(path));
  FOOTFALL_TRY(const ShopLock lock, ShopLock::take(path));
  FOOTFALL_RETURN_IF_ERROR(make_folder(path + "/segments"));
  FOOTFALL_RETURN_IF_ERROR(make_folder(path + "/pages"));
  FOOTFALL_TRY(const privacy::MasterKey key, first_key(path, key_file));
  FOOTFALL_TRY(const auto journal, Journal::open(path + "/journal", Journal::Mode::kCreate));
  Manifest manifest;
  manifest.settings = settings;
  manifest.key_check = privacy::Privacy(key).key_check();
  JournalBatch batch;
  batch.put(kManifestKey, manifest.encode());
  FOOTFALL_RETURN_IF_ERROR(journal->commit(std::move(batch)));
  return sync_folder(path);
}

base::Result<std::unique_ptr<Store>> Store::open(const std::string& path, Access access,
                                                 const OpenOptions& options) {
  std::error_code failure;
  if (!fs::exists(path + "/journal/CURRENT", failure)) {
    if (failure == std::errc::permission_denied) return file_error("read", path, EACCES);
    return has_events(path) ? no_journal(path) : no_shop(path);
  }
  auto impl = std::make_unique<StoreImpl>();
  impl->path = path;
  impl->access = access;
  impl->options = options;
  if (access == Access::kWrite) {
    FOOTFALL_TRY(ShopLock lock, ShopLock::take(path));
    impl->lock.emplace(std::move(lock));
    FOOTFALL_TRY(impl->journal, Journal::open(path + "/journal", Journal::Mode::kWrite));
    if (const base::Status loaded = impl->load(); !loaded.ok()) return missing_file(loaded.error());
    FOOTFALL_RETURN_IF_ERROR(impl->remove_strays());
    return std::unique_ptr<Store>(new Store(std::move(impl)));
  }
  // A writer beside us may replace a segment between our look at the manifest and at the file.
  constexpr int kTries = 20;
  base::Status loaded = base::Ok{};
  for (int attempt = 0; attempt < kTries; ++attempt) {
    FOOTFALL_TRY(impl->journal, Journal::open(path + "/journal", Journal::Mode::kRead));
    loaded = impl->load();
    if (loaded.ok()) return std::unique_ptr<Store>(new Store(std::move(impl)));
    if (loaded.error().code != base::ErrorCode::kNotFound) break;
  }
  return missing_file(loaded.error());
}

const ShopSettings& Store::settings() const {
  return impl_->manifest.settings;
}

base::Result<Snapshot> Store::snapshot() const {
  return Snapshot(impl_->current);
}

base::Result<std::optional<UserNumber>> Store::find_person(std::string_view person) const {
  FOOTFALL_TRY(const privacy::Privacy* privacy, impl_->privacy());
  FOOTFALL_TRY(const People* people, impl_->people());
  const UserNumber user = people->find(privacy->pseudonym(person));
  return user == 0 ? std::optional<UserNumber>() : std::optional<UserNumber>(user);
}

base::Result<std::string> Store::person(UserNumber user) const {
  FOOTFALL_TRY(const privacy::Privacy* privacy, impl_->privacy());
  FOOTFALL_TRY(const People* people, impl_->people());
  if (user == 0 || user > people->size()) {
    return base::Error{base::ErrorCode::kNotFound,
                       fmt::format("expected the number of a person: {}", user),
                       {},
                       ""};
  }
  return privacy->unseal(people->sealed(user));
}

base::Status Store::set_report(BatchNumber batch, const std::string& report) {
  FOOTFALL_RETURN_IF_ERROR(impl_->require_write("collect"));
  const std::string key = numbered_key(kBatchPrefix, batch);
  FOOTFALL_TRY(const std::optional<std::string> bytes, impl_->journal->get(key));
  if (!bytes) {
    return base::Error{
        base::ErrorCode::kNotFound, fmt::format("unknown import: {}", batch), {}, ""};
  }
  FOOTFALL_TRY(BatchRecord record, decode_batch_record(*bytes));
  record.info.report = report;
  JournalBatch change;
  change.put(key, encode_batch_record(record));
  return impl_->journal->commit(std::move(change));
}

base::Result<std::vector<BatchRecord>> Store::batches() const {
  std::vector<BatchRecord> batches;
  FOOTFALL_RETURN_IF_ERROR(impl_->journal->scan_prefix(
      kBatchPrefix, [&](std::string_view, std::string_view value) -> base::Status {
        FOOTFALL_TRY(BatchRecord record, decode_batch_record(value));
        batches.push_back(std::move(record));
        return base::Ok{};
      }));
  return batches;
}

base::Result<std::vector<StoredQuarantine>> Store::quarantine() const {
  std::vector<StoredQuarantine> rows;
  FOOTFALL_RETURN_IF_ERROR(impl_->journal->scan_prefix(
      kQuarantinePrefix, [&](std::string_view key, std::string_view value) -> base::Status {
        FOOTFALL_TRY(StoredQuarantine row, decode_quarantined(number_of_key(key), value));
        rows.push_back(std::move(row));
        return base::Ok{};
      }));
  return rows;
}

base::Status Store::put_document(std::string_view collection, std::string_view id,
                                 std::string_view bytes) {
  FOOTFALL_RETURN_IF_ERROR(impl_->require_write("documents"));
  JournalBatch batch;
  batch.put(document_key(collection, id), bytes);
  return impl_->journal->commit(std::move(batch));
}

base::Result<std::optional<std::string>> Store::get_document(std::string_view collection,
                                                             std::string_view id) const {
  return impl_->journal->get(document_key(collection, id));
}

base::Result<std::vector<std::string>> Store::list_documents(std::string_view collection) const {
  std::vector<std::string> ids;
  const std::string prefix = document_key(collection, "");
  FOOTFALL_RETURN_IF_ERROR(impl_->journal->scan_prefix(
      prefix, [&](std::string_view key, std::string_view) -> base::Status {
        ids.emplace_back(key.substr(prefix.size()));
        return base::Ok{};
      }));
  return ids;
}

base::Status Store::seal(base::Progress& progress) {
  FOOTFALL_RETURN_IF_ERROR(impl_->require_write("seal"));
  return impl_->seal(progress);
}

base::Status Store::compact(base::Progress& progress) {
  FOOTFALL_RETURN_IF_ERROR(impl_->require_write("compact"));
  FOOTFALL_RETURN_IF_ERROR(impl_->seal(progress));
  return impl_->compact(progress, true);
}

}  // namespace footfall::store
