// Cells of an SQL answer out of DuckDB's vectors.
#pragma once

#include <cstdint>
#include <vector>

#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/sql.h"

namespace footfall::connectors {

/// Whether vectors of the type become cells as they are; others must be cast to VARCHAR first.
bool has_cell_type(duckdb_type type);
SqlType cell_type(duckdb_type type);

/// The bytes of the texts in the vector's first rows; 0 for other types.
std::uint64_t text_bytes(duckdb_vector vector, std::size_t rows);

/// Writes the vector's first rows into column `column` of rows[first...]; as many as there are.
void append_cells(duckdb_vector vector, std::size_t column, std::size_t first,
                  std::vector<std::vector<SqlCell>>& rows);

}  // namespace footfall::connectors
