#include "footfall/connectors/sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/sql_cells.h"
#include "footfall/connectors/sql_tables.h"

namespace footfall::connectors {
namespace {

constexpr std::array<std::string_view, 11> kReading = {"select",    "with",     "from", "values",
                                                       "table",     "describe", "desc", "show",
                                                       "summarize", "explain",  "("};

// The first word in lower case, or "(", behind comments and white space.
std::string first_word(std::string_view query) {
  while (true) {
    query = base::trim(query);
    if (query.starts_with("--")) {
      query.remove_prefix(std::min(query.find('\n'), query.size()));
    } else if (query.starts_with("/*")) {
      const std::size_t end = query.find("*/");
      query.remove_prefix(end == std::string_view::npos ? query.size() : end + 2);
    } else {
      break;
    }
  }
  if (query.starts_with('(')) return "(";
  std::size_t length = 0;
  while (length < query.size() && std::isalpha(static_cast<unsigned char>(query[length])) != 0) {
    ++length;
  }
  return base::ascii_lower(query.substr(0, length));
}

// DuckDB's message in the words of our own errors: without its class, with the place at the end.
base::Error sql_error(std::string_view message) {
  const base::ErrorCode code = duck_error_code(message);
  const std::size_t colon = message.find(": ");
  const std::size_t error = message.find("Error");
  if (error != std::string_view::npos && error < colon && colon < 40) {
    message.remove_prefix(colon + 2);
  }
  std::string place;
  const std::size_t line = message.rfind("\nLINE ");
  if (line != std::string_view::npos) {
    const std::string_view shown = message.substr(line + 1);
    message = message.substr(0, line);
    const std::size_t line_end = std::min(shown.find('\n'), shown.size());
    const std::size_t caret = shown.find('^', line_end);
    const std::string_view number = shown.substr(5, shown.find(':') - 5);
    std::string_view text = shown.substr(0, line_end);
    text.remove_prefix(caret == std::string_view::npos
                           ? std::min(shown.find(':') + 2, text.size())
                           : std::min(caret - line_end - 1, text.size()));
    place = fmt::format("; line {}, at: {}", number, base::printable(base::trim(text), 60));
  }
  std::string text;
  for (const char c : base::trim(message)) {
    if (c == '\n' && text.ends_with('\n')) continue;
    text += c == '\t' ? ' ' : c;
  }
  for (std::size_t at; (at = text.find('\n')) != std::string::npos;) text.replace(at, 1, "; ");
  base::Error failure = base::invalid("SQL: " + text + place, "sql");
  failure.code = code;
  return failure;
}

base::Error too_large(const SqlOptions& options) {
  base::Error error = base::invalid(
      fmt::format("SQL: expected a query that needs at most {} bytes of memory",
                  base::format_grouped(static_cast<std::int64_t>(options.memory_bytes))),
      "sql");
  error.code = base::ErrorCode::kMemory;
  error.hint = "ask for fewer rows at once, or for shorter texts";
  return error;
}

base::Error too_long(const SqlOptions& options, std::size_t rows, const std::string& column) {
  base::Error error = base::invalid(
      fmt::format("SQL: expected an answer with at most {} bytes of text, found more in its first "
                  "{} rows, up to the column {}",
                  base::format_grouped(static_cast<std::int64_t>(options.answer_bytes)), rows,
                  base::printable(column)),
      "sql");
  error.code = base::ErrorCode::kMemory;
  error.hint = "ask for fewer rows (limit), or for shorter texts (left(text, 1000))";
  return error;
}

base::Error no_reading(std::string_view found) {
  return base::invalid(
      fmt::format("expected a statement that only reads (SELECT, WITH, FROM, VALUES, DESCRIBE, "
                  "SHOW, SUMMARIZE, EXPLAIN): {}",
                  base::printable(found, 40)),
      "sql");
}

bool has_column(const SqlTable& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const SqlTableColumn& column) { return column.name == name; });
}

// Equal times and counts are decided by the text, so that no order of arrival shows.
std::string latest(std::string_view name, std::string_view condition) {
  return fmt::format("last({0} ORDER BY time, {0}) FILTER (WHERE {0} IS NOT NULL{1}) AS {0}", name,
                     condition);
}

