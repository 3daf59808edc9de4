// The tables of SQL: DuckDB table functions that read blocks in parallel, without copying texts.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/sql.h"

namespace footfall::connectors {

/// The property that says what an order's amounts are in; none = the shop's currency.
inline constexpr const char* kCurrencyProperty = "currency";

enum class SqlField : std::uint8_t {
  kPerson,
  kGuest,
  kEvent,
  kTime,
  kLocalTime,
  kItem,
  kTransaction,
  kBatch,
  kLine,
  kItemName,
  kQuantity,
  kPrice,
  kCurrency,
  kAmount,
  kBookkeeping,
  kFreeLine,
  kLines,
  kTotalQuantity,
  kGross,
  kProperty,
};

struct SqlTableColumn {
  std::string name;
  SqlField field = SqlField::kPerson;
  std::string property;  // The property's name, for kProperty.
};

enum class SqlTableKind : std::uint8_t { kEvents, kOrderLines, kOrders };

/// What all table functions of one query share. Outlives the connection.
struct SqlTableSet {
  const SqlData& data;
  const SqlOptions& options;
  std::mutex mutex = {};
  std::optional<base::Error> failure = {};  // The first error of the data, in its own words.

  void fail(base::Error error) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = std::move(error);
  }
};

/// One table: its columns in order.
struct SqlTable {
  SqlTableKind kind = SqlTableKind::kEvents;
  std::vector<SqlTableColumn> columns;
  SqlTableSet* set = nullptr;
};

std::vector<SqlTableColumn> sql_table_columns(SqlTableKind kind,
                                              const std::vector<std::string>& properties);

/// Makes `function_name()` known to the connection. `table` outlives it.
base::Status register_sql_table(duckdb_connection connection, const std::string& function_name,
                                const SqlTable& table);

}  // namespace footfall::connectors
