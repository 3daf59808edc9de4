#include "footfall/cli/render_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/cli/answer_open.h"
#include "footfall/cli/pivot.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

// Column whose values are drawn as bars: named by the view, or nothing.
std::optional<std::size_t> bar_value_column(const AnswerDocument& answer) {
  const std::string kind = answer.view_kind();
  if (kind == "bars" || kind == "funnel") return answer.view_column("value");
  if (kind == "series") return answer.view_column("y");
  return std::nullopt;
}

std::size_t rows_shown(std::size_t rows, const Style& style) {
  return style.full ? rows : std::min(rows, kRowsShownMax);
}

// A line that counts the rows which are not shown, or "".
std::string more_rows(std::size_t rows, const Style& style) {
  const std::size_t shown = rows_shown(rows, style);
  if (shown == rows) return "";
  const std::string words =
      fmt::format("… {}; --full, --csv or --json give all, --limit fewer",
                  counted_words(static_cast<double>(rows - shown), "more rows"));
  return style.paint("  " + wrap(words, style.width, 2, 2), Tone::kDim) + "\n";
}

double largest(const AnswerDocument& answer, std::size_t column, std::size_t rows) {
  double most = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    most = std::max(most, answer.number(i, column).value_or(0));
  }
  return most;
}

TextTable table_of(const AnswerDocument& answer, const std::vector<std::size_t>& columns,
                   std::size_t rows) {
  const auto bars = bar_value_column(answer);
  const auto interval = answer.interval_column();
  std::vector<TableHead> heads;
  for (const std::size_t i : columns) {
    const ShownColumn& column = answer.columns()[i];
    heads.push_back({column.title(), column.unit_shown(), column.right(), column.type == "text"});
    if (interval == i) heads.push_back({"95 %", "", true});
  }
  if (bars.has_value()) {
    heads.push_back({answer.columns()[*bars].title(), "", false, false, true});
  }
  const double most = bars.has_value() ? largest(answer, *bars, rows) : 0;
  TextTable table(std::move(heads));
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<TableCell> cells;
    for (const std::size_t i : columns) {
      const bool empty = answer.cell(row, i).is_null();
      cells.push_back({answer.text(row, i), empty ? Tone::kDim : Tone::kPlain});
      if (interval == i) cells.push_back({answer.interval_text(row), Tone::kDim});
    }
    if (bars.has_value()) {
      const double value = answer.number(row, *bars).value_or(0);
      cells.push_back({"", Tone::kAccent, most > 0 ? value / most : 0});
    }
    table.add_row(std::move(cells));
  }
  return table;
}

// All columns, or without some that the view names as "more" where the table then has fewer parts.
std::vector<std::size_t> table_columns(const AnswerDocument& answer, std::size_t rows,
                                       const Style& style) {
  const std::vector<std::size_t> more = answer.view_columns("more");
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < answer.columns().size(); ++i) all.push_back(i);
  if (style.full || more.empty()) return all;
  const auto parts = [&](const std::vector<std::size_t>& columns) {
    return table_of(answer, columns, rows).parts(style.width);
  };
  std::vector<std::size_t> shown = all;
  for (const std::size_t column : more) std::erase(shown, column);
  const std::size_t least = parts(shown);
  if (least == parts(all)) return all;
  for (const std::size_t column : more) {
    std::vector<std::size_t> with = shown;
    with.insert(std::upper_bound(with.begin(), with.end(), column), column);
    if (parts(with) == least) shown = std::move(with);
  }
  return shown;
}

std::string render_table(const AnswerDocument& answer, const Style& style) {
  const std::size_t rows = rows_shown(answer.row_count(), style);
  const std::vector<std::size_t> columns = table_columns(answer, rows, style);
  std::string text = table_of(answer, columns, rows).render(style);
  std::vector<std::string> left_out;
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    const bool shown = std::find(columns.begin(), columns.end(), i) != columns.end();
    if (!shown) left_out.push_back(answer.columns()[i].title());
  }
  if (!left_out.empty()) {
    const std::string words = fmt::format("… also {}: --full shows all", fmt::join(left_out, ", "));
    text += style.paint("  " + wrap(words, style.width, 2, 2), Tone::kDim) + "\n";
  }
  return text + more_rows(answer.row_count(), style);
}

