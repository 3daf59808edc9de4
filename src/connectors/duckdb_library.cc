#include "footfall/connectors/duckdb_library.h"

namespace footfall::connectors {
namespace {

base::Error failed(const char* message) {
  if (message == nullptr) return base::invalid("DuckDB failed without a message");
  base::Error error = base::invalid(message);
  error.code = duck_error_code(message);
  return error;
}

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    result += c;
    if (c == quote) result += c;
  }
  return result + quote;
}

}  // namespace

base::ErrorCode duck_error_code(std::string_view message) {
  const bool memory = message.starts_with("Out of Memory Error");
  return memory ? base::ErrorCode::kMemory : base::ErrorCode::kInvalidArgument;
}

base::Result<Duck> Duck::open(const std::vector<std::pair<std::string, std::string>>& settings) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) == DuckDBError) return failed("DuckDB has no memory");
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config, name.c_str(), value.c_str()) == DuckDBError) {
      duckdb_destroy_config(&config);
      return base::invalid("DuckDB refuses the setting " + name + ": " + value);
    }
  }
  Duck duck;
  char* message = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, duck.database.out(), config, &message);
  duckdb_destroy_config(&config);
  if (state == DuckDBError) {
    base::Error error = failed(message);
    duckdb_free(message);
    return error;
  }
  if (duckdb_connect(duck.database.get(), duck.connection.out()) == DuckDBError) {
    return failed("DuckDB refuses a connection");
  }
  return duck;
}

base::Status Duck::run(const std::string& sql) {
  DuckResult result;
  if (duckdb_query(connection.get(), sql.c_str(), result.get()) == DuckDBError) {
    return failed(result.error().c_str());
  }
  return base::Ok{};
}

base::Result<DuckPrepared> Duck::prepare(const std::string& sql) {
  DuckPrepared prepared;
  if (duckdb_prepare(connection.get(), sql.c_str(), prepared.out()) == DuckDBError) {
    return failed(duckdb_prepare_error(prepared.get()));
  }
  return prepared;
}

std::string sql_literal(std::string_view text) {
  return quoted(text, '\'');
}
std::string sql_name(std::string_view name) {
  return quoted(name, '"');
}

}  // namespace footfall::connectors
