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

}  // namespace

double CardMetric::most() const {
  double largest = std::max(figure.value, figure.high.value_or(0));
  if (baseline.has_value()) {
    largest = std::max({largest, baseline->value, baseline->high.value_or(0)});
  }
  return largest;
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
    const Json& baseline = member(entry, "baseline");
    card.baseline =
        baseline.is_string() ? member_text(entry, "baseline") : member_text(baseline, "model");
    if (card.baseline.empty()) card.baseline = "baseline";
    for (const auto& [name, value] : member(entry, "metrics").items()) {
      const auto figure = read_figure(entry, name);
      if (!figure.has_value()) continue;
      card.metrics.push_back({safe(name), *figure, read_figure(baseline, name)});
    }
    cards.push_back(std::move(card));
  }
  return cards;
}

}  // namespace footfall::cli
