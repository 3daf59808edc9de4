#include "footfall/engine/question_funnel.h"

#include <fmt/format.h>

#include "footfall/analytics/funnel.h"
#include "footfall/engine/question_parts.h"

namespace footfall::engine {
namespace {

struct FunnelRequest {
  std::vector<std::string> steps;  // Names, for rows and the rule.
  Request::Range range;
  analytics::FunnelSpec spec;
};

// A step is a name, or {"event": name}.
base::Result<std::vector<std::string>> read_step_names(Request& request) {
  const Json steps = request.member("steps");
  if (!steps.is_array()) return request.list("steps");
  std::vector<std::string> names;
  for (const Json& step : steps) {
    if (!step.is_object()) {
      if (!step.is_string()) {
        return base::invalid("steps: expected names or {\"event\": name}: " + step.dump(), "steps");
      }
      names.push_back(step.get<std::string>());
      continue;
    }
    for (const auto& [key, value] : step.items()) {
      if (key == "event" && value.is_string()) continue;
      return base::invalid(
          fmt::format("steps: expected a step of the form {{\"event\": name}}: {}", step.dump()),
          "steps");
    }
    if (!step.contains("event")) {
      return base::invalid("steps: expected a step with an event: " + step.dump(), "steps");
    }
    names.push_back(step["event"].get<std::string>());
  }
  return names;
}

base::Result<FunnelRequest> read_funnel(const QuestionContext& context, Request& request) {
  FunnelRequest funnel;
  FOOTFALL_TRY(funnel.steps, read_step_names(request));
  if (funnel.steps.size() < 2) {
    return base::invalid(fmt::format("steps: expected at least 2 events in order: {}",
                                     funnel.steps.empty() ? "none was given" : funnel.steps[0]),
                         "steps");
  }
  FOOTFALL_TRY(const std::string window, request.text("window", "7d"));
  if (window == "none") {
    funnel.spec.window_ms = analytics::kNoWindow;
  } else {
    FOOTFALL_TRY(funnel.spec.window_ms, request.duration("window", funnel.spec.window_ms));
  }
  FOOTFALL_TRY(const std::string entry,
               request.choice("entry", {"best_chain", "first_entry"}, "best_chain"));
  funnel.spec.entry = entry == "best_chain" ? analytics::FunnelEntry::kBestChain
                                            : analytics::FunnelEntry::kFirstEntry;
  // What has one option so far: another one is refused by name.
  FOOTFALL_TRY(const std::string order, request.choice("order", {"sequential"}, "sequential"));
  FOOTFALL_TRY(const std::string start, request.choice("start", {"closed"}, "closed"));
  FOOTFALL_TRY(const std::string counting, request.choice("counting", {"users"}, "users"));
  FOOTFALL_TRY(funnel.spec.details, request.boolean("details", true));
  FOOTFALL_TRY(funnel.range, read_range(context, request));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  for (const std::string& name : funnel.steps) {
    FOOTFALL_TRY(const NamedEvents step, find_events(context.snapshot, {name}, "steps"));
    funnel.spec.steps.push_back(step.set);
  }
  funnel.spec.from = funnel.range.from;
  funnel.spec.to = funnel.range.to;
  funnel.spec.complete_to = context.snapshot.id().complete_to;
  return funnel;
}

// What the open windows of the answer are and what its shares under `open` are of.
std::string open_words(const FunnelRequest& funnel) {
  if (!funnel.spec.details) return "";
  if (funnel.spec.window_ms == analytics::kNoWindow) {
    return " Open: persons who have not come to the last step by the end of the history.";
  }
  return " Open: persons who have not come to the last step, but still may: the window of their "
         "newest entry lasts beyond the end of the history. Naive is the share of all who entered, "
         "closed of those whose window is over, corrected an estimate that counts everybody for as "
         "long as they were watched.";
}

std::string rule_words(const QuestionContext& context, const FunnelRequest& funnel) {
  const bool best = funnel.spec.entry == analytics::FunnelEntry::kBestChain;
  const std::string window = funnel.spec.window_ms == analytics::kNoWindow
                                 ? "none (any time may pass)"
                                 : fmt::format("{} from entry to the last step, bound included",
                                               base::format_duration(funnel.spec.window_ms));
  return fmt::format(
      "Funnel {}. Order: sequential, other events in between are ignored. Window: {}.{} Entry: {}. "
      "Closed: a chain starts at step 1. Counting: users (persons). One event fills one step; "
      "equal times keep the total order (event time, sequence, key), grace 0; repeats of a filled "
      "step are ignored; no optional step, exclusion, held key, filter or breakdown. Entries: {}; "
      "conversions up to the range's end plus the window. {} Interval: 95 % by Wilson, of "
      "from_first.",
      fmt::join(funnel.steps, " > "), window, open_words(funnel),
      best ? "best_chain, every event of step 1 in the range is tried"
           : "first_entry, only the first event of step 1 in the range",
      range_words(context, funnel.range),
      funnel.spec.details
          ? "Times are from step 1 in the reported chain (the deepest, of those the one that "
            "completes first, of those the newest entry), quartiles by nearest rank."
          : "Counts alone: no times, no open windows (details=no).");
}

Json windows_document(const analytics::FunnelAnswer& found, const FunnelRequest& funnel) {
  const std::uint64_t entered = found.steps.front().persons;
  Json open = Json::object();
  if (entered == 0) return open;
  const analytics::FunnelWindows& windows = found.windows;
  open["persons_open"] = windows.open;
  open["naive"] = share_cell(found.steps.back().persons, entered);
  if (funnel.spec.window_ms == analytics::kNoWindow) return open;
  open["persons_closed"] = windows.closed;
  open["closed"] = share_cell(windows.closed_converted, windows.closed);
  if (windows.closed > 0) {
    const auto [low, high] = analytics::wilson_interval(windows.closed_converted, windows.closed);
    open["closed_interval"] = {low, high};
  }
  open["corrected"] = windows.corrected ? Json(*windows.corrected) : Json();
  open["corrected_by"] = funnel.spec.entry == analytics::FunnelEntry::kBestChain
                             ? "spells between entries"
                             : "Kaplan-Meier from the first entry";
  if (windows.corrected_interval) {
    open["corrected_interval"] = {windows.corrected_interval->first,
                                  windows.corrected_interval->second};
  }
  return open;
}

void add_rows(Answer& answer, const analytics::FunnelAnswer& found, const FunnelRequest& funnel) {
  const std::uint64_t entered = found.steps.front().persons;
  for (std::size_t step = 0; step < found.steps.size(); ++step) {
    const analytics::FunnelStep& row = found.steps[step];
    Json cells = Json::array({step + 1, funnel.steps[step], row.persons});
    cells.push_back(step == 0 ? Json() : share_cell(row.persons, found.steps[step - 1].persons));
    cells.push_back(share_cell(row.persons, entered));
    answer.interval.push_back(analytics::wilson_interval(row.persons, entered));
    if (!funnel.spec.details) {
      answer.rows.push_back(std::move(cells));
      continue;
    }
    const auto& times = row.from_entry;
    cells.push_back(times ? Json(times->median) : Json());
    cells.push_back(times ? Json(times->lower_quartile) : Json());
    cells.push_back(times ? Json(times->upper_quartile) : Json());
    answer.rows.push_back(std::move(cells));
  }
}

base::Result<Answer> answer_funnel(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const FunnelRequest asked, read_funnel(context, request));
  FOOTFALL_TRY(const analytics::Funnel funnel, analytics::Funnel::create(asked.spec));
  FOOTFALL_TRY(const analytics::FunnelPartial partial,
               fold_people<analytics::FunnelPartial>(context, {}, funnel));
  const analytics::FunnelAnswer found = funnel.finish(partial);
  Answer answer;
  answer.rule = rule_words(context, asked);
  answer.columns = {{"step", "integer", ""},
                    {"event", "text", ""},
                    {"persons", "integer", "persons"},
                    {"from_previous", "share", ""},
                    {"from_first", "share", ""}};
  if (asked.spec.details) {
    answer.columns.insert(answer.columns.end(), {{"median_time", "duration", "ms"},
                                                 {"lower_quartile_time", "duration", "ms"},
                                                 {"upper_quartile_time", "duration", "ms"}});
  }
  add_rows(answer, found, asked);
  answer.left_out = {
      {"without_step_1", static_cast<std::int64_t>(found.persons - found.steps.front().persons)}};
  if (asked.spec.details) answer.open = windows_document(found, asked);
  if (found.steps.front().persons == 0) {
    answer.warnings.push_back(
        fmt::format("nobody enters: no person has {} in the range", asked.steps.front()));
  }
  answer.units = found.persons;
  answer.events = found.events;
  answer.interval_of = "from_first";
  answer.view = {"funnel", {{"label", "event"}, {"value", "persons"}}};
  return answer;
}

}  // namespace

QuestionKind funnel_question() {
  return {"funnel",
          "how far people get through steps in order, and how long they take",
          {{"steps", "event names in order, 2 to 64"},
           {"window", "from entry to the last step, bound included; none = any time (default 7d)"},
           {"entry", "best_chain: every entry is tried; first_entry (default best_chain)"},
           {"order", "sequential: other events may come in between (default sequential)"},
           {"start", "closed: a chain starts at step 1 (default closed)"},
           {"counting", "users: each person once (default users)"},
           {"details",
            "no = counts alone, without times and open windows (default yes). Open: naive is the "
            "share of all who entered, many of whose windows still run; closed the share of those "
            "whose window is over; corrected an estimate that counts everybody for as long as they "
            "were watched"}},
          "--steps purchase,purchase --window 30d",
          answer_funnel};
}

}  // namespace footfall::engine
