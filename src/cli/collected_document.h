// CollectedDocument: the report of `collect` (CONTRACT.md) opened for drawing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

/// Why rows were held back, marked or filled.
struct RowReason {
  std::string name;  // "negative price"
  double count = 0;
  /// "2011-08-12.csv.zst:631  UnitPrice: expected a price of 0 or more: -11062.06"
  std::vector<std::string> examples;
};

/// A list [{reason | field, count, examples}], most rows first, ties by name. Files are named
/// without their folders unless `whole_paths`.
std::vector<RowReason> read_reasons(const Json& list, bool whole_paths);

/// Sum of the counts of such a list.
double count_of(const Json& list);

struct MappedColumn {
  std::string field;  // "item name"
  std::string column;
  std::optional<double> confidence;
};

/// How the columns of some files were read.
struct ShownMapping {
  std::string format;  // "csv split at ',' · utf-8 · zstd"
  std::vector<MappedColumn> columns;
  std::string rest;       // What is no column: kind, units, prefixes, "as uci online retail".
  std::size_t files = 0;  // 0 = all of the call.
};

/// The member "mapping": one mapping, or a list of them with their files.
std::vector<ShownMapping> read_mappings(const Json& mapping);

/// The member "views": "usual cleaning: rows 226,467, ..."; "" where all of them are 0.
std::string views_words(const Json& views);

}  // namespace footfall::cli
