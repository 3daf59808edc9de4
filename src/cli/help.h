// Help: what `--help` prints, for the program, a verb or a question.
#pragma once

#include <string>
#include <vector>

#include "footfall/cli/style.h"
#include "footfall/engine/catalogue.h"

namespace footfall::cli {

std::string program_help(const Style& style);

/// Help on a verb of verb_table.h; for "ask" with the list of questions.
std::string verb_help(const std::string& verb,
                      const std::vector<engine::QuestionSummary>& questions, const Style& style);

/// Help on one question: its keys as flags, and an example.
std::string question_help(const engine::QuestionSummary& question, const Style& style);

}  // namespace footfall::cli
