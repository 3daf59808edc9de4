#include "footfall/cli/learning_document.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/cli/answer_document.h"

namespace footfall::cli {
namespace {

std::optional<MetricFigure> read_figure(const Json& holder, const std::string& name) {
  const Json& value = member(member(holder, "metrics"), name);
  if (!value.is_number()) return std::nullopt;
  MetricFigure figure;
  figure.value = value.get<double>();
  const Json& interval = member(member(holder, "interval"), name);
  if (interval.is_array() && interval.size() == 2 && interval[0].is_number() &&
      interval[1].is_number()) {
    figure.low = interval[0].get<double>();
    figure.high = interval[1].get<double>();
  }
  return figure;
}

// Adds the row {metrics, interval} to the table; metrics that are new become columns.
void add_row(FigureTable& table, FigureRow row, const Json& holder) {
  for (const auto& [name, value] : member(holder, "metrics").items()) {
    const auto found = std::find(table.metrics.begin(), table.metrics.end(), name);
    if (found == table.metrics.end()) table.metrics.push_back(name);
  }
  if (member(holder, "metrics").empty()) return;
  for (const std::string& name : table.metrics) row.figures.push_back(read_figure(holder, name));
  table.rows.push_back(std::move(row));
}

// Whether the row shows what the holder's metrics say.
bool same_figures(const FigureTable& table, const FigureRow& row, const Json& holder) {
  for (std::size_t i = 0; i < table.metrics.size(); ++i) {
    const auto figure = read_figure(holder, table.metrics[i]);
    const auto shown = i < row.figures.size() ? row.figures[i] : std::nullopt;
    if (figure.has_value() != shown.has_value()) return false;
    if (figure && figure->value != shown->value) return false;
  }
  return true;
}

// Of popularity with the window it has: its baseline may have another.
std::string row_name(const Json& card) {
  const std::string model = member_text(card, "model");
  const std::string window = member_text(member(card, "settings"), "popularity_window");
  return model == "popularity" && !window.empty() ? fmt::format("{} ({})", model, window) : model;
}

// The baseline's row, once for all cards; not where the model that it is stands there by itself.
void add_baseline(FigureTable& table, const std::string& name, const Json& holder) {
  const bool there = std::any_of(table.rows.begin(), table.rows.end(), [&](const FigureRow& row) {
    return (row.baseline && row.model == name) ||
           (name.starts_with(row.model) && same_figures(table, row, holder));
  });
  if (!there) add_row(table, {name, false, true, {}}, holder);
}

// A model beside itself: nothing differs, for anyone.
bool no_difference(const Json& difference) {
  for (const auto& [name, value] : member(difference, "metrics").items()) {
    const auto figure = read_figure(difference, name);
    if (!figure || figure->value != 0 || figure->low != 0.0 || figure->high != 0.0) return false;
  }
  return true;
}

FigureTable& table_named(std::vector<FigureTable>& tables, const std::string& title) {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const FigureTable& table) { return table.title == title; });
  if (found != tables.end()) return *found;
  tables.push_back({title, {}, true, {}});
  return tables.back();
}

std::string baseline_name(const Json& card) {
  const Json& baseline = member(card, "baseline");
  std::string name =
      baseline.is_string() ? member_text(card, "baseline") : member_text(baseline, "model");
  return name.empty() ? "baseline" : name;
}

void add_new_items(FigureTable& table, const Json& card, const FigureRow& row) {
  const Json& fresh = member(card, "new_items");
  if (fresh.is_null()) return;
  const Json& persons = member(fresh, "persons");
  table.title = "On items new to the person";
  if (persons.is_number()) table.title += ", " + counted_words(persons.get<double>(), "persons");
  add_row(table, row, fresh);
}

}  // namespace

std::size_t FigureTable::drawn_metric() const {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [](const std::string& name) { return name.starts_with("ndcg"); });
  return found == metrics.end() ? 0 : static_cast<std::size_t>(found - metrics.begin());
}

