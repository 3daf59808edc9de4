#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/learning_document.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/render_documents.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

constexpr std::string_view kMetricsInWords =
    "hr@10: persons who bought one of ten items or more; recall@10: the share of a person's items "
    "among the ten; ndcg@10: as recall, and the higher an item stands the more it counts; each "
    "with "
    "its 95 % interval";
constexpr std::size_t kBarMin = 12;
constexpr std::size_t kBarMax = 32;

// An interval on a line over the whole scale, with 0 marked where it is not an end: "  ├─●┤   │".
std::string error_bar(const MetricFigure& figure, std::pair<double, double> scale,
                      std::size_t width) {
  const auto place = [&](double value) {
    const double span = scale.second - scale.first;
    const double share = span > 0 ? std::clamp((value - scale.first) / span, 0.0, 1.0) : 0.0;
    return static_cast<std::size_t>(share * static_cast<double>(width - 1) + 0.5);
  };
  std::vector<std::string> cells(width, " ");
  if (scale.first < 0) cells[place(0)] = "│";
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

// Where the figures of a row stand: with their intervals behind them, or on a line below.
struct FigureLayout {
  std::size_t model = 0;
  std::size_t cell = 0;
  std::size_t bar = 0;  // 0 = no room.
  bool below = false;
};

FigureLayout figure_layout(const FigureTable& table, const Style& style) {
  constexpr std::size_t kGap = 2;
  constexpr std::size_t kModelMax = 12;
  FigureLayout layout;
  std::size_t value = 0;
  std::size_t interval = 0;
  for (const FigureRow& row : table.rows) {
    layout.model = std::max(layout.model, base::display_width(row.model));
    for (const auto& figure : row.figures) {
      if (!figure.has_value()) continue;
      value = std::max(value, figure_words(*figure, table.difference).size());
      interval = std::max(interval, base::display_width(interval_words(*figure)));
    }
  }
  layout.model = std::min(layout.model, kModelMax);
  const auto used = [&](std::size_t cell) {
    return kGap + layout.model + table.metrics.size() * (kGap + cell);
  };
  layout.below = used(value + 1 + interval) > style.width;
  layout.cell = layout.below ? std::max(value, interval) : value + 1 + interval;
  for (const std::string& metric : table.metrics) {
    layout.cell = std::max(layout.cell, base::display_width(metric));
  }
  const std::size_t room = style.width - std::min(style.width, used(layout.cell) + kGap);
  if (room >= kBarMin) layout.bar = std::min(room, kBarMax);
  return layout;
}

std::string render_figures(const FigureTable& table, const Style& style) {
  const FigureLayout layout = figure_layout(table, style);
  const std::size_t drawn = table.drawn_metric();
  const auto scale = table.drawn_scale();
  std::vector<TableHead> heads{{"model", "", false, true}};
  for (const std::string& metric : table.metrics) heads.push_back({metric, "", layout.below});
  if (layout.bar > 0) {
    heads.push_back({table.metrics[drawn], scale.first < 0 ? "│ = 0" : "from 0"});
  }
  TextTable text(std::move(heads));
  for (const FigureRow& row : table.rows) {
    const Tone tone = row.published ? Tone::kStrong : row.baseline ? Tone::kDim : Tone::kPlain;
    std::vector<TableCell> cells{{row.model, tone}};
    for (const auto& figure : row.figures) {
      const std::string value =
          figure.has_value() ? figure_words(*figure, table.difference) : std::string("–");
      const std::string interval = figure.has_value() ? interval_words(*figure) : "";
      if (layout.below) {
        cells.push_back({value, tone, {}, interval});
      } else {
        cells.push_back({interval.empty() ? value : value + " " + interval, tone});
      }
    }
    if (layout.bar > 0) {
      const auto& figure = row.figures[drawn];
      cells.push_back({figure.has_value() ? error_bar(*figure, scale, layout.bar) : "",
                       row.baseline ? Tone::kDim : Tone::kAccent});
    }
    text.add_row(std::move(cells));
  }
  return section_heading(table.title, style) + text.render(style);
}

// "  blend  published: why · 3d37f7be0da6e0bd · 1.93 s".
std::string render_verdicts(const std::vector<ModelCard>& cards, const Style& style) {
  std::size_t widest = 0;
  for (const ModelCard& card : cards) widest = std::max(widest, base::display_width(card.model));
  const std::size_t indent = 2 + widest + 2;
  std::string text;
  for (const ModelCard& card : cards) {
    std::string words = card.published ? "published" : "not published";
    if (!card.why.empty()) words += ": " + card.why;
    if (!card.version.empty()) words += " · " + card.version;
    if (!card.seconds.empty()) words += " · " + card.seconds + " s";
    text += "  " + style.paint(pad(card.model, widest), Tone::kStrong) + "  " +
            style.paint(wrap(words, style.width, indent, indent),
                        card.published ? Tone::kGood : Tone::kPlain) +
            "\n";
  }
  return text;
}

// Of many cards only the published one's settings stand without --full.
std::string render_settings(const std::vector<ModelCard>& cards, const Style& style) {
  std::string text;
  for (const ModelCard& card : cards) {
    if (!style.full && !card.published && cards.size() > 1) continue;
    if (card.settings.empty()) continue;
    text += long_note("Settings", card.model + ": " + card.settings, style);
  }
  return text;
}

}  // namespace

std::string render_learned(const Json& document, const Style& style) {
  const std::vector<ModelCard> cards = read_model_cards(document);
  if (cards.empty()) return "No model was asked for.\n";
  std::string words = cards.size() == 1 ? cards[0].model : fmt::format("{} models", cards.size());
  if (!cards[0].trained_to.empty()) words += " · trained to " + instant_words(cards[0].trained_to);
  std::string text = headline("Learn", words, style);
  std::string more;
  bool difference_shown = false;
  for (const FigureTable& table : read_figure_tables(document)) {
    // The difference to the baseline decides; others are for whoever wants all.
    if (table.difference && difference_shown && !style.full) {
      more += (more.empty() ? "" : ", ") + table.title;
      continue;
    }
    difference_shown = difference_shown || table.difference;
    text += render_figures(table, style);
  }
  if (!more.empty()) {
    more[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(more[0])));
    text += "\n" +
            style.paint("  " + wrap("… also " + more + ": --full shows all", style.width, 2, 2),
                        Tone::kDim) +
            "\n";
  }
  text += "\n" + style.paint("  " + wrap(kMetricsInWords, style.width, 2, 2), Tone::kDim) + "\n";
  text += section_heading("Verdict", style) + render_verdicts(cards, style) + "\n";
  for (const std::string& protocol : protocols(cards)) {
    text += long_note("Protocol", protocol, style);
  }
  text += render_settings(cards, style);
  text += note("Read", learnt_from_words(document), style);
  text += note("Left out", counts_words(member(document, "left_out")), style);
  text += note("Consent", member_text(document, "consent"), style);
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  return text + warning_notes(document, style);
}

}  // namespace footfall::cli
