#include "footfall/store/new_shop.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "footfall/store/durable_file.h"
#include "footfall/store/journal.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinishedJournal = "journal.unfinished";

base::Error already_exists(const std::string& path, std::string message) {
  return {base::ErrorCode::kAlreadyExists, std::move(message), {path, 0, "", ""}, ""};
}

// Nothing there, or nothing but what an earlier attempt left.
base::Status expect_unused(const std::string& path) {
  std::error_code failure;
  if (!fs::exists(path, failure)) return base::Ok{};
  if (!fs::is_directory(path, failure)) {
    return already_exists(path, fmt::format("expected a folder to make the shop in: {}", path));
  }
  if (fs::exists(path + "/journal/CURRENT", failure)) {
    return already_exists(path, fmt::format("there is a shop already: {}", path));
  }
  if (has_events(path)) return no_journal(path);
  for (fs::directory_iterator at(path, failure), end; at != end && !failure;
       at.increment(failure)) {
    const std::string name = at->path().filename().string();
    const std::array<std::string_view, 6> ours = {"key",   "journal", kUnfinishedJournal,
                                                  "pages", "lock",    "segments"};
    if (std::find(ours.begin(), ours.end(), name) != ours.end()) continue;
    return already_exists(path, fmt::format("expected an empty folder, found in it: {}", name));
  }
  return base::Ok{};
}

base::Status make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return base::Ok{};
  return file_error("make the folder", path, errno);
}

base::Status remove_all(const std::string& path) {
  std::error_code failure;
  fs::remove_all(path, failure);
  if (failure) return file_error("remove", path, failure.value());
  return base::Ok{};
}

}  // namespace

bool has_events(const std::string& path) {
  std::error_code failure;
  for (const char* folder : {"/segments", "/pages"}) {
    if (fs::directory_iterator(path + folder, failure) != fs::directory_iterator()) return true;
  }
  for (fs::directory_iterator at(path + "/journal", failure), end; at != end && !failure;
       at.increment(failure)) {
    const std::string kind = at->path().extension().string();
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

base::Result<NewShop> NewShop::begin(const std::string& path) {
  FOOTFALL_RETURN_IF_ERROR(expect_unused(path));
  const bool made_folder = ::mkdir(path.c_str(), 0755) == 0;
  if (!made_folder && errno != EEXIST) return file_error("make the folder", path, errno);
  auto lock = ShopLock::take(path);
  if (!lock.ok()) {
    if (made_folder) ::rmdir(path.c_str());
    return std::move(lock).error();
  }
  // Whoever held the lock before us may have finished.
  FOOTFALL_RETURN_IF_ERROR(expect_unused(path));
  return NewShop(path, made_folder, std::move(*lock));
}

base::Result<privacy::MasterKey> NewShop::key(const std::string& key_file) {
  const std::string file = key_file.empty() ? path_ + "/key" : key_file;
  std::error_code failure;
  if (fs::exists(file, failure)) {
    FOOTFALL_TRY(const MappedFile mapped, MappedFile::open(file));
    return privacy::parse_key(as_text(mapped.bytes()));
  }
  const privacy::MasterKey key = privacy::generate_key();
  FOOTFALL_TRY(DurableFile out, DurableFile::create(file, DurableFile::Readers::kOwner));
  const std::string text = privacy::format_key(key);
  FOOTFALL_RETURN_IF_ERROR(out.append(std::as_bytes(std::span(text))));
  FOOTFALL_RETURN_IF_ERROR(out.commit());
  new_key_ = file;
  return key;
}

base::Status NewShop::write_journal(const Manifest& manifest) const {
  const std::string unfinished = fmt::format("{}/{}", path_, kUnfinishedJournal);
  FOOTFALL_RETURN_IF_ERROR(remove_all(unfinished));
  // Without a log and a table it holds nothing.
  FOOTFALL_RETURN_IF_ERROR(remove_all(path_ + "/journal"));
  {
    FOOTFALL_TRY(const auto journal, Journal::open(unfinished, Journal::Mode::kCreate));
    JournalBatch batch;
    batch.put(kManifestKey, manifest.encode());
    FOOTFALL_RETURN_IF_ERROR(journal->commit(std::move(batch)));
  }
  const std::string name = path_ + "/journal";
  if (std::rename(unfinished.c_str(), name.c_str()) != 0) {
    return file_error("rename to", name, errno);
  }
  return base::Ok{};
}

base::Status NewShop::finish(const Manifest& manifest) {
  FOOTFALL_RETURN_IF_ERROR(make_folder(path_ + "/segments"));
  FOOTFALL_RETURN_IF_ERROR(make_folder(path_ + "/pages"));
  FOOTFALL_RETURN_IF_ERROR(write_journal(manifest));
  const std::string path = std::exchange(path_, {});
  FOOTFALL_RETURN_IF_ERROR(sync_folder(path));
  return made_folder_ ? sync_folder(path + "/..") : base::Ok{};
}

// The lock goes last: what comes after it is another's. Only empty folders go.
NewShop::~NewShop() {
  if (path_.empty()) return;
  if (!remove_all(fmt::format("{}/{}", path_, kUnfinishedJournal)).ok()) return;
  ::rmdir((path_ + "/segments").c_str());
  ::rmdir((path_ + "/pages").c_str());
  if (!new_key_.empty()) ::unlink(new_key_.c_str());
  ::unlink((path_ + "/lock").c_str());
  if (made_folder_) ::rmdir(path_.c_str());
}

}  // namespace footfall::store
