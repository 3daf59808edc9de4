#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/learning_document.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/render_documents.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

// An interval on a line from 0 to `most`: "  ├──●──┤   ".
std::string error_bar(const MetricFigure& figure, double most, std::size_t width) {
  const auto place = [&](double value) {
    const double share = most > 0 ? std::clamp(value / most, 0.0, 1.0) : 0.0;
    return std::min(width - 1,
                    static_cast<std::size_t>(share * static_cast<double>(width - 1) + 0.5));
  };
  std::vector<std::string> cells(width, " ");
  if (figure.low.has_value() && figure.high.has_value()) {
    const std::size_t low = place(*figure.low);
    const std::size_t high = place(*figure.high);
    for (std::size_t i = low; i <= high; ++i) cells[i] = "─";
    cells[low] = "├";
    cells[high] = "┤";
  }
  cells[place(figure.value)] = "●";
  std::string text;
  for (const auto& cell : cells) text += cell;
  return text;
}

std::string interval_words(const MetricFigure& figure) {
  if (!figure.low.has_value() || !figure.high.has_value()) return "";
  return fmt::format("{:.4f}–{:.4f}", *figure.low, *figure.high);
}

std::string render_figures(const ModelCard& card, const Style& style) {
  constexpr std::size_t kBarWidth = 32;
  TextTable table({{"metric"},
                   {"model", "", false, true},
                   {"value", "", true},
                   {"95 %", "", true},
                   {"from 0 to the highest"}});
  for (const auto& metric : card.metrics) {
    table.add_row({{metric.name, Tone::kStrong},
                   {card.model},
                   {fmt::format("{:.4f}", metric.figure.value), Tone::kStrong},
                   {interval_words(metric.figure), Tone::kDim},
                   {error_bar(metric.figure, metric.most(), kBarWidth), Tone::kAccent}});
    if (!metric.baseline.has_value()) continue;
    table.add_row({{""},
                   {card.baseline, Tone::kDim},
                   {fmt::format("{:.4f}", metric.baseline->value)},
                   {interval_words(*metric.baseline), Tone::kDim},
                   {error_bar(*metric.baseline, metric.most(), kBarWidth), Tone::kDim}});
  }
  return table.render(style);
}

}  // namespace

std::string render_learned(const Json& document, const Style& style) {
  std::string text;
  for (const ModelCard& card : read_model_cards(document)) {
    if (!text.empty()) text += "\n";
    std::string words = card.version;
    if (!card.trained_to.empty()) words += " · trained to " + card.trained_to;
    text += headline("Model " + card.model, words, style);
    text += "\n" + render_figures(card, style) + "\n";
    const std::string verdict = card.published ? "published" : "not published";
    text += note("Verdict", verdict + (card.why.empty() ? "" : ": " + card.why), style,
                 card.published ? Tone::kGood : Tone::kBad);
    text += note("Protocol", card.protocol, style);
    text += note("Settings", card.settings, style);
    text += note("Took", card.seconds.empty() ? "" : card.seconds + " s", style);
  }
  for (const Json& warning : member(document, "warnings")) {
    text += note("Warning", member_text(Json{{"text", warning}}, "text"), style, Tone::kBad);
  }
  return text.empty() ? "No model was asked for.\n" : text;
}

std::string render_decided(const Json& document, const Style& style) {
  const std::string kind = member_text(document, "decision");
  std::string text = headline(kind.empty() ? "Decision" : title_case(kind),
                              "by " + member_text(document, "model"), style) +
                     "\n";
  const Json& results = member(document, "results");
  if (results.empty()) text += style.paint("  Nothing can be recommended.\n", Tone::kDim);
  std::size_t widest = 4;
  for (const Json& result : results) {
    widest = std::max(widest, base::display_width(member_text(result, "item")));
  }
  widest = std::min<std::size_t>(widest, 20);
  std::size_t place = 0;
  for (const Json& result : results) {
    std::string item = member_text(result, "item");
    if (item.empty()) item = member_text(result, "score");
    const Json& value = member(result, "value");
    const std::string score = value.is_number() ? fmt::format("{:.3f}", value.get<double>()) : "";
    const std::string head = fmt::format("  {:>2}  {}  ", ++place, pad(item, widest));
    const std::size_t used = base::display_width(head) + score.size() + 2;
    const std::size_t room = style.width > used ? style.width - used : 0;
    const std::string name = pad(base::shorten(member_text(result, "name"), room), room);
    text += head + style.paint(name, Tone::kStrong) + "  " + style.paint(score, Tone::kDim) + "\n";
    const std::size_t indent = base::display_width(head);
    for (const Json& reason : member(result, "reasons")) {
      const std::string words =
          reason.is_string() ? safe(reason.get<std::string>()) : member_text(reason, "text");
      text += std::string(indent, ' ') +
              style.paint(wrap("because: " + words, style.width, indent, indent), Tone::kDim) +
              "\n";
    }
  }
  text += "\n";
  text += note("Fallback", member_text(document, "fallback"), style, Tone::kPlain);
  text += note("Catalogue", member_text(document, "catalogue"), style);
  const std::string receipt = member_text(document, "receipt");
  if (!receipt.empty()) {
    text += note("Receipt", receipt + " · `footfall explain SHOP " + receipt + "` shows it", style);
  }
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  for (const Json& warning : member(document, "warnings")) {
    text += note("Warning", member_text(Json{{"text", warning}}, "text"), style, Tone::kBad);
  }
  return text;
}

}  // namespace footfall::cli
