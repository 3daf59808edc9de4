#include "footfall/connectors/file_paths.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <unordered_set>

#include "footfall/base/words.h"

namespace footfall::connectors {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kDataEndings = {".csv",   ".tsv",    ".txt",    ".json",
                                                          ".jsonl", ".ndjson", ".parquet"};
constexpr std::array<std::string_view, 2> kPackedEndings = {".gz", ".zst"};

bool named_like_data(const std::string& file) {
  const std::string lower = base::ascii_lower(file);
  std::string_view name = lower;
  for (const std::string_view packed : kPackedEndings) {
    if (name.ends_with(packed)) {
      name.remove_suffix(packed.size());
      break;
    }
  }
  return std::any_of(kDataEndings.begin(), kDataEndings.end(), [&](std::string_view ending) {
    return name.size() > ending.size() && name.ends_with(ending);
  });
}

base::Error unreadable(const fs::path& path, const std::error_code& failure) {
  const base::ErrorCode code = base::error_code_of(failure.value());
  const bool denied = code == base::ErrorCode::kPermission;
  return {code,
          fmt::format("cannot read ({}): {}", failure.message(), path.string()),
          {path.string(), 0, "", ""},
          denied ? "Make it readable for this user, with the folders it stands in." : ""};
}

base::Error no_data_file(const fs::path& folder, std::size_t skipped) {
  return {
      base::ErrorCode::kNotFound,
      fmt::format("expected a data file in the folder, found {}: {}",
                  skipped == 0   ? "nothing"
                  : skipped == 1 ? "one other name"
                                 : fmt::format("{} other names", skipped),
                  folder.string()),
      {folder.string(), 0, "", ""},
      "A data file of a folder ends in .csv, .tsv, .txt, .json, .jsonl, .ndjson or .parquet, "
      "also with .gz or .zst behind it; a file that is named by itself may be called anything."};
}

// The data files below a folder; what else is there is skipped by name.
base::Status list_folder(const fs::path& folder, FoundFiles& found) {
  std::error_code failure;
  fs::recursive_directory_iterator at(folder, failure);
  if (failure) return unreadable(folder, failure);
  for (const fs::recursive_directory_iterator end; at != end;) {
    const fs::path path = at->path();
    const bool hidden = path.filename().string().starts_with('.');
    std::error_code unknown;
    const fs::file_type type = at->status(unknown).type();
    const bool is_link = at->is_symlink(unknown);
    if (type == fs::file_type::directory) {
      if (hidden || is_link) {
        found.skipped.push_back(path.string() + "/");
        at.disable_recursion_pending();
      }
    } else if (!hidden && named_like_data(path.filename().string()) &&
               (type == fs::file_type::regular || is_link)) {
      // A link that leads nowhere is taken too: opening it says so.
      found.files.push_back(path.string());
    } else {
      found.skipped.push_back(path.string());
    }
    at.increment(failure);
    if (failure) return unreadable(type == fs::file_type::directory ? path : folder, failure);
  }
  if (found.files.empty()) return no_data_file(folder, found.skipped.size());
  return base::Ok{};
}

std::vector<std::string> match_pattern(const std::string& pattern) {
  std::vector<std::string> paths;
  glob_t found = {};
  if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return paths;
}

base::Error nothing_found(const std::string& argument) {
  const fs::path path(argument);
  std::vector<std::string> siblings;
  std::error_code failure;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    siblings.push_back(at->path().filename().string());
  }
  return {base::ErrorCode::kNotFound,
          fmt::format("expected a file, folder or pattern that matches a file: {}", argument),
          {argument, 0, "", ""},
          base::nearest_words_hint(path.filename().string(), siblings)};
}

base::Result<FoundFiles> expand(const std::string& argument) {
  FoundFiles found;
  std::error_code failure;
  const bool there = argument == "-" || fs::exists(argument, failure);
  if (failure == std::errc::permission_denied) return unreadable(argument, failure);
  const std::vector<std::string> paths =
      there ? std::vector<std::string>{argument} : match_pattern(argument);
  for (const std::string& path : paths) {
    if (path == "-" || !fs::is_directory(path, failure)) {
      found.files.push_back(path);
      continue;
    }
    FoundFiles inside;
    FOOTFALL_RETURN_IF_ERROR(list_folder(path, inside));
    found.files.insert(found.files.end(), inside.files.begin(), inside.files.end());
    found.skipped.insert(found.skipped.end(), inside.skipped.begin(), inside.skipped.end());
  }
  if (found.files.empty()) return nothing_found(argument);
  std::sort(found.files.begin(), found.files.end());
  return found;
}

std::string whole_path(const std::string& file) {
  std::error_code failure;
  return file == "-" ? file : fs::weakly_canonical(file, failure).string();
}

}  // namespace

base::Result<FoundFiles> expand_paths(std::span<const std::string> arguments) {
  FoundFiles all;
  std::unordered_set<std::string> seen;
  std::set<std::string> skipped;
  for (const std::string& argument : arguments) {
    FOOTFALL_TRY(FoundFiles found, expand(argument));
    for (std::string& file : found.files) {
      if (seen.insert(whole_path(file)).second) all.files.push_back(std::move(file));
    }
    skipped.insert(found.skipped.begin(), found.skipped.end());
  }
  for (const std::string& name : skipped) {
    if (!seen.contains(whole_path(name))) all.skipped.push_back(name);
  }
  return all;
}

}  // namespace footfall::connectors
