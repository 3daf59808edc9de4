#include "footfall/connectors/parquet_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "footfall/base/words.h"
#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/parquet_footer.h"
#include "footfall/events/csv_reader.h"

namespace footfall::connectors {
namespace {

using events::CellKind;
using events::RawColumn;

constexpr std::size_t kRowsPerChunk = 32'768;
constexpr int kDecimalDigitsMax = 38;
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

/// How the vectors of a column become cells.
struct ColumnPlan {
  std::string name;
  duckdb_type type = DUCKDB_TYPE_VARCHAR;  // As it comes out of the query.
  CellKind kind = CellKind::kText;
};

bool is_nested(duckdb_type type) {
  return type == DUCKDB_TYPE_LIST || type == DUCKDB_TYPE_STRUCT || type == DUCKDB_TYPE_MAP ||
         type == DUCKDB_TYPE_ARRAY || type == DUCKDB_TYPE_UNION;
}

// Types whose vectors are read as they are; every other type is turned to text by the query.
CellKind kind_of(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
      return CellKind::kInteger;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
      return CellKind::kReal;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_DATE:
      return CellKind::kInstant;
    default:
      return CellKind::kText;
  }
}

template <typename T>
void append_integers(const void* data, std::size_t count, std::vector<std::int64_t>& to) {
  const T* from = static_cast<const T*>(data);
  to.insert(to.end(), from, from + count);
}

// Instants in units of `unit` microseconds; the greatest and least values stand for infinity.
template <typename T>
void append_instants(const void* data, std::size_t count, std::int64_t unit,
                     std::vector<std::int64_t>& to) {
  const T* from = static_cast<const T*>(data);
  const std::size_t first = to.size();
  to.resize(first + count);
  for (std::size_t i = 0; i < count; ++i) {
    const T value = from[i];
    std::int64_t micros = 0;
    if (value == std::numeric_limits<T>::max()) {
      micros = kForever;
    } else if (value <= -std::numeric_limits<T>::max()) {
      micros = -kForever;
    } else if (__builtin_mul_overflow(static_cast<std::int64_t>(value), unit, &micros)) {
      micros = value > 0 ? kForever : -kForever;
    }
    to[first + i] = micros;
  }
}

void append_nanoseconds(const void* data, std::size_t count, std::vector<std::int64_t>& to) {
  const auto* from = static_cast<const std::int64_t*>(data);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t value = from[i];
    const bool infinite = value == kForever || value <= -kForever;
    to.push_back(infinite ? value : value / 1000 - (value % 1000 < 0 ? 1 : 0));
  }
}

void append_floats(const void* data, std::size_t count, std::vector<double>& to) {
  const auto* from = static_cast<const float*>(data);
  for (std::size_t i = 0; i < count; ++i) {
    double value = from[i];
    if (std::isfinite(value)) {
      char digits[32];
      const auto end = std::to_chars(digits, digits + sizeof digits, from[i]).ptr;
      std::from_chars(digits, end, value);
    }
    to.push_back(value);
  }
}

void append_values(const ColumnPlan& plan, void* data, std::size_t count, RawColumn& to) {
  switch (plan.type) {
    case DUCKDB_TYPE_TINYINT:
      return append_integers<std::int8_t>(data, count, to.integers);
    case DUCKDB_TYPE_SMALLINT:
      return append_integers<std::int16_t>(data, count, to.integers);
    case DUCKDB_TYPE_INTEGER:
      return append_integers<std::int32_t>(data, count, to.integers);
    case DUCKDB_TYPE_BIGINT:
      return append_integers<std::int64_t>(data, count, to.integers);
    case DUCKDB_TYPE_UTINYINT:
      return append_integers<std::uint8_t>(data, count, to.integers);
    case DUCKDB_TYPE_USMALLINT:
      return append_integers<std::uint16_t>(data, count, to.integers);
    case DUCKDB_TYPE_UINTEGER:
      return append_integers<std::uint32_t>(data, count, to.integers);
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return append_instants<std::int64_t>(data, count, 1, to.integers);
    case DUCKDB_TYPE_TIMESTAMP_S:
      return append_instants<std::int64_t>(data, count, 1'000'000, to.integers);
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return append_instants<std::int64_t>(data, count, 1'000, to.integers);
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return append_nanoseconds(data, count, to.integers);
    case DUCKDB_TYPE_DATE:
      return append_instants<std::int32_t>(data, count, base::kDayMs * 1000, to.integers);
    case DUCKDB_TYPE_FLOAT:
      return append_floats(data, count, to.reals);
    case DUCKDB_TYPE_DOUBLE: {
      const auto* from = static_cast<const double*>(data);
      to.reals.insert(to.reals.end(), from, from + count);
      return;
    }
    default:
      return;
  }
}

bool is_valid(const std::uint64_t* validity, std::size_t row) {
  return validity == nullptr || ((validity[row / 64] >> (row % 64)) & 1) != 0;
}

void append_texts(void* data, const std::uint64_t* validity, std::size_t count, RawColumn& to) {
  auto* from = static_cast<duckdb_string_t*>(data);
  const std::size_t first = to.texts.size();
  to.texts.resize(first + count);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_valid(validity, i)) to.texts[first + i] = duck_text(from[i]);
  }
}