// A step over two lines: its bar, and below it, dim, the columns that are neither name nor number.
std::string render_funnel(const AnswerDocument& answer, std::size_t label, std::size_t value,
                          const Style& style) {
  const auto share = answer.interval_column();
  const std::size_t rows = rows_shown(answer.row_count(), style);
  std::size_t label_width = 0;
  std::size_t value_width = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    label_width = std::max(label_width, base::display_width(answer.text(row, label)));
    value_width = std::max(value_width, base::display_width(answer.text(row, value)));
  }
  constexpr std::size_t kFiguresWidth = 27;  // "  100.0 %  (100.0–100.0 %)"
  label_width = std::min<std::size_t>(label_width, 24);
  const std::size_t used = 6 + label_width + 2 + value_width + 2 + kFiguresWidth;
  const std::size_t bar_width = style.width > used + 4 ? style.width - used : 4;
  const double most = largest(answer, value, rows);
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    const double part = most > 0 ? answer.number(row, value).value_or(0) / most : 0;
    const std::string name = pad(base::shorten(answer.text(row, label), label_width), label_width);
    text += fmt::format("  {:>2}  {}  {}  {}", row + 1, style.paint(name, Tone::kStrong),
                        pad(answer.text(row, value), value_width, true),
                        style.paint(bar(part, bar_width), Tone::kAccent));
    if (share.has_value()) {
      text += "  " + pad(answer.text(row, *share), 7, true);
      const std::string interval = answer.interval_text(row);
      if (row > 0 && !interval.empty()) text += style.paint("  (" + interval + ")", Tone::kDim);
    }
    text += "\n";
    std::vector<std::string> more;
    for (std::size_t i = 0; i < answer.columns().size(); ++i) {
      const std::string& column = answer.columns()[i].name;
      if (i == label || i == value || share == i || column == "step") continue;
      if (row > 0 && !answer.cell(row, i).is_null()) {
        more.push_back(spoken(column) + " " + answer.text(row, i));
      }
    }
    const std::string below = fmt::format("{}", fmt::join(more, " · "));
    if (!below.empty()) {
      text += style.paint("      " + wrap(below, style.width, 6, 6), Tone::kDim) + "\n";
    }
  }
  return text;
}

// One row reads best from top to bottom.
std::string render_record(const AnswerDocument& answer, const Style& style) {
  const auto interval = answer.interval_column();
  TextTable table({{""}, {"", "", true}, {""}});
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    std::string behind = answer.columns()[i].unit_shown();
    if (interval == i) behind += (behind.empty() ? "" : "  ") + answer.interval_text(0);
    table.add_row({{answer.columns()[i].title(), Tone::kDim},
                   {answer.text(0, i), Tone::kStrong},
                   {behind, Tone::kDim}});
  }
  const std::string text = table.render(style);
  return text.substr(text.find('\n') + 1);  // Without its empty headline.
}

// A share in at most `width` columns: "36.6 %", "36.6", "37".
std::string cell_words(const Pivot& pivot, const PivotCell& cell, std::size_t width) {
  if (!cell.present) return "";
  if (!cell.value.has_value()) return "–";
  if (!pivot.shares) return cell.text;
  const double percent = *cell.value * 100;
  std::string text = fmt::format("{:.1f}", percent);
  if (text.size() > width || percent >= 99.95) text = fmt::format("{:.0f}", percent);
  return text;
}

struct TriangleLayout {
  std::size_t label = 0;
  std::size_t size = 0;
  std::size_t cell = 0;     // Columns of one cell, its mark included.
  std::size_t columns = 0;  // Of the pivot, that fit.
};

