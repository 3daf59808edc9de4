// Any values of any types as a Parquet file: every row is read, and whole numbers and texts are
// those that were written.
//
// Lines of TYPE NAME are the columns; after an empty line come rows of cells with tabs between
// them. DuckDB writes and reads the file; what it makes of damaged files is for its makers to fuzz.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/base/words.h"
#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/file_source.h"
#include "footfall/engine/small_shop.h"

namespace {

using namespace footfall;
using connectors::sql_literal;
using connectors::sql_name;

constexpr std::array kTypes = {
    "BOOLEAN",   "TINYINT",      "SMALLINT",     "INTEGER",        "BIGINT",       "HUGEINT",
    "UTINYINT",  "USMALLINT",    "UINTEGER",     "UBIGINT",        "FLOAT",        "DOUBLE",
    "VARCHAR",   "BLOB",         "DATE",         "TIME",           "TIMESTAMP",    "TIMESTAMPTZ",
    "INTERVAL",  "TIMESTAMP_S",  "TIMESTAMP_MS", "TIMESTAMP_NS",   "UUID",         "INTEGER[]",
    "VARCHAR[]", "DECIMAL(4,1)", "DECIMAL(9,2)", "DECIMAL(18,15)", "DECIMAL(38,7)"};
constexpr std::size_t kColumnsMax = 6;
constexpr std::size_t kRowsMax = 50;

struct Column {
  std::string type;
  std::string name;
};

/// A file that goes away with the object.
struct Removed {
  std::string path;
  ~Removed() { std::filesystem::remove(path); }
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Table table_of(std::string_view text) {
  Table table;
  bool in_rows = false;
  for (const std::string& line : split(text, '\n')) {
    if (in_rows) {
      if (table.rows.size() < kRowsMax) table.rows.push_back(split(line, '\t'));
    } else if (line.empty()) {
      in_rows = true;
    } else if (table.columns.size() < kColumnsMax) {
      const std::size_t blank = std::min(line.find(' '), line.size());
      const std::string type = line.substr(0, blank);
      const bool known = std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
      table.columns.push_back(
          {known ? type : "VARCHAR", line.substr(std::min(blank + 1, line.size()))});
    }
  }
  return table;
}

// "SELECT TRY_CAST(c0 AS TINYINT) AS "name", … FROM (VALUES ('1', NULL), …) AS t(c0, …)".
std::string query_of(const Table& table) {
  std::string selection;
  std::string names;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string cell = "c" + std::to_string(i);
    selection += (i == 0 ? "" : ", ") + ("TRY_CAST(" + cell + " AS " + table.columns[i].type) +
                 ") AS " + sql_name(table.columns[i].name);
    names += (i == 0 ? "" : ", ") + cell;
  }
  std::string values;
  for (const std::vector<std::string>& row : table.rows) {
    values += values.empty() ? "(" : ", (";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      values += i == 0 ? "" : ", ";
      values += i < row.size() ? sql_literal(row[i]) + "::VARCHAR" : "NULL::VARCHAR";
    }
    values += ")";
  }
  return "SELECT " + selection + " FROM (VALUES " + values + ") AS t(" + names + ")";
}

bool names_twice(const Table& table) {
  std::set<std::string> names;
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    return !names.insert(base::ascii_lower(column.name)).second;
  });
}

base::Status read_first(base::Result<std::unique_ptr<events::RowSource>>& source,
                        events::RawChunk& chunk) {
  if (!source.ok()) return source.error();
  FOOTFALL_TRY(const bool more, (*source)->next(chunk));
  FOOTFALL_CHECK(more);
  return base::Ok{};
}

/// Cells of a file as DuckDB says them in words.
std::vector<std::vector<std::string>> words_of(connectors::Duck& duck, const std::string& path) {
  auto prepared = duck.prepare("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(" +
                               sql_literal(path) + ", binary_as_string = true)");
  FOOTFALL_CHECK(prepared.ok());
  connectors::DuckResult result;
  FOOTFALL_CHECK(duckdb_execute_prepared(prepared->get(), result.get()) == DuckDBSuccess);
  std::vector<std::vector<std::string>> columns(result.column_count());
  while (auto chunk = result.fetch()) {
    const std::size_t rows = duckdb_data_chunk_get_size(chunk.get());
    if (rows == 0) break;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk.get(), i);
      auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
      auto* validity = duckdb_vector_get_validity(vector);
      for (std::size_t row = 0; row < rows; ++row) {
        const bool there = validity == nullptr || duckdb_validity_row_is_valid(validity, row);
        columns[i].emplace_back(there ? connectors::duck_text(texts[row]) : "");
      }
    }
  }
  return columns;
}

void check_column(const events::RawColumn& column, const std::vector<std::string>& words,
                  bool nested) {
  using events::CellKind;
  const std::size_t rows = words.size();
  const std::size_t cells = column.kind == CellKind::kText   ? column.texts.size()
                            : column.kind == CellKind::kReal ? column.reals.size()
                                                             : column.integers.size();
  FOOTFALL_CHECK(cells == rows && (column.absent.empty() || column.absent.size() == rows));
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.kind == CellKind::kText) {
      if (!nested) FOOTFALL_CHECK(column.texts[row] == words[row]);
      continue;
    }
    FOOTFALL_CHECK(column.is_absent(row) == words[row].empty());
    if (column.kind != CellKind::kInteger || words[row].empty()) continue;
    FOOTFALL_CHECK(std::to_string(column.integers[row]) == words[row]);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::SmallShop folder;
  // A name of its own for each file: DuckDB keeps what it has read of a file by its name.
  static std::uint64_t number = 0;
  const std::string name = std::to_string(++number) + ".parquet";
  const std::string path = folder / ("[fuzz]" + name);
  static connectors::Duck duck = *connectors::Duck::open({{"threads", "1"}});
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Table table = table_of(text);
  if (table.columns.empty() || table.rows.empty()) return 0;
  if (names_twice(table)) return 0;  // DuckDB gives these names of its own.
  if (!base::valid_utf8(text) || text.find('\0') != std::string::npos) return 0;
  const bool written =
      duck.run("COPY (" + query_of(table) + ") TO " + sql_literal(path) + " (FORMAT parquet)").ok();
  if (!written) return 0;  // Two columns of one name, or none.
  const Removed removed{path};
  auto source = connectors::open_file(path);
  events::RawChunk chunk;
  if (const base::Status status = read_first(source, chunk); !status.ok()) {
    // Bytes that are no text refuse a file.
    FOOTFALL_CHECK(status.error().message.find("Invalid string encoding") != std::string::npos);
    FOOTFALL_CHECK(std::any_of(table.columns.begin(), table.columns.end(),
                               [](const Column& column) { return column.type == "BLOB"; }));
    return 0;
  }
  FOOTFALL_CHECK((*source)->format() == "parquet" && chunk.size() == table.rows.size());
  FOOTFALL_CHECK(chunk.columns.size() == table.columns.size());
  const auto words = words_of(duck, folder / ("?fuzz?" + name));
  for (std::size_t i = 0; i < chunk.columns.size(); ++i) {
    FOOTFALL_CHECK(chunk.columns[i].name == table.columns[i].name);
    check_column(chunk.columns[i], words[i], table.columns[i].type.ends_with("]"));
  }
  FOOTFALL_CHECK(!*(*source)->next(chunk));
  return 0;
}
