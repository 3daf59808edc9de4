#include "footfall/cli/render_answer.h"

#include <fmt/format.h>

#include "footfall/base/words.h"
#include "footfall/cli/answer_open.h"
#include "footfall/cli/render_views.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

constexpr std::size_t kLabelWidth = 10;
// The scope of a question takes two lines, and then what is counted is still to be said.
constexpr std::size_t kFoldedLines = 5;

std::string csv_field(const Json& cell) {
  if (cell.is_null()) return "";
  const std::string text = cell.is_string() ? cell.get<std::string>() : engine::dump(cell);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string read_words(const Json& read) {
  std::vector<std::string> parts;
  const std::string unit = member_text(read, "unit");
  for (const char* key : {"units", "events", "days"}) {
    const Json& count = member(read, key);
    if (!count.is_number() || count.get<double>() == 0) continue;
    const bool named = key == std::string_view("units") && !unit.empty();
    parts.push_back(counted_words(count.get<double>(), named ? unit : key));
  }
  return parts.empty() ? "" : fmt::format(" · read {}", fmt::join(parts, ", "));
}

std::string render_open_tables(const Json& open, const Style& style) {
  std::string text;
  for (const OpenTable& open_table : open_tables(open)) {
    std::vector<TableHead> heads{{open_table.corner}};
    for (const std::string& column : open_table.columns) heads.push_back({column, "", true});
    TextTable table(std::move(heads));
    for (const auto& row : open_table.rows) {
      std::vector<TableCell> cells;
      for (const std::string& cell : row) cells.push_back({cell});
      table.add_row(std::move(cells));
    }
    text += section_heading(open_table.title, style) + table.render(style);
  }
  return text;
}

// What was asked, in words. A query stands in its rule already.
std::string asked_words(const Json& document, Json request) {
  if (request.is_object() && member_text(document, "question") == "sql") request.erase("query");
  return request_words(request);
}

}  // namespace

std::string headline(const std::string& title, const std::string& words, const Style& style) {
  std::string text = style.paint(title, Tone::kStrong);
  if (words.empty()) return text + "\n";
  const std::size_t used = base::display_width(title);
  const std::string behind = "  " + words;
  if (used + base::display_width(behind) <= style.width) {
    return text + style.paint(behind, Tone::kDim) + "\n";
  }
  return text + "\n" + style.paint("  " + wrap(words, style.width, 2, 2), Tone::kDim) + "\n";
}

std::string section_heading(const std::string& title, const Style& style) {
  return "\n" + style.paint("  " + title, Tone::kStrong) + "\n";
}

std::string note(const std::string& label, const std::string& text, const Style& style, Tone tone) {
  if (text.empty()) return "";
  const std::string wrapped = wrap(text, style.width, 2 + kLabelWidth, 2 + kLabelWidth);
  return style.paint("  " + pad(label, kLabelWidth) + wrapped, tone) + "\n";
}

std::string long_note(const std::string& label, const std::string& text, const Style& style) {
  if (style.full || text.empty()) return note(label, text, style);
  const std::string folded = fold(text, style.width, 2 + kLabelWidth, kFoldedLines);
  return style.paint("  " + pad(label, kLabelWidth) + folded, Tone::kDim) + "\n";
}

std::string warning_notes(const Json& document, const Style& style) {
  std::string text;
  for (const ShownWarning& warning : read_warnings(document)) {
    text += warning.harmless ? note("Rows", warning.text, style)
                             : note("Warning", warning.text, style, Tone::kBad);
  }
  return text;
}

base::Result<std::string> render_answer(const Json& document, const Json& request,
                                        const Style& style) {
  FOOTFALL_TRY(const AnswerDocument answer, AnswerDocument::read(document));
  const std::string question = member_text(document, "question");
  std::string text = headline(question.empty() ? "Answer" : title_case(question),
                              asked_words(document, request), style);
  text += "\n" + render_rows(answer, style);
  const Json& open = member(document, "open");
  text += render_open_tables(open, style) + "\n";
  const Json& rule = member(document, "rule");
  text += long_note(
      "Rule", rule.is_string() ? member_text(document, "rule") : member_text(rule, "text"), style);
  const std::string snapshot = snapshot_words(member(document, "snapshot"));
  text += note("Snapshot", snapshot + read_words(member(document, "read")), style);
  text += note("Counted", counts_words(member(document, "counted")), style);
  text += note("Left out", counts_words(member(document, "left_out")), style);
  text += note("Consent", member_text(document, "consent"), style);
  text += note("Open", open_words(open), style);
  return text + warning_notes(document, style);
}

base::Result<std::string> render_csv(const Json& document) {
  FOOTFALL_TRY(const AnswerDocument answer, AnswerDocument::read(document));
  std::string text;
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    if (i > 0) text += ',';
    const ShownColumn& column = answer.columns()[i];
    // A bare number does not show what it counts, as "2d 3h" does.
    const bool time = column.type == "duration" && !column.unit.empty();
    text += csv_field(Json(time ? column.name + "_" + column.unit : column.name));
  }
  text += "\r\n";
  for (std::size_t row = 0; row < answer.row_count(); ++row) {
    for (std::size_t i = 0; i < answer.columns().size(); ++i) {
      if (i > 0) text += ',';
      text += csv_field(answer.cell(row, i));
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace footfall::cli