std::string items_view(const SqlTable& events) {
  std::string names;
  std::string latest_values;
  for (const std::string_view name : {"category", "brand"}) {
    if (!has_column(events, name)) continue;
    names += fmt::format(", {}", name);
    latest_values += ", " + latest(name, "");
  }
  const std::string profiles = fmt::format(
      "profiles AS (SELECT item{} FROM (SELECT item, time{} FROM events UNION ALL "
      "SELECT item, time{} FROM order_lines) WHERE item IS NOT NULL GROUP BY item), ",
      latest_values, names, names);
  return "CREATE VIEW items AS WITH "
         "names AS (SELECT item, item_name, count(*) AS n FROM order_lines "
         "WHERE item IS NOT NULL AND item_name IS NOT NULL GROUP BY item, item_name), "
         "best AS (SELECT item, first(item_name ORDER BY n DESC, item_name) AS name "
         "FROM names GROUP BY item), "
         "moments AS (SELECT item, time, event <> 'item_profile' AS fact FROM events "
         "WHERE item IS NOT NULL UNION ALL "
         "SELECT item, time, true FROM order_lines WHERE item IS NOT NULL), "
         "seen AS (SELECT item, min(time) FILTER (WHERE fact) AS first_time, "
         "max(time) FILTER (WHERE fact) AS last_time FROM moments GROUP BY item), "
         "facts AS (SELECT item, count(*) AS events FROM events "
         "WHERE item IS NOT NULL AND event <> 'item_profile' GROUP BY item), " +
         profiles +
         "sold AS (SELECT item, count(*) AS lines, CAST(sum(quantity) AS BIGINT) AS quantity, "
         "sum(amount) AS gross, bool_or(bookkeeping) AS bookkeeping FROM order_lines "
         "WHERE event = 'purchase' AND item IS NOT NULL GROUP BY item) "
         "SELECT item, name, first_time, last_time, coalesce(lines, 0) AS lines, "
         "coalesce(quantity, 0) AS quantity, gross, coalesce(bookkeeping, false) AS bookkeeping, "
         "coalesce(events, 0) AS events" +
         names +
         " FROM seen LEFT JOIN best USING (item) LEFT JOIN sold USING (item) "
         "LEFT JOIN facts USING (item) LEFT JOIN profiles USING (item)";
}

std::string users_view(const SqlTable& events) {
  const std::string country = has_column(events, "country") ? ", " + latest("country", "") : "";
  return "CREATE VIEW users AS SELECT person, "
         "min(time) FILTER (WHERE event <> 'user_profile') AS first_time, "
         "max(time) FILTER (WHERE event <> 'user_profile') AS last_time, "
         "count(*) FILTER (WHERE event <> 'user_profile') AS events, "
         "count(*) FILTER (WHERE event = 'purchase') AS orders" +
         country + " FROM events WHERE person IS NOT NULL GROUP BY person";
}

/// A database with the tables, and nothing else that it can reach.
class SqlSession {
 public:
  SqlSession(const SqlData& data, const SqlOptions& options) : set_{data, options} {
    for (SqlTable* table : {&events_, &lines_, &orders_}) {
      table->set = &set_;
      table->columns = sql_table_columns(table->kind, data.property_names);
    }
  }

  base::Status open();
  base::Result<SqlAnswer> run(const std::string& query);

 private:
  base::Result<SqlAnswer> execute(const DuckPrepared& prepared);
  base::Result<DuckPrepared> with_texts(const std::string& query, DuckPrepared prepared);
  base::Status collect(DuckResult& result, SqlAnswer& answer);
  base::Error error_of(const std::string& message) {
    if (set_.failure) return *set_.failure;
    return duck_error_code(message) == base::ErrorCode::kMemory ? too_large(set_.options)
                                                                : sql_error(message);
  }
  bool stop_requested() const {
    return set_.options.progress != nullptr && set_.options.progress->stop_requested();
  }

  SqlTableSet set_;
  SqlTable events_{SqlTableKind::kEvents, {}, nullptr};
  SqlTable lines_{SqlTableKind::kOrderLines, {}, nullptr};
  SqlTable orders_{SqlTableKind::kOrders, {}, nullptr};
  Duck duck_;  // After the tables: its functions point to them.
};

