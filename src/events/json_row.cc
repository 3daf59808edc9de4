#include "footfall/events/json_row.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "footfall/base/words.h"
#include "footfall/events/csv_reader.h"
#include "footfall/events/json_names.h"

namespace footfall::events {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

// A scalar: its text is a view into the row or into `texts`.
struct Scalar {
  std::string_view text;
  bool is_integer = false;
  std::int64_t integer = 0;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The JSON grammar of numbers (RFC 8259, section 6).
bool is_number(std::string_view token, bool& whole) {
  std::size_t at = token.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < token.size() && is_digit(token[at])) ++at;
    return at > from;
  };
  const bool leading_zero = at < token.size() && token[at] == '0';
  const std::size_t first = at;
  if (!digits() || (leading_zero && at > first + 1)) return false;
  whole = at == token.size();
  if (at < token.size() && token[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == token.size();
}

bool is_special_number(std::string_view token) {
  return token == "NaN" || token == "nan" || token == "Infinity" || token == "-Infinity";
}

bool is_param_value(std::string_view name) {
  return name == "string_value" || name == "int_value" || name == "float_value" ||
         name == "double_value";
}

}  // namespace

std::optional<std::size_t> JsonColumns::find_or_add(std::string_view name) {
  if (expected_ < names_.size() && names_[expected_] == name) return expected_++;
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) {
    expected_ = found->second + 1;
    return found->second;
  }
  if (names_.size() == kColumnsMax) return std::nullopt;
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), names_.size() - 1);
  expected_ = 0;
  return names_.size() - 1;
}

void JsonColumns::truncate(std::size_t count) {
  while (names_.size() > count) {
    numbers_.erase(names_.back());
    names_.pop_back();
  }
  expected_ = 0;
}

struct JsonRow::Parser {
  ondemand::parser parser;
};

JsonRow::JsonRow() : parser_(std::make_unique<Parser>()) {}
JsonRow::~JsonRow() = default;

/// One pass over one row. Every value is walked to its end, so that a row is whole or refused.
class JsonRow::Walk {
 public:
  Walk(JsonRow& row, JsonColumns& columns, JsonTexts& texts)
      : row_(row), columns_(columns), texts_(texts) {}

  error_code object(ondemand::object object, std::size_t depth) {
    if (depth > kJsonDepthMax) return too_deep();
    for (auto field : object) {
      std::string_view key;
      ondemand::value value;
      if (const error_code error = field.unescaped_key().get(key)) return error;
      const std::size_t length = path_.size();
      if (depth > 1) path_ += '.';
      path_ += key;
      if (const error_code error = field.value().get(value)) return error;
      if (const error_code error = any(value, depth)) return error;
      path_.resize(length);
    }
    return simdjson::SUCCESS;
  }

  std::optional<JsonFailure> failure;

 private:
  struct Param {
    std::string key;
    Scalar value;
  };

  error_code any(ondemand::value& value, std::size_t depth) {
    switch (first_of(value)) {
      case '{': {
        ondemand::object nested;
        if (const error_code error = value.get_object().get(nested)) return error;
        return object(nested, depth + 1);
      }
      case '[':
        return array(value, depth + 1);
      default: {
        Scalar found;
        if (const error_code error = scalar(value, found)) return error;
        return found.text.empty() ? simdjson::SUCCESS : emit(found);
      }
    }
  }

  error_code array(ondemand::value& value, std::size_t depth) {
    if (depth > kJsonDepthMax) return too_deep();
    ondemand::array array;
    std::string_view raw;
    if (const error_code error = value.get_array().get(array)) return error;
    if (const error_code error = array.raw_json().get(raw)) return error;
    bool rewound = false;
    if (const error_code error = array.reset().get(rewound)) return error;
    std::string joined;
    std::vector<Param> params;
    std::size_t elements = 0;
    bool scalars = true;
    for (auto element : array) {
      ondemand::value item;
      if (const error_code error = std::move(element).get(item)) return error;
      const char first = first_of(item);
      error_code error = simdjson::SUCCESS;
      if (first == '{') {
        error = param(item, depth + 1, params);
        scalars = false;
      } else if (first == '[') {
        error = check(item, depth + 1);
        scalars = false;
      } else {
        Scalar found;
        error = scalar(item, found);
        if (elements > 0) joined += ',';
        joined += found.text;
      }
      if (error) return error;
      ++elements;
    }
    if (elements == 0) return simdjson::SUCCESS;
    if (scalars) return emit({texts_.emplace_back(std::move(joined))});
    if (params.size() == elements) return unfold(params);
    return emit({base::trim(raw)});
  }

