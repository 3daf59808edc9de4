// SqlScan: one query's walk over the rows of one SQL table, morsel by morsel.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/sql_tables.h"
#include "footfall/store/block.h"

namespace footfall::connectors {

inline constexpr std::size_t kNoLine = ~std::size_t{0};

/// A stretch of events of one block: what a thread takes at a time.
struct SqlMorsel {
  std::size_t block = 0;
  std::size_t from = 0;
  std::size_t to = 0;
};

struct SqlScanBlock {
  store::Block block;
  store::Population population = store::Population::kPeople;
};

/// One row to give out: an event, and a line of it or (of an order) all its lines.
struct SqlRow {
  std::size_t event = 0;
  std::size_t user = 0;            // Index in the block.
  std::size_t line = kNoLine;      // In the block's lines; of an order, its first.
  std::size_t line_end = kNoLine;  // Of an order.
  std::int64_t number = 1;         // Of the line in its order.
  bool several_items = false;      // Of an event that is not of one item alone.
};

/// One thread's place in a scan, and the rows it holds: all of one block.
struct SqlCursor {
  const SqlScanBlock* source = nullptr;
  std::size_t event = 0;
  std::size_t end = 0;
  std::size_t user = 0;
  std::size_t group = 0;  // First group of lines whose event is not before `event`.
  std::size_t line = 0;   // Lines of the event that were given out.
  std::vector<SqlRow> rows;
};

struct SqlScan {
  const SqlTable* table = nullptr;
  std::vector<const SqlTableColumn*> columns;  // Projected; null = nothing to fill.
  std::vector<SqlScanBlock> blocks;
  std::vector<SqlMorsel> morsels;
  std::atomic<std::size_t> next_morsel{0};

  /// Fills cursor.rows with up to `most` rows; none = the end. Any number of threads, each with a
  /// cursor of its own.
  void take_rows(SqlCursor& cursor, std::size_t most);

 private:
  bool take_morsel(SqlCursor& cursor);
  bool take_event(SqlCursor& cursor, std::size_t room) const;
};

/// Writes one column of the cursor's rows. Texts are not copied. Fails for an amount that has more
/// than 18 digits (invalid_argument).
base::Status fill_column(const SqlScan& scan, const SqlCursor& cursor, const SqlTableColumn& column,
                         duckdb_vector vector);

}  // namespace footfall::connectors
