// Catalogue: what can be asked, in words, for help texts and pages. Holds no other room's types.
#pragma once

#include <string>
#include <vector>

namespace footfall::engine {

struct KeySummary {
  std::string name;
  std::string help;        // With the default.
  bool is_switch = false;  // Named alone it is true.
};

struct QuestionSummary {
  std::string name;
  std::string summary;
  std::vector<KeySummary> keys;  // The question's own, then those that every question takes.
  std::string example;           // The flags of a working call.
};

/// One entry a question, in the order of `question_kinds()`.
std::vector<QuestionSummary> question_catalogue();

/// Names of the models that `learn` knows.
std::vector<std::string> model_catalogue();

}  // namespace footfall::engine
