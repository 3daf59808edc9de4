#include "footfall/engine/question_retention.h"

#include <fmt/format.h>

#include "footfall/analytics/estimates.h"
#include "footfall/analytics/retention.h"
#include "footfall/engine/question_parts.h"

namespace footfall::engine {
namespace {

struct RetentionRequest {
  analytics::RetentionSpec spec;
  Request::Range range;
  std::string period;
  std::string start;  // In words.
  std::string returning;
};

constexpr const char* kAnyEvent = "any client event";

// Without names any client event counts; server events only when they are named.
base::Status read_predicates(const QuestionContext& context, Request& request,
                             RetentionRequest& asked) {
  FOOTFALL_TRY(const NamedEvents start, read_events(context, request, "start"));
  FOOTFALL_TRY(const NamedEvents returning, read_events(context, request, "return"));
  if (start.names.empty() && !returning.names.empty()) {
    return base::invalid("start: expected start events beside the return events: none", "start");
  }
  asked.spec.clients_only = start.names.empty();
  asked.start = start.names.empty() ? kAnyEvent : start.words();
  asked.returning = returning.names.empty() ? asked.start : returning.words();
  if (!start.names.empty()) {
    asked.spec.start = start.set;
    asked.spec.returning = returning.names.empty() ? start.set : returning.set;
  }
  return base::Ok{};
}

base::Result<RetentionRequest> read_retention(const QuestionContext& context, Request& request) {
  RetentionRequest asked;
  FOOTFALL_RETURN_IF_ERROR(read_predicates(context, request, asked));
  FOOTFALL_TRY(asked.period, request.choice("period", {"day", "week", "month"}, "day"));
  const analytics::PeriodUnit unit = asked.period == "day"    ? analytics::PeriodUnit::kDay
                                     : asked.period == "week" ? analytics::PeriodUnit::kWeek
                                                              : analytics::PeriodUnit::kMonth;
  asked.spec.calendar = {context.zone, unit, context.settings.week_start};
  FOOTFALL_TRY(const std::string variant, request.choice("variant", {"on", "on_or_after"}, "on"));
  asked.spec.variant =
      variant == "on" ? analytics::RetentionVariant::kOn : analytics::RetentionVariant::kOnOrAfter;
  FOOTFALL_TRY(const std::string entry,
               request.choice("entry", {"first_ever", "first_in_range"}, "first_ever"));
  asked.spec.entry = entry == "first_ever" ? analytics::CohortEntry::kFirstEver
                                           : analytics::CohortEntry::kFirstInRange;
  FOOTFALL_TRY(const std::string clock, request.choice("clock", {"calendar"}, "calendar"));
  FOOTFALL_TRY(const std::int64_t periods,
               request.integer("periods", asked.period == "day" ? 30 : 12, 1,
                               static_cast<std::int64_t>(analytics::kRetentionPeriodsMax)));
  asked.spec.periods = static_cast<std::size_t>(periods);
  FOOTFALL_TRY(asked.range, read_range(context, request));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  asked.spec.from = asked.range.from;
  asked.spec.to = asked.range.to;
  asked.spec.complete_to = context.snapshot.id().complete_to;
  return asked;
}

std::string rule_words(const QuestionContext& context, const RetentionRequest& asked) {
  const bool on = asked.spec.variant == analytics::RetentionVariant::kOn;
  const bool ever = asked.spec.entry == analytics::CohortEntry::kFirstEver;
  const bool week = asked.period == "week";
  return fmt::format(
      "Retention. Start: {}; return: {}, after the start event in total order. Period: {}, clock "
      "calendar: difference of local {} indices in {}{}. Variant: {}. Cohort entry: {}. Start "
      "events: {}; returns up to the end of history. Units: persons. Share: of the cohort's size. "
      "{}A cell is complete when its period has ended by {} for every member{}; periods that have "
      "not begun are not shown. Interval: 95 % by Wilson, of share.",
      asked.start, asked.returning, asked.period, asked.period, context.zone.name(),
      week ? fmt::format(", weeks from ISO day {}", context.settings.week_start) : "",
      on ? "on, returned in period n" : "on_or_after, returned in period n or a later one",
      ever ? "first_ever, one cohort a person by their first start event in the store's history"
           : "first_in_range, one cohort a person by their first start event in the range",
      range_words(context, asked.range),
      asked.start == asked.returning ? "Period 0 is the cohort's size. " : "",
      base::format_instant(asked.spec.complete_to),
      on ? "" : "; on_or_after is a lower bound, never complete");
}

void add_rows(Answer& answer, const analytics::RetentionAnswer& found) {
  std::uint64_t incomplete = 0;
  for (const analytics::RetentionCohort& cohort : found.cohorts) {
    const std::string date = base::format_date(cohort.first_day);
    for (std::size_t n = 0; n < cohort.cells.size(); ++n) {
      const analytics::RetentionCell& cell = cohort.cells[n];
      answer.rows.push_back(
          Json::array({date, n, cohort.persons, cell.returned,
                       share_cell(cell.returned, cohort.persons), cell.complete}));
      answer.interval.push_back(analytics::wilson_interval(cell.returned, cohort.persons));
      incomplete += cell.complete ? 0 : 1;
    }
  }
  Json mean = Json::array();
  for (const auto& share : found.mean) mean.push_back(share ? Json(*share) : Json());
  while (!mean.empty() && mean.back().is_null()) mean.erase(mean.size() - 1);
  answer.open = Json::object();
  answer.open["incomplete_cells"] = incomplete;
  answer.open["mean_of_ended_periods"] = std::move(mean);
}

base::Result<Answer> answer_retention(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const RetentionRequest asked, read_retention(context, request));
  FOOTFALL_TRY(const analytics::Retention retention, analytics::Retention::create(asked.spec));
  FOOTFALL_TRY(const analytics::RetentionPartial partial,
               fold_people<analytics::RetentionPartial>(context, {.flags = asked.spec.clients_only},
                                                        retention));
  const analytics::RetentionAnswer found = retention.finish(partial);
  Answer answer;
  answer.rule = rule_words(context, asked);
  answer.columns = {{"cohort", "date", ""},
                    {"period", "integer", asked.period},
                    {"persons", "integer", "persons"},
                    {"returned", "integer", "persons"},
                    {"share", "share", ""},
                    {"complete", "flag", ""}};
  add_rows(answer, found);
  answer.left_out = {{"without_start_event", static_cast<std::int64_t>(found.without_start)},
                     {"start_out_of_range", static_cast<std::int64_t>(found.start_out_of_range)}};
  if (found.start_out_of_range > 0) {
    answer.no_rows = fmt::format("no person began in the range ({})", asked.start);
  } else if (asked.spec.clients_only) {
    answer.no_rows =
        "no person has a client event in the range: name the events that count, such as start "
        "purchase";
  } else {
    answer.no_rows = fmt::format("no person has the start event in the range ({})", asked.start);
  }
  answer.units = found.persons;
  answer.events = found.events;
  answer.interval_of = "share";
  answer.view = {
      "triangle",
      {{"row", "cohort"}, {"column", "period"}, {"value", "share"}, {"size", "persons"}}};
  return answer;
}

}  // namespace

QuestionKind retention_question() {
  return {"retention",
          "who comes back: cohorts by their first period, returns by later ones",
          {{"start", "events that begin a person's history (default: any client event)"},
           {"return", "events that count as a return (default: those of start)"},
           {"period", "day, week or month of the local calendar (default day)"},
           {"periods", "periods after the first, 1 to 400 (default 30 days, 12 weeks or months)"},
           {"variant", "on: in period n; on_or_after: in n or later (default on)"},
           {"entry", "first_ever, or first_in_range: one cohort a person (default first_ever)"},
           {"clock", "calendar: differences of local periods (default calendar)"}},
          "--start purchase --period month",
          answer_retention};
}

}  // namespace footfall::engine
