#include "footfall/events/item_lines.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "footfall/base/words.h"
#include "footfall/events/json_names.h"
#include "footfall/events/schema.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

namespace json = simdjson::ondemand;

base::Error refused(const char* rule, std::string_view expected, std::string_view found) {
  base::Error error =
      base::invalid(fmt::format("expected {}: {}", expected, base::printable(found)));
  error.where.field = rule;
  return error;
}

// A scalar as its text: strings unescaped, numbers as written; nothing for null and nested values.
bool scalar_text(json::value value, std::string& text) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == json::json_type::string) {
    std::string_view view;
    if (value.get_string().get(view) != simdjson::SUCCESS) return false;
    text = view;
    return true;
  }
  if (type == json::json_type::number || type == json::json_type::boolean) {
    text = base::trim(value.raw_json_token());
    return true;
  }
  return false;
}

constexpr std::string_view kItemsExpected = "a JSON list of items";

struct ItemCells {
  std::string id, name, quantity, price;
  std::string item_category, category, item_brand, brand;
};

// Where a member of an item is read to; null: it is left out.
std::string* cell_of(ItemCells& cells, std::string_view member) {
  if (member == "item_id") return &cells.id;
  if (member == "item_name") return &cells.name;
  if (member == "quantity") return &cells.quantity;
  if (member == "price") return &cells.price;
  if (member == "item_category") return &cells.item_category;
  if (member == "category") return &cells.category;
  if (member == "item_brand") return &cells.item_brand;
  return member == "brand" ? &cells.brand : nullptr;
}

// The first that says something.
std::string stated(std::string first, std::string second) {
  constexpr std::string_view kNotSet = "(not set)";
  const auto says = [&](const std::string& text) { return !text.empty() && text != kNotSet; };
  if (says(first)) return first;
  return says(second) ? second : std::string();
}

// A member that is neither a scalar nor null, or a number as no JSON has it (NaN), as its text.
std::string other_text(json::value value) {
  std::string_view text = value.raw_json_token();
  json::array list;
  json::object object;
  auto failure = simdjson::SUCCESS;
  if (text.starts_with('[')) {
    failure = value.get_array().get(list);
    if (!failure) failure = list.raw_json().get(text);
  } else if (text.starts_with('{')) {
    failure = value.get_object().get(object);
    if (!failure) failure = object.raw_json().get(text);
  }
  return std::string(base::trim(text));
}

bool is_null(json::value value) {
  return base::trim(value.raw_json_token()) == "null";
}

base::Status read_cells(json::object object, ItemCells& cells, std::string_view list) {
  JsonNames names;
  for (auto field : object) {
    std::string_view key;
    json::value value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
        field.value().get(value) != simdjson::SUCCESS) {
      return refused("bad_items", kItemsExpected, list);
    }
    names.add(key);
    std::string* const into = cell_of(cells, key);
    if (into == nullptr || is_null(value) || scalar_text(value, *into)) continue;
    if (into == &cells.id || into == &cells.name) {
      return refused("bad_items", fmt::format("a text for {}", key), other_text(value));
    }
    if (into == &cells.quantity || into == &cells.price) *into = other_text(value);
  }
  if (const auto twice = names.twice()) {
    return refused("bad_items", "every name of an item once", *twice);
  }
  return base::Ok{};
}

