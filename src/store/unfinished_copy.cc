#include "footfall/store/unfinished_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "footfall/store/durable_file.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;

// What a copy is made of, beside its lock.
constexpr std::array<std::string_view, 4> kOurs = {"journal", "segments", "pages", "key"};

base::Error not_empty(const std::string& path) {
  return {base::ErrorCode::kAlreadyExists,
          fmt::format("expected a folder that is not there or empty: {}", path),
          {path, 0, "", ""},
          ""};
}

base::Status expect_empty(const std::string& path) {
  std::error_code failure;
  const fs::file_status found = fs::status(path, failure);
  if (!fs::exists(found)) return base::Ok{};
  if (!fs::is_directory(found) || !fs::is_empty(path, failure)) return not_empty(path);
  return base::Ok{};
}

}  // namespace

base::Result<UnfinishedCopy> UnfinishedCopy::begin(const std::string& destination) {
  std::string name = destination;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  FOOTFALL_RETURN_IF_ERROR(expect_empty(name));
  const std::string path = name + ".unfinished";
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return file_error("make the folder", path, failure.value());
  auto lock = ShopLock::take(path);
  if (!lock.ok()) {
    base::Error error = std::move(lock).error();
    if (error.code == base::ErrorCode::kBusy) {
      error.message = fmt::format("another copy to {} is being made", name);
      error.where.file = name;
      error.hint = "wait until it is done, or name another folder";
    }
    return error;
  }
  UnfinishedCopy copy(name, path, std::move(*lock));
  const base::Status ours = copy.clear();
  if (!ours.ok()) {
    copy.path_.clear();
    return ours.error();
  }
  // Whoever held the lock before us may have finished.
  FOOTFALL_RETURN_IF_ERROR(expect_empty(name));
  return copy;
}

// Removes what a copy that was stopped has left, or nothing where there is more.
base::Status UnfinishedCopy::clear() const {
  std::error_code failure;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(path_, failure)) {
    const std::string name = entry.path().filename().string();
    if (name == "lock") continue;
    if (std::find(kOurs.begin(), kOurs.end(), name) == kOurs.end()) return not_empty(path_);
    left.push_back(entry.path());
  }
  for (const fs::path& entry : left) {
    fs::remove_all(entry, failure);
    if (failure) return file_error("remove", entry.string(), failure.value());
  }
  return base::Ok{};
}

base::Status UnfinishedCopy::finish() {
  FOOTFALL_RETURN_IF_ERROR(sync_folder(path_));
  // Takes the place of an empty folder, of nothing else.
  if (std::rename(path_.c_str(), destination_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return not_empty(destination_);
    return file_error("rename to", destination_, errno);
  }
  path_.clear();
  return sync_folder(fs::absolute(destination_).parent_path().string());
}

UnfinishedCopy::~UnfinishedCopy() {
  std::error_code failure;
  if (!path_.empty()) fs::remove_all(path_, failure);
}

}  // namespace footfall::store
