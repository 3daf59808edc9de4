#include "footfall/engine/question_transitions.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/analytics/estimates.h"
#include "footfall/analytics/transitions.h"
#include "footfall/engine/question_parts.h"

namespace footfall::engine {
namespace {

base::Result<Answer> answer_transitions(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const Request::Range range, read_range(context, request));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  const analytics::Transitions kernel({.from = range.from, .to = range.to});
  FOOTFALL_TRY(const analytics::TransitionPartial partial,
               fold_people<analytics::TransitionPartial>(context, {}, kernel));
  analytics::TransitionAnswer found = analytics::Transitions::finish(partial);
  const std::vector<std::string> names = names_by_code(context.snapshot);
  std::sort(found.pairs.begin(), found.pairs.end(),
            [&names](const analytics::Transition& a, const analytics::Transition& b) {
              if (a.count != b.count) return a.count > b.count;
              return std::tie(names[a.from], names[a.to]) < std::tie(names[b.from], names[b.to]);
            });
  Answer answer;
  answer.rule = fmt::format(
      "Transitions: pairs of consecutive events of a person in total order, without a session cut. "
      "Both events in: {}. Attributes of persons are left out before pairs are formed. Share: of "
      "all pairs with the same first event. Rows: most frequent pair first, then by name. "
      "Interval: "
      "95 % by Wilson, of share.",
      range_words(context, range));
  answer.columns = {{"from", "text", ""},
                    {"to", "text", ""},
                    {"count", "integer", "pairs"},
                    {"share", "share", ""}};
  answer.interval_of = "share";
  answer.no_rows = "no person has two events in the range";
  for (const analytics::Transition& pair : found.pairs) {
    answer.rows.push_back(Json::array(
        {names[pair.from], names[pair.to], pair.count, share_cell(pair.count, pair.from_count)}));
    answer.interval.push_back(analytics::wilson_interval(pair.count, pair.from_count));
  }
  answer.units = found.persons;
  answer.events = found.events;
  return answer;
}

}  // namespace

QuestionKind transitions_question() {
  return {"transitions",
          "which event follows which, over a person's whole history",
          {},
          "",
          answer_transitions};
}

}  // namespace footfall::engine
