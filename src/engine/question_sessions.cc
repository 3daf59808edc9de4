#include "footfall/engine/question_sessions.h"

#include <fmt/format.h>

#include "footfall/analytics/sessions.h"
#include "footfall/engine/question_parts.h"

namespace footfall::engine {
namespace {

struct SessionsRequest {
  analytics::SessionSpec spec;
  Request::Range range;
  std::string by;  // "none", "day", "week", "month".
  NamedEvents key_events;
  NamedEvents views;
};

base::Result<SessionsRequest> read_sessions(const QuestionContext& context, Request& request) {
  SessionsRequest asked;
  FOOTFALL_TRY(asked.spec.rule, read_session_rule(request));
  FOOTFALL_TRY(asked.by, request.choice("by", {"none", "day", "week", "month"}, "none"));
  FOOTFALL_TRY(asked.key_events, read_events(context, request, "key_events"));
  FOOTFALL_TRY(asked.views, read_events(context, request, "views"));
  FOOTFALL_TRY(asked.spec.details, request.boolean("details", true));
  FOOTFALL_TRY(asked.range, read_range(context, request));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  if (!asked.spec.details && asked.by != "none") {
    return base::invalid("details: expected yes where sessions are asked by a period: no",
                         "details");
  }
  if (asked.key_events.names.empty()) asked.key_events = {{"purchase"}, asked.spec.key_events};
  if (asked.views.names.empty()) asked.views = {{"view_item", "page_view"}, asked.spec.views};
  asked.spec.key_events = asked.key_events.set;
  asked.spec.views = asked.views.set;
  asked.spec.from = asked.range.from;
  asked.spec.to = asked.range.to;
  if (asked.by != "none") {
    const analytics::PeriodUnit unit = asked.by == "day"    ? analytics::PeriodUnit::kDay
                                       : asked.by == "week" ? analytics::PeriodUnit::kWeek
                                                            : analytics::PeriodUnit::kMonth;
    asked.spec.by = analytics::Calendar{context.zone, unit, context.settings.week_start};
  }
  return asked;
}

std::string rule_words(const QuestionContext& context, const SessionsRequest& asked) {
  const std::string rows =
      asked.by == "none"
          ? std::string("One row for all")
          : fmt::format("One row a local {} of the first client event ({}{})", asked.by,
                        context.zone.name(),
                        asked.by == "week"
                            ? fmt::format(", weeks from ISO day {}", context.settings.week_start)
                            : "");
  const std::string details =
      asked.spec.details
          ? fmt::format(
                "Events of a session are its client events and the server events that joined it; "
                "duration is its last minus its first client event, quartiles by nearest rank. "
                "Bounce: one event. Engaged: longer than 10s, or a key event ({}), or at least 2 "
                "views ({}). Attributes of persons are in no session. Interval: 95 % by Wilson, of "
                "engaged.",
                asked.key_events.words(), asked.views.words())
          : std::string("Counts alone (details=no). Attributes of persons are in no session.");
  return fmt::format("{} Sessions that begin in: {}. {}. {}", session_rule_words(asked.spec.rule),
                     range_words(context, asked.range), rows, details);
}

void add_row(Answer& answer, const analytics::SessionRow& row, const analytics::SessionSpec& spec) {
  const analytics::SessionCounts& counts = row.counts;
  Json cells = Json::array();
  if (row.period) cells.push_back(base::format_date(spec.by->first_day(*row.period)));
  cells.push_back(counts.sessions);
  cells.push_back(counts.persons);
  if (!spec.details) return answer.rows.push_back(std::move(cells));
  cells.push_back(share_cell(counts.events, counts.sessions));
  cells.push_back(row.duration ? Json(row.duration->median) : Json());
  cells.push_back(row.duration ? Json(row.duration->lower_quartile) : Json());
  cells.push_back(row.duration ? Json(row.duration->upper_quartile) : Json());
  cells.push_back(share_cell(counts.bounces, counts.sessions));
  cells.push_back(share_cell(counts.engaged, counts.sessions));
  cells.push_back(share_cell(counts.converted, counts.sessions));
  answer.rows.push_back(std::move(cells));
  answer.interval.push_back(analytics::wilson_interval(counts.engaged, counts.sessions));
}

std::vector<AnswerColumn> columns_of(const SessionsRequest& asked) {
  std::vector<AnswerColumn> columns;
  if (asked.spec.by) columns.push_back({asked.by, "date", ""});
  columns.insert(columns.end(),
                 {{"sessions", "integer", "sessions"}, {"persons", "integer", "persons"}});
  if (!asked.spec.details) return columns;
  columns.insert(columns.end(), {{"events_per_session", "number", "events"},
                                 {"median_duration", "duration", "ms"},
                                 {"lower_quartile_duration", "duration", "ms"},
                                 {"upper_quartile_duration", "duration", "ms"},
                                 {"bounce", "share", ""},
                                 {"engaged", "share", ""},
                                 {"with_key_event", "share", ""}});
  return columns;
}

base::Result<Answer> answer_sessions(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const SessionsRequest asked, read_sessions(context, request));
  FOOTFALL_TRY(const analytics::Sessions sessions, analytics::Sessions::create(asked.spec));
  FOOTFALL_TRY(analytics::SessionPartial partial,
               fold_people<analytics::SessionPartial>(context, {.flags = true}, sessions));
  const analytics::SessionAnswer found = sessions.finish(std::move(partial));
  Answer answer;
  answer.rule = rule_words(context, asked);
  answer.columns = columns_of(asked);
  if (asked.spec.details) answer.interval_of = "engaged";
  std::uint64_t count = 0;
  for (const analytics::SessionRow& row : found.rows) {
    add_row(answer, row, asked.spec);
    count += row.counts.sessions;
  }
  answer.left_out = {{"no_session", static_cast<std::int64_t>(found.no_session)}};
  answer.no_rows = no_session_words(found.no_session);
  if (count == 0 && !asked.spec.by) answer.warnings.push_back(answer.no_rows);
  answer.units = found.persons;
  answer.events = found.events;
  if (asked.spec.by) answer.view = {"series", {{"x", asked.by}, {"y", {"sessions", "persons"}}}};
  return answer;
}

}  // namespace

QuestionKind sessions_question() {
  std::vector<QuestionKey> keys = session_rule_keys();
  keys.push_back({"by", "one row a day, week or month; none = one row (default none)"});
  keys.push_back({"key_events", "events that make a session engaged (default purchase)"});
  keys.push_back({"views", "events that count as views (default view_item,page_view)"});
  keys.push_back({"details", "no = counts alone, of all history at once (default yes)"});
  return {"sessions", "visits: how many, how long, how busy", std::move(keys), "--by month",
          answer_sessions};
}

}  // namespace footfall::engine
