#include "footfall/cli/report_html.h"

#include <fmt/format.h>

#include "footfall/cli/answer_document.h"
#include "footfall/cli/collected_document.h"
#include "footfall/cli/decision_document.h"
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
  return (figures ? html_figures(*answer) : html_answer(*answer)) + html_open_tables(document) +
         html_small_print(document);
}

// Reasons with their counts, each with its first example.
std::string draw_reasons(const Json& list, const std::string& title) {
  const auto reasons = read_reasons(list, false);
  if (reasons.empty()) return "";
  std::string html = fmt::format("<div><h3>{}</h3><table><tbody>", escape_html(title));
  for (const RowReason& reason : reasons) {
    html += "<tr><td>" + escape_html(reason.name);
    if (!reason.examples.empty()) {
      html += fmt::format("<div class=\"example\">{}</div>", escape_html(reason.examples.front()));
    }
    html += "</td><td class=\"n\">" + grouped(reason.count, 0) + "</td></tr>";
  }
  return html + "</tbody></table></div>";
}

std::string draw_mapping(const ShownMapping& mapping) {
  std::string html = "<div><h3>How the columns were read";
  if (mapping.files > 0) html += ", " + counted_words(static_cast<double>(mapping.files), "files");
  html += fmt::format(" <small>{}</small></h3><table><tbody>", escape_html(mapping.format));
  for (const MappedColumn& one : mapping.columns) {
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>", escape_html(one.field),
        escape_html(one.column),
        one.confidence.has_value() ? fmt::format("{:.0f} %", *one.confidence * 100) : "");
  }
  return html + "</tbody></table><p class=\"key\">" + escape_html(mapping.rest) + "</p></div>";
}

std::string draw_collected(const Json& document) {
  std::string html = "<dl class=\"figures\">";
  const auto figure = [&](const char* title, const std::string& value) {
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", title, value);
  };
  const auto sum = [&](const char* key) { return grouped(count_of(member(document, key)), 0); };
  figure("Rows read", count_words(member(document, "rows_read")));
  figure("Taken", count_words(member(document, "taken")));
  figure("Duplicates", count_words(member(document, "duplicates")));
  figure("Quarantined", sum("quarantined"));
  figure("Rejected", sum("rejected"));
  html += "</dl><div class=\"two\"><div>";
  html += draw_reasons(member(document, "rejected"), "Rejected: could not be read");
  html += draw_reasons(member(document, "quarantined"), "Quarantined: kept, can be tried again");
  html += draw_reasons(member(document, "marked"), "Marked: taken, and known for what they are");
  html += draw_reasons(member(document, "filled"), "Filled from other rows") + "</div><div>";
  for (const ShownMapping& mapping : read_mappings(member(document, "mapping"))) {
    html += draw_mapping(mapping);
  }
  html += "</div></div>";
  const std::string views = html_note("Views", views_words(member(document, "views")));
  return html + (views.empty() ? "" : "<footer>" + views + "</footer>") +
         html_small_print(document);
}

// The protocol and what it was learnt from, once for all cards.
std::string learned_small_print(const Json& document, const std::vector<ModelCard>& cards) {
  std::string html;
  for (const std::string& protocol : protocols(cards)) html += html_long_note("Protocol", protocol);
  for (const ModelCard& card : cards) {
    html += html_long_note("Settings of " + card.model, card.settings);
  }
  html += html_note("Trained to", instant_words(cards.front().trained_to));
  html += html_note("Read", learnt_from_words(document));
  html += html_note("Consent", member_text(document, "consent"));
  return "<footer>" + html + "</footer>" + html_small_print(document);
}

std::string draw_learned(const Json& document) {
  const std::vector<ModelCard> cards = read_model_cards(document);
  if (cards.empty()) return "<p class=\"empty\">No model was learnt.</p>";
  std::string html = "<div class=\"two\">";
  for (const FigureTable& table : read_figure_tables(document)) html += html_figure_table(table);
  html += "</div>";
  for (const ModelCard& card : cards) {
    html += fmt::format("<p class=\"verdict{}\"><b>{}</b> <small>{}</small> {}{}</p>",
                        card.published ? " good" : "", escape_html(card.model),
                        escape_html(card.version), card.published ? "published" : "not published",
                        card.why.empty() ? "" : ": " + escape_html(card.why));
  }
  return html + learned_small_print(document, cards);
}

std::string draw_decided(const Json& document) {
  std::string html = "<ol class=\"items\">";
  for (const Json& result : member(document, "results")) {
    const std::string name = member_text(result, "name");
    const std::string item = member_text(result, "item");
    html += fmt::format("<li><b>{}</b> <small>{}</small>", escape_html(name.empty() ? item : name),
                        escape_html(name.empty() ? "" : item));
    std::string before = "because: ";
    for (const std::string& reason : reasons_of(result)) {
      html += fmt::format("<p>{}{}</p>", before, escape_html(reason));
      before.clear();
    }
    html += "</li>";
  }
  html += "</ol>";
  if (member(document, "results").empty()) {
    html = "<p class=\"empty\">Nothing can be recommended.</p>";
  }
  html += "<footer>" + html_note("Fallback", fallback_words(document));
  html += html_note("Catalogue", member_text(document, "catalogue"));
  html += html_note("Model", model_words(document));
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
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n{}\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style></head>\n<body><header><h1>{}</h1><p>{}</p></header>\n"
      "<main>\n",
      kPageMark, escape_html(head.title), kReportStyle, escape_html(head.title),
      escape_html(head.subtitle));
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
