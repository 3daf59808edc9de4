#include "footfall/engine/question_sales.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "footfall/analytics/estimates.h"
#include "footfall/analytics/sales.h"
#include "footfall/engine/order_question.h"

namespace footfall::engine {
namespace {

using analytics::SalesBy;
using analytics::SalesPeriod;
using analytics::SalesRow;

// Periods without sales are shown as zero unless there would be more of them than this.
constexpr std::int64_t kEmptyPeriodsMax = 100'000;

struct SalesQuestion {
  OrderScope scope;
  analytics::SalesRule rule;
  std::string by;  // "none", "country" or "item".
  std::string period;
};

base::Result<SalesQuestion> read(const QuestionContext& context, Request& request) {
  SalesQuestion question;
  FOOTFALL_TRY(question.scope, OrderScope::read(context, request));
  FOOTFALL_TRY(std::string by,
               request.choice("by", {"none", "day", "week", "month", "country", "item"}, "none"));
  FOOTFALL_TRY(question.period, request.choice("period", {"none", "day", "week", "month"}, "none"));
  FOOTFALL_TRY(const std::string refunds,
               request.choice("refunds", {"refund_day", "order_day"}, "refund_day"));
  if (const auto period = analytics::period_of(by); period && *period != SalesPeriod::kNone) {
    if (request.has("period") && question.period != by) {
      return base::invalid(
          fmt::format("period: by={} is a period already: {}", by, question.period), "period");
    }
    question.period = std::exchange(by, "none");
  }
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  question.by = by;
  question.rule.range = question.scope.range;
  question.rule.period = analytics::period_of(question.period).value_or(SalesPeriod::kNone);
  question.rule.week_start = context.settings.week_start;
  question.rule.by = by == "country" ? SalesBy::kCountry
                     : by == "item"  ? SalesBy::kItem
                                     : SalesBy::kNone;
  question.rule.refunds_on_order_day = refunds == "order_day";
  question.rule.currency = question.scope.choice;
  return question;
}

std::string rule_text(const SalesQuestion& question) {
  static const char* const kWeekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};
  const analytics::SalesRule& rule = question.rule;
  std::string text = fmt::format(
      "Sales in {} over {}. gross = line amounts of purchases, each quantity x unit "
      "price rounded half to even once, without tax and shipping. refunds = line amounts of "
      "refunds, at the price bought where the refund has none (a stated amount wins; without lines "
      "the rest of the order), dated on the {}. "
      "net = gross - refunds, aov = gross / orders, net_aov = net / orders. An order counts even "
      "if it was refunded later. units = quantities without bookkeeping lines. customers = persons "
      "with an order; a guest's order (reason guest) is in all figures but customers and "
      "repeat_rate. An order without a price on any line (reason no_amount) counts, with an amount "
      "of 0. repeat_rate = customers with at least 2 orders in the row / customers, with its 95 % "
      "Wilson interval. orphan_refund counts refund lines without a purchase left to take "
      "back, over_refund those above the order that they name; they are in refunds.",
      question.scope.currency, question.scope.range_text,
      rule.refunds_on_order_day ? "day of the order they match, unmatched ones on their own day"
                                : "refund's own day");
  if (rule.period == SalesPeriod::kWeek) {
    text += fmt::format(" A row a week, named by its first day (weeks start on {}).",
                        kWeekdays[rule.week_start - 1]);
  } else if (rule.period != SalesPeriod::kNone) {
    text += fmt::format(" A row a {}.", question.period);
  }
  if (rule.by == SalesBy::kCountry) {
    text += " By country of the event, else the person's most frequent one; highest net first.";
  } else if (rule.by == SalesBy::kItem) {
    text +=
        " By item: orders and customers are those of orders that hold the item; bookkeeping items "
        "included, so that the rows add up; highest net first.";
  }
  return text;
}

class SalesAnswer {
 public:
  SalesAnswer(const QuestionContext& context, const SalesQuestion& question)
      : context_(context), question_(question), decimals_(question.scope.choice.decimals) {}

