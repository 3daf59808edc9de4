#include "footfall/engine/question_rfm.h"

#include <fmt/format.h>

#include <charconv>

#include "footfall/analytics/rfm.h"
#include "footfall/engine/order_question.h"

namespace footfall::engine {
namespace {

using analytics::kRfmScores;
using analytics::RfmTable;

constexpr std::int64_t kLookBackDays = 365;
constexpr std::int64_t kLookBackDaysMax = 36'500;
constexpr const char* kCellRule =
    "Champions R 4-5 F 4-5; Loyal R 3 F 4-5 and R 3-4 F 3; Potential loyalist R 4-5 F 2-3; New R 5 "
    "F 1; Promising R 4 F 1; Needs attention R 3 F 2-3; About to sleep R 3 F 1; At risk R 2 F 3-5; "
    "Can't lose R 1 F 4-5; Hibernating R 2 F 1-2 and R 1 F 2-3; Lost R 1 F 1; where two fit, the "
    "first named";

struct RfmQuestion {
  OrderScope scope;
  analytics::RfmRule rule;
  std::string by;
  std::string window_text;
  std::string cuts_text;
};

using Cuts = std::array<std::int64_t, 4>;

// Four rising whole numbers (or amounts), or nothing when the field is absent.
base::Result<std::optional<Cuts>> read_cuts(Request& request, const std::string& field,
                                            int money_decimals) {
  FOOTFALL_TRY(const std::vector<std::string> words, request.list(field));
  if (words.empty()) return std::optional<Cuts>();
  Cuts cuts{};
  const std::string wanted =
      fmt::format("{}: expected four rising {}: {}", field,
                  money_decimals < 0 ? "whole numbers" : "amounts", fmt::join(words, ","));
  if (words.size() != cuts.size()) return base::invalid(wanted, field);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const base::Result<base::PriceMicros> price = base::parse_price(words[i]);
    if (!price.ok()) return base::invalid(wanted, field);
    const base::Result<base::MoneyMinor> value =
        base::line_amount(1, *price, money_decimals < 0 ? 0 : money_decimals);
    const bool whole = money_decimals >= 0 || *price % base::kMicrosPerUnit == 0;
    if (!whole || !value.ok() || (i > 0 && *value <= cuts[i - 1])) {
      return base::invalid(wanted, field);
    }
    cuts[i] = *value;
  }
  return std::optional<Cuts>(cuts);
}

// The look-back ends with the range; it begins at `from`, or so many local days earlier.
void set_look_back(const QuestionContext& context, std::int64_t look_back, RfmQuestion& question) {
  analytics::TimeRange& range = question.rule.range;
  range = question.scope.range;
  question.rule.reference_day = context.zone.day(range.to - 1);
  question.window_text = "over " + question.scope.range_text;
  if (range.from != base::kTimeMin) return;
  const auto days = static_cast<base::DayNumber>(look_back);
  range.from = context.zone.day_start(question.rule.reference_day - days + 1);
  question.window_text =
      fmt::format("in the last {} local days of {}", look_back, question.scope.range_text);
}

base::Result<RfmQuestion> read(const QuestionContext& context, Request& request) {
  RfmQuestion question;
  FOOTFALL_TRY(question.scope, OrderScope::read(context, request));
  FOOTFALL_TRY(question.by, request.choice("by", {"grid", "cell", "score"}, "grid"));
  FOOTFALL_TRY(const std::int64_t look_back,
               request.integer("look_back_days", kLookBackDays, 1, kLookBackDaysMax));
  FOOTFALL_TRY(const std::string frequency,
               request.choice("frequency", {"orders", "days"}, "orders"));
  analytics::RfmCutPoints& fixed = question.rule.fixed;
  const int decimals = question.scope.choice.decimals;
  FOOTFALL_TRY(fixed.recency_days, read_cuts(request, "recency_cuts", -1));
  FOOTFALL_TRY(fixed.orders, read_cuts(request, "frequency_cuts", -1));
  FOOTFALL_TRY(fixed.money, read_cuts(request, "money_cuts", decimals));
  if (request.has("from") && request.has("look_back_days")) {
    return base::invalid(
        fmt::format("look_back_days: expected either from or look_back_days: {}", look_back),
        "look_back_days");
  }
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  question.rule.count_days = frequency == "days";
  question.rule.currency = question.scope.choice;
  const auto add_cuts = [&](const char* name, const std::optional<Cuts>& cuts, const char* score) {
    if (cuts)
      question.cuts_text +=
          fmt::format(" Fixed for {}: {} {}.", name, score, fmt::join(*cuts, ", "));
  };
  add_cuts("R", fixed.recency_days, "score 5, 4, 3, 2 up to days");
  add_cuts("F", fixed.orders, "score 2, 3, 4, 5 from");
  add_cuts("M", fixed.money, "score 2, 3, 4, 5 from minor units");
  set_look_back(context, look_back, question);
  return question;
}

std::string rule_text(const RfmQuestion& question) {
  return fmt::format(
      "Persons with an order {}. R = local days from the last order to that end, F = {}, "
      "M "
      "= net revenue in {} (gross - refunds, each dated on its own day). Score = 1 + floor(5 x "
      "(persons with a strictly worse value) / n): equal values always get equal scores, so the "
      "bins, given under open, may be unequal or empty.{} Cells by R x F: {}. money = the cell's "
      "M; "
      "share = part of the scored persons. Left out: persons without an order in that time "
      "(no_order), guests, orders in other currencies.",
      question.window_text,
      question.rule.count_days ? "number of local days with an order" : "number of orders",
      question.scope.currency, question.cuts_text, kCellRule);
}

struct Totals {
  analytics::RfmFold::Counts counts;
  std::int64_t persons = 0;

