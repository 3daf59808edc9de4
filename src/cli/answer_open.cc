#include "footfall/cli/answer_open.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/cli/answer_document.h"

namespace footfall::cli {
namespace {

std::string value_words(const Json& value) {
  if (value.is_null()) return "–";
  if (value.is_number_float()) return fmt::format("{:.1f} %", value.get<double>() * 100);
  if (value.is_number()) return grouped(value.get<double>(), 0);
  return member_text(Json{{"text", value}}, "text");
}

bool is_table(const Json& value) {
  return value.is_object() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& list) { return list.is_array(); });
}

}  // namespace

std::string open_words(const Json& open) {
  std::vector<std::string> parts;
  if (!open.is_object()) return "";
  for (const auto& [key, value] : open.items()) {
    if (is_table(value)) continue;
    if (value.is_array() && value.empty()) {
      parts.push_back(spoken(key) + " none yet");
      continue;
    }
    if (!value.is_array()) {
      parts.push_back(spoken(key) + " " + value_words(value));
      continue;
    }
    std::vector<std::string> list;
    for (const Json& part : value) list.push_back(value_words(part));
    const bool bounds = key.ends_with("interval") && list.size() == 2;
    parts.push_back(fmt::format("{} {}", spoken(key), fmt::join(list, bounds ? " – " : ", ")));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::vector<OpenTable> open_tables(const Json& open) {
  std::vector<OpenTable> tables;
  if (!open.is_object()) return tables;
  for (const auto& [key, value] : open.items()) {
    if (!is_table(value)) continue;
    // Bins are those of scores; other tables speak for themselves.
    const bool bins = key == "bins";
    OpenTable table{bins ? "Bins: persons by score" : title_case(key), bins ? "score" : "", {}, {}};
    std::size_t width = 0;
    for (const Json& list : value) width = std::max(width, list.size());
    for (std::size_t i = 0; i < width; ++i) table.columns.push_back(fmt::format("{}", i + 1));
    for (const auto& [name, list] : value.items()) {
      std::vector<std::string> row{spoken(name)};
      for (const Json& cell : list) row.push_back(value_words(cell));
      row.resize(width + 1);
      table.rows.push_back(std::move(row));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::string no_rows_words(const Json& document) {
  const std::string why = member_text(document, "no_rows");
  return why.empty() ? "No rows." : "No rows: " + why + ".";
}

}  // namespace footfall::cli
