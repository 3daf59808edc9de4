#include "footfall/cli/html_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "footfall/cli/html_text.h"
#include "footfall/cli/pivot.h"

namespace footfall::cli {
namespace {

// Numbers of an axis: "150k", "1.5M".
std::string axis_words(double value) {
  const double size = std::fabs(value);
  if (size >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (size >= 1e3) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:g}", value);
}

struct Plot {
  double width = 720;
  double height = 250;
  double left = 48;
  double right = 8;
  double top = 14;
  double bottom = 26;
  std::size_t labels_max = 9;

  double inner_width() const { return width - left - right; }
  double y(double value, const AxisScale& scale) const {
    const double share = (value - scale.low) / (scale.high - scale.low);
    return top + (1 - share) * (height - top - bottom);
  }
};

std::string axes(const Plot& plot, const AxisScale& scale) {
  std::string svg;
  const auto first = static_cast<int>(std::ceil(scale.low / scale.step - 1e-9));
  const auto last = static_cast<int>(std::floor(scale.high / scale.step + 1e-9));
  for (int i = first; i <= last; ++i) {
    const double value = i * scale.step;
    const double y = plot.y(value, scale);
    svg +=
        fmt::format("<line class=\"{}\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                    i == 0 ? "zero" : "grid", plot.left, plot.width - plot.right, y, y);
    svg +=
        fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                    plot.left - 7, y + 4, axis_words(value));
  }
  return svg;
}

// Columns for the first y, a line for the second.
std::string series_svg(const AnswerDocument& answer, std::size_t x,
                       const std::vector<std::size_t>& ys, const Plot& plot,
                       const std::string& css_class) {
  double least = 0;
  double most = 0;
  const std::size_t rows = answer.row_count();
  for (const std::size_t y : ys) {
    for (std::size_t row = 0; row < rows; ++row) {
      least = std::min(least, answer.number(row, y).value_or(0));
      most = std::max(most, answer.number(row, y).value_or(0));
    }
  }
  const AxisScale scale = axis_scale(least, most, 5);
  const Json& open = member(member(answer.document(), "open"), "incomplete_period");
  std::string svg = fmt::format(
      "<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", css_class,
      plot.width, plot.height,
      escape_html(answer.columns()[ys[0]].title() + " by " + answer.columns()[x].title()));
  svg += axes(plot, scale);
  const double slot = plot.inner_width() / static_cast<double>(rows);
  const double column = std::max(1.0, std::min(slot * 0.72, 44.0));
  const std::size_t every = (rows + plot.labels_max - 1) / plot.labels_max;
  std::string line;
  for (std::size_t row = 0; row < rows; ++row) {
    const double center = plot.left + slot * (static_cast<double>(row) + 0.5);
    std::string title = answer.text(row, x);
    for (const std::size_t y : ys) {
      title += fmt::format("\n{} {} {}", answer.columns()[y].title(), answer.text(row, y),
                           answer.columns()[y].unit_shown());
    }
    const double value = answer.number(row, ys[0]).value_or(0);
    const double from = plot.y(std::max(value, 0.0), scale);
    const double to = plot.y(std::min(value, 0.0), scale);
    svg += fmt::format(
        "<rect class=\"first{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\" rx=\"1.5\"><title>{}</title></rect>",
        answer.cell(row, x) == open ? " open" : "", center - column / 2, from, column,
        std::max(to - from, 0.5), escape_html(title));
    if (ys.size() > 1 && answer.number(row, ys[1]).has_value()) {
      line += fmt::format("{:.1f},{:.1f} ", center, plot.y(*answer.number(row, ys[1]), scale));
    }
    if (row % every == 0) {
      svg += fmt::format(
          "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" "
          "text-anchor=\"middle\">{}</text>",
          std::max(center, plot.left + 14), plot.height - 8, escape_html(answer.text(row, x)));
    }
  }
  if (!line.empty()) svg += fmt::format("<polyline class=\"second\" points=\"{}\"/>", line);
  return svg + "</svg>";
}

std::string html_series(const AnswerDocument& answer, std::size_t x,
                        const std::vector<std::size_t>& all) {
  // One axis holds one unit: orders are not drawn against pounds.
  std::vector<std::size_t> ys;
  for (const std::size_t y : all) {
    const ShownColumn& first = answer.columns()[all.front()];
    const ShownColumn& column = answer.columns()[y];
    const bool same = column.type == first.type && column.unit_shown() == first.unit_shown();
    if (same && ys.size() < 2) ys.push_back(y);
  }
  std::string html = "<p class=\"legend\">";
  for (std::size_t i = 0; i < ys.size(); ++i) {
    const ShownColumn& column = answer.columns()[ys[i]];
    const std::string unit = column.unit_shown();
    html += fmt::format("<span class=\"{}\">{}{}</span>", i == 0 ? "first" : "second",
                        escape_html(column.title()), unit.empty() ? "" : ", " + escape_html(unit));
  }
  if (!member(member(answer.document(), "open"), "incomplete_period").is_null()) {
    html += "<span class=\"open\">not yet complete</span>";
  }
  html += "</p>";
  html += series_svg(answer, x, ys, {1140, 280, 48, 8, 14, 26, 13}, "chart wide");
  html += series_svg(answer, x, ys, {640, 260, 48, 8, 14, 26, 7}, "chart medium");
  html += series_svg(answer, x, ys, {340, 220, 40, 4, 12, 24, 3}, "chart narrow");
  return html + "<details><summary>All numbers</summary>" + html_table(answer) + "</details>";
}

std::string html_triangle(const Pivot& pivot) {
  std::string html = fmt::format(
      "<div class=\"scroll\"><table class=\"triangle\"><thead><tr><th scope=\"col\">{}</th>",
      escape_html(title_case(pivot.row_title)));
  if (!pivot.sizes.empty()) html += "<th scope=\"col\" class=\"n\">Size</th>";
  for (const auto& name : pivot.column_names) {
    html += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", escape_html(name));
  }
  html += "</tr></thead><tbody>";
  bool incomplete = false;
  for (std::size_t row = 0; row < pivot.row_names.size() && row < kHtmlRowsMax; ++row) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(pivot.row_names[row]));
    if (!pivot.sizes.empty()) {
      html += fmt::format("<td class=\"n\">{}</td>", escape_html(pivot.sizes[row]));
    }
    for (std::size_t i = 0; i < pivot.column_names.size(); ++i) {
      const PivotCell& cell = pivot.cells[row][i];
      if (!cell.present) {
        html += "<td></td>";
        continue;
      }
      std::string words = cell.text;
      if (pivot.shares && cell.value.has_value()) {
        words = fmt::format("{:.{}f}", *cell.value * 100, *cell.value >= 0.9995 ? 0 : 1);
      }
      incomplete = incomplete || cell.incomplete;
      html += fmt::format(
          "<td class=\"c {}{}\" title=\"{}\">{}</td>", heat_class(pivot.heat(cell)),
          cell.incomplete ? " open" : "",
          escape_html(fmt::format("{} {}, {} {}: {}", pivot.row_title, pivot.row_names[row],
                                  pivot.column_title, pivot.column_names[i], cell.text)),
          escape_html(words));
    }
    html += "</tr>";
  }
  html += "</tbody></table></div><p class=\"key\">";
  html += fmt::format("Columns: {}.", escape_html(pivot.column_title));
  if (pivot.shares) html += " Cells in % of the row's size.";
  if (incomplete) html += " Hatched cells are not yet complete.";
  return html + "</p>";
}

