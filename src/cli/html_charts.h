// Charts of the page, drawn as SVG and tables: series, triangles, grids, intervals. No script.
#pragma once

#include <string>

#include "footfall/cli/answer_document.h"
#include "footfall/cli/learning_document.h"

namespace footfall::cli {

/// An answer's rows the way its view asks: a chart with its table folded below, or a table.
std::string html_answer(const AnswerDocument& answer);

/// The one row of an answer as cards of key figures.
std::string html_figures(const AnswerDocument& answer);

/// Figures of models side by side, each with its 95 % interval; those of the metric that models
/// are chosen by also drawn on a common scale.
std::string html_figure_table(const FigureTable& table);

/// Ends and step of an axis that holds 0, `least` and `most`: the smallest round step that needs at
/// most `steps_max` lines. The upper end is a whole step, a lower end below 0 is `least` itself.
struct AxisScale {
  double low = 0;
  double high = 1;
  double step = 1;
};
AxisScale axis_scale(double least, double most, int steps_max);

}  // namespace footfall::cli