base::Result<ItemLine> line_of(ItemCells cells, int currency_decimals) {
  ItemLine line;
  if (cells.id.empty()) cells.id = cells.name;
  if (cells.id.empty()) return refused("bad_items", "an item with item_id or item_name", "none");
  line.item = std::move(cells.id);
  line.name = std::move(cells.name);
  line.category = stated(std::move(cells.item_category), std::move(cells.category));
  line.brand = stated(std::move(cells.item_brand), std::move(cells.brand));
  if (line.item.size() > kIdBytesMax) {
    return refused("id_too_long", fmt::format("an item of at most {} bytes", kIdBytesMax),
                   line.item);
  }
  for (const std::string* const text : {&line.name, &line.category, &line.brand}) {
    if (text->size() <= kValueBytesMax) continue;
    return refused("value_too_long",
                   fmt::format("a name, category and brand of at most {} bytes", kValueBytesMax),
                   *text);
  }
  if (!cells.quantity.empty()) {
    const auto quantity = parse_whole(cells.quantity, NumberStyle::kPoint);
    if (!quantity || *quantity < 0) {
      return refused("bad_number", "a whole quantity, 0 or more", cells.quantity);
    }
    line.quantity = *quantity;
  }
  if (!cells.price.empty()) {
    const auto price = parse_amount(cells.price, NumberStyle::kPoint);
    if (!price) return refused("bad_number", "a price such as 1234.50", cells.price);
    if (price->micros < 0) return refused("negative_price", "a price of 0 or more", cells.price);
    line.price = price->micros;
  }
  if (!base::line_fits(line.quantity, line.price.value_or(0), currency_decimals)) {
    base::Error error = base::invalid(too_large(line.quantity, *line.price));
    error.where.field = "amount_too_large";
    return error;
  }
  return line;
}

}  // namespace

struct ItemReader::Parser {
  json::parser parser;
  std::string buffer;  // The text with the padding that the parser reads beyond it.

  simdjson::error_code open(std::string_view text, json::document& document) {
    buffer.assign(text);
    buffer.append(simdjson::SIMDJSON_PADDING, ' ');
    return parser.iterate(buffer.data(), text.size(), buffer.size()).get(document);
  }
};

ItemReader::ItemReader() : parser_(std::make_unique<Parser>()) {}
ItemReader::~ItemReader() = default;

base::Result<std::vector<ItemLine>> ItemReader::items(std::string_view text,
                                                      int currency_decimals) {
  const auto malformed = [&] { return refused("bad_items", kItemsExpected, text); };
  json::document document;
  json::array list;
  if (parser_->open(text, document) != simdjson::SUCCESS) return malformed();
  if (document.get_array().get(list) != simdjson::SUCCESS) return malformed();
  std::vector<ItemLine> lines;
  for (auto element : list) {
    json::object object;
    ItemCells cells;
    if (element.get_object().get(object) != simdjson::SUCCESS) return malformed();
    FOOTFALL_RETURN_IF_ERROR(read_cells(object, cells, text));
    if (lines.size() == kLinesMax) {
      return refused("too_many_items", fmt::format("at most {} items", kLinesMax), "more");
    }
    FOOTFALL_TRY(ItemLine line, line_of(std::move(cells), currency_decimals));
    lines.push_back(std::move(line));
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) return malformed();
  return lines;
}

base::Result<std::vector<std::pair<std::string, std::string>>> ItemReader::parameters(
    std::string_view text) {
  const auto malformed = [&] { return refused("bad_parameters", "JSON parameters", text); };
  json::document document;
  std::vector<std::pair<std::string, std::string>> result;
  if (parser_->open(text, document) != simdjson::SUCCESS) return malformed();
  json::json_type type{};
  if (document.type().get(type) != simdjson::SUCCESS) return malformed();
  if (type == json::json_type::object) {
    json::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return malformed();
    for (auto field : object) {
      std::string_view key;
      json::value value;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return malformed();
      std::string name(key);
      if (field.value().get(value) != simdjson::SUCCESS) return malformed();
      if (std::string cell; scalar_text(value, cell)) result.emplace_back(name, std::move(cell));
    }
    return result;
  }
  json::array list;
  if (document.get_array().get(list) != simdjson::SUCCESS) return malformed();
  for (auto element : list) {
    json::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return malformed();
    std::string name;
    std::string cell;
    for (auto field : object) {
      std::string_view key;
      json::value value;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return malformed();
      if (field.value().get(value) != simdjson::SUCCESS) return malformed();
      json::object typed;
      if (key == "key") {
        scalar_text(value, name);
      } else if (key == "value" && value.get_object().get(typed) == simdjson::SUCCESS) {
        for (auto one : typed) {
          json::value inner;
          if (one.value().get(inner) != simdjson::SUCCESS) return malformed();
          if (cell.empty()) scalar_text(inner, cell);
        }
      }
    }
    if (!name.empty() && !cell.empty()) result.emplace_back(std::move(name), std::move(cell));
  }
  return result;
}

}  // namespace footfall::events