TriangleLayout triangle_layout(const Pivot& pivot, const std::string& label, const Style& style) {
  TriangleLayout layout;
  layout.label = base::display_width(label);
  for (const auto& name : pivot.row_names) {
    layout.label = std::max(layout.label, std::min<std::size_t>(base::display_width(name), 20));
  }
  for (const auto& size : pivot.sizes) {
    layout.size = std::max({layout.size, base::display_width(size), std::size_t{4}});
  }
  std::size_t widest = 3;
  for (const auto& row : pivot.cells) {
    for (const auto& cell : row) {
      widest = std::max(widest, base::display_width(cell_words(pivot, cell, 4)));
    }
  }
  for (const auto& name : pivot.column_names) {
    widest = std::max(widest, std::min<std::size_t>(base::display_width(name), 10));
  }
  const std::size_t used = 2 + layout.label + (layout.size > 0 ? 2 + layout.size : 0) + 2;
  const std::size_t room = style.width > used ? style.width - used : 0;
  const std::size_t mark = style.color ? 2 : 3;  // A blank either side, or a blank and a shade.
  layout.cell = widest + mark;
  if (pivot.shares && layout.cell * pivot.column_names.size() > room) {
    layout.cell = std::max<std::size_t>(3, std::min<std::size_t>(widest, 3)) + mark - 1;
  }
  layout.columns =
      std::min(pivot.column_names.size(), std::max<std::size_t>(room / layout.cell, 1));
  return layout;
}

std::string triangle_cell(const Pivot& pivot, const PivotCell& cell, const TriangleLayout& layout,
                          const Style& style) {
  if (!cell.present) return std::string(layout.cell, ' ');
  const double heat = pivot.heat(cell);
  const std::string mark = cell.incomplete ? "*" : " ";
  if (style.color) {
    const std::string words = cell_words(pivot, cell, layout.cell - 2) + mark;
    return style.heat(pad(words, layout.cell, true), heat);
  }
  const std::string shaded = cell.incomplete ? "*" : std::string(shade(heat));
  return pad(cell_words(pivot, cell, layout.cell - 2) + shaded, layout.cell, true);
}

std::string render_triangle(const Pivot& pivot, const Style& style) {
  const std::string& row_title = pivot.row_title;
  const std::string& column_title = pivot.column_title;
  const TriangleLayout layout = triangle_layout(pivot, row_title, style);
  std::string text = "  " + std::string(layout.label, ' ');
  if (layout.size > 0) text += "  " + std::string(layout.size, ' ');
  text += "  " + style.paint(" " + column_title, Tone::kDim) + "\n";

  text += "  " + style.paint(pad(row_title, layout.label), Tone::kStrong);
  if (layout.size > 0) text += "  " + style.paint(pad("size", layout.size, true), Tone::kStrong);
  text += "  ";
  for (std::size_t i = 0; i < layout.columns; ++i) {
    const std::string name = base::shorten(pivot.column_names[i], layout.cell - 1);
    text += style.paint(pad(name, layout.cell - 1, true), Tone::kStrong) + " ";
  }
  while (text.ends_with(' ')) text.pop_back();
  text += "\n";
  bool incomplete = false;
  const std::size_t rows = rows_shown(pivot.row_names.size(), style);
  for (std::size_t row = 0; row < rows; ++row) {
    text += "  " + pad(base::shorten(pivot.row_names[row], layout.label), layout.label);
    if (layout.size > 0) text += "  " + pad(pivot.sizes[row], layout.size, true);
    text += "  ";
    for (std::size_t i = 0; i < layout.columns; ++i) {
      incomplete = incomplete || pivot.cells[row][i].incomplete;
      text += triangle_cell(pivot, pivot.cells[row][i], layout, style);
    }
    while (text.ends_with(' ')) text.pop_back();
    text += "\n";
  }
  std::string below = pivot.shares ? "  in % of the row's size" : "";
  if (incomplete) below += below.empty() ? "  * not yet complete" : "; * not yet complete";
  if (!below.empty()) text += style.paint(below, Tone::kDim) + "\n";
  text += more_rows(pivot.row_names.size(), style);
  if (layout.columns < pivot.column_names.size()) {
    const std::size_t hidden = pivot.column_names.size() - layout.columns;
    const std::string more = fmt::format("… {}; a wider terminal or --csv shows {}",
                                         counted_words(static_cast<double>(hidden), "more columns"),
                                         hidden == 1 ? "it" : "them");
    text += style.paint("  " + wrap(more, style.width, 2, 2), Tone::kDim) + "\n";
  }
  return text;
}

