#include "footfall/engine/sql_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "footfall/base/decimal.h"
#include "footfall/base/hash.h"
#include "footfall/connectors/sql.h"
#include "footfall/engine/request.h"
#include "footfall/engine/snapshot_document.h"
#include "footfall/engine/visible_snapshot.h"

namespace footfall::engine {
namespace {

using connectors::SqlAnswer;
using connectors::SqlCell;
using connectors::SqlType;

constexpr std::int64_t kRowsDefault = 100'000;
constexpr std::int64_t kRowsMax = 10'000'000;

const char* type_name(SqlType type) {
  switch (type) {
    case SqlType::kBoolean:
      return "flag";
    case SqlType::kInteger:
      return "integer";
    case SqlType::kReal:
    case SqlType::kDecimal:
      return "number";
    case SqlType::kText:
    case SqlType::kLocalTime:
      return "text";
    case SqlType::kInstant:
      return "instant";
    case SqlType::kDate:
      return "date";
  }
  return "text";
}

// A decimal is a JSON number where a double holds all its digits, else exact text.
Json decimal_cell(const std::string& text) {
  constexpr std::size_t kDigitsMax = 15;
  std::size_t digits = 0;
  for (const char c : text) digits += c >= '0' && c <= '9' ? 1 : 0;
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  return whole && digits <= kDigitsMax ? Json(value) : Json(text);
}

// What a local clock showed has no zone: "2011-08-31 17:45:00".
std::string local_time(std::string instant) {
  std::replace(instant.begin(), instant.end(), 'T', ' ');
  if (instant.ends_with('Z')) instant.pop_back();
  return instant;
}

// DuckDB's times and dates without end are the greatest and the least of their numbers.
template <typename T>
const char* endless(std::int64_t value) {
  if (value == std::numeric_limits<T>::max()) return "infinity";
  return value <= -std::int64_t{std::numeric_limits<T>::max()} ? "-infinity" : nullptr;
}

Json cell(const SqlCell& value, SqlType type) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) {
    return type == SqlType::kDecimal ? decimal_cell(*text) : Json(*text);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    constexpr std::int64_t kMicros = 1'000;
    if (type == SqlType::kInstant || type == SqlType::kLocalTime) {
      if (const char* const end = endless<std::int64_t>(*number)) return end;
      const std::int64_t floored = *number - ((*number % kMicros) + kMicros) % kMicros;
      const std::string text = base::format_instant(floored / kMicros);
      return type == SqlType::kInstant ? text : local_time(text);
    }
    if (type == SqlType::kDate) {
      if (const char* const end = endless<base::DayNumber>(*number)) return end;
      return base::format_date(static_cast<base::DayNumber>(*number));
    }
    return *number;
  }
  return nullptr;
}

Json rows_document(const SqlAnswer& answer) {
  Json rows = Json::array();
  for (const std::vector<SqlCell>& row : answer.rows) {
    Json cells = Json::array();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(cell(row[i], answer.columns[i].type));
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

}  // namespace

base::Result<Json> ask_sql(const Context& context, const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const std::string query, request.required_text("query"));
  FOOTFALL_TRY(const std::int64_t limit, request.integer("limit", kRowsDefault, 1, kRowsMax));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  FOOTFALL_TRY(const VisibleSnapshot visible, visible_snapshot(context, "analytics_storage"));
  const store::Snapshot& snapshot = visible.snapshot;
  connectors::SqlOptions options;
  options.zone = context.zone;
  options.currency = context.store.settings().currency;
  options.currency_decimals = context.currency_decimals;
  options.threads = context.threads;
  options.row_limit = static_cast<std::size_t>(limit);
  options.progress = &context.progress;
  FOOTFALL_TRY(const SqlAnswer answer, connectors::run_sql(snapshot, query, options));

  Json result = Json::object();
  result["question"] = "sql";
  result["rule"] = {{"text", query},
                    {"digest", fmt::format("{:016x}", base::hash64(query))},
                    {"profile", nullptr}};
  result["snapshot"] = snapshot_document(snapshot, context.zone);
  Json columns = Json::array();
  for (const connectors::SqlColumn& column : answer.columns) {
    columns.push_back({{"name", column.name}, {"type", type_name(column.type)}, {"unit", ""}});
  }
  result["columns"] = std::move(columns);
  result["rows"] = rows_document(answer);
  result["counted"] = Json::array();
  result["left_out"] = Json::array();
  if (visible.no_consent > 0) {
    result["left_out"].push_back({{"reason", "no_consent"}, {"count", visible.no_consent}});
  }
  result["consent"] = visible.consent;
  if (result["rows"].empty()) result["no_rows"] = "the query gave no rows";
  result["open"] = Json::object();
  result["interval"] = Json::array();
  result["warnings"] = Json::array();
  if (answer.more) {
    result["warnings"].push_back(
        fmt::format("only the first {} rows are shown (limit)", base::format_grouped(limit)));
  }
  result["view"] = {{"kind", "table"}};
  return result;
}

}  // namespace footfall::engine
