// Any words as files to read: paths, folders and patterns stand for files that are there, each
// once, or are refused with a message.
//
// Words end with a line; all are looked for in one small folder.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/connectors/file_paths.h"
#include "footfall/engine/small_shop.h"

namespace {

using namespace footfall;
namespace fs = std::filesystem;

std::string make_files(const std::string& folder) {
  fs::create_directories(folder + "/exports/2011");
  fs::create_directories(folder + "/exports/.hidden");
  for (const char* name : {"a.csv", "b.CSV.gz", "c[1].json", "d", "exports/e.parquet",
                           "exports/2011/f.jsonl", "exports/.hidden/g.csv", "exports/notes.md"}) {
    std::ofstream(folder + "/" + name) << "event\n";
  }
  fs::create_symlink("nowhere", folder + "/exports/link.csv");
  return folder;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::SmallShop own;
  static const std::string folder = make_files(own / "files");
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words(1, folder + "/");
  for (const char c : text) {
    if (c == '\n') {
      words.push_back(folder + "/");
    } else {
      words.back() += c;
    }
  }
  for (const std::string& word : words) {
    // A pattern that begins with a dot matches "." and "..": it leaves the folder, again and again.
    if (word.find("/.") != std::string::npos || word.find("..") != std::string::npos) return 0;
  }
  const auto found = connectors::expand_paths(words);
  if (!found.ok()) {
    FOOTFALL_CHECK(!found.error().message.empty());
    return 0;
  }
  std::set<std::string> met;
  for (const std::string& file : found->files) {
    FOOTFALL_CHECK(file.starts_with(folder) && met.insert(file).second);
    FOOTFALL_CHECK(fs::exists(fs::symlink_status(file)) && !fs::is_directory(file));
  }
  for (const std::string& name : found->skipped) FOOTFALL_CHECK(!met.contains(name));
  return 0;
}