  base::Result<Answer> compute() {
    const store::SnapshotId& id = context_.snapshot.id();
    const analytics::LocalDays days(context_.zone, question_.rule.range, id.complete_to);
    const analytics::TextLookup text_of = text_lookup(context_.snapshot);
    store::Columns columns;
    columns.orders = columns.flags = columns.lines = true;
    columns.properties = {"country", "currency", "value"};
    std::vector<analytics::SalesFold> parts =
        make_parts(context_, [&] { return analytics::SalesFold(question_.rule, days, text_of); });
    for (const auto population : {store::Population::kPeople, store::Population::kGuests}) {
      const auto fold = [&](analytics::SalesFold& part, const store::Block& block,
                            analytics::UserRange users) { part.fold(block, users, population); };
      FOOTFALL_RETURN_IF_ERROR(fold_blocks(context_, population, columns, parts, fold));
    }
    const analytics::SalesFold& fold = merge_parts(parts);
    FOOTFALL_RETURN_IF_ERROR(label_rows(fold));
    set_columns();
    for (const Labelled& row : rows_) add_row(row);
    finish(fold);
    return std::move(answer_);
  }

 private:
  struct Labelled {
    SalesRow row;
    std::string label;
    std::string name;
  };

  bool by_period() const { return question_.rule.period != SalesPeriod::kNone; }
  bool by_group() const { return question_.rule.by != SalesBy::kNone; }

  base::Status label_rows(const analytics::SalesFold& fold) {
    std::vector<SalesRow> rows = fold.rows();
    if (!by_period() && !by_group()) rows = {SalesRow{0, 0, fold.total()}};
    if (by_period() && !by_group()) add_empty_periods(rows);
    std::optional<analytics::ItemNames> names;
    if (question_.rule.by == SalesBy::kItem) {
      FOOTFALL_TRY(names, item_names(context_));
    }
    for (const SalesRow& row : rows) {
      Labelled labelled{row, "", ""};
      if (question_.rule.by == SalesBy::kCountry && row.group != 0) {
        labelled.label = context_.snapshot.text(row.group);
      }
      if (names && row.group != 0) {
        labelled.label = context_.snapshot.item(row.group);
        labelled.name = text_lookup(context_.snapshot)(names->of(row.group));
      }
      if (by_group() && labelled.label.empty()) labelled.label = "(none)";
      rows_.push_back(std::move(labelled));
    }
    std::sort(rows_.begin(), rows_.end(), [](const Labelled& a, const Labelled& b) {
      if (a.row.period != b.row.period) return a.row.period < b.row.period;
      const base::MoneyMinor net_a = a.row.tally.net();
      const base::MoneyMinor net_b = b.row.tally.net();
      return net_a != net_b ? net_a > net_b : a.label < b.label;
    });
    return base::Ok{};
  }

  // A zone that crosses the date line leaves a date out: no instant has it.
  bool never_was(std::int32_t period) const {
    if (question_.rule.period != SalesPeriod::kDay) return false;
    return context_.zone.day(context_.zone.day_start(period)) != period;
  }

  void add_empty_periods(std::vector<SalesRow>& rows) const {
    if (rows.empty()) return;
    std::map<std::int32_t, SalesRow> by_period;
    for (const SalesRow& row : rows) by_period[row.period] = row;
    const std::int64_t first = by_period.begin()->first;
    const std::int64_t last = by_period.rbegin()->first;
    if (last - first >= kEmptyPeriodsMax) return;
    for (std::int64_t period = first; period <= last; ++period) {
      const auto key = static_cast<std::int32_t>(period);
      if (by_period.contains(key) || never_was(key)) continue;
      rows.push_back({key, 0, {}});
    }
  }

  void set_columns() {
    const std::string& money = question_.scope.currency;
    if (by_period()) {
      const bool months = question_.rule.period == SalesPeriod::kMonth;
      answer_.columns.push_back({"period", months ? "text" : "date", question_.period});
    }
    if (by_group()) answer_.columns.push_back({question_.by, "text", ""});
    if (question_.rule.by == SalesBy::kItem) answer_.columns.push_back({"name", "text", ""});
    for (const char* name : {"gross", "refunds", "net"}) {
      answer_.columns.push_back({name, "money", money});
    }
    answer_.columns.push_back({"orders", "integer", "orders"});
    answer_.columns.push_back({"aov", "money", money});
    answer_.columns.push_back({"net_aov", "money", money});
    answer_.columns.push_back({"units", "integer", "units"});
    answer_.columns.push_back({"units_refunded", "integer", "units"});
    answer_.columns.push_back({"customers", "integer", "persons"});
    answer_.columns.push_back({"repeat_rate", "share", ""});
    answer_.interval_of = "repeat_rate";
    if (by_group()) {
      answer_.view = {"bars", {{"label", question_.by}, {"value", "net"}}};
    } else if (by_period()) {
      answer_.view = {"series", {{"x", "period"}, {"y", {"net", "orders"}}}};
    }
    answer_.view.settings["more"] = {"net_aov", "units", "units_refunded", "repeat_rate"};
  }