std::pair<double, double> FigureTable::drawn_scale() const {
  double least = 0;
  double most = 0;
  const std::size_t metric = drawn_metric();
  for (const FigureRow& row : rows) {
    if (!row.figures[metric].has_value()) continue;
    const MetricFigure& figure = *row.figures[metric];
    least = std::min({least, figure.value, figure.low.value_or(0)});
    most = std::max({most, figure.value, figure.high.value_or(0)});
  }
  return {least, most};
}

std::vector<ModelCard> read_model_cards(const Json& document) {
  std::vector<ModelCard> cards;
  for (const Json& entry : member(document, "cards")) {
    ModelCard card;
    card.model = member_text(entry, "model");
    card.version = member_text(entry, "version");
    card.trained_to = member_text(entry, "trained_to");
    card.protocol = member_text(entry, "protocol");
    card.why = member_text(entry, "why");
    card.settings = request_words(member(entry, "settings"));
    const Json& seconds = member(entry, "seconds");
    if (seconds.is_number()) card.seconds = fmt::format("{:.2f}", seconds.get<double>());
    card.published = member(entry, "published") == Json(true);
    cards.push_back(std::move(card));
  }
  return cards;
}

std::vector<FigureTable> read_figure_tables(const Json& document) {
  FigureTable test{"On the test weeks", {}, false, {}};
  FigureTable fresh;
  std::vector<FigureTable> differences;
  for (const Json& card : member(document, "cards")) {
    const FigureRow row{row_name(card), member(card, "published") == Json(true), false, {}};
    add_row(test, row, card);
    for (const Json& difference : member(card, "difference")) {
      if (no_difference(difference)) continue;
      const std::string title =
          "Difference to " + member_text(difference, "to") + " for the same persons";
      add_row(table_named(differences, title), row, difference);
    }
    add_new_items(fresh, card, row);
  }
  for (const Json& card : member(document, "cards")) {
    add_baseline(test, baseline_name(card), member(card, "baseline"));
    // The baseline of the new items has figures alone.
    const Json& figures = member(member(card, "new_items"), "baseline");
    if (!figures.is_null()) add_baseline(fresh, baseline_name(card), Json{{"metrics", figures}});
  }
  // What decides stands first: the difference to the baseline.
  const Json& cards = member(document, "cards");
  const std::string baseline = cards.empty() ? "" : baseline_name(cards.front());
  std::stable_partition(differences.begin(), differences.end(), [&](const FigureTable& table) {
    return table.title.find(" " + baseline + " ") != std::string::npos;
  });
  std::vector<FigureTable> tables{std::move(test)};
  tables.insert(tables.end(), differences.begin(), differences.end());
  tables.push_back(std::move(fresh));
  std::erase_if(tables, [](const FigureTable& table) { return table.rows.empty(); });
  for (FigureTable& table : tables) {
    for (FigureRow& row : table.rows) row.figures.resize(table.metrics.size());
  }
  return tables;
}

std::vector<std::string> protocols(const std::vector<ModelCard>& cards) {
  std::vector<std::string> texts;
  for (const ModelCard& card : cards) {
    const bool there = std::find(texts.begin(), texts.end(), card.protocol) != texts.end();
    if (!there && !card.protocol.empty()) texts.push_back(card.protocol);
  }
  return texts;
}

std::string figure_words(const MetricFigure& figure, bool difference) {
  return difference ? fmt::format("{:+.4f}", figure.value) : fmt::format("{:.4f}", figure.value);
}

std::string interval_words(const MetricFigure& figure, const std::string& to) {
  if (!figure.low.has_value() || !figure.high.has_value()) return "";
  return fmt::format("{:.4f}{}{:.4f}", *figure.low, to, *figure.high);
}

std::string learnt_from_words(const Json& document) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : member(document, "read").items()) {
    if (value.is_number()) parts.push_back(spoken(key) + " " + grouped(value.get<double>(), 0));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

}  // namespace footfall::cli
