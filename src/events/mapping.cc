#include "footfall/events/mapping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/base/zone.h"
#include "footfall/events/column_facts.h"
#include "footfall/events/mapping_words.h"
#include "footfall/events/schema.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

constexpr std::array<std::string_view, kFileKinds> kKindNames = {"events", "orders", "items",
                                                                 "users",  "stock",  "reviews"};

constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "user",     "device",   "session",     "item",        "item_name", "event_id",
    "order",    "line",     "quantity",    "price",       "currency",  "country",
    "known_at", "sequence", "items",       "parameters",  "value",     "origin",
    "rating",   "refunded", "refunded_at", "order_status"};

// GA4 parameters are properties under their own names.
constexpr std::string_view kParameterPrefix = "event_params.";

// Names that a message offers for a field that was not found.
std::string_view usual_names(std::string_view field) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kUsual = {
      {{"time", "timestamp, event_time, created_at or InvoiceDate"},
       {"event", "event, event_name or behavior"},
       {"user", "user, user_id or CustomerID"},
       {"item", "item, product_id, sku or StockCode"},
       {"order", "order_id, transaction_id or InvoiceNo"},
       {"quantity", "quantity or qty"},
       {"price", "price or UnitPrice"},
       {"rating", "rating, stars or score"}}};
  for (const auto& [name, usual] : kUsual) {
    if (name == field) return usual;
  }
  return field;
}

std::string listed(std::span<const std::string> columns) {
  constexpr std::size_t kListedMax = 40;
  const std::size_t shown = std::min(columns.size(), kListedMax);
  std::vector<std::string> names;
  for (const std::string& name : columns.first(shown)) names.push_back(base::printable(name));
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (shown < columns.size()) text += fmt::format(" and {} more", columns.size() - shown);
  return text;
}

bool speaks_of_refunds(std::span<const std::string> columns) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"refund", "erstattung", "gutschrift", "rembours", "reembols", "rimbors"});
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    const std::string name = squeeze(column);
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](std::string_view word) { return name.find(word) != std::string::npos; });
  });
}

// A mapping of a list of refunds, as far as the columns are known.
std::string words_of_refunds(const Mapping& found) {
  Mapping refunds;
  refunds.kind = FileKind::kEvents;
  refunds.event.constant = "refund";
  refunds.time = found.time;
  std::vector<std::string_view> missing;
  if (refunds.time.column.empty()) missing.emplace_back("time");
  for (const Field field : {Field::kOrder, Field::kValue}) {
    refunds.column(field) = found.column(field);
    if (!found.has(field)) missing.push_back(field_name(field));
  }
  return mapping_words(refunds, missing);
}

// All of them in one message, with a mapping to fill in.
base::Error missing_fields(const Mapping& mapping, std::span<const std::string_view> fields,
                           std::span<const std::string> columns) {
  std::vector<std::string> wanted;
  for (const std::string_view field : fields) {
    wanted.push_back(fmt::format("the {}, such as {}", field, usual_names(field)));
  }
  base::Error error = base::invalid(fmt::format("expected a column for {}; found: {}",
                                                fmt::join(wanted, "; for "), listed(columns)),
                                    std::string(fields.front()));
  error.where.column = fields.front();
  std::string more;
  const std::pair<Field, std::string_view> optional[] = {{Field::kUser, "all are guests"},
                                                         {Field::kQuantity, "each is 1 piece"}};
  for (const auto& [field, without] : optional) {
    if (mapping.kind != FileKind::kOrders || mapping.has(field)) continue;
    more += fmt::format(", add \"{}\" where a column has it (without it {})", field_name(field),
                        without);
  }
  error.hint = fmt::format(
      "save this mapping, write a column of the file in place of each COLUMN{}, and pass it by "
      "--map FILE.json (docs/mapping.md tells all keys and kinds): {}",
      more, mapping_words(mapping, fields));
  const bool rows_alike = mapping.kind == FileKind::kOrders || fields.front() == "event";
  if (rows_alike && speaks_of_refunds(columns)) {
    error.hint += "; where every row is a refund: " + words_of_refunds(mapping);
  }
  return error;
}

base::Status check_column(std::string_view field, const std::string& column,
                          std::span<const std::string> columns) {
  if (column.empty()) return base::Ok{};
  if (std::find(columns.begin(), columns.end(), column) != columns.end()) return base::Ok{};
  base::Error error =
      base::invalid(fmt::format("expected a column {} (the {} of the mapping); found: {}",
                                base::printable(column), field, listed(columns)),
                    std::string(field));
  error.where.column = column;
  error.hint = base::nearest_words_hint(column, columns);
  return error;
}

