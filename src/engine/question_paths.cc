#include "footfall/engine/question_paths.h"

#include <fmt/format.h>

#include "footfall/analytics/paths.h"
#include "footfall/engine/question_parts.h"

namespace footfall::engine {
namespace {

struct PathsRequest {
  analytics::PathSpec spec;
  Request::Range range;
  NamedEvents start;
  NamedEvents end;
  std::size_t top = 10;
};

base::Result<PathsRequest> read_paths(const QuestionContext& context, Request& request) {
  PathsRequest asked;
  FOOTFALL_TRY(asked.spec.rule, read_session_rule(request));
  FOOTFALL_TRY(asked.start, read_events(context, request, "start"));
  FOOTFALL_TRY(asked.end, read_events(context, request, "end"));
  FOOTFALL_TRY(const std::int64_t steps,
               request.integer("steps", 5, 1, static_cast<std::int64_t>(analytics::kPathStepsMax)));
  FOOTFALL_TRY(const std::int64_t top, request.integer("top", 10, 1, 255));
  FOOTFALL_TRY(const std::string node, request.choice("node", {"event"}, "event"));
  FOOTFALL_TRY(asked.range, read_range(context, request));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  if (!asked.start.names.empty() && !asked.end.names.empty()) {
    return base::invalid("end: expected either start or end, both were given: " + asked.end.words(),
                         "end");
  }
  asked.spec.steps = static_cast<std::size_t>(steps);
  asked.top = static_cast<std::size_t>(top);
  asked.spec.from = asked.range.from;
  asked.spec.to = asked.range.to;
  if (!asked.start.names.empty()) asked.spec.anchor = asked.start.set;
  if (!asked.end.names.empty()) {
    asked.spec.anchor = asked.end.set;
    asked.spec.direction = analytics::PathDirection::kBackward;
  }
  return asked;
}

std::string rule_words(const QuestionContext& context, const PathsRequest& asked) {
  const std::string way =
      !asked.end.names.empty()
          ? fmt::format("back from the last occurrence of {}", asked.end.words())
      : !asked.start.names.empty()
          ? fmt::format("from the first occurrence of {}", asked.start.words())
          : std::string("from the first event of the session");
  return fmt::format(
      "Paths inside one session, {}: the next {} nodes. {} Sessions that begin in: {}. Unit: "
      "session. Node: event name; consecutive equal nodes are folded. In each column the {} most "
      "frequent nodes are named, ties by name, the others are (other). Position: of `from`, 0 is "
      "the {} node{}. Every node between the first and the last column has in = out, {} "
      "included.",
      way, asked.spec.steps, session_rule_words(asked.spec.rule), range_words(context, asked.range),
      asked.top, asked.end.names.empty() ? "first" : "last",
      asked.end.names.empty() ? "" : ", earlier ones are negative",
      asked.end.names.empty() ? "(exit)" : "(start)");
}

// Links of one column in the order of its nodes, each node's exits after its links.
void add_rows(Answer& answer, const analytics::PathAnswer& found, const PathsRequest& asked,
              const std::vector<std::string>& names) {
  const bool forward = asked.spec.direction == analytics::PathDirection::kForward;
  const auto name = [&names](events::EventCode code) {
    return code == events::kNoEvent ? std::string("(other)") : names[code];
  };
  const auto add = [&](std::size_t column, const std::string& near, const std::string& far,
                       std::uint64_t sessions) {
    const auto position = static_cast<std::int64_t>(column);
    answer.rows.push_back(forward ? Json::array({position, near, far, sessions})
                                  : Json::array({-position - 1, far, near, sessions}));
  };
  auto link = found.links.begin();
  for (const analytics::PathNode& node : found.nodes) {
    for (; link != found.links.end() && link->column == node.column && link->near == node.event;
         ++link) {
      add(link->column, name(link->near), name(link->far), link->sessions);
    }
    if (node.ends > 0) {
      add(node.column, name(node.event), forward ? "(exit)" : "(start)", node.ends);
    }
  }
}

base::Result<Answer> answer_paths(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const PathsRequest asked, read_paths(context, request));
  FOOTFALL_TRY(const analytics::Paths paths, analytics::Paths::create(asked.spec));
  FOOTFALL_TRY(const analytics::PathPartial partial,
               fold_people<analytics::PathPartial>(context, {.flags = true}, paths));
  const std::vector<std::string> names = names_by_code(context.snapshot);
  const analytics::PathAnswer found = paths.finish(partial, asked.top, names);
  Answer answer;
  answer.rule = rule_words(context, asked);
  answer.columns = {{"position", "integer", ""},
                    {"from", "text", ""},
                    {"to", "text", ""},
                    {"sessions", "integer", "sessions"}};
  add_rows(answer, found, asked, names);
  answer.left_out = {{"without_start_or_end", static_cast<std::int64_t>(found.without_anchor)},
                     {"no_session", static_cast<std::int64_t>(found.no_session)}};
  const NamedEvents& anchor = asked.end.names.empty() ? asked.start : asked.end;
  answer.no_rows = found.without_anchor > 0
                       ? fmt::format("no session in the range holds {}", anchor.words())
                       : no_session_words(found.no_session);
  answer.units = found.sessions;
  answer.unit = "sessions";
  answer.events = found.events;
  return answer;
}

}  // namespace

QuestionKind paths_question() {
  std::vector<QuestionKey> keys = {
      {"start", "events from whose first occurrence paths begin (default: any event)"},
      {"end", "or: events from whose last occurrence paths go back"},
      {"steps", "nodes after the first, 1 to 20 (default 5)"},
      {"top", "nodes named in a column, the others are (other) (default 10)"},
      {"node", "event: a node is an event's name (default event)"},
  };
  for (const QuestionKey& key : session_rule_keys()) keys.push_back(key);
  return {"paths", "ways through a session, from a start event or back from an end event",
          std::move(keys), "--start view_item --steps 3", answer_paths};
}

}  // namespace footfall::engine