void append_vector(const ColumnPlan& plan, duckdb_vector vector, std::size_t count, RawColumn& to) {
  void* data = duckdb_vector_get_data(vector);
  const std::uint64_t* validity = duckdb_vector_get_validity(vector);
  if (plan.kind == CellKind::kText) return append_texts(data, validity, count, to);
  const std::size_t first = plan.kind == CellKind::kReal ? to.reals.size() : to.integers.size();
  append_values(plan, data, count, to);
  const bool whole = validity == nullptr;
  if (whole && to.absent.empty()) return;
  to.absent.resize(first + count, 0);
  for (std::size_t i = 0; !whole && i < count; ++i) {
    to.absent[first + i] = is_valid(validity, i) ? 0 : 1;
  }
}

/// Why DuckDB could not read the file, in one line.
base::Error unreadable(const std::string& path, const base::Error& error) {
  std::string what = error.message.substr(0, error.message.find('\n'));
  return {base::ErrorCode::kInvalidArgument,
          fmt::format("expected a whole Parquet file ({}): {}", base::printable(what, 300), path),
          {path, 0, "", ""},
          ""};
}

class ParquetSource final : public events::RowSource {
 public:
  explicit ParquetSource(std::string path) : name_(std::move(path)) {}
  ~ParquetSource() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  ParquetSource(const ParquetSource&) = delete;
  ParquetSource& operator=(const ParquetSource&) = delete;

  base::Status open(std::size_t threads);
  const std::string& name() const override { return name_; }
  const std::string& format() const override { return format_; }
  base::Result<bool> next(events::RawChunk& chunk) override;
  std::int64_t bytes_read() const override {
    if (rows_total_ <= 0) return bytes_total_;
    const double share = static_cast<double>(rows_) / static_cast<double>(rows_total_);
    return static_cast<std::int64_t>(static_cast<double>(bytes_total_) * share);
  }
  std::int64_t bytes_total() const override { return bytes_total_; }
  std::int64_t rows_total() const override { return rows_total_; }

 private:
  base::Result<std::string> table();
  base::Status plan_columns(const std::string& table);
  base::Status check_decimals(const std::string& file);
  base::Status start(const std::string& table);

  std::string name_;
  std::string format_ = "parquet";
  int descriptor_ = -1;
  Duck duck_;
  DuckResult result_;
  std::vector<ColumnPlan> plans_;
  std::string selection_;
  std::int64_t rows_ = 0;
  std::int64_t rows_total_ = 0;
  std::int64_t bytes_total_ = 0;
  bool first_chunk_ = true;
};

// DuckDB reads * ? [ in a path as a pattern; the open file has a name without them.
base::Result<std::string> ParquetSource::table() {
  std::string path = name_;
  if (path.find_first_of("*?[") != std::string::npos) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      return base::Error{base::ErrorCode::kIo, "cannot open the file: " + path};
    }
    path = fmt::format("/proc/self/fd/{}", descriptor_);
  }
  return path;
}

base::Status ParquetSource::open(std::size_t threads) {
  struct stat facts = {};
  if (::stat(name_.c_str(), &facts) == 0) bytes_total_ = facts.st_size;
  FOOTFALL_TRY(duck_, Duck::open({{"threads", std::to_string(std::max<std::size_t>(1, threads))},
                                  {"memory_limit", "2GB"},
                                  {"temp_directory", ""}}));
  FOOTFALL_TRY(const std::string file, table());
  // Only this file from here on.
  FOOTFALL_RETURN_IF_ERROR(duck_.run("SET allowed_paths = [" + sql_literal(file) + "]"));
  FOOTFALL_RETURN_IF_ERROR(duck_.run("SET enable_external_access = false"));
  FOOTFALL_RETURN_IF_ERROR(duck_.run("SET streaming_buffer_size = '32MB'"));
  const std::string table = fmt::format(
      "read_parquet({}, binary_as_string = true, hive_partitioning = false)", sql_literal(file));
  base::Status status = plan_columns(table);
  if (!status.ok()) return unreadable(name_, status.error());
  const auto rows = parquet_rows(duck_, file);
  if (!rows.ok()) return unreadable(name_, rows.error());
  rows_total_ = *rows;
  FOOTFALL_RETURN_IF_ERROR(check_decimals(file));
  status = start(table);
  if (!status.ok()) return unreadable(name_, status.error());
  return base::Ok{};
}

