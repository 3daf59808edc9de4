#include "footfall/engine/catalogue.h"

#include "footfall/engine/model_trial.h"
#include "footfall/engine/question.h"

namespace footfall::engine {

std::vector<QuestionSummary> question_catalogue() {
  std::vector<QuestionSummary> catalogue;
  for (const QuestionKind& kind : question_kinds()) {
    QuestionSummary summary{kind.name, kind.summary, {}, kind.example};
    for (const auto* keys : {&kind.keys, &standard_keys()}) {
      for (const QuestionKey& key : *keys) {
        summary.keys.push_back({key.name, key.help, key.is_switch});
      }
    }
    catalogue.push_back(std::move(summary));
  }
  return catalogue;
}

std::vector<std::string> model_catalogue() {
  return model_names();
}

}  // namespace footfall::engine
