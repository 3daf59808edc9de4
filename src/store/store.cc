#include "footfall/store/store.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>

#include "footfall/store/durable_file.h"
#include "footfall/store/new_shop.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

// A shop one folder further down, as where the folder of all shops or backups was named; "" = none.
std::string shop_below(const std::string& path) {
  constexpr int kLookedAt = 1'000;
  std::error_code failure;
  int seen = 0;
  for (fs::directory_iterator entry(path, failure), end;
       !failure && entry != end && ++seen <= kLookedAt; entry.increment(failure)) {
    if (is_shop_folder(entry->path().string())) return entry->path().string();
  }
  return "";
}

base::Error no_shop(const std::string& path) {
  const std::string below = shop_below(path);
  return {base::ErrorCode::kNotFound,
          fmt::format("there is no shop here: {}", path),
          {path, 0, "", ""},
          below.empty() ? fmt::format("make one with `footfall init {}`", path)
                        : "there is one in " + below};
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
  FOOTFALL_TRY(NewShop shop, NewShop::begin(path));
  FOOTFALL_TRY(const privacy::MasterKey key, shop.key(key_file));
  Manifest manifest;
  manifest.settings = settings;
  manifest.key_check = privacy::Privacy(key).key_check();
  return shop.finish(manifest);
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

base::Result<std::shared_ptr<const std::vector<BatchRecord>>> Store::imports() const {
  return impl_->imports();
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
