#include "footfall/cli/render_answer.h"

#include <fmt/format.h>

#include "footfall/base/words.h"
#include "footfall/cli/render_views.h"

namespace footfall::cli {
namespace {

constexpr std::size_t kLabelWidth = 10;

std::string csv_field(const Json& cell) {
  if (cell.is_null()) return "";
  const std::string text = cell.is_string()
                               ? cell.get<std::string>()
                               : cell.dump(-1, ' ', false, Json::error_handler_t::replace);
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
  for (const char* key : {"units", "events", "days"}) {
    const Json& count = member(read, key);
    if (!count.is_number() || count.get<double>() == 0) continue;
    parts.push_back(grouped(count.get<double>(), 0) + " " + key);
  }
  return fmt::format("{}", fmt::join(parts, " · "));
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

std::string note(const std::string& label, const std::string& text, const Style& style, Tone tone) {
  if (text.empty()) return "";
  const std::string wrapped = wrap(text, style.width, 2 + kLabelWidth, 2 + kLabelWidth);
  return style.paint("  " + pad(label, kLabelWidth) + wrapped, tone) + "\n";
}

base::Result<std::string> render_answer(const Json& document, const Json& request,
                                        const Style& style) {
  FOOTFALL_TRY(const AnswerDocument answer, AnswerDocument::read(document));
  const std::string question = member_text(document, "question");
  std::string text =
      headline(question.empty() ? "Answer" : title_case(question), request_words(request), style);
  text += "\n" + render_rows(answer, style) + "\n";
  const Json& rule = member(document, "rule");
  text += note("Rule", rule.is_string() ? member_text(document, "rule") : member_text(rule, "text"),
               style);
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  text += note("Read", read_words(member(document, "read")), style);
  text += note("Left out", counts_words(member(document, "left_out")), style);
  text += note("Open", open_words(member(document, "open")), style);
  for (const Json& warning : member(document, "warnings")) {
    text += note("Warning", member_text(Json{{"text", warning}}, "text"), style, Tone::kBad);
  }
  return text;
}

base::Result<std::string> render_csv(const Json& document) {
  FOOTFALL_TRY(const AnswerDocument answer, AnswerDocument::read(document));
  std::string text;
  for (std::size_t i = 0; i < answer.columns().size(); ++i) {
    if (i > 0) text += ',';
    text += csv_field(Json(answer.columns()[i].name));
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
