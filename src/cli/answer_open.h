// The "open" member of an answer, for people: what is not yet settled, and counts beside the rows.
#pragma once

#include <string>
#include <vector>

#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

/// "incomplete cells 9 · naive 30.3 %": all members but those that are tables. Fractions are rates
/// and read as per cent.
std::string open_words(const Json& open);

/// A member that holds lists of counts by name, {"bins": {"recency": [668, 677], ...}}: a row a
/// name, a column a place in the lists.
struct OpenTable {
  std::string title;
  std::string corner;                          // What the rows are.
  std::vector<std::string> columns;            // "1", "2", ...
  std::vector<std::vector<std::string>> rows;  // Each the name, then a cell a column.
};
std::vector<OpenTable> open_tables(const Json& open);

/// "No rows: the query gave no rows."
std::string no_rows_words(const Json& document);

}  // namespace footfall::cli
