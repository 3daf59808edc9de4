#include "footfall/engine/question.h"

namespace footfall::engine {

const std::vector<QuestionKind>& question_kinds() {
  static const std::vector<QuestionKind> kinds = {};
  return kinds;
}

const std::vector<QuestionKey>& standard_keys() {
  static const std::vector<QuestionKey> keys = {
      {"from", "first local day or instant, inclusive (default: all history)"},
      {"to", "day or instant at which the range ends, exclusive (default: the snapshot's end)"},
      {"zone", "IANA time zone of days, weeks and months (default: the shop's)"},
      {"limit", "rows shown at most"},
  };
  return keys;
}

}  // namespace footfall::engine
