#include "footfall/engine/question.h"
#include "footfall/engine/question_bought_together.h"
#include "footfall/engine/question_funnel.h"
#include "footfall/engine/question_paths.h"
#include "footfall/engine/question_retention.h"
#include "footfall/engine/question_rfm.h"
#include "footfall/engine/question_sales.h"
#include "footfall/engine/question_sessions.h"
#include "footfall/engine/question_top_items.h"
#include "footfall/engine/question_transitions.h"

namespace footfall::engine {

const std::vector<QuestionKind>& question_kinds() {
  static const std::vector<QuestionKind> kinds = {
      funnel_question(),      sessions_question(),        retention_question(),
      transitions_question(), paths_question(),           sales_question(),
      rfm_question(),         bought_together_question(), top_items_question(),
  };
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
