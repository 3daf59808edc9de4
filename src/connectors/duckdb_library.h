// DuckDB's C library as C++ objects that clean up after themselves.
#pragma once

#include <duckdb.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "footfall/base/result.h"

namespace footfall::connectors {

/// One handle of DuckDB's C API with the function that gives it back.
template <typename Handle, void (*destroy)(Handle*)>
class DuckHandle {
 public:
  DuckHandle() = default;
  explicit DuckHandle(Handle handle) : handle_(handle) {}
  DuckHandle(DuckHandle&& other) noexcept : handle_(std::exchange(other.handle_, Handle{})) {}
  DuckHandle& operator=(DuckHandle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~DuckHandle() {
    if (handle_ != nullptr) destroy(&handle_);
  }
  Handle get() const { return handle_; }
  Handle* out() { return &handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  Handle handle_{};
};

using DuckDatabase = DuckHandle<duckdb_database, duckdb_close>;
using DuckConnection = DuckHandle<duckdb_connection, duckdb_disconnect>;
using DuckPrepared = DuckHandle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using DuckPending = DuckHandle<duckdb_pending_result, duckdb_destroy_pending>;
using DuckChunk = DuckHandle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using DuckType = DuckHandle<duckdb_logical_type, duckdb_destroy_logical_type>;
using DuckStatements = DuckHandle<duckdb_extracted_statements, duckdb_destroy_extracted>;

/// A result, whole or streaming.
class DuckResult {
 public:
  DuckResult() = default;
  DuckResult(DuckResult&& other) noexcept : result_(std::exchange(other.result_, {})) {}
  DuckResult& operator=(DuckResult&& other) noexcept {
    std::swap(result_, other.result_);
    return *this;
  }
  ~DuckResult() { duckdb_destroy_result(&result_); }
  duckdb_result* get() { return &result_; }
  idx_t column_count() { return duckdb_column_count(&result_); }
  std::string column_name(idx_t column) { return duckdb_column_name(&result_, column); }
  duckdb_type column_type(idx_t column) { return duckdb_column_type(&result_, column); }
  /// The next rows; no chunk at the end, or after a failure: see error().
  DuckChunk fetch() { return DuckChunk(duckdb_fetch_chunk(result_)); }
  /// "" when there is none.
  std::string error() {
    const char* message = duckdb_result_error(&result_);
    return message == nullptr ? "" : message;
  }

 private:
  duckdb_result result_ = {};
};

/// A database in memory that neither downloads nor loads extensions, with one connection.
struct Duck {
  DuckDatabase database;  // Goes after the connection.
  DuckConnection connection;

  /// `settings` are further configuration options by name.
  static base::Result<Duck> open(const std::vector<std::pair<std::string, std::string>>& settings);
  /// Runs statements whose rows nobody reads. An error's message is DuckDB's.
  base::Status run(const std::string& sql);
  base::Result<DuckPrepared> prepare(const std::string& sql);
};

/// kMemory where DuckDB says that memory is out, else kInvalidArgument.
base::ErrorCode duck_error_code(std::string_view message);

/// A text as an SQL literal or name, in its quotes.
std::string sql_literal(std::string_view text);
std::string sql_name(std::string_view name);

/// The bytes of a string of a vector; they stay where the vector is.
inline std::string_view duck_text(duckdb_string_t& text) {
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

}  // namespace footfall::connectors