  error_code unfold(const std::vector<Param>& params) {
    for (const Param& param : params) {
      if (param.value.text.empty()) continue;
      const std::size_t length = path_.size();
      path_ += '.';
      path_ += param.key;
      if (const error_code error = emit(param.value)) return error;
      path_.resize(length);
    }
    return simdjson::SUCCESS;
  }

  // Adds the element to `params` if it has the shape of one; checks it in any case.
  error_code param(ondemand::value& value, std::size_t depth, std::vector<Param>& params) {
    if (depth > kJsonDepthMax) return too_deep();
    ondemand::object object;
    if (const error_code error = value.get_object().get(object)) return error;
    Param found;
    bool has_key = false;
    bool has_value = false;
    bool has_other = false;
    JsonNames names;
    for (auto field : object) {
      std::string_view name;
      ondemand::value member;
      if (const error_code error = field.unescaped_key().get(name)) return error;
      names.add(name);
      const bool is_key = name == "key";
      const bool is_value = name == "value";
      if (const error_code error = field.value().get(member)) return error;
      const char first = first_of(member);
      error_code error = simdjson::SUCCESS;
      if (is_key && first == '"') {
        Scalar key;
        error = scalar(member, key);
        found.key = key.text;
        has_key = true;
      } else if (is_value && first == '{') {
        error = param_value(member, depth + 1, found.value);
        has_value = true;
      } else if (is_value && first != '[') {
        error = scalar(member, found.value);
        has_value = true;
      } else {
        error = check(member, depth + 1);
        has_other = true;
      }
      if (error) return error;
    }
    if (has_key && has_value && !has_other) params.push_back(std::move(found));
    return once(names);
  }

  error_code param_value(ondemand::value& value, std::size_t depth, Scalar& found) {
    if (depth > kJsonDepthMax) return too_deep();
    ondemand::object object;
    if (const error_code error = value.get_object().get(object)) return error;
    JsonNames names;
    for (auto field : object) {
      std::string_view name;
      ondemand::value member;
      if (const error_code error = field.unescaped_key().get(name)) return error;
      names.add(name);
      const bool wanted = is_param_value(name);
      if (const error_code error = field.value().get(member)) return error;
      const char first = first_of(member);
      if (!wanted || first == '{' || first == '[') {
        if (const error_code error = check(member, depth)) return error;
        continue;
      }
      Scalar candidate;
      if (const error_code error = scalar(member, candidate)) return error;
      if (found.text.empty()) found = candidate;
    }
    return once(names);
  }

