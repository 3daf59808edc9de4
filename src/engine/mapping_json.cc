#include "footfall/engine/mapping_json.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "footfall/base/words.h"

namespace footfall::engine {
namespace {

using events::Field;
using events::Mapping;

constexpr int kDigitsMax = 18;

base::Error wrong(const std::string& field, std::string_view expected, const Json& found) {
  const std::string text = dump(found);
  return base::invalid(
      fmt::format("expected {} in the mapping: {}", expected, base::printable(text)),
      "map." + field);
}

base::Result<std::string> text_of(const Json& value, const std::string& field) {
  if (!value.is_string()) return wrong(field, "a text", value);
  return value.get<std::string>();
}

base::Error unknown_key(const std::string& key, std::vector<std::string> known) {
  base::Error error =
      base::invalid(fmt::format("expected a key of a mapping: {}", base::printable(key)), "map");
  error.hint = base::nearest_words_hint(key, known);
  return error;
}

base::Status read_event(const Json& value, events::EventMapping& event) {
  if (value.is_string()) {
    event.column = value.get<std::string>();
    return base::Ok{};
  }
  if (!value.is_object()) return wrong("event", "a column name or an object", value);
  for (const auto& [key, part] : value.items()) {
    if (key == "confidence") continue;
    if (key == "column") {
      FOOTFALL_TRY(event.column, text_of(part, "event.column"));
    } else if (key == "constant") {
      FOOTFALL_TRY(event.constant, text_of(part, "event.constant"));
    } else if (key == "values") {
      if (!part.is_object()) return wrong("event.values", "an object of words and names", part);
      for (const auto& [word, name] : part.items()) {
        FOOTFALL_TRY(std::string to, text_of(name, "event.values"));
        event.values.emplace_back(word, std::move(to));
      }
    } else {
      return unknown_key(key, {"column", "constant", "values"});
    }
  }
  return base::Ok{};
}

base::Status read_time(const Json& value, events::TimeMapping& time) {
  if (value.is_string()) {
    time.column = value.get<std::string>();
    return base::Ok{};
  }
  if (!value.is_object()) return wrong("time", "a column name or an object", value);
  for (const auto& [key, part] : value.items()) {
    if (key == "confidence") continue;
    FOOTFALL_TRY(const std::string text, text_of(part, "time." + key));
    if (key == "column") {
      time.column = text;
    } else if (key == "zone") {
      time.zone = text;
    } else if (key == "unit") {
      const auto unit = events::time_unit_of(text);
      if (!unit) return wrong("time.unit", "text, s, ms, us or ns", part);
      time.unit = *unit;
    } else if (key == "format" || key == "order") {
      const auto order = events::date_order_of(text);
      if (!order) return wrong("time.format", "ymd, dmy or mdy", part);
      time.order = *order;
    } else {
      return unknown_key(key, {"column", "unit", "format", "zone"});
    }
  }
  return base::Ok{};
}

base::Status read_bookkeeping(const Json& value, Mapping& mapping) {
  if (value == "words") {
    mapping.bookkeeping = events::Bookkeeping::kWords;
    return base::Ok{};
  }
  if (value == "off") return base::Ok{};
  const bool digits = value.is_object() && value.size() == 1 && value.contains("digits") &&
                      value["digits"].is_number_integer();
  const std::int64_t count = digits ? value["digits"].get<std::int64_t>() : 0;
  if (count < 1 || count > kDigitsMax) {
    return wrong("bookkeeping", "\"off\", \"words\" or {\"digits\": 5}", value);
  }
  mapping.bookkeeping = events::Bookkeeping::kDigits;
  mapping.merchandise_digits = static_cast<int>(count);
  return base::Ok{};
}

base::Status read_properties(const Json& value, Mapping& mapping) {
  if (!value.is_object()) return wrong("properties", "an object of names and columns", value);
  for (const auto& [name, column] : value.items()) {
    FOOTFALL_TRY(std::string text, text_of(column, "properties." + name));
    mapping.properties.emplace_back(name, std::move(text));
  }
  return base::Ok{};
}

base::Status read_ignore(const Json& value, Mapping& mapping) {
  if (!value.is_array()) return wrong("ignore", "a list of columns", value);
  for (const Json& column : value) {
    FOOTFALL_TRY(std::string text, text_of(column, "ignore"));
    mapping.ignore.push_back(std::move(text));
  }
  return base::Ok{};
}

base::Status read_flag(const Json& value, const std::string& field, bool& flag) {
  if (!value.is_boolean()) return wrong(field, "true or false", value);
  flag = value.get<bool>();
  return base::Ok{};
}

base::Status read_kind(const Json& value, Mapping& mapping) {
  FOOTFALL_TRY(const std::string text, text_of(value, "kind"));
  const auto kind = events::file_kind_of(text);
  if (!kind) return wrong("kind", "events, orders, items, users, stock or reviews", value);
  mapping.kind = *kind;
  return base::Ok{};
}

// What a report prints beside a mapping.
bool is_remark(const std::string& key) {
  return key == "format" || key == "files" || key == "preset" || key == "notes";
}

// Keys that are no fields of a row.
base::Status read_decimal(const Json& value, Mapping& mapping) {
  if (value != "." && value != ",") return wrong("decimal", "\".\" or \",\"", value);
  mapping.decimal = value.get<std::string>().front();
  return base::Ok{};
}

base::Result<bool> read_own_key(const std::string& key, const Json& value, Mapping& mapping) {
  base::Status status = base::Ok{};
  if (key == "kind") {
    status = read_kind(value, mapping);
  } else if (key == "event") {
    status = read_event(value, mapping.event);
  } else if (key == "time") {
    status = read_time(value, mapping.time);
  } else if (key == "properties") {
    status = read_properties(value, mapping);
  } else if (key == "ignore") {
    status = read_ignore(value, mapping);
  } else if (key == "bookkeeping") {
    status = read_bookkeeping(value, mapping);
  } else if (key == "order_cells_once") {
    status = read_flag(value, key, mapping.order_cells_once);
  } else if (key == "zero_id") {
    status = read_flag(value, key, mapping.zero_is_an_id);
  } else if (key == "decimal") {
    status = read_decimal(value, mapping);
  } else if (key == "cancellation_prefix") {
    FOOTFALL_TRY(mapping.cancellation_prefix, text_of(value, key));
  } else if (key == "adjustment_prefix") {
    FOOTFALL_TRY(mapping.adjustment_prefix, text_of(value, key));
  } else {
    return false;
  }
  if (!status.ok()) return std::move(status).error();
  return true;
}

std::vector<std::string> known_keys() {
  std::vector<std::string> keys = {"kind",
                                   "event",
                                   "time",
                                   "properties",
                                   "ignore",
                                   "bookkeeping",
                                   "zero_id",
                                   "decimal",
                                   "order_cells_once",
                                   "transaction_id",
                                   "cancellation_prefix",
                                   "adjustment_prefix"};
  for (std::size_t i = 0; i < events::kFieldCount; ++i) {
    keys.emplace_back(events::field_name(static_cast<Field>(i)));
  }
  return keys;
}

Json event_to_json(const events::EventMapping& event) {
  Json json = Json::object();
  if (!event.column.empty()) json["column"] = event.column;
  if (!event.constant.empty()) json["constant"] = event.constant;
  for (const auto& [word, name] : event.values) json["values"][word] = name;
  return json;
}

Json time_to_json(const events::TimeMapping& time) {
  Json json = {{"column", time.column}};
  if (time.unit != events::TimeUnit::kUnknown) json["unit"] = events::time_unit_name(time.unit);
  if (time.order != events::DateOrder::kUnknown) {
    json["format"] = events::date_order_name(time.order);
  }
  if (!time.zone.empty()) json["zone"] = time.zone;
  return json;
}

// The kind of a mapping that does not state it, where its fields leave but one.
void settle_kind(Mapping& mapping) {
  const bool event = !mapping.event.column.empty() || !mapping.event.constant.empty();
  if (event) {
    mapping.kind = events::FileKind::kEvents;
  } else if (mapping.has(Field::kOrder) && mapping.has(Field::kPrice)) {
    mapping.kind = events::FileKind::kOrders;
  } else {
    mapping.kind_open = true;
  }
}

}  // namespace

Json mapping_to_json(const events::Mapping& mapping) {
  Json json = {{"kind", events::file_kind_name(mapping.kind)}};
  if (Json event = event_to_json(mapping.event); !event.empty()) json["event"] = std::move(event);
  if (!mapping.time.column.empty()) json["time"] = time_to_json(mapping.time);
  for (std::size_t i = 0; i < events::kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (mapping.has(field)) json[std::string(events::field_name(field))] = mapping.column(field);
  }
  for (const auto& [name, column] : mapping.properties) json["properties"][name] = column;
  if (!mapping.ignore.empty()) json["ignore"] = mapping.ignore;
  if (!mapping.cancellation_prefix.empty()) {
    json["cancellation_prefix"] = mapping.cancellation_prefix;
  }
  if (!mapping.adjustment_prefix.empty()) json["adjustment_prefix"] = mapping.adjustment_prefix;
  if (mapping.bookkeeping == events::Bookkeeping::kWords) json["bookkeeping"] = "words";
  if (mapping.bookkeeping == events::Bookkeeping::kDigits) {
    json["bookkeeping"] = {{"digits", mapping.merchandise_digits}};
  }
  if (mapping.order_cells_once) json["order_cells_once"] = true;
  if (mapping.zero_is_an_id) json["zero_id"] = true;
  if (mapping.decimal != 0) json["decimal"] = std::string(1, mapping.decimal);
  return json;
}

base::Result<Mapping> mapping_from_json(const Json& document) {
  if (!document.is_object()) return wrong("", "an object", document);
  Mapping mapping;
  bool kind_given = false;
  for (const auto& [key, value] : document.items()) {
    FOOTFALL_TRY(const bool own, read_own_key(key, value, mapping));
    kind_given = kind_given || key == "kind";
    if (own || is_remark(key)) continue;
    const auto field = events::field_of(key == "transaction_id" ? "order" : key);
    if (!field) return unknown_key(key, known_keys());
    const bool printed = value.is_object() && value.contains("column");
    FOOTFALL_TRY(mapping.column(*field), text_of(printed ? value["column"] : value, key));
  }
  if (!kind_given) settle_kind(mapping);
  return mapping;
}

}  // namespace footfall::engine
