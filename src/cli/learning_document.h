// ModelCard: the cards of `learn` (CONTRACT.md) opened for drawing, on a terminal or a page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

struct MetricFigure {
  double value = 0;
  std::optional<double> low;  // Ends of the 95 % interval.
  std::optional<double> high;
};

struct ModelCard {
  std::string model;
  std::string version;
  std::string trained_to;
  std::string protocol;
  std::string why;
  std::string settings;
  std::string seconds;
  bool published = false;
};

struct FigureRow {
  std::string model;
  bool published = false;
  bool baseline = false;  // Drawn apart: what the others are held against.
  std::vector<std::optional<MetricFigure>> figures;  // One a metric.
};

/// The same figures of all cards side by side: a row a model, a column a metric.
struct FigureTable {
  std::string title;
  std::vector<std::string> metrics;  // "hr@10"
  bool difference = false;           // Above or below 0, which is another model's figure.
  std::vector<FigureRow> rows;

  /// Metric that models are chosen by, and thus drawn: the first NDCG, else the first.
  std::size_t drawn_metric() const;
  /// Ends of a common scale of that metric, 0 included.
  std::pair<double, double> drawn_scale() const;
};

/// Cards of a document {"cards": [...]}; members that are not there stay empty.
std::vector<ModelCard> read_model_cards(const Json& document);

/// What the cards measured: on the test weeks beside the baseline, the differences to each other
/// model that they name, and on items new to the person. Tables without a figure are left out.
std::vector<FigureTable> read_figure_tables(const Json& document);

/// Texts of the cards' protocols, each once.
std::vector<std::string> protocols(const std::vector<ModelCard>& cards);

/// "0.3644", for differences "+0.2364".
std::string figure_words(const MetricFigure& figure, bool difference);
/// "0.3443–0.3841", or "" without an interval; "to" keeps a minus apart from the dash.
std::string interval_words(const MetricFigure& figure, const std::string& to = "–");

/// "persons 3,314 · items 3,388 · purchases 221,053".
std::string learnt_from_words(const Json& document);

}  // namespace footfall::cli