  void add_row(const Labelled& labelled) {
    const analytics::SalesTally& tally = labelled.row.tally;
    const auto customers = static_cast<std::uint64_t>(tally.customers);
    const auto repeat = static_cast<std::uint64_t>(tally.repeat_customers);
    Json cells = Json::array();
    if (by_period()) cells.push_back(label_of(labelled.row.period));
    if (by_group()) cells.push_back(labelled.label);
    if (question_.rule.by == SalesBy::kItem) cells.push_back(text_cell(labelled.name));
    cells.push_back(money_cell(tally.gross, decimals_));
    cells.push_back(money_cell(tally.refunds, decimals_));
    cells.push_back(money_cell(tally.gross - tally.refunds, decimals_));
    cells.push_back(tally.orders);
    cells.push_back(money_per(tally.gross, tally.orders, decimals_));
    cells.push_back(money_per(tally.gross - tally.refunds, tally.orders, decimals_));
    cells.push_back(count_cell(tally.units));
    cells.push_back(count_cell(tally.units_refunded));
    cells.push_back(tally.customers);
    cells.push_back(share_cell(repeat, customers));
    answer_.rows.push_back(std::move(cells));
    answer_.interval.push_back(analytics::wilson_interval(repeat, customers));
  }

  std::string label_of(std::int32_t period) const {
    return analytics::period_label(question_.rule.period, period, question_.rule.week_start);
  }

  void finish(const analytics::SalesFold& fold) {
    const analytics::SalesCounts& counts = fold.counts();
    answer_.rule = rule_text(question_);
    answer_.no_rows =
        fmt::format("no purchase or refund in {} is in the range", question_.scope.currency);
    answer_.counted = {{"guest", fold.total().guest_orders},
                       {"no_amount", counts.no_amount},
                       {"orphan_refund", counts.orphan_refunds},
                       {"over_refund", counts.over_refunds}};
    answer_.left_out = {{"other_currency", counts.other_currency},
                        {"amount_too_large", counts.amounts_too_large}};
    answer_.unit = "persons and guest orders";
    answer_.units = context_.snapshot.user_count(store::Population::kPeople) +
                    context_.snapshot.user_count(store::Population::kGuests);
    answer_.events = static_cast<std::uint64_t>(counts.events);
    add_open_period();
  }

  // The last period, while it lasts beyond what the snapshot or the range knows.
  void add_open_period() {
    if (!by_period() || rows_.empty()) return;
    const std::int32_t last = rows_.back().row.period;
    const base::DayNumber next =
        analytics::period_first_day(question_.rule.period, last + 1, question_.rule.week_start);
    const base::TimeMs end = context_.zone.day_end(next - 1);
    const base::TimeMs known =
        std::min(context_.snapshot.id().complete_to + 1, question_.scope.range.to);
    if (known < end) answer_.open["incomplete_period"] = label_of(last);
  }

  QuestionContext context_;
  const SalesQuestion& question_;
  int decimals_;
  std::vector<Labelled> rows_;
  Answer answer_;
};

base::Result<Answer> answer_sales(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const SalesQuestion question, read(context, request));
  FOOTFALL_TRY(const store::Snapshot snapshot,
               context.snapshot.with_refunds_at_buyers(context.settings.currency));
  return SalesAnswer(at_buyers(context, snapshot), question).compute();
}

}  // namespace

QuestionKind sales_question() {
  return {"sales",
          "gross, refunds, net, orders, average order and repeat rate",
          {{"by", "none, day, week, month, country or item (default none)"},
           {"period", "beside by=country or by=item: none, day, week or month (default none)"},
           {"refunds", "dated on the refund_day or the order_day (default refund_day)"},
           currency_key()},
          "--by week",
          answer_sales};
}

}  // namespace footfall::engine
