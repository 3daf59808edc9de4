#include "footfall/engine/ask.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/check.h"
#include "footfall/base/decimal.h"
#include "footfall/base/hash.h"
#include "footfall/base/words.h"
#include "footfall/engine/question.h"
#include "footfall/engine/snapshot_document.h"
#include "footfall/engine/visible_snapshot.h"

namespace footfall::engine {
namespace {

// Answers are documents: a table longer than this is cut only if the caller asked for a limit.
constexpr std::int64_t kRowsMax = 10'000'000;

base::Result<const QuestionKind*> find_kind(const std::string& name) {
  std::vector<std::string> names;
  for (const QuestionKind& kind : question_kinds()) {
    if (kind.name == name) return &kind;
    names.push_back(kind.name);
  }
  base::Error error = base::invalid(fmt::format("question: expected one of {}: {}",
                                                fmt::join(names, ", "), base::printable(name)),
                                    "question");
  error.hint = base::nearest_words_hint(name, names);
  return error;
}

Json counts_document(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  Json list = Json::array();
  for (const auto& [reason, count] : counts) {
    if (count != 0) list.push_back({{"reason", reason}, {"count", count}});
  }
  return list;
}

Json answer_document(const Context& context, const std::string& question,
                     const store::Snapshot& snapshot, Answer answer) {
  FOOTFALL_CHECK(answer.interval.empty() ||
                 std::any_of(answer.columns.begin(), answer.columns.end(), [&](const auto& column) {
                   return column.name == answer.interval_of;
                 }));
  Json document = Json::object();
  document["question"] = question;
  document["rule"] = {{"text", answer.rule},
                      {"digest", fmt::format("{:016x}", base::hash64(answer.rule))},
                      {"profile", nullptr}};
  document["snapshot"] = snapshot_document(snapshot, context.zone);
  document["read"] = {{"units", answer.units}, {"unit", answer.unit}, {"events", answer.events}};
  Json columns = Json::array();
  for (const AnswerColumn& column : answer.columns) {
    columns.push_back({{"name", column.name}, {"type", column.type}, {"unit", column.unit}});
  }
  document["columns"] = std::move(columns);
  document["rows"] = std::move(answer.rows);
  document["counted"] = counts_document(answer.counted);
  document["left_out"] = counts_document(answer.left_out);
  document["open"] = std::move(answer.open);
  if (document["rows"].empty()) document["no_rows"] = std::move(answer.no_rows);
  Json intervals = Json::array();
  for (const auto& [low, high] : answer.interval) intervals.push_back({low, high});
  document["interval"] = std::move(intervals);
  document["warnings"] = std::move(answer.warnings);
  document["view"] = Json{{"kind", answer.view.kind}};
  document["view"].update(answer.view.settings);
  if (!answer.interval.empty()) document["view"]["interval"] = answer.interval_of;
  return document;
}

bool holds_nothing(const store::Snapshot& snapshot) {
  using store::Population;
  const auto populations = {Population::kPeople, Population::kGuests, Population::kThings};
  return std::all_of(populations.begin(), populations.end(),
                     [&](Population population) { return snapshot.user_count(population) == 0; });
}

// What holds whatever the question is comes before what the question says itself.
std::string why_no_rows(const Answer& answer, const VisibleSnapshot& visible, bool range_is_later) {
  if (holds_nothing(visible.snapshot)) {
    return visible.no_consent > 0 ? "no event in the shop has a consent that covers this question"
                                  : "the shop holds no events";
  }
  if (range_is_later) return "the range begins after the end of the history";
  return answer.no_rows.empty() ? "no event in the range counts here" : answer.no_rows;
}

}  // namespace

base::Result<Json> ask(const Context& context, const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const std::string name, request.required_text("question"));
  FOOTFALL_TRY(const QuestionKind* kind, find_kind(name));
  FOOTFALL_TRY(const std::string zone_name, request.text("zone", context.zone.name()));
  FOOTFALL_TRY(base::Zone zone, base::Zone::open(zone_name));
  FOOTFALL_TRY(const std::int64_t limit, request.integer("limit", kRowsMax, 1, kRowsMax));
  FOOTFALL_TRY(const VisibleSnapshot visible, visible_snapshot(context, "analytics_storage"));
  const store::Snapshot& snapshot = visible.snapshot;

  Context zoned = context;
  zoned.zone = zone;
  const QuestionContext question{
      snapshot,        zoned.zone,      context.store.settings(), context.currency_decimals,
      context.threads, context.progress};
  FOOTFALL_TRY(Answer answer, kind->answer(question, request));
  const auto range = request.range(zoned.zone);
  const bool later = range.ok() && range->from > snapshot.id().complete_to;
  answer.no_rows = why_no_rows(answer, visible, later);
  if (later) {
    answer.warnings.push_back(fmt::format("the range begins after the end of the history ({})",
                                          base::format_instant(snapshot.id().complete_to)));
  }
  const auto rows_max = static_cast<std::size_t>(limit);
  if (answer.rows.size() > rows_max) {
    answer.warnings.push_back(
        fmt::format("{} of {} rows are shown (limit)", base::format_grouped(limit),
                    base::format_grouped(static_cast<std::int64_t>(answer.rows.size()))));
    answer.rows.resize(rows_max);
    if (answer.interval.size() > rows_max) answer.interval.resize(rows_max);
  }
  answer.left_out.emplace_back("no_consent", visible.no_consent);
  Json answered = answer_document(zoned, name, snapshot, std::move(answer));
  answered["consent"] = visible.consent;
  return answered;
}

}  // namespace footfall::engine
