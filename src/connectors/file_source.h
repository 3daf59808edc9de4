// Files of any kind as rows: what a file is, is recognised from its content.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/csv_reader.h"
#include "footfall/events/raw_table.h"

namespace footfall::connectors {

struct FileOptions {
  events::CsvOptions csv;
  std::size_t threads = 1;  // For Parquet.
};

/// Opens CSV, JSON lines, a JSON array (each plain, gzip or zstd) or Parquet; "-" is standard
/// input. Progress counts bytes on disk. Refuses, by name, archives, workbooks and other binary
/// formats that people mistake for text (invalid_argument).
base::Result<std::unique_ptr<events::RowSource>> open_file(const std::string& path,
                                                           const FileOptions& options = {});

/// Files for what was typed: a file, "-", a folder (its files and those of its folders; names that
/// begin with a dot are left out, and Spark's marker _SUCCESS) or a pattern with * ? [].
/// Sorted by name within one argument; a file that was named before is left out. kNotFound names
/// an argument that nothing matches, with near names.
base::Result<std::vector<std::string>> expand_paths(std::span<const std::string> arguments);

}  // namespace footfall::connectors
