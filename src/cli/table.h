// TextTable: aligned columns on a terminal, numbers right, with bars in the space that is left.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "footfall/cli/style.h"

namespace footfall::cli {

struct TableHead {
  std::string title;      // Broken at blanks where the column is narrower.
  std::string unit = {};  // On a line of its own, dim.
  bool right = false;
  bool flexible = false;  // May be narrower than its texts, which then take up to three lines.
  bool bar = false;       // Holds bars; takes the columns that are left over.
};

struct TableCell {
  std::string text;
  Tone tone = Tone::kPlain;
  std::optional<double> share = std::nullopt;  // Of a bar column: 0..1.
  std::string below = {};                      // On a line of its own, dim; then text is one line.
};

class TextTable {
 public:
  explicit TextTable(std::vector<TableHead> heads) : heads_(std::move(heads)) {}

  /// One cell for each head.
  void add_row(std::vector<TableCell> cells);

  /// Lines of at most style.width columns, each indented by two. A table that stays too wide when
  /// its flexible columns have been narrowed goes on below, without bars. The first column is then
  /// repeated if it tells the rows apart; if not, the rows are numbered.
  std::string render(const Style& style) const;

  /// Parts that stand below each other in so many columns; 1 for a table that fits.
  std::size_t parts(std::size_t width) const;

 private:
  struct Part {
    std::vector<std::size_t> columns;
    std::vector<std::size_t> widths;  // Of all columns of the table.
  };

  std::vector<std::size_t> fit(std::size_t width) const;
  bool fits(std::size_t width) const;
  std::vector<Part> split(std::size_t width) const;
  TextTable numbered() const;
  bool first_column_is_unique() const;
  std::string render_columns(const std::vector<std::size_t>& columns,
                             const std::vector<std::size_t>& widths, const Style& style) const;
  std::string render_row(const std::vector<TableCell>& row, const std::vector<std::size_t>& columns,
                         const std::vector<std::size_t>& widths, const Style& style) const;
  std::size_t natural_width(std::size_t column) const;
  std::size_t bar_column() const;

  std::vector<TableHead> heads_;
  std::vector<std::vector<TableCell>> rows_;
};

}  // namespace footfall::cli