  Json share(std::int64_t part) const {
    return share_cell(static_cast<std::uint64_t>(part), static_cast<std::uint64_t>(persons));
  }
};

void add_grid_rows(const RfmTable& table, const Totals& totals, const RfmQuestion& question,
                   Answer& answer) {
  const std::string& money = question.scope.currency;
  answer.columns = {{"recency", "integer", "score"},
                    {"frequency", "integer", "score"},
                    {"cell", "text", ""},
                    {"persons", "integer", "persons"},
                    {"share", "share", "persons"},
                    {"money", "money", money},
                    {"money_per_person", "money", money}};
  answer.view = {
      "grid",
      {{"row", "recency"}, {"column", "frequency"}, {"value", "persons"}, {"label", "cell"}}};
  const int decimals = question.scope.choice.decimals;
  for (int recency = kRfmScores; recency >= 1; --recency) {
    for (int frequency = 1; frequency <= kRfmScores; ++frequency) {
      const analytics::RfmCell cell = table.recency_frequency(recency, frequency);
      const std::size_t name = analytics::rfm_cell_name(recency, frequency);
      answer.rows.push_back({recency, frequency, std::string(analytics::kRfmCellNames[name]),
                             cell.persons, totals.share(cell.persons),
                             money_cell(cell.money, decimals),
                             money_per(cell.money, cell.persons, decimals)});
    }
  }
}

void add_cell_rows(const RfmTable& table, const Totals& totals, const RfmQuestion& question,
                   Answer& answer) {
  const std::string& money = question.scope.currency;
  answer.columns = {{"cell", "text", ""},
                    {"persons", "integer", "persons"},
                    {"share", "share", "persons"},
                    {"money", "money", money},
                    {"money_per_person", "money", money}};
  answer.view = {"bars", {{"label", "cell"}, {"value", "persons"}}};
  std::array<analytics::RfmCell, analytics::kRfmCellNames.size()> cells;
  for (int recency = 1; recency <= kRfmScores; ++recency) {
    for (int frequency = 1; frequency <= kRfmScores; ++frequency) {
      analytics::RfmCell& cell = cells[analytics::rfm_cell_name(recency, frequency)];
      const analytics::RfmCell part = table.recency_frequency(recency, frequency);
      cell.persons += part.persons;
      cell.money += part.money;
    }
  }
  const int decimals = question.scope.choice.decimals;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    answer.rows.push_back({std::string(analytics::kRfmCellNames[i]), cells[i].persons,
                           totals.share(cells[i].persons), money_cell(cells[i].money, decimals),
                           money_per(cells[i].money, cells[i].persons, decimals)});
  }
}

