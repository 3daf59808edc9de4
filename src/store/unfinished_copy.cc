#include "footfall/store/unfinished_copy.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

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
constexpr std::string_view kLock = "lock";
constexpr int kTries = 100;

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

// The folder itself where the destination is a link to one, so that it can be replaced.
base::Result<std::string> resolve(const std::string& destination) {
  std::error_code failure;
  const fs::path whole = fs::weakly_canonical(destination, failure);
  if (failure) return file_error("look at", destination, failure.value());
  std::string name = whole.string();
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  struct stat folder{};
  struct stat parent{};
  if (fs::is_symlink(fs::symlink_status(name, failure))) return not_empty(destination);
  const bool there = ::stat(name.c_str(), &folder) == 0 &&
                     ::stat(fs::path(name).parent_path().c_str(), &parent) == 0;
  if (there && (folder.st_dev != parent.st_dev || folder.st_ino == parent.st_ino)) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       fmt::format("expected a folder that can be replaced, not the root of a "
                                   "file system: {}",
                                   destination),
                       {destination, 0, "", ""},
                       "name a folder in it that is not there yet"};
  }
  return name;
}

// What a copy that was stopped has left, or nothing where there is more.
base::Result<std::vector<fs::path>> left_in(const std::string& path) {
  std::error_code failure;
  std::vector<fs::path> left;
  fs::directory_iterator at(path, failure);
  // Without exceptions: a destructor looks as well.
  for (; !failure && at != fs::directory_iterator(); at.increment(failure)) {
    const std::string name = at->path().filename().string();
    if (name == kLock) continue;
    if (std::find(kOurs.begin(), kOurs.end(), name) == kOurs.end()) return not_empty(path);
    left.push_back(at->path());
  }
  if (failure && failure != std::errc::no_such_file_or_directory) {
    return file_error("read the folder", path, failure.value());
  }
  return left;
}

}  // namespace

base::Result<UnfinishedCopy> UnfinishedCopy::begin(const std::string& destination) {
  FOOTFALL_TRY(const std::string name, resolve(destination));
  const std::string path = name + ".unfinished";
  for (int attempt = 1;; ++attempt) {
    FOOTFALL_RETURN_IF_ERROR(expect_empty(name));
    FOOTFALL_RETURN_IF_ERROR(left_in(path));
    std::error_code failure;
    fs::create_directories(path, failure);
    if (failure) return file_error("make the folder", path, failure.value());
    auto lock = ShopLock::take(path);
    if (lock.ok()) {
      UnfinishedCopy copy(name, path, std::move(*lock));
      FOOTFALL_RETURN_IF_ERROR(copy.clear());
      // Whoever held the lock before us may have finished.
      FOOTFALL_RETURN_IF_ERROR(expect_empty(name));
      return copy;
    }
    base::Error error = std::move(lock).error();
    // Whoever held the folder has just removed it.
    if (error.code == base::ErrorCode::kNotFound && attempt < kTries) continue;
    if (error.code == base::ErrorCode::kBusy) {
      error.message = fmt::format("another copy to {} is being made", name);
      error.where.file = name;
      error.hint = "wait until it is done, or name another folder";
    }
    return error;
  }
}

base::Status UnfinishedCopy::clear() const {
  FOOTFALL_TRY(const std::vector<fs::path> left, left_in(path_));
  for (const fs::path& entry : left) {
    std::error_code failure;
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

// The lock goes last: what comes after it is another's. A newcomer's lock keeps the folder.
UnfinishedCopy::~UnfinishedCopy() {
  if (path_.empty() || !clear().ok()) return;
  ::unlink((path_ + "/" + std::string(kLock)).c_str());
  ::rmdir(path_.c_str());
}

}  // namespace footfall::store