std::vector<std::string_view> fields_missing(const Mapping& mapping) {
  const auto has = [&](Field field) { return mapping.has(field); };
  const bool person =
      has(Field::kUser) || has(Field::kDevice) || has(Field::kSession) || has(Field::kOrder);
  const bool item = has(Field::kItem) || has(Field::kItemName);
  const bool event = !mapping.event.column.empty() || !mapping.event.constant.empty();
  const bool time = !mapping.time.column.empty();
  std::vector<std::string_view> missing;
  const auto need = [&](std::string_view field, bool there) {
    if (!there) missing.push_back(field);
  };
  switch (mapping.kind) {
    case FileKind::kEvents:
      need("event", event);
      need("time", time);
      need("user", person || item);
      break;
    case FileKind::kOrders:
      need("order", has(Field::kOrder));
      need("time", time);
      need("item", item);
      need("price", has(Field::kPrice));
      break;
    case FileKind::kItems:
      need("item", item);
      break;
    case FileKind::kUsers:
      need("user", has(Field::kUser));
      break;
    case FileKind::kStock:
      need("item", item);
      need("time", time);
      break;
    case FileKind::kReviews:
      need("user", has(Field::kUser));
      need("item", item);
      need("rating", has(Field::kRating));
      need("time", time);
      break;
  }
  return missing;
}

base::Status check_event_names(const EventMapping& event) {
  const auto well_formed = [](const std::string& name) {
    return built_in_code(name).has_value() || valid_own_name(name);
  };
  const auto refused = [](const std::string& name) {
    return base::invalid(
        fmt::format("expected an event name, [a-z][a-z0-9_]* of at most {} bytes: {}",
                    kNameBytesMax, base::printable(name)),
        "event");
  };
  if (event.column.empty() && !event.constant.empty() && !well_formed(event.constant)) {
    return refused(event.constant);
  }
  for (const auto& [word, name] : event.values) {
    if (!well_formed(name)) return refused(name);
  }
  return base::Ok{};
}

}  // namespace

std::string_view file_kind_name(FileKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::optional<FileKind> file_kind_of(std::string_view name) {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<FileKind>(found - kKindNames.begin());
}

std::string_view field_name(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<Field> field_of(std::string_view name) {
  const auto found = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (found == kFieldNames.end()) return std::nullopt;
  return static_cast<Field>(found - kFieldNames.begin());
}

base::Status check_mapping(const Mapping& mapping, std::span<const std::string> columns) {
  FOOTFALL_RETURN_IF_ERROR(check_column("event", mapping.event.column, columns));
  FOOTFALL_RETURN_IF_ERROR(check_column("time", mapping.time.column, columns));
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    const std::string& column = mapping.column(field);
    const bool by_row =
        field == Field::kSequence || (field == Field::kLine && mapping.kind == FileKind::kOrders);
    if (by_row && column == kRowSequence) continue;
    const bool known = std::find(columns.begin(), columns.end(), column) != columns.end();
    if (field == Field::kCurrency && !known && base::currency_decimals(column).ok()) continue;
    FOOTFALL_RETURN_IF_ERROR(check_column(field_name(field), column, columns));
  }
  for (const auto& [name, column] : mapping.properties) {
    FOOTFALL_RETURN_IF_ERROR(check_column(name, column, columns));
  }
  if (!mapping.time.zone.empty()) {
    FOOTFALL_TRY([[maybe_unused]] const base::Zone zone, base::Zone::open(mapping.time.zone));
  }
  FOOTFALL_RETURN_IF_ERROR(check_event_names(mapping.event));
  const std::vector<std::string_view> missing = fields_missing(mapping);
  if (!missing.empty()) return missing_fields(mapping, missing, columns);
  return base::Ok{};
}

std::vector<std::pair<std::string, std::string>> property_columns(
    const Mapping& mapping, std::span<const std::string> columns) {
  std::vector<std::string> used(mapping.columns.begin(), mapping.columns.end());
  used.push_back(mapping.event.column);
  used.push_back(mapping.time.column);
  used.insert(used.end(), mapping.ignore.begin(), mapping.ignore.end());
  auto result = mapping.properties;
  for (const auto& [name, column] : result) used.push_back(column);
  if (const std::string& country = mapping.column(Field::kCountry); !country.empty()) {
    result.emplace_back("country", country);
  }
  for (const std::string& column : columns) {
    if (std::find(used.begin(), used.end(), column) != used.end() || is_personal(column)) continue;
    std::string_view shown = column;
    if (shown.starts_with(kParameterPrefix)) shown.remove_prefix(kParameterPrefix.size());
    std::string name = snake_case(shown);
    if (name.empty()) name = "column";
    const auto taken = [&](const std::string& wanted) {
      return std::any_of(result.begin(), result.end(),
                         [&](const auto& other) { return other.first == wanted; });
    };
    std::string free_name = name;
    for (int number = 2; taken(free_name); ++number) free_name = fmt::format("{}_{}", name, number);
    result.emplace_back(std::move(free_name), column);
  }
  return result;
}

}  // namespace footfall::events
