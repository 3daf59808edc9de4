// File paths: the files to read for what a person typed, be it a file, a folder or a pattern.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"

namespace footfall::connectors {

struct FoundFiles {
  std::vector<std::string> files;
  // What stood in folders and is not read: other endings, hidden names, links to folders. A folder
  // that is left out whole ends in "/". Sorted; without files that were named by themselves.
  std::vector<std::string> skipped;
};

/// Files for what was typed. A file or "-" is taken whatever its name. A folder gives its data
/// files and those of its folders: names that end in .csv .tsv .txt .json .jsonl .ndjson .parquet,
/// in any case, or in one of these and .gz or .zst, and do not begin with a dot. A pattern with
/// * ? [] stands for all that it matches, as if each were typed.
/// Sorted by name within one argument; a file that was named before is left out. kNotFound names
/// an argument that nothing matches, with near names, or a folder without a data file;
/// kPermission a folder that may not be read.
base::Result<FoundFiles> expand_paths(std::span<const std::string> arguments);

}  // namespace footfall::connectors
