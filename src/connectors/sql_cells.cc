#include "footfall/connectors/sql_cells.h"

#include <fmt/format.h>

#include <limits>

namespace footfall::connectors {
namespace {

// Digits of a 128-bit number with a point before the last `scale` of them.
std::string decimal_text(__int128_t value, std::size_t scale) {
  const bool negative = value < 0;
  auto rest = static_cast<__uint128_t>(value);
  if (negative) rest = 0 - rest;
  std::string reversed;
  while (rest > 0 || reversed.size() <= scale) {
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    if (scale > 0 && reversed.size() == scale) reversed += '.', ++scale;
  }
  if (negative) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

__int128_t wide_value(const duckdb_hugeint& value) {
  return static_cast<__int128_t>(
      (static_cast<__uint128_t>(static_cast<std::uint64_t>(value.upper)) << 64) | value.lower);
}

SqlCell integer_cell(__int128_t value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    return decimal_text(value, 0);
  }
  return static_cast<std::int64_t>(value);
}

/// One vector with what is needed to read its cells.
struct CellReader {
  duckdb_type type = DUCKDB_TYPE_INVALID;
  duckdb_type storage = DUCKDB_TYPE_INVALID;  // Of decimals: the integer that holds them.
  std::size_t scale = 0;
  void* data = nullptr;

  template <typename T>
  const T& at(std::size_t row) const {
    return static_cast<const T*>(data)[row];
  }

  SqlCell decimal(std::size_t row) const {
    switch (storage) {
      case DUCKDB_TYPE_SMALLINT:
        return decimal_text(at<std::int16_t>(row), scale);
      case DUCKDB_TYPE_INTEGER:
        return decimal_text(at<std::int32_t>(row), scale);
      case DUCKDB_TYPE_BIGINT:
        return decimal_text(at<std::int64_t>(row), scale);
      default:
        return decimal_text(wide_value(at<duckdb_hugeint>(row)), scale);
    }
  }

  SqlCell cell(std::size_t row) const {
    switch (type) {
      case DUCKDB_TYPE_BOOLEAN:
        return at<bool>(row);
      case DUCKDB_TYPE_TINYINT:
        return std::int64_t{at<std::int8_t>(row)};
      case DUCKDB_TYPE_SMALLINT:
        return std::int64_t{at<std::int16_t>(row)};
      case DUCKDB_TYPE_INTEGER:
      case DUCKDB_TYPE_DATE:
        return std::int64_t{at<std::int32_t>(row)};
      case DUCKDB_TYPE_BIGINT:
      case DUCKDB_TYPE_TIMESTAMP:
      case DUCKDB_TYPE_TIMESTAMP_TZ:
        return at<std::int64_t>(row);
      case DUCKDB_TYPE_UTINYINT:
        return std::int64_t{at<std::uint8_t>(row)};
      case DUCKDB_TYPE_USMALLINT:
        return std::int64_t{at<std::uint16_t>(row)};
      case DUCKDB_TYPE_UINTEGER:
        return std::int64_t{at<std::uint32_t>(row)};
      case DUCKDB_TYPE_UBIGINT:
        return integer_cell(at<std::uint64_t>(row));
      case DUCKDB_TYPE_HUGEINT:
        return integer_cell(wide_value(at<duckdb_hugeint>(row)));
      case DUCKDB_TYPE_FLOAT:
        return static_cast<double>(at<float>(row));
      case DUCKDB_TYPE_DOUBLE:
        return at<double>(row);
      case DUCKDB_TYPE_DECIMAL:
        return decimal(row);
      case DUCKDB_TYPE_VARCHAR:
        return std::string(duck_text(static_cast<duckdb_string_t*>(data)[row]));
      default:
        return std::monostate{};
    }
  }
};

}  // namespace

bool has_cell_type(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_SQLNULL:
      return true;
    default:
      return false;
  }
}

SqlType cell_type(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
      return SqlType::kBoolean;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
      return SqlType::kReal;
    case DUCKDB_TYPE_DECIMAL:
      return SqlType::kDecimal;
    case DUCKDB_TYPE_TIMESTAMP:
      return SqlType::kLocalTime;
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return SqlType::kInstant;
    case DUCKDB_TYPE_DATE:
      return SqlType::kDate;
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_SQLNULL:
      return SqlType::kText;
    default:
      return has_cell_type(type) ? SqlType::kInteger : SqlType::kText;
  }
}

std::uint64_t text_bytes(duckdb_vector vector, std::size_t rows) {
  const DuckType type(duckdb_vector_get_column_type(vector));
  if (duckdb_get_type_id(type.get()) != DUCKDB_TYPE_VARCHAR) return 0;
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  std::uint64_t bytes = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) continue;
    bytes += duck_text(texts[row]).size();
  }
  return bytes;
}

void append_cells(duckdb_vector vector, std::size_t column, std::size_t first,
                  std::vector<std::vector<SqlCell>>& rows) {
  const DuckType type(duckdb_vector_get_column_type(vector));
  CellReader reader;
  reader.type = duckdb_get_type_id(type.get());
  if (reader.type == DUCKDB_TYPE_DECIMAL) {
    reader.storage = duckdb_decimal_internal_type(type.get());
    reader.scale = duckdb_decimal_scale(type.get());
  }
  reader.data = duckdb_vector_get_data(vector);
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  for (std::size_t row = 0; first + row < rows.size(); ++row) {
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) continue;
    rows[first + row][column] = reader.cell(row);
  }
}

}  // namespace footfall::connectors
