#include "footfall/events/column_choice.h"

#include <algorithm>
#include <cstdint>

#include "footfall/events/field_names.h"

namespace footfall::events {
namespace {

// How far the cells bear out what the name says.
double evidence(const ColumnFacts& facts, std::string_view field) {
  if (facts.present == 0) return 0.9;
  const auto share = [](double part) { return 0.2 + 0.8 * part; };
  if (field == "time") return share(facts.times);
  if (field == "price" || field == "quantity" || field == "rating" || field == "line" ||
      field == "value" || field == "refunded" || field == "stock_level" ||
      field == "stock_change" || field == "new_price") {
    return share(facts.numbers);
  }
  if (field == "event") return 0.6 + 0.4 * facts.event_words;
  return 1.0;
}

constexpr std::uint64_t kRareCells = 10;  // Fewer than one in so many of another column's.

}  // namespace

Choices choose_by_name(const Facts& facts) {
  struct Candidate {
    double confidence;
    std::size_t name;
    std::size_t column;
  };
  const auto names = field_names();
  std::vector<Candidate> candidates;
  for (std::size_t column = 0; column < facts.size(); ++column) {
    for (std::size_t name = 0; name < names.size(); ++name) {
      if (facts[column].squeezed != names[name].squeezed) continue;
      const double sure = names[name].confidence * evidence(facts[column], names[name].field);
      candidates.push_back({sure, name, column});
    }
  }
  // The one odd row of a JSON file that has "user.id" beside a thousand with "user" names nobody's
  // column.
  std::map<std::string_view, std::uint64_t> most;
  for (const Candidate& candidate : candidates) {
    std::uint64_t& present = most[names[candidate.name].field];
    present = std::max(present, facts[candidate.column].present);
  }
  for (Candidate& candidate : candidates) {
    const std::uint64_t present = facts[candidate.column].present;
    if (present * kRareCells < most[names[candidate.name].field]) candidate.confidence *= 0.5;
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.confidence != b.confidence) return a.confidence > b.confidence;
    return a.name != b.name ? a.name < b.name : a.column < b.column;
  });
  Choices choices;
  std::vector<bool> used(facts.size());
  for (const Candidate& candidate : candidates) {
    const std::string field(names[candidate.name].field);
    if (used[candidate.column] || choices.contains(field)) continue;
    used[candidate.column] = true;
    choices[field] = {facts[candidate.column].name, candidate.confidence};
  }
  return choices;
}

bool is_used(const Choices& choices, const std::string& column) {
  return std::any_of(choices.begin(), choices.end(),
                     [&](const auto& entry) { return entry.second.column == column; });
}

void choose_by_cells(const Facts& facts, Choices& choices) {
  constexpr double kNearlyAll = 0.9;
  for (const ColumnFacts& column : facts) {
    if (column.present == 0 || is_used(choices, column.name)) continue;
    if (!choices.contains("time") && column.written_times >= kNearlyAll) {
      choices["time"] = {column.name, 0.6 * column.written_times};
    } else if (!choices.contains("event") && !choices.contains("order") &&
               column.event_words >= kNearlyAll) {
      choices["event"] = {column.name, 0.6 * column.event_words};
    }
  }
}

bool has_columns(const Facts& facts, std::initializer_list<std::string_view> names) {
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
    return std::any_of(facts.begin(), facts.end(),
                       [&](const ColumnFacts& column) { return column.squeezed == name; });
  });
}

void use(const Facts& facts, Choices& choices, std::string_view field, std::string_view squeezed) {
  for (const ColumnFacts& column : facts) {
    if (column.squeezed != squeezed) continue;
    std::erase_if(choices, [&](const auto& entry) { return entry.second.column == column.name; });
    choices[std::string(field)] = {column.name, 1.0};
  }
}

}  // namespace footfall::events
