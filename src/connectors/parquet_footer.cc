#include "footfall/connectors/parquet_footer.h"

#include <fmt/format.h>

namespace footfall::connectors {
namespace {

// Of the footer, and of all row groups; then the columns that have another number of values than
// their group has rows. A list has a value or more a row.
constexpr const char* kCounts =
    "WITH columns AS (SELECT row_group_id, row_group_num_rows AS rows, num_values "
    "FROM parquet_metadata({0})), "
    "groups AS (SELECT any_value(rows) AS rows FROM columns GROUP BY row_group_id), "
    "lists AS (SELECT count(*) > 0 AS any_list FROM parquet_schema({0}) "
    "WHERE repetition_type = 'REPEATED') "
    "SELECT (SELECT num_rows FROM parquet_file_metadata({0})), "
    "(SELECT coalesce(sum(rows), 0)::BIGINT FROM groups), "
    "(SELECT count(*) FROM columns, lists "
    "WHERE rows < 0 OR num_values < rows OR (NOT any_list AND num_values > rows))";

}  // namespace

base::Result<std::int64_t> parquet_rows(Duck& duck, const std::string& file) {
  FOOTFALL_TRY(const DuckPrepared prepared,
               duck.prepare(fmt::format(fmt::runtime(kCounts), sql_literal(file))));
  DuckResult counted;
  if (duckdb_execute_prepared(prepared.get(), counted.get()) == DuckDBError) {
    return base::invalid(counted.error());
  }
  const DuckChunk chunk = counted.fetch();
  if (!chunk || duckdb_data_chunk_get_size(chunk.get()) != 1) return base::invalid("no footer");
  const auto number = [&](idx_t column) {
    return *static_cast<const std::int64_t*>(
        duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), column)));
  };
  const std::int64_t rows = number(0);
  if (rows != number(1)) {
    return base::invalid(
        fmt::format("its footer says {} rows, and its row groups {}", rows, number(1)));
  }
  if (number(2) != 0) {
    return base::invalid("a column has another number of values than its row group has rows");
  }
  return rows;
}

}  // namespace footfall::connectors
