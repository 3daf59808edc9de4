// Column choice: the best column of a file for each field, by its name and what its cells hold.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/events/column_facts.h"

namespace footfall::events {

using Facts = std::vector<ColumnFacts>;

struct Choice {
  std::string column;
  double confidence = 0;  // 0 .. 1
};
using Choices = std::map<std::string, Choice, std::less<>>;  // By field.

/// The best column for each field; a column serves one field, the surer one first.
Choices choose_by_name(const Facts& facts);

/// Adds times and behaviour words, which are told by their cells even under a name nobody knows.
void choose_by_cells(const Facts& facts, Choices& choices);

bool is_used(const Choices& choices, const std::string& column);
bool has_columns(const Facts& facts, std::initializer_list<std::string_view> squeezed);

/// Gives the column of this squeezed name to the field, and to no other.
void use(const Facts& facts, Choices& choices, std::string_view field, std::string_view squeezed);

}  // namespace footfall::events