base::Status SqlSession::open() {
  const SqlOptions& options = set_.options;
  FOOTFALL_TRY(duck_,
               Duck::open({{"threads", std::to_string(std::max<std::size_t>(1, options.threads))},
                           {"memory_limit", fmt::format("{}B", options.memory_bytes)},
                           {"temp_directory", ""}}));
  const duckdb_connection connection = duck_.connection.get();
  FOOTFALL_RETURN_IF_ERROR(register_sql_table(connection, "footfall_events", events_));
  FOOTFALL_RETURN_IF_ERROR(register_sql_table(connection, "footfall_order_lines", lines_));
  FOOTFALL_RETURN_IF_ERROR(register_sql_table(connection, "footfall_orders", orders_));
  const std::array<std::string, 9> setup = {
      "CREATE VIEW events AS SELECT * FROM footfall_events()",
      "CREATE VIEW order_lines AS SELECT * FROM footfall_order_lines()",
      "CREATE VIEW orders AS SELECT * FROM footfall_orders()",
      items_view(events_),
      users_view(events_),
      "CREATE VIEW usual_cleaning AS SELECT * FROM order_lines WHERE event = 'purchase' "
      "AND person IS NOT NULL AND quantity > 0 AND price > 0",
      "SET TimeZone = " + sql_literal(options.zone.name()),
      "SET enable_external_access = false",
      "SET lock_configuration = true",
  };
  for (const std::string& statement : setup) FOOTFALL_RETURN_IF_ERROR(duck_.run(statement));
  return base::Ok{};
}

base::Result<SqlAnswer> SqlSession::run(const std::string& query) {
  const std::string word = first_word(query);
  DuckStatements statements;
  const idx_t count =
      duckdb_extract_statements(duck_.connection.get(), query.c_str(), statements.out());
  const char* broken = duckdb_extract_statements_error(statements.get());
  if (count == 0 && broken != nullptr) return sql_error(broken);
  if (count == 0) return no_reading(query);
  if (std::find(kReading.begin(), kReading.end(), word) == kReading.end()) return no_reading(query);
  if (count > 1) {
    return base::invalid(
        fmt::format("expected one SQL statement, found {}: {}", count, base::printable(query, 60)),
        "sql");
  }
  DuckPrepared prepared;
  if (duckdb_prepare_extracted_statement(duck_.connection.get(), statements.get(), 0,
                                         prepared.out()) == DuckDBError) {
    const char* message = duckdb_prepare_error(prepared.get());
    return error_of(message == nullptr ? "" : message);
  }
  const duckdb_statement_type type = duckdb_prepared_statement_type(prepared.get());
  if (type != DUCKDB_STATEMENT_TYPE_SELECT && type != DUCKDB_STATEMENT_TYPE_EXPLAIN) {
    return no_reading(query);
  }
  if (duckdb_nparams(prepared.get()) > 0) {
    return base::invalid("expected SQL without parameters (? or $1): " + base::printable(query, 60),
                         "sql");
  }
  if (type == DUCKDB_STATEMENT_TYPE_SELECT) {
    FOOTFALL_TRY(prepared, with_texts(query, std::move(prepared)));
  }
  return execute(prepared);
}

// Columns that have no cell type of their own (lists, intervals, ...) are cast to text by a view
// over the statement.
base::Result<DuckPrepared> SqlSession::with_texts(const std::string& query, DuckPrepared prepared) {
  const idx_t count = duckdb_prepared_statement_column_count(prepared.get());
  std::string names;
  std::string cells;
  bool needed = false;
  for (idx_t i = 0; i < count; ++i) {
    const char* name = duckdb_prepared_statement_column_name(prepared.get(), i);
    const bool cast = !has_cell_type(duckdb_prepared_statement_column_type(prepared.get(), i));
    needed = needed || cast;
    names += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
    cells += fmt::format("{}{} AS {}", i == 0 ? "" : ", ",
                         cast ? fmt::format("CAST(c{} AS VARCHAR)", i) : fmt::format("c{}", i),
                         sql_name(name));
    duckdb_free(const_cast<char*>(name));
  }
  if (!needed) return prepared;
  auto made = duck_.run(fmt::format("CREATE TEMP VIEW footfall_answer({}) AS {}", names, query));
  if (!made.ok()) {
    // SHOW and DESCRIBE make no view, but may stand where a table does.
    auto shown = duck_.prepare(
        fmt::format("SELECT {} FROM (\n{}\n) AS footfall_answer({})", cells, query, names));
    if (shown.ok()) return shown;
    return error_of(made.error().message);
  }
  auto again = duck_.prepare("SELECT " + cells + " FROM footfall_answer");
  if (!again.ok()) return error_of(again.error().message);
  return again;
}

