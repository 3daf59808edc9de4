#include "footfall/cli/html_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "footfall/cli/answer_open.h"

namespace footfall::cli {
namespace {

std::optional<std::size_t> bar_column(const AnswerDocument& answer) {
  const std::string kind = answer.view_kind();
  if (kind == "bars" || kind == "funnel") return answer.view_column("value");
  return std::nullopt;
}

std::string table_head(const AnswerDocument& answer, std::optional<std::size_t> bars) {
  std::string head = "<thead><tr>";
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    const ShownColumn& column = answer.columns()[i];
    head += fmt::format("<th scope=\"col\"{}>{}", column.right() ? " class=\"n\"" : "",
                        escape_html(column.title()));
    const std::string unit = column.unit_shown();
    if (!unit.empty()) head += fmt::format(" <small>{}</small>", escape_html(unit));
    head += "</th>";
    if (bars == i) head += "<th class=\"b\" aria-hidden=\"true\"></th>";
  }
  return head + "</tr></thead>";
}

// Numbers stand to the right; long texts keep a width at which they can be read.
std::vector<std::string> cell_classes(const AnswerDocument& answer, std::size_t rows) {
  constexpr std::size_t kLong = 14;
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    bool long_text = false;
    for (std::size_t row = 0; row < rows; ++row) {
      long_text = long_text || answer.text(row, i).size() > kLong;
    }
    classes.emplace_back(answer.columns()[i].right() ? " class=\"n\""
                         : long_text                 ? " class=\"t\""
                                                     : "");
  }
  return classes;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  const std::string whole = safe(text);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    switch (whole[i]) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      case ' ':
        // A number and its unit stay on one line.
        escaped += i + 1 < whole.size() && whole[i + 1] == '%' ? "&nbsp;" : " ";
        break;
      default:
        escaped += whole[i];
    }
  }
  return escaped;
}

std::string heat_class(double share) {
  return fmt::format("h{}", std::lround(std::clamp(share, 0.0, 1.0) * 9));
}

std::string html_table(const AnswerDocument& answer) {
  if (answer.row_count() == 0)
    return "<p class=\"empty\">" + escape_html(no_rows_words(answer.document())) + "</p>";
  const auto bars = bar_column(answer);
  const auto interval = answer.interval_column();
  const std::size_t rows = std::min(answer.row_count(), kHtmlRowsMax);
  double most = 0;
  for (std::size_t row = 0; bars.has_value() && row < rows; ++row) {
    most = std::max(most, answer.number(row, *bars).value_or(0));
  }
  const std::vector<std::string> classes = cell_classes(answer, rows);
  std::string table = "<div class=\"scroll\"><table>" + table_head(answer, bars) + "<tbody>";
  for (std::size_t row = 0; row < rows; ++row) {
    table += "<tr>";
    for (std::size_t i = 0; i < answer.columns().size(); ++i) {
      table += fmt::format("<td{}>{}", classes[i], escape_html(answer.text(row, i)));
      if (interval == i) {
        const std::string words = answer.interval_text(row);
        if (!words.empty()) table += fmt::format(" <small>{}</small>", escape_html(words));
      }
      table += "</td>";
      if (bars == i) {
        const double value = answer.number(row, i).value_or(0);
        const double share = most > 0 ? std::max(0.0, value / most) : 0;
        table += fmt::format("<td class=\"b\"><i style=\"width:{:.1f}%\"></i></td>", share * 100);
      }
    }
    table += "</tr>";
  }
  table += "</tbody></table></div>";
  if (rows < answer.row_count()) {
    table +=
        fmt::format("<p class=\"empty\">… {}</p>",
                    counted_words(static_cast<double>(answer.row_count() - rows), "more rows"));
  }
  return table;
}

std::string html_note(const std::string& label, const std::string& text,
                      const std::string& css_class) {
  if (text.empty()) return "";
  return fmt::format("<p{}><b>{}</b> {}</p>",
                     css_class.empty() ? "" : " class=\"" + css_class + "\"", escape_html(label),
                     escape_html(text));
}

std::string html_long_note(const std::string& label, const std::string& text) {
  constexpr std::size_t kShown = 60;
  std::size_t end = std::min(text.find_first_of(".;", kShown), text.size());
  // Dots inside numbers end nothing.
  while (end < text.size() && end + 1 < text.size() && text[end + 1] != ' ') {
    end = std::min(text.find_first_of(".;", end + 1), text.size());
  }
  if (end + 1 >= text.size()) return html_note(label, text);
  return fmt::format(
      "<details class=\"rule\"><summary><b>{}</b> {} <span>…</span></summary><p>{}</p></details>",
      escape_html(label), escape_html(text.substr(0, end + 1)), escape_html(text.substr(end + 1)));
}

std::string html_open_tables(const Json& document) {
  std::string html;
  for (const OpenTable& table : open_tables(member(document, "open"))) {
    html += fmt::format("<h3>{}</h3><div class=\"scroll\"><table><thead><tr><th>{}</th>",
                        escape_html(table.title), escape_html(table.corner));
    for (const std::string& column : table.columns) {
      html += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", escape_html(column));
    }
    html += "</tr></thead><tbody>";
    for (const auto& row : table.rows) {
      html += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(row.front()));
      for (std::size_t i = 1; i < row.size(); ++i) {
        html += fmt::format("<td class=\"n\">{}</td>", escape_html(row[i]));
      }
      html += "</tr>";
    }
    html += "</tbody></table></div>";
  }
  return html;
}

std::string html_small_print(const Json& document) {
  const Json& rule = member(document, "rule");
  std::string text = html_long_note(
      "Rule", rule.is_string() ? member_text(document, "rule") : member_text(rule, "text"));
  text += html_note("Counted", counts_words(member(document, "counted")));
  text += html_note("Left out", counts_words(member(document, "left_out")));
  text += html_note("Open", open_words(member(document, "open")));
  const Json& snapshot = member(document, "snapshot");
  if (!snapshot.is_null()) text += html_note("Snapshot", snapshot_words(snapshot));
  for (const ShownWarning& warning : read_warnings(document)) {
    text += warning.harmless ? html_note("Rows", warning.text)
                             : html_note("Warning", warning.text, "warning");
  }
  return text.empty() ? "" : "<footer>" + text + "</footer>";
}

}  // namespace footfall::cli