std::string html_grid(const AnswerDocument& answer, const Pivot& pivot) {
  const ShownColumn& values = answer.columns()[*answer.view_column("value")];
  std::string html = "<table class=\"grid\"><thead><tr><th></th>";
  for (const auto& name : pivot.column_names) {
    html += fmt::format("<th scope=\"col\">{}</th>", escape_html(name));
  }
  html += "</tr></thead><tbody>";
  for (std::size_t row = 0; row < pivot.row_names.size(); ++row) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(pivot.row_names[row]));
    for (const PivotCell& cell : pivot.cells[row]) {
      if (!cell.present) {
        html += "<td></td>";
        continue;
      }
      html += fmt::format("<td class=\"{}\"><span>{}</span><b>{}</b></td>",
                          heat_class(pivot.heat(cell)), escape_html(cell.label),
                          escape_html(cell.text));
    }
    html += "</tr>";
  }
  return html +
         fmt::format("</tbody></table><p class=\"key\">Down: {}. Across: {}. Numbers: {}.</p>",
                     escape_html(pivot.row_title), escape_html(pivot.column_title),
                     escape_html(values.title()));
}

// One line: the interval as a band, the value as a dot, 0 as a stroke where it is not an end.
std::string interval_svg(const MetricFigure& figure, std::pair<double, double> scale,
                         bool baseline) {
  const double span = scale.second - scale.first;
  const auto x = [&](double value) {
    return span > 0 ? 4 + 192 * (value - scale.first) / span : 4.0;
  };
  std::string svg = fmt::format(
      "<svg class=\"interval{}\" viewBox=\"0 0 200 16\" aria-hidden=\"true\">"
      "<line class=\"grid\" x1=\"4\" x2=\"196\" y1=\"8\" y2=\"8\"/>",
      baseline ? " base" : "");
  if (scale.first < 0) {
    svg += fmt::format("<path class=\"zero\" d=\"M{:.1f} 0V16\"/>", x(0));
  }
  if (figure.low.has_value() && figure.high.has_value()) {
    const double low = x(*figure.low);
    const double high = x(*figure.high);
    svg += fmt::format("<path class=\"band\" d=\"M{:.1f} 8H{:.1f}M{:.1f} 4V12M{:.1f} 4V12\"/>", low,
                       high, low, high);
  }
  return svg + fmt::format("<circle cx=\"{:.1f}\" cy=\"8\" r=\"3.6\"/></svg>", x(figure.value));
}