// Hears the wish to stop while DuckDB is busy with one task, which may be long.
class StopWatcher {
 public:
  StopWatcher(const base::Progress* progress, duckdb_connection connection) {
    if (progress == nullptr) return;
    thread_ = std::jthread([progress, connection](const std::stop_token& over) {
      constexpr std::chrono::milliseconds kWait(20);
      std::mutex mutex;
      std::condition_variable_any ended;
      std::unique_lock lock(mutex);
      while (!over.stop_requested()) {
        // More than once: one that comes between two tasks is forgotten.
        if (progress->stop_requested()) duckdb_interrupt(connection);
        ended.wait_for(lock, over, kWait, [] { return false; });
      }
    });
  }

 private:
  std::jthread thread_;
};

base::Result<SqlAnswer> SqlSession::execute(const DuckPrepared& prepared) {
  const StopWatcher watcher(set_.options.progress, duck_.connection.get());
  DuckPending pending;
  if (duckdb_pending_prepared_streaming(prepared.get(), pending.out()) == DuckDBError) {
    return error_of(duckdb_pending_error(pending.get()));
  }
  const base::Error interrupted{base::ErrorCode::kInterrupted, "stopped before the query was done"};
  while (true) {
    const duckdb_pending_state state = duckdb_pending_execute_task(pending.get());
    if (state == DUCKDB_PENDING_ERROR && stop_requested()) return interrupted;
    if (state == DUCKDB_PENDING_ERROR) return error_of(duckdb_pending_error(pending.get()));
    if (duckdb_pending_execution_is_finished(state)) break;
    if (stop_requested()) {
      duckdb_interrupt(duck_.connection.get());
      return interrupted;
    }
    if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE) std::this_thread::yield();
  }
  DuckResult result;
  if (duckdb_execute_pending(pending.get(), result.get()) == DuckDBError) {
    if (stop_requested()) return interrupted;
    return error_of(result.error());
  }
  SqlAnswer answer;
  for (idx_t i = 0; i < result.column_count(); ++i) {
    answer.columns.push_back({result.column_name(i), cell_type(result.column_type(i))});
  }
  FOOTFALL_RETURN_IF_ERROR(collect(result, answer));
  if (stop_requested()) return interrupted;
  return answer;
}

base::Status SqlSession::collect(DuckResult& result, SqlAnswer& answer) {
  std::uint64_t bytes = 0;
  while (!answer.more && !stop_requested()) {
    const DuckChunk chunk = result.fetch();
    const std::size_t rows = chunk ? duckdb_data_chunk_get_size(chunk.get()) : 0;
    if (rows == 0) break;
    const std::size_t first = answer.rows.size();
    const std::size_t taken = std::min(rows, set_.options.row_limit - first);
    answer.more = taken < rows;
    answer.rows.resize(first + taken, std::vector<SqlCell>(answer.columns.size()));
    for (std::size_t i = 0; i < answer.columns.size(); ++i) {
      const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk.get(), i);
      bytes += text_bytes(vector, taken);
      if (bytes > set_.options.answer_bytes) {
        return too_long(set_.options, first + taken, answer.columns[i].name);
      }
      append_cells(vector, i, first, answer.rows);
    }
  }
  const std::string message = result.error();
  // Where a stop was wished it is that which ended the query.
  if (!message.empty() && !stop_requested()) return error_of(message);
  return base::Ok{};
}

}  // namespace

base::Result<SqlAnswer> run_sql(const SqlData& data, std::string_view query,
                                const SqlOptions& options) {
  SqlSession session(data, options);
  FOOTFALL_RETURN_IF_ERROR(session.open());
  return session.run(std::string(query));
}

}  // namespace footfall::connectors
