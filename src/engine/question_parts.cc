#include "footfall/engine/question_parts.h"

#include <fmt/format.h>

namespace footfall::engine {
namespace {

// A reading that the clock shows twice is said with its instant.
std::string bound_words(const base::Zone& zone, base::TimeMs instant) {
  const base::TimeMs local = instant + zone.offset_seconds(instant) * base::kSecondMs;
  const std::string text = zone.format_local(instant);
  const base::Zone::LocalInstant read = zone.from_local(local);
  if (!read.repeated && read.instant == instant) return text;
  return fmt::format("{} ({})", text, base::format_instant(instant));
}

}  // namespace

std::string NamedEvents::words() const {
  return fmt::format("{}", fmt::join(names, " or "));
}

base::Result<NamedEvents> find_events(const store::Snapshot& snapshot,
                                      std::vector<std::string> names, const std::string& field) {
  NamedEvents events;
  for (std::string& name : names) {
    auto code = snapshot.event_code(name);
    if (!code.ok()) {
      base::Error error = std::move(code).error();
      error.message = fmt::format("{}: {}", field, error.message);
      error.where.field = field;
      return error;
    }
    events.set.insert(*code);
    events.names.push_back(std::move(name));
  }
  return events;
}

base::Result<NamedEvents> read_events(const QuestionContext& context, Request& request,
                                      const std::string& field) {
  FOOTFALL_TRY(std::vector<std::string> names, request.list(field));
  return find_events(context.snapshot, std::move(names), field);
}

std::vector<std::string> names_by_code(const store::Snapshot& snapshot) {
  std::vector<std::string> names(256);
  for (auto& [code, name] : snapshot.event_names()) names[code] = std::move(name);
  return names;
}

base::Result<Request::Range> read_range(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(Request::Range range, request.range(context.zone));
  if (!request.has("to")) {
    range.to = std::max(context.snapshot.id().complete_to, range.from) + 1;
  }
  return range;
}

std::string range_words(const QuestionContext& context, const Request::Range& range) {
  const base::Zone& zone = context.zone;
  const bool to_end = range.to == context.snapshot.id().complete_to + 1;
  const std::string until =
      to_end ? fmt::format("the end of the snapshot's history ({})",
                           base::format_instant(context.snapshot.id().complete_to))
             : fmt::format("{}, not included", bound_words(zone, range.to));
  if (range.from == base::kTimeMin) {
    if (to_end && context.snapshot.id().complete_to == base::kTimeMin) return "all history";
    return fmt::format("all history up to {} ({})", until, zone.name());
  }
  return fmt::format("{} up to {} ({})", bound_words(zone, range.from), until, zone.name());
}

base::Result<analytics::SessionRule> read_session_rule(Request& request) {
  analytics::SessionRule rule;
  FOOTFALL_TRY(rule.gap_ms, request.duration("gap", rule.gap_ms));
  FOOTFALL_TRY(const std::string bound, request.choice("bound", {"ge", "gt"}, "ge"));
  rule.bound =
      std::string_view(bound) == "ge" ? analytics::SessionBound::kGe : analytics::SessionBound::kGt;
  FOOTFALL_TRY(const std::string scope, request.choice("scope", {"person"}, "person"));
  return rule;
}

std::string session_rule_words(const analytics::SessionRule& rule) {
  const bool ge = rule.bound == analytics::SessionBound::kGe;
  return fmt::format(
      "Session: a run of a person's client events in total order, neighbours {} {} apart (bound "
      "{}); scope person; no longest session, no cut at midnight or on a campaign. Server events "
      "neither open nor extend a session; each joins the one with first event <= t {} last event "
      "+ gap.",
      ge ? "less than" : "at most", base::format_duration(rule.gap_ms), ge ? "ge" : "gt",
      ge ? "<" : "<=");
}

std::string no_session_words(std::uint64_t no_session) {
  const std::string words = "no session begins in the range";
  return no_session == 0 ? words : words + ": server events, such as orders, open none";
}

const std::vector<QuestionKey>& session_rule_keys() {
  static const std::vector<QuestionKey> keys = {
      {"gap", "pause that ends a session (default 30m)"},
      {"bound", "ge: a pause of exactly the gap ends it; gt: only a longer one (default ge)"},
      {"scope", "whose events make a session: person (default person)"},
  };
  return keys;
}

Json share_cell(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return nullptr;
  return static_cast<double>(count) / static_cast<double>(of);
}

}  // namespace footfall::engine
