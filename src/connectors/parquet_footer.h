// Parquet footer: the number of rows that a file says it has, where all of its parts agree on it.
#pragma once

#include <cstdint>
#include <string>

#include "footfall/base/result.h"
#include "footfall/connectors/duckdb_library.h"

namespace footfall::connectors {

/// DuckDB reads as many rows as the row groups say, whatever the footer and the columns say: where
/// they differ, rows would be left out in silence. Reads no page.
base::Result<std::int64_t> parquet_rows(Duck& duck, const std::string& file);

}  // namespace footfall::connectors
