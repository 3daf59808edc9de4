// Files of any kind as rows: what a file is, is recognised from its content.
#pragma once

#include <memory>
#include <string>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/events/csv_reader.h"
#include "footfall/events/raw_table.h"

namespace footfall::connectors {

struct FileOptions {
  events::CsvOptions csv;
  std::size_t threads = 1;  // For Parquet.
  /// For the wish to stop while a pipe says nothing (kInterrupted); outlives the rows.
  const base::Progress* progress = nullptr;
};

/// Opens CSV, JSON lines, a JSON array (each plain, gzip or zstd) or Parquet; "-" is standard
/// input. Progress counts bytes on disk. Refuses, by name, archives, workbooks and other binary
/// formats that people mistake for text (invalid_argument).
base::Result<std::unique_ptr<events::RowSource>> open_file(const std::string& path,
                                                           const FileOptions& options = {});

}  // namespace footfall::connectors
