// Views: the rows of an answer drawn as its view asks: table, bars, triangle or grid.
#pragma once

#include <string>

#include "footfall/cli/answer_document.h"
#include "footfall/cli/style.h"

namespace footfall::cli {

/// The rows alone, without headline and notes. A view that names columns which are not there is
/// drawn as a table.
std::string render_rows(const AnswerDocument& answer, const Style& style);

}  // namespace footfall::cli
