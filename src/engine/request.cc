#include "footfall/engine/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "footfall/base/words.h"

namespace footfall::engine {
namespace {

base::Error expected(std::string_view field, std::string_view what, std::string_view found) {
  return base::invalid(fmt::format("{}: expected {}: {}", field, what,
                                   found.empty() ? "\"\"" : base::printable(found)),
                       std::string(field));
}

std::string shown(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump(value);
}

// A whole or broken number held as a number or as text.
template <typename Number>
bool read_number(const Json& value, Number& into) {
  if (value.is_number()) {
    if (std::is_integral_v<Number> && !value.is_number_integer()) return false;
    into = value.get<Number>();
    return true;
  }
  if (!value.is_string()) return false;
  const auto text = value.get<std::string>();
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failure == std::errc() && end == text.data() + text.size();
}

// A date of the zone's calendar, or an instant "2011-08-31T17:45:00Z" / "2011-08-31 17:45" local.
base::Result<base::TimeMs> read_moment(std::string_view field, const std::string& text,
                                       const base::Zone& zone) {
  const auto day = base::parse_date(std::string_view(text).substr(0, 10));
  const base::Error error =
      expected(field, "a date such as 2011-08-31 or an instant such as 2011-08-31T17:45:00Z", text);
  if (!day.ok()) return error;
  if (text.size() == 10) return zone.day_start(*day);
  int hour = 0;
  int minute = 0;
  int second = 0;
  int used = 0;
  const int fields = std::sscanf(text.c_str() + 10, "%*1[T ]%2d:%2d%n", &hour, &minute, &used);
  if (fields < 2 || used == 0) return error;
  std::string rest = text.substr(10 + static_cast<std::size_t>(used));
  if (std::sscanf(rest.c_str(), ":%2d%n", &second, &used) == 1) {
    rest = rest.substr(static_cast<std::size_t>(used));
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return error;
  }
  const base::TimeMs local = base::TimeMs{*day} * base::kDayMs + hour * base::kHourMs +
                             minute * base::kMinuteMs + second * base::kSecondMs;
  if (rest == "Z") return local;
  if (!rest.empty()) return error;
  const base::Zone::LocalInstant found = zone.from_local(local);
  if (found.skipped) {
    return base::invalid(
        fmt::format("{}: expected a time that exists: the clock in {} jumped over it: {}", field,
                    zone.name(), text),
        std::string(field));
  }
  return found.instant;
}

}  // namespace

base::Result<Request> Request::create(Json document) {
  if (!document.is_object()) {
    return base::invalid(
        fmt::format("expected a JSON object: {}", base::printable(dump(document))));
  }
  return Request(std::move(document));
}

const Json* Request::find(std::string_view field) {
  if (std::find(known_.begin(), known_.end(), field) == known_.end()) known_.emplace_back(field);
  const auto found = document_.find(std::string(field));
  return found == document_.end() || found->is_null() ? nullptr : &*found;
}

bool Request::has(std::string_view field) {
  return find(field) != nullptr;
}

base::Result<std::string> Request::text(std::string_view field, std::string_view otherwise) {
  const Json* value = find(field);
  if (value == nullptr) return std::string(otherwise);
  if (value->is_number_integer()) return value->dump();
  if (!value->is_string()) return expected(field, "a text", shown(*value));
  return value->get<std::string>();
}

base::Result<std::string> Request::required_text(std::string_view field) {
  FOOTFALL_TRY(std::string value, text(field, ""));
  if (value.empty()) {
    return base::invalid(fmt::format("{}: expected a value: none was given", field),
                         std::string(field));
  }
  return value;
}

base::Result<std::string> Request::choice(std::string_view field,
                                          const std::vector<std::string>& words,
                                          std::string_view otherwise) {
  FOOTFALL_TRY(std::string value, text(field, otherwise));
  if (std::find(words.begin(), words.end(), value) != words.end()) return value;
  base::Error error = expected(field, fmt::format("one of {}", fmt::join(words, ", ")), value);
  error.hint = base::nearest_words_hint(value, words);
  return error;
}

base::Result<std::int64_t> Request::integer(std::string_view field, std::int64_t otherwise,
                                            std::int64_t least, std::int64_t most) {
  const Json* value = find(field);
  if (value == nullptr) return otherwise;
  std::int64_t number = 0;
  if (!read_number(*value, number) || number < least || number > most) {
    return expected(field, fmt::format("a whole number from {} to {}", least, most), shown(*value));
  }
  return number;
}

base::Result<double> Request::number(std::string_view field, double otherwise, double least,
                                     double most) {
  const Json* value = find(field);
  if (value == nullptr) return otherwise;
  double number = 0;
  if (!read_number(*value, number) || !std::isfinite(number) || number < least || number > most) {
    return expected(field, fmt::format("a number from {} to {}", least, most), shown(*value));
  }
  return number;
}

base::Result<bool> Request::boolean(std::string_view field, bool otherwise) {
  const Json* value = find(field);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  const std::string word = shown(*value);
  if (word == "true" || word == "yes" || word == "1") return true;
  if (word == "false" || word == "no" || word == "0") return false;
  return expected(field, "true or false", word);
}

base::Result<base::TimeMs> Request::duration(std::string_view field, base::TimeMs otherwise) {
  const Json* value = find(field);
  if (value == nullptr) return otherwise;
  auto length = base::parse_duration(shown(*value));
  if (length.ok()) return length;
  base::Error error = std::move(length).error();
  error.message = fmt::format("{}: {}", field, error.message);
  error.where.field = std::string(field);
  return error;
}

base::Result<std::vector<std::string>> Request::list(std::string_view field) {
  std::vector<std::string> words;
  const Json* value = find(field);
  if (value == nullptr) return words;
  const std::vector<Json> parts =
      value->is_array() ? value->get<std::vector<Json>>() : std::vector<Json>{*value};
  for (const Json& part : parts) {
    if (!part.is_string() && !part.is_number()) {
      return expected(field, "a list of texts", shown(*value));
    }
    const std::string text = shown(part);
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      const std::string_view word = base::trim(std::string_view(text).substr(from, comma - from));
      if (word.empty()) return expected(field, "a list without empty places", shown(*value));
      words.emplace_back(word);
      from = comma + 1;
    }
  }
  return words;
}

Json Request::member(std::string_view field) {
  const Json* value = find(field);
  return value == nullptr ? Json() : *value;
}

base::Result<Request::Range> Request::range(const base::Zone& zone) {
  Range range;
  FOOTFALL_TRY(const std::string from, text("from", ""));
  FOOTFALL_TRY(const std::string to, text("to", ""));
  if (!from.empty()) {
    FOOTFALL_TRY(range.from, read_moment("from", from, zone));
  }
  if (!to.empty()) {
    FOOTFALL_TRY(range.to, read_moment("to", to, zone));
  }
  if (range.from >= range.to) {
    return base::invalid(fmt::format("to: expected a moment after from ({}): {}", from, to), "to");
  }
  return range;
}

base::Status Request::finish() const {
  for (const auto& [key, value] : document_.items()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string found = key.empty() ? "\"\"" : base::printable(key);
    base::Error error = base::invalid(
        fmt::format("expected one of the fields {}: {}", fmt::join(known_, ", "), found),
        base::printable(key));
    error.hint = base::nearest_words_hint(key, known_);
    return error;
  }
  return base::Ok{};
}

}  // namespace footfall::engine
