#include "footfall/cli/collected_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "footfall/cli/answer_document.h"

namespace footfall::cli {
namespace {

std::string example_words(const Json& example, bool whole_path) {
  if (!example.is_object()) return member_text(Json{{"text", example}}, "text");
  std::string place = member_text(example, "file");
  const std::size_t folder = place.rfind('/');
  if (!whole_path && folder != std::string::npos) place.erase(0, folder + 1);
  if (!member(example, "row").is_null()) place += ":" + member_text(example, "row");
  const std::string column = member_text(example, "column");
  const std::string message = member_text(example, "message");
  if (column.empty() && message.empty()) return place;
  return place + "  " + (column.empty() || message.empty() ? column : column + ": ") + message;
}

// {"digits": 5} as "digits 5"; {"view": "view_item"} keeps its names.
std::string plain_words(const Json& value) {
  if (!value.is_structured()) return member_text(Json{{"text", value}}, "text");
  std::vector<std::string> parts;
  for (const auto& [key, part] : value.items()) {
    parts.push_back(value.is_object() ? safe(key) + " " + plain_words(part) : plain_words(part));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// "csv , utf-8 zstd": a lone sign is what cells are split at.
std::string format_words(const std::string& format) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < format.size();) {
    const std::size_t end = std::min(format.find(' ', from), format.size());
    const std::string part = format.substr(from, end - from);
    const bool sign = part.size() == 1 && !parts.empty();
    if (sign) parts.back() += " split at '" + part + "'";
    if (!sign && !part.empty()) parts.push_back(part);
    from = end + 1;
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

ShownMapping read_mapping(const Json& mapping) {
  ShownMapping shown;
  std::vector<std::string> rest;
  for (const auto& [key, value] : mapping.items()) {
    if (key == "format") {
      shown.format = format_words(member_text(mapping, key));
    } else if (key == "files") {
      shown.files = value.size();
    } else if (key == "preset") {
      rest.push_back("as " + member_text(mapping, key));
    } else if (value.is_object() && value.contains("column")) {
      const Json& confidence = member(value, "confidence");
      shown.columns.push_back(
          {spoken(key), member_text(value, "column"),
           confidence.is_number() ? std::optional(confidence.get<double>()) : std::nullopt});
      Json more = value;
      more.erase("column");
      more.erase("confidence");
      if (!more.empty()) rest.push_back(spoken(key) + " " + plain_words(more));
    } else {
      rest.push_back(spoken(key) + " " + plain_words(value));
    }
  }
  shown.rest = fmt::format("{}", fmt::join(rest, " · "));
  return shown;
}

}  // namespace

double count_of(const Json& list) {
  double sum = 0;
  for (const Json& entry : list) {
    const Json& count = member(entry, "count");
    if (count.is_number()) sum += count.get<double>();
  }
  return sum;
}

std::vector<RowReason> read_reasons(const Json& list, bool whole_paths) {
  std::vector<RowReason> reasons;
  for (const Json& entry : list) {
    std::string name = member_text(entry, "reason");
    if (name.empty()) name = member_text(entry, "field");
    RowReason reason{spoken(name), count_of(Json::array({entry})), {}};
    for (const Json& example : member(entry, "examples")) {
      reason.examples.push_back(example_words(example, whole_paths));
    }
    reasons.push_back(std::move(reason));
  }
  std::sort(reasons.begin(), reasons.end(), [](const RowReason& a, const RowReason& b) {
    return std::tie(b.count, a.name) < std::tie(a.count, b.name);
  });
  return reasons;
}

std::vector<ShownMapping> read_mappings(const Json& mapping) {
  std::vector<ShownMapping> shown;
  if (mapping.is_object() && !mapping.empty()) shown.push_back(read_mapping(mapping));
  if (mapping.is_array()) {
    for (const Json& one : mapping) shown.push_back(read_mapping(one));
  }
  return shown;
}

std::string views_words(const Json& views) {
  std::vector<std::string> parts;
  if (!views.is_object()) return "";
  for (const auto& [name, view] : views.items()) {
    std::vector<std::string> figures;
    bool any = false;
    for (const auto& [key, value] : view.items()) {
      if (!value.is_number()) continue;
      any = any || value.get<double>() != 0;
      figures.push_back(spoken(key) + " " +
                        grouped(value.get<double>(), value.is_number_integer() ? 0 : 2));
    }
    if (any) parts.push_back(fmt::format("{}: {}", spoken(name), fmt::join(figures, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

}  // namespace footfall::cli
