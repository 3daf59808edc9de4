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

struct CardMetric {
  std::string name;  // "hr@10"
  MetricFigure figure;
  std::optional<MetricFigure> baseline;

  /// The largest number of the two and their intervals: the end of a common scale.
  double most() const;
};

struct ModelCard {
  std::string model;
  std::string version;
  std::string trained_to;
  std::string protocol;
  std::string baseline;  // Its model's name.
  std::string why;
  std::string settings;
  std::string seconds;
  bool published = false;
  std::vector<CardMetric> metrics;
};

/// Cards of a document {"cards": [...]}; members that are not there stay empty.
std::vector<ModelCard> read_model_cards(const Json& document);

}  // namespace footfall::cli
