// Parquet files as typed rows, read by DuckDB.
//
// Whole numbers up to 64 bits signed are integers; FLOAT and DOUBLE reals (a FLOAT is the number
// that its shortest decimal names: 2.55, not 2.5499999); timestamps of any unit, with or without a
// zone, and dates are instants (finer than a microsecond is floored; infinite ones are the greatest
// or least instant). Everything else is text: decimals exactly, true and false, lists and structs
// as JSON.
#pragma once

#include <memory>
#include <string>

#include "footfall/base/result.h"
#include "footfall/events/raw_table.h"

namespace footfall::connectors {

/// Rows come in file order, numbered from 1. A file that is no whole Parquet is refused
/// (invalid_argument). Texts are not copied: a chunk keeps the memory they stand in.
base::Result<std::unique_ptr<events::RowSource>> open_parquet(const std::string& path,
                                                              std::size_t threads);

}  // namespace footfall::connectors
