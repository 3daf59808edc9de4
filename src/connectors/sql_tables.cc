#include "footfall/connectors/sql_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "footfall/base/words.h"
#include "footfall/connectors/sql_scan.h"

namespace footfall::connectors {
namespace {

using store::Block;
using store::Population;

constexpr std::uint64_t kEventsPerMorsel = 65'536;

DuckType type_of(SqlField field, int currency_decimals) {
  switch (field) {
    case SqlField::kPerson:
    case SqlField::kQuantity:
    case SqlField::kTotalQuantity:
    case SqlField::kLines:
      return DuckType(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    case SqlField::kLine:
    case SqlField::kBatch:
      return DuckType(duckdb_create_logical_type(DUCKDB_TYPE_INTEGER));
    case SqlField::kGuest:
    case SqlField::kBookkeeping:
    case SqlField::kFreeLine:
      return DuckType(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
    case SqlField::kTime:
      return DuckType(duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ));
    case SqlField::kLocalTime:
      return DuckType(duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP));
    case SqlField::kPrice:
      return DuckType(duckdb_create_decimal_type(18, 6));
    case SqlField::kAmount:
      return DuckType(duckdb_create_decimal_type(18, static_cast<std::uint8_t>(currency_decimals)));
    case SqlField::kGross:
      return DuckType(duckdb_create_decimal_type(38, static_cast<std::uint8_t>(currency_decimals)));
    default:
      return DuckType(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  }
}

std::vector<Population> populations_of(SqlTableKind kind) {
  std::vector<Population> populations = {Population::kPeople, Population::kGuests};
  if (kind == SqlTableKind::kEvents) populations.push_back(Population::kThings);
  return populations;
}

void bind_table(duckdb_bind_info info) {
  const auto& table = *static_cast<const SqlTable*>(duckdb_bind_get_extra_info(info));
  for (const SqlTableColumn& column : table.columns) {
    const DuckType type = type_of(column.field, table.set->options.currency_decimals);
    duckdb_bind_add_result_column(info, column.name.c_str(), type.get());
  }
  std::uint64_t events = 0;
  for (const Population population : populations_of(table.kind)) {
    events += table.set->data.event_count(population);
  }
  duckdb_bind_set_cardinality(info, events, table.kind == SqlTableKind::kEvents);
}

bool reads_currency(SqlField field) {
  return field == SqlField::kCurrency || field == SqlField::kAmount || field == SqlField::kGross;
}

// Which stored columns the projected ones are made of.
store::Columns columns_needed(const SqlScan& scan) {
  store::Columns needed;
  bool reads_currencies = false;
  needed.lines = scan.table->kind != SqlTableKind::kEvents;
  for (const SqlTableColumn* column : scan.columns) {
    if (column == nullptr) continue;
    needed.orders = needed.orders || column->field == SqlField::kTransaction;
    needed.batches = needed.batches || column->field == SqlField::kBatch;
    needed.lines = needed.lines || column->field == SqlField::kItem;
    if (column->field == SqlField::kProperty) needed.properties.push_back(column->property);
    reads_currencies = reads_currencies || reads_currency(column->field);
  }
  if (scan.table->kind == SqlTableKind::kOrderLines) needed.line_properties = needed.properties;
  if (reads_currencies) needed.properties.emplace_back(kCurrencyProperty);
  return needed;
}

void delete_scan(void* scan) {
  delete static_cast<SqlScan*>(scan);
}
void delete_cursor(void* cursor) {
  delete static_cast<SqlCursor*>(cursor);
}

void init_scan(duckdb_init_info info) {
  const auto& table = *static_cast<const SqlTable*>(duckdb_init_get_extra_info(info));
  auto scan = std::make_unique<SqlScan>();
  scan->table = &table;
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
    const idx_t column = duckdb_init_get_column_index(info, i);
    // count(*) asks for a column that is none.
    scan->columns.push_back(column < table.columns.size() ? &table.columns[column] : nullptr);
  }
  const store::Columns needed = columns_needed(*scan);
  for (const Population population : populations_of(table.kind)) {
    auto blocks = table.set->data.blocks(population, needed);
    if (!blocks.ok()) {
      duckdb_init_set_error(info, blocks.error().message.c_str());
      table.set->fail(std::move(blocks).error());
      return;
    }
    for (Block& block : *blocks) {
      const std::size_t events = block.event_count();
      for (std::size_t from = 0; from < events; from += kEventsPerMorsel) {
        scan->morsels.push_back(
            {scan->blocks.size(), from, std::min<std::size_t>(events, from + kEventsPerMorsel)});
      }
      scan->blocks.push_back({std::move(block), population});
    }
  }
  duckdb_init_set_max_threads(
      info, std::clamp<std::size_t>(scan->morsels.size(), 1, table.set->options.threads));
  duckdb_init_set_init_data(info, scan.release(), delete_scan);
}

void init_cursor(duckdb_init_info info) {
  duckdb_init_set_init_data(info, new SqlCursor, delete_cursor);
}

void scan_rows(duckdb_function_info info, duckdb_data_chunk output) {
  auto& scan = *static_cast<SqlScan*>(duckdb_function_get_init_data(info));
  auto& cursor = *static_cast<SqlCursor*>(duckdb_function_get_local_init_data(info));
  scan.take_rows(cursor, duckdb_vector_size());
  for (std::size_t i = 0; i < scan.columns.size() && !cursor.rows.empty(); ++i) {
    if (scan.columns[i] == nullptr) continue;
    auto filled =
        fill_column(scan, cursor, *scan.columns[i], duckdb_data_chunk_get_vector(output, i));
    if (filled.ok()) continue;
    duckdb_function_set_error(info, filled.error().message.c_str());
    scan.table->set->fail(std::move(filled).error());
    return;
  }
  duckdb_data_chunk_set_size(output, cursor.rows.size());
}

const std::vector<SqlTableColumn>& base_columns(SqlTableKind kind) {
  static const std::vector<SqlTableColumn> kEvents = {
      {"person", SqlField::kPerson, ""}, {"event", SqlField::kEvent, ""},
      {"time", SqlField::kTime, ""},     {"local_time", SqlField::kLocalTime, ""},
      {"item", SqlField::kItem, ""},     {"transaction_id", SqlField::kTransaction, ""},
      {"guest", SqlField::kGuest, ""},   {"batch", SqlField::kBatch, ""}};
  static const std::vector<SqlTableColumn> kLines = {{"person", SqlField::kPerson, ""},
                                                     {"guest", SqlField::kGuest, ""},
                                                     {"transaction_id", SqlField::kTransaction, ""},
                                                     {"event", SqlField::kEvent, ""},
                                                     {"time", SqlField::kTime, ""},
                                                     {"local_time", SqlField::kLocalTime, ""},
                                                     {"line", SqlField::kLine, ""},
                                                     {"item", SqlField::kItem, ""},
                                                     {"item_name", SqlField::kItemName, ""},
                                                     {"quantity", SqlField::kQuantity, ""},
                                                     {"price", SqlField::kPrice, ""},
                                                     {"currency", SqlField::kCurrency, ""},
                                                     {"amount", SqlField::kAmount, ""},
                                                     {"bookkeeping", SqlField::kBookkeeping, ""},
                                                     {"free_line", SqlField::kFreeLine, ""}};
  static const std::vector<SqlTableColumn> kOrders = {
      {"transaction_id", SqlField::kTransaction, ""},
      {"person", SqlField::kPerson, ""},
      {"guest", SqlField::kGuest, ""},
      {"time", SqlField::kTime, ""},
      {"local_time", SqlField::kLocalTime, ""},
      {"lines", SqlField::kLines, ""},
      {"quantity", SqlField::kTotalQuantity, ""},
      {"currency", SqlField::kCurrency, ""},
      {"gross", SqlField::kGross, ""}};
  return kind == SqlTableKind::kEvents ? kEvents : kind == SqlTableKind::kOrders ? kOrders : kLines;
}

}  // namespace

std::vector<SqlTableColumn> sql_table_columns(SqlTableKind kind,
                                              const std::vector<std::string>& properties) {
  std::vector<SqlTableColumn> columns = base_columns(kind);
  std::unordered_set<std::string> taken;
  for (const SqlTableColumn& column : columns) taken.insert(column.name);
  for (const std::string& property : properties) {
    const bool has_currency = kind != SqlTableKind::kEvents;
    if (has_currency && property == kCurrencyProperty) continue;
    std::string name = property;
    if (!taken.insert(base::ascii_lower(name)).second) {
      name = "property_" + property;
      for (int copy = 2; !taken.insert(base::ascii_lower(name)).second; ++copy) {
        name = fmt::format("property_{}_{}", property, copy);
      }
    }
    columns.push_back({std::move(name), SqlField::kProperty, property});
  }
  return columns;
}

base::Status register_sql_table(duckdb_connection connection, const std::string& function_name,
                                const SqlTable& table) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, function_name.c_str());
  duckdb_table_function_set_extra_info(function, const_cast<SqlTable*>(&table), nullptr);
  duckdb_table_function_set_bind(function, bind_table);
  duckdb_table_function_set_init(function, init_scan);
  duckdb_table_function_set_local_init(function, init_cursor);
  duckdb_table_function_set_function(function, scan_rows);
  duckdb_table_function_supports_projection_pushdown(function, true);
  const duckdb_state state = duckdb_register_table_function(connection, function);
  duckdb_destroy_table_function(&function);
  if (state == DuckDBError) return base::invalid("DuckDB refuses the table: " + function_name);
  return base::Ok{};
}

}  // namespace footfall::connectors