std::string figure_row(const FigureTable& table, const FigureRow& row) {
  std::string html =
      fmt::format("<tr{}><th scope=\"row\">{}{}</th>", row.baseline ? " class=\"base\"" : "",
                  escape_html(row.model), row.published ? " <small>published</small>" : "");
  for (const auto& figure : row.figures) {
    html += "<td class=\"n\">";
    if (figure.has_value()) {
      html += figure_words(*figure, table.difference);
      const std::string interval = interval_words(*figure, table.difference ? " to " : "–");
      if (!interval.empty()) html += " <small>" + interval + "</small>";
    } else {
      html += "–";
    }
    html += "</td>";
  }
  const auto& drawn = row.figures[table.drawn_metric()];
  return html + "<td class=\"iv\">" +
         (drawn.has_value() ? interval_svg(*drawn, table.drawn_scale(), row.baseline) : "") +
         "</td></tr>";
}

}  // namespace

AxisScale axis_scale(double least, double most, int steps_max) {
  const double low = std::min(least, 0.0);
  const double high = std::max(most, 0.0);
  if (!(high > low)) return {0, 1, 1};
  const double decade = std::pow(10.0, std::floor(std::log10((high - low) / steps_max)));
  for (const double round : {1.0, 2.0, 2.5, 5.0, 10.0, 20.0}) {
    const double step = decade * round;
    const double top = std::ceil(high / step) * step;
    if (std::floor((top - low) / step) <= steps_max) return {low, top > low ? top : high, step};
  }
  return {low, high, high - low};
}

std::string html_answer(const AnswerDocument& answer) {
  const std::string kind = answer.view_kind();
  if (kind == "series" && answer.row_count() > 0) {
    const auto x = answer.view_column("x");
    const auto ys = answer.view_columns("y");
    if (x.has_value() && !ys.empty()) return html_series(answer, *x, ys);
  }
  if ((kind == "triangle" || kind == "grid") && answer.row_count() > 0) {
    if (const auto pivot = pivot_answer(answer)) {
      return kind == "grid" ? html_grid(answer, *pivot) : html_triangle(*pivot);
    }
  }
  return html_table(answer);
}

std::string html_figures(const AnswerDocument& answer) {
  if (answer.row_count() == 0) return "";
  std::string html = "<dl class=\"figures\">";
  const auto interval = answer.interval_column();
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    const ShownColumn& column = answer.columns()[i];
    std::string value = answer.text(0, i);
    // A key figure is read at a glance: no pennies.
    if (column.type == "money" && answer.number(0, i).value_or(0) >= 10'000) {
      value = grouped(*answer.number(0, i), 0);
    }
    const std::string unit = column.unit_shown();
    html += fmt::format("<div><dt>{}{}</dt><dd>{}</dd>", escape_html(title_case(column.name)),
                        unit.empty() ? "" : ", " + escape_html(unit), escape_html(value));
    if (interval == i) {
      html += fmt::format("<dd class=\"ci\">{}</dd>", escape_html(answer.interval_text(0)));
    }
    html += "</div>";
  }
  return html + "</dl>";
}

std::string html_figure_table(const FigureTable& table) {
  std::string html = fmt::format(
      "<div><h3>{}</h3><div class=\"scroll\"><table class=\"metrics\"><thead><tr>"
      "<th scope=\"col\">Model</th>",
      escape_html(table.title));
  for (const std::string& metric : table.metrics) {
    html += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", escape_html(metric));
  }
  html += fmt::format("<th class=\"iv\">{}{}</th></tr></thead><tbody>",
                      escape_html(table.metrics[table.drawn_metric()]),
                      table.difference ? "" : " from 0");
  for (const FigureRow& row : table.rows) html += figure_row(table, row);
  return html + "</tbody></table></div></div>";
}

}  // namespace footfall::cli
