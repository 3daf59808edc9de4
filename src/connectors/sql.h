// SQL over a snapshot: questions in DuckDB's dialect over tables that read the stored blocks.
//
// events        person, event, time, local_time, item, transaction_id, guest, batch, and one
// VARCHAR
//               column a property. One row an event; things (stock, prices) have no person.
// order_lines   person, guest, transaction_id, event, time, local_time, line, item, item_name,
//               quantity, price, currency, amount, bookkeeping, free_line, and the order's
//               properties. One
//               row a line of an order event (purchase, refund, return_*, delivery); an order event
//               with an item but no lines is one line of quantity 1 without price.
// orders        transaction_id, person, guest, time, local_time, lines, quantity, currency, gross,
//               and the order's properties. One row a purchase.
// items, users  one row an item or person with its first and last time and its totals.
// usual_cleaning  the order_lines of purchases with a person, quantity > 0 and price > 0.
//
// `time` is UTC, `local_time` the shop's clock. `person` is a number without meaning of its own;
// guests have none. amount = quantity x price, rounded once a line; amount and gross
// are null where the order's currency is not the shop's. A property whose name is taken
// (letter case ignored) is called property_NAME.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/base/zone.h"
#include "footfall/store/block.h"
#include "footfall/store/snapshot.h"

namespace footfall::connectors {

/// What the tables read. Called from several threads; texts and blocks outlive the query.
struct SqlData {
  std::function<base::Result<std::vector<store::Block>>(store::Population, const store::Columns&)>
      blocks;
  std::function<std::uint64_t(store::Population)> event_count;  // For the query's plan.
  std::function<std::string_view(store::EventCode)> event_name;
  std::function<std::string_view(store::ItemCode)> item;
  std::function<std::string_view(store::OrderCode)> order;
  std::function<std::string_view(store::TextCode)> text;
  std::vector<std::string> property_names;
};

/// The data of a snapshot, which must outlive the query.
SqlData sql_data(const store::Snapshot& snapshot);

struct SqlOptions {
  base::Zone zone = base::Zone::utc();
  std::string currency = "EUR";  // The shop's.
  int currency_decimals = 2;
  std::size_t threads = 1;
  std::size_t row_limit = 100'000;  // Rows beyond it are not computed where that can be avoided.
  std::uint64_t memory_bytes = 2'000'000'000;           // A query that needs more fails.
  std::uint64_t answer_bytes = std::uint64_t{1} << 29;  // Of the texts in all cells together.
  const base::Progress* progress = nullptr;             // For the wish to stop.
};

/// Cells by type: kInteger std::int64_t (text when it does not fit), kReal double, kDecimal and
/// kText std::string, kInstant and kLocalTime std::int64_t microseconds since 1970 (the latter by
/// the local clock), kDate std::int64_t days since 1970, kBoolean bool; no value: std::monostate.
enum class SqlType : std::uint8_t {
  kBoolean,
  kInteger,
  kReal,
  kDecimal,
  kText,
  kInstant,
  kLocalTime,
  kDate,
};
using SqlCell = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

struct SqlColumn {
  std::string name;
  SqlType type = SqlType::kText;
};

struct SqlAnswer {
  std::vector<SqlColumn> columns;
  std::vector<std::vector<SqlCell>> rows;
  bool more = false;  // Rows beyond the limit were left out.
};

/// Runs one statement that only reads (SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE,
/// EXPLAIN). Refused (invalid_argument): anything else, several statements, files and other outside
/// sources, SQL errors (the message says where). kMemory for a query or an answer above its limit,
/// kInterrupted when asked to stop; errors of the blocks (kDamaged) as they are.
base::Result<SqlAnswer> run_sql(const SqlData& data, std::string_view query,
                                const SqlOptions& options);
base::Result<SqlAnswer> run_sql(const store::Snapshot& snapshot, std::string_view query,
                                const SqlOptions& options);

}  // namespace footfall::connectors
