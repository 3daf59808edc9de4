// Pivot: long rows {row, column, value, ...} of an answer as a rectangle, for triangles and grids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "footfall/cli/answer_document.h"

namespace footfall::cli {

struct PivotCell {
  bool present = false;
  std::optional<double> value;
  std::string text;         // The value for people.
  std::string label;        // The view's "label" column, if any.
  bool incomplete = false;  // The column "complete" is false there.
};

struct Pivot {
  std::string row_title;
  std::string column_title;                   // "month" where the column counts months.
  std::vector<std::string> row_names;         // In order of first appearance.
  std::vector<std::string> column_names;      // Numbers in rising order, else by first appearance.
  std::vector<std::string> sizes;             // The view's "size" column of each row, or empty.
  std::vector<std::vector<PivotCell>> cells;  // [row][column]
  // The ends of the shading. The first column of shares is left out of them where all of it is 1:
  // period 0 of a retention says nothing and would drown the rest.
  double least = 0;
  double most = 0;
  bool shares = false;

  /// 0..1 for shading; 0 where there is no value.
  double heat(const PivotCell& cell) const;
};

/// Nothing where the view does not name row, column and value.
std::optional<Pivot> pivot_answer(const AnswerDocument& answer);

}  // namespace footfall::cli