void add_score_rows(const RfmTable& table, const Totals& totals, Answer& answer) {
  answer.columns = {{"measure", "text", ""},
                    {"score", "integer", "score"},
                    {"persons", "integer", "persons"},
                    {"share", "share", "persons"}};
  const auto add = [&](const char* measure, const std::array<std::int64_t, kRfmScores>& bins) {
    for (std::size_t i = bins.size(); i-- > 0;) {
      answer.rows.push_back({measure, i + 1, bins[i], totals.share(bins[i])});
    }
  };
  add("recency", table.recency_bins());
  add("frequency", table.frequency_bins());
  add("money", table.money_bins());
}

base::Result<Answer> answer_rfm(const QuestionContext& asked, Request& request) {
  FOOTFALL_TRY(const RfmQuestion question, read(asked, request));
  FOOTFALL_TRY(const store::Snapshot snapshot,
               asked.snapshot.with_refunds_at_buyers(asked.settings.currency));
  const QuestionContext context = at_buyers(asked, snapshot);
  const analytics::LocalDays days(context.zone, question.rule.range, question.rule.range.to);
  const analytics::TextLookup text_of = text_lookup(context.snapshot);
  store::Columns columns;
  columns.orders = columns.flags = columns.lines = true;
  columns.properties = {"currency", "value"};
  std::vector<analytics::RfmFold> parts =
      make_parts(context, [&] { return analytics::RfmFold(question.rule, days, text_of); });
  const auto fold = [](analytics::RfmFold& part, const store::Block& block,
                       analytics::UserRange users) { part.fold(block, users); };
  FOOTFALL_RETURN_IF_ERROR(fold_blocks(context, store::Population::kPeople, columns, parts, fold));

  const analytics::RfmScores scores(question.rule, parts);
  std::vector<RfmTable> tables(parts.size());
  base::parallel_for(parts.size(), parts.size(), 1,
                     [&](std::size_t, std::size_t begin, std::size_t) {
                       scores.tally(parts[begin], tables[begin]);
                     });
  Totals totals;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) tables[0].add(tables[i]);
    totals.persons += static_cast<std::int64_t>(parts[i].size());
    totals.counts.add(parts[i].counts());
  }
  Answer answer;
  answer.rule = rule_text(question);
  if (question.by == "cell") {
    add_cell_rows(tables[0], totals, question, answer);
  } else if (question.by == "score") {
    add_score_rows(tables[0], totals, answer);
  } else {
    add_grid_rows(tables[0], totals, question, answer);
  }
  answer.open["bins"] = {{"recency", tables[0].recency_bins()},
                         {"frequency", tables[0].frequency_bins()},
                         {"money", tables[0].money_bins()}};
  answer.left_out = {
      {"guest", static_cast<std::int64_t>(context.snapshot.user_count(store::Population::kGuests))},
      {"no_order", totals.counts.without_order},
      {"other_currency", totals.counts.other_currency},
      {"amount_too_large", totals.counts.amounts_too_large},
      {"money_too_large", totals.counts.money_too_large}};
  if (totals.counts.money_too_large > 0) {
    answer.warnings.push_back(
        fmt::format("{} persons are left out whose money is more than 64 bits hold "
                    "(money_too_large)",
                    base::format_grouped(totals.counts.money_too_large)));
  }
  if (totals.persons == 0) {
    answer.warnings.push_back(fmt::format("no person has an order {}", question.window_text));
  }
  answer.units = context.snapshot.user_count(store::Population::kPeople);
  answer.events = static_cast<std::uint64_t>(totals.counts.events);
  return answer;
}

}  // namespace

QuestionKind rfm_question() {
  return {"rfm",
          "persons by recency, frequency and money, with named cells",
          {{"by", "grid, cell (the eleven names) or score (default grid)"},
           {"look_back_days", "local days that orders are read of (default 365)"},
           {"frequency", "orders or days: orders of one local day count once (default orders)"},
           {"recency_cuts", "four fixed cut points in days (default: by rank)"},
           {"frequency_cuts", "four fixed cut points in orders (default: by rank)"},
           {"money_cuts", "four fixed cut points as amounts (default: by rank)"},
           currency_key()},
          "--by cell",
          answer_rfm};
}

}  // namespace footfall::engine