  error_code check(ondemand::value& value, std::size_t depth) {
    if (depth > kJsonDepthMax) return too_deep();
    const char first = first_of(value);
    if (first == '{') {
      ondemand::object object;
      if (const error_code error = value.get_object().get(object)) return error;
      JsonNames names;
      for (auto field : object) {
        std::string_view name;
        ondemand::value member;
        if (const error_code error = field.unescaped_key().get(name)) return error;
        names.add(name);
        if (const error_code error = field.value().get(member)) return error;
        if (const error_code error = check(member, depth + 1)) return error;
      }
      return once(names);
    }
    if (first == '[') {
      ondemand::array array;
      if (const error_code error = value.get_array().get(array)) return error;
      for (auto element : array) {
        ondemand::value item;
        if (const error_code error = std::move(element).get(item)) return error;
        if (const error_code error = check(item, depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    Scalar ignored;
    return scalar(value, ignored);
  }

  static char first_of(ondemand::value& value) {
    const std::string_view token = value.raw_json_token();
    return token.empty() ? '\0' : token[0];
  }

  // Empty text = null.
  error_code scalar(ondemand::value& value, Scalar& found) {
    const std::string_view token = base::trim(value.raw_json_token());
    found = {};
    if (token.empty()) return simdjson::TAPE_ERROR;
    if (token[0] == '"') {
      if (token.size() < 2 || token.back() != '"') return simdjson::TAPE_ERROR;
      found.text = token.substr(1, token.size() - 2);
      if (found.text.find('\\') == std::string_view::npos) return simdjson::SUCCESS;
      std::string_view unescaped;
      if (const error_code error = value.get_string().get(unescaped)) return error;
      found.text = texts_.emplace_back(unescaped);
      return simdjson::SUCCESS;
    }
    if (token == "null") return simdjson::SUCCESS;
    found.text = token;
    if (token == "true" || token == "false" || is_special_number(token)) return simdjson::SUCCESS;
    bool whole = false;
    if (!is_number(token, whole)) return simdjson::NUMBER_ERROR;
    if (whole) {
      const auto [end, error] =
          std::from_chars(token.data(), token.data() + token.size(), found.integer);
      // Not "-0", which has no digits of its own as an integer.
      found.is_integer = error == std::errc() && token != "-0";
    }
    return simdjson::SUCCESS;
  }

  error_code emit(const Scalar& value) {
    const std::string_view name = path_.empty() ? std::string_view("(no name)") : path_;
    const std::optional<std::size_t> column = columns_.find_or_add(name);
    if (!column) {
      failure = {"too_many_columns",
                 fmt::format("expected at most {} names in the file, found one more, {}",
                             kColumnsMax, base::printable(name))};
      return simdjson::CAPACITY;
    }
    if (*column >= row_.seen_.size()) row_.seen_.resize(*column + 1, 0);
    if (std::exchange(row_.seen_[*column], row_.row_) == row_.row_) return found_twice(name);
    row_.cells_.push_back({*column, value.text, value.is_integer, value.integer});
    return simdjson::SUCCESS;
  }

  error_code once(JsonNames& names) {
    const auto twice = names.twice();
    return twice ? found_twice(*twice) : simdjson::SUCCESS;
  }

  error_code found_twice(std::string_view name) {
    failure = {"bad_json",
               fmt::format("expected every name once, found twice {}", base::printable(name))};
    return simdjson::TAPE_ERROR;
  }

  error_code too_deep() {
    failure = {"bad_json", fmt::format("expected at most {} levels of nesting", kJsonDepthMax)};
    return simdjson::DEPTH_ERROR;
  }

  JsonRow& row_;
  JsonColumns& columns_;
  JsonTexts& texts_;
  std::string path_;
};

std::optional<JsonFailure> JsonRow::read(std::string_view text, JsonColumns& columns,
                                         JsonTexts& texts) {
  ++row_;
  cells_.clear();
  const std::size_t known = columns.size();
  Walk walk(*this, columns, texts);
  ondemand::document document;
  ondemand::object object;
  error_code error =
      parser_->parser.iterate(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING)
          .get(document);
  if (!error) error = document.get_object().get(object);
  if (error == simdjson::INCORRECT_TYPE) {
    return JsonFailure{"bad_json", "expected a JSON object in braces"};
  }
  if (!error) error = walk.object(object, 1);
  if (!error && document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    walk.failure = {"bad_json", "expected nothing after the closing brace"};
    error = simdjson::TRAILING_CONTENT;
  }
  if (!error) return std::nullopt;
  columns.truncate(known);
  cells_.clear();
  if (walk.failure) return walk.failure;
  if (error == simdjson::UTF8_ERROR) return JsonFailure{"invalid_utf8", "expected UTF-8"};
  return JsonFailure{"bad_json", fmt::format("expected one whole JSON object ({})",
                                             simdjson::error_message(error))};
}

}  // namespace footfall::events
