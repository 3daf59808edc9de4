#include "footfall/engine/catalogue.h"

#include "footfall/engine/question.h"

namespace footfall::engine {

std::vector<QuestionSummary> question_catalogue() {
  std::vector<QuestionSummary> catalogue;
  for (const QuestionKind& kind : question_kinds()) {
    QuestionSummary summary{kind.name, kind.summary, {}, kind.example};
    for (const QuestionKey& key : kind.keys) summary.keys.push_back({key.name, key.help});
    for (const QuestionKey& key : standard_keys()) summary.keys.push_back({key.name, key.help});
    catalogue.push_back(std::move(summary));
  }
  return catalogue;
}

}  // namespace footfall::engine