// The lines of one cell of a grid: its name over up to two lines, then its value.
std::vector<std::string> grid_lines(const Pivot& pivot, const PivotCell& cell, std::size_t width,
                                    std::size_t name_lines, const Style& style) {
  std::vector<std::string> lines(name_lines + 1);
  if (!cell.present) return lines;
  const std::string wrapped = wrap(cell.label, width, 0);
  const std::size_t split = wrapped.find('\n');
  lines[0] = base::shorten(wrapped.substr(0, split), width);
  if (split != std::string::npos && name_lines > 1) {
    std::string rest = wrapped.substr(split + 1);
    std::replace(rest.begin(), rest.end(), '\n', ' ');
    lines[1] = base::shorten(rest, width);
  }
  lines[name_lines] = cell.text;
  if (!style.color) lines[name_lines] += " " + std::string(shade(pivot.heat(cell)));
  return lines;
}

std::string render_grid(const Pivot& pivot, const Style& style) {
  const std::string& row_title = pivot.row_title;
  const std::string& column_title = pivot.column_title;
  std::size_t label = base::display_width(row_title);
  for (const auto& name : pivot.row_names) label = std::max(label, base::display_width(name));
  const std::size_t count = std::max<std::size_t>(pivot.column_names.size(), 1);
  const std::size_t room = style.width > label + 4 ? style.width - label - 4 : 0;
  const std::size_t width = std::clamp<std::size_t>(room / count, 8, 24);  // With a blank behind.
  std::string text = "  " + std::string(label, ' ') + "   " + style.paint(column_title, Tone::kDim);
  text += "\n  " + style.paint(pad(row_title, label), Tone::kStrong) + "  ";
  for (const auto& name : pivot.column_names) {
    text += style.paint(pad(" " + base::shorten(name, width - 2), width), Tone::kStrong);
  }
  while (text.ends_with(' ')) text.pop_back();
  text += "\n";
  for (std::size_t row = 0; row < pivot.row_names.size(); ++row) {
    std::size_t name_lines = 1;
    for (const PivotCell& cell : pivot.cells[row]) {
      if (base::display_width(cell.label) + 2 > width) name_lines = 2;
    }
    std::vector<std::string> lines(name_lines + 1, "  " + std::string(label, ' ') + "  ");
    lines[0] = "  " + pad(pivot.row_names[row], label, true) + "  ";
    for (const PivotCell& cell : pivot.cells[row]) {
      const auto parts = grid_lines(pivot, cell, width - 2, name_lines, style);
      for (std::size_t k = 0; k < lines.size(); ++k) {
        const std::string padded = pad(" " + parts[k], width - 1);
        lines[k] += (cell.present ? style.heat(padded, pivot.heat(cell)) : padded) + " ";
      }
    }
    for (std::string& line : lines) {
      while (line.ends_with(' ')) line.pop_back();
      text += line + "\n";
    }
    if (!style.color && row + 1 < pivot.row_names.size()) text += "\n";
  }
  return text;
}

}  // namespace

std::string render_rows(const AnswerDocument& answer, const Style& style) {
  if (answer.row_count() == 0) {
    return style.paint("  " + wrap(no_rows_words(answer.document()), style.width, 2, 2),
                       Tone::kDim) +
           "\n";
  }
  const std::string kind = answer.view_kind();
  if (kind == "triangle" || kind == "grid") {
    if (const auto pivot = pivot_answer(answer)) {
      return kind == "grid" ? render_grid(*pivot, style) : render_triangle(*pivot, style);
    }
  }
  const auto label = answer.view_column("label");
  const auto value = answer.view_column("value");
  if (kind == "funnel" && label && value) return render_funnel(answer, *label, *value, style);
  constexpr std::size_t kRecordColumnsMin = 4;
  if (answer.row_count() == 1 && answer.columns().size() >= kRecordColumnsMin) {
    return render_record(answer, style);
  }
  return render_table(answer, style);
}

}  // namespace footfall::cli