// DuckDB reads decimals of more digits than it has as floating point, and reads them wrongly.
base::Status ParquetSource::check_decimals(const std::string& file) {
  auto prepared = duck_.prepare(
      fmt::format("SELECT name || ' DECIMAL(' || precision || ',' || coalesce(scale, 0) || ')' "
                  "FROM parquet_schema({}) WHERE precision > {} LIMIT 1",
                  sql_literal(file), kDecimalDigitsMax));
  if (!prepared.ok()) return unreadable(name_, prepared.error());
  DuckResult found;
  if (duckdb_execute_prepared(prepared->get(), found.get()) == DuckDBError) {
    return unreadable(name_, base::invalid(found.error()));
  }
  const DuckChunk chunk = found.fetch();
  if (!chunk || duckdb_data_chunk_get_size(chunk.get()) == 0) return base::Ok{};
  auto* column = static_cast<duckdb_string_t*>(
      duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), 0)));
  return base::Error{base::ErrorCode::kInvalidArgument,
                     fmt::format("{}: expected decimals of at most {} digits (write the column as "
                                 "a narrower decimal or as text): {}",
                                 name_, kDecimalDigitsMax, base::printable(duck_text(*column))),
                     {name_, 0, "", ""},
                     ""};
}

base::Status ParquetSource::plan_columns(const std::string& table) {
  FOOTFALL_TRY(const DuckPrepared prepared, duck_.prepare("SELECT * FROM " + table));
  const idx_t count = duckdb_prepared_statement_column_count(prepared.get());
  if (count > events::kColumnsMax) {
    return base::invalid(
        fmt::format("expected at most {} columns, found {}", events::kColumnsMax, count));
  }
  for (idx_t i = 0; i < count; ++i) {
    ColumnPlan plan;
    const char* name = duckdb_prepared_statement_column_name(prepared.get(), i);
    plan.name = name;
    duckdb_free(const_cast<char*>(name));
    const duckdb_type type = duckdb_prepared_statement_column_type(prepared.get(), i);
    plan.kind = kind_of(type);
    if (plan.kind != CellKind::kText) plan.type = type;
    std::string expression = sql_name(plan.name);
    if (is_nested(type)) {
      expression = fmt::format("CAST(to_json({}) AS VARCHAR)", expression);
    } else if (plan.kind == CellKind::kText && type != DUCKDB_TYPE_VARCHAR) {
      expression = fmt::format("CAST({} AS VARCHAR)", expression);
    }
    selection_ += (i == 0 ? "" : ", ") + expression;
    plans_.push_back(std::move(plan));
  }
  return base::Ok{};
}

base::Status ParquetSource::start(const std::string& table) {
  FOOTFALL_TRY(const DuckPrepared prepared,
               duck_.prepare("SELECT " + selection_ + " FROM " + table));
  if (duckdb_execute_prepared_streaming(prepared.get(), result_.get()) == DuckDBError) {
    return base::invalid(result_.error());
  }
  return base::Ok{};
}

base::Result<bool> ParquetSource::next(events::RawChunk& chunk) {
  chunk.rejected.clear();
  chunk.row_numbers.clear();
  chunk.columns.resize(plans_.size());
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    RawColumn& column = chunk.columns[i];
    column.name = plans_[i].name;
    column.kind = plans_[i].kind;
    column.texts.clear();
    column.integers.clear();
    column.reals.clear();
    column.absent.clear();
  }
  // The vectors hold the texts, so they stay as long as the chunk does.
  auto vectors = std::make_shared<std::vector<DuckChunk>>();
  std::size_t rows = 0;
  while (rows < kRowsPerChunk) {
    DuckChunk fetched = result_.fetch();
    if (!fetched) break;
    const std::size_t count = duckdb_data_chunk_get_size(fetched.get());
    if (count == 0) break;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      append_vector(plans_[i], duckdb_data_chunk_get_vector(fetched.get(), i), count,
                    chunk.columns[i]);
    }
    rows += count;
    vectors->push_back(std::move(fetched));
  }
  if (const std::string message = result_.error(); !message.empty()) {
    return unreadable(name_, base::invalid(message));
  }
  if (rows == 0 && rows_ != rows_total_) {
    return unreadable(name_, base::invalid(fmt::format("its footer says {} rows, and it has {}",
                                                       rows_total_, rows_)));
  }
  chunk.row_numbers.resize(rows);
  for (std::uint64_t& number : chunk.row_numbers) number = static_cast<std::uint64_t>(++rows_);
  chunk.memory = std::move(vectors);
  return std::exchange(first_chunk_, false) || rows > 0;
}

}  // namespace

base::Result<std::unique_ptr<events::RowSource>> open_parquet(const std::string& path,
                                                              std::size_t threads) {
  auto source = std::make_unique<ParquetSource>(path);
  FOOTFALL_RETURN_IF_ERROR(source->open(threads));
  return std::unique_ptr<events::RowSource>(std::move(source));
}

}  // namespace footfall::connectors
