#include "footfall/cli/report_html.h"

#include <fmt/format.h>

#include "footfall/cli/answer_document.h"
#include "footfall/cli/html_charts.h"
#include "footfall/cli/html_text.h"
#include "footfall/cli/learning_document.h"
#include "footfall/cli/report_style.h"

namespace footfall::cli {
namespace {

std::string count_words(const Json& count) {
  return count.is_number() ? grouped(count.get<double>(), 0) : "–";
}

std::string draw_answer(const Json& document, bool figures) {
  const auto answer = AnswerDocument::read(document);
  if (!answer.ok()) {
    return fmt::format("<p class=\"bad\">{}</p>", escape_html(answer.error().message));
  }
  return (figures ? html_figures(*answer) : html_answer(*answer)) + html_small_print(document);
}

// One of the lists [{reason, count, examples}] of a collect document.
std::string draw_reasons(const Json& list, const std::string& title, const std::string& key) {
  if (!list.is_array() || list.empty()) return "";
  std::string html = fmt::format("<div><h3>{}</h3><table><tbody>", escape_html(title));
  for (const Json& entry : list) {
    html += fmt::format("<tr><td>{}", escape_html(spoken(member_text(entry, key))));
    const Json& examples = member(entry, "examples");
    if (examples.is_array() && !examples.empty()) {
      const Json& example = examples.front();
      std::string words = example.is_object()
                              ? member_text(example, "file") + ":" + member_text(example, "row") +
                                    "  " + member_text(example, "text")
                              : member_text(Json{{"text", example}}, "text");
      html += fmt::format("<div class=\"example\">{}</div>", escape_html(words));
    }
    html += fmt::format("</td><td class=\"n\">{}</td></tr>", count_words(member(entry, "count")));
  }
  return html + "</tbody></table></div>";
}

std::string draw_mapping(const Json& mapping) {
  if (!mapping.is_object() || mapping.empty()) return "";
  std::string html = "<div><h3>How the columns were read</h3><table><tbody>";
  for (const auto& [key, value] : mapping.items()) {
    if (key == "confidence" || key == "format") continue;
    const Json& confidence = member(value, "confidence");
    const std::string column = value.is_object() && value.contains("column")
                                   ? member_text(value, "column")
                                   : member_text(mapping, key);
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>", escape_html(spoken(key)),
        escape_html(column),
        confidence.is_number() ? fmt::format("{:.0f} %", confidence.get<double>() * 100) : "");
  }
  return html + "</tbody></table></div>";
}

std::string draw_collected(const Json& document) {
  std::string html = "<dl class=\"figures\">";
  const auto figure = [&](const char* title, const std::string& value) {
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", title, value);
  };
  const auto sum = [&](const char* key) {
    double total = 0;
    for (const Json& entry : member(document, key)) {
      const Json& count = member(entry, "count");
      if (count.is_number()) total += count.get<double>();
    }
    return grouped(total, 0);
  };
  figure("Rows read", count_words(member(document, "rows_read")));
  figure("Taken", count_words(member(document, "taken")));
  figure("Duplicates", count_words(member(document, "duplicates")));
  figure("Quarantined", sum("quarantined"));
  figure("Rejected", sum("rejected"));
  html += "</dl><div class=\"two\">";
  html += draw_reasons(member(document, "rejected"), "Rejected: could not be read", "reason");
  html += draw_reasons(member(document, "quarantined"), "Quarantined: kept, can be tried again",
                       "reason");
  html += draw_reasons(member(document, "marked"), "Marked: taken, and known for what they are",
                       "reason");
  html += draw_reasons(member(document, "filled"), "Filled from other rows", "field");
  html += draw_mapping(member(document, "mapping")) + "</div>";
  return html + html_small_print(document);
}

std::string draw_learned(const Json& document) {
  std::string html;
  std::string small;
  for (const ModelCard& card : read_model_cards(document)) {
    html += fmt::format("<div><h3>{} <small>{}</small></h3>", escape_html(card.model),
                        escape_html(card.version));
    html += html_card_metrics(card);
    html += fmt::format("<p class=\"verdict {}\">{}{}</p><footer>", card.published ? "good" : "bad",
                        card.published ? "Published" : "Not published",
                        card.why.empty() ? "" : ": " + escape_html(card.why));
    html += html_note("Protocol", card.protocol) + html_note("Settings", card.settings);
    html += html_note("Trained to", card.trained_to) + "</footer></div>";
  }
  if (html.empty()) return "<p class=\"empty\">No model was learnt.</p>";
  return "<div class=\"two\">" + html + "</div>" + html_small_print(document);
}

std::string draw_decided(const Json& document) {
  std::string html = "<ol class=\"items\">";
  for (const Json& result : member(document, "results")) {
    const std::string name = member_text(result, "name");
    const std::string item = member_text(result, "item");
    html += fmt::format("<li><b>{}</b> <small>{}</small>", escape_html(name.empty() ? item : name),
                        escape_html(name.empty() ? "" : item));
    for (const Json& reason : member(result, "reasons")) {
      const std::string words =
          reason.is_string() ? safe(reason.get<std::string>()) : member_text(reason, "text");
      html += fmt::format("<p>because: {}</p>", escape_html(words));
    }
    html += "</li>";
  }
  html += "</ol>";
  if (member(document, "results").empty()) {
    html = "<p class=\"empty\">Nothing can be recommended.</p>";
  }
  html += "<footer>" + html_note("Fallback", member_text(document, "fallback"));
  html += html_note("Catalogue", member_text(document, "catalogue"));
  html += html_note("Model", member_text(document, "model"));
  html += html_note("Receipt", member_text(document, "receipt"));
  const Json& snapshot = member(document, "snapshot");
  if (!snapshot.is_null()) html += html_note("Snapshot", snapshot_words(snapshot));
  return html + "</footer>";
}

std::string draw_failed(const Json& document) {
  const Json& error = member(document, "error");
  std::string html = fmt::format("<p class=\"bad\">This could not be answered: {}</p>",
                                 escape_html(member_text(error, "message")));
  const std::string hint = member_text(error, "hint");
  if (!hint.empty()) html += fmt::format("<p class=\"key\">{}</p>", escape_html(hint));
  return html;
}

std::string draw(const Section& section) {
  switch (section.kind) {
    case SectionKind::kFigures:
      return draw_answer(section.document, true);
    case SectionKind::kAnswer:
      return draw_answer(section.document, false);
    case SectionKind::kCollected:
      return draw_collected(section.document);
    case SectionKind::kLearned:
      return draw_learned(section.document);
    case SectionKind::kDecided:
      return draw_decided(section.document);
    case SectionKind::kFailed:
      return draw_failed(section.document);
  }
  return "";
}

const char* width_class(SectionWidth width) {
  switch (width) {
    case SectionWidth::kWhole:
      return "whole";
    case SectionWidth::kHalf:
      return "half";
    case SectionWidth::kThird:
      return "third";
  }
  return "whole";
}

}  // namespace

std::string report_html(const ReportHead& head, const std::vector<Section>& sections) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style></head>\n<body><header><h1>{}</h1><p>{}</p></header>\n"
      "<main>\n",
      escape_html(head.title), kReportStyle, escape_html(head.title), escape_html(head.subtitle));
  for (const Section& section : sections) {
    html += fmt::format("<section class=\"{}\"><h2>{}</h2>", width_class(section.width),
                        escape_html(section.title));
    if (!section.lead.empty()) {
      html += fmt::format("<p class=\"lead\">{}</p>", escape_html(section.lead));
    }
    html += draw(section) + "</section>\n";
  }
  return html +
         "</main>\n<p class=\"end\">Made by Footfall. Every number is exact over the snapshot it "
         "names, by the rule beneath it.</p>\n</body></html>\n";
}

}  // namespace footfall::cli
