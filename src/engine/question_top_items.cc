#include "footfall/engine/question_top_items.h"

#include <fmt/format.h>

#include "footfall/analytics/top_items.h"
#include "footfall/engine/order_question.h"

namespace footfall::engine {
namespace {

using analytics::TopBy;

constexpr std::int64_t kRowsUsual = 20;

struct TopQuestion {
  OrderScope scope;
  analytics::TopRule rule;
  std::string event;
  std::string by;
  TopBy measure = TopBy::kUnits;
  std::size_t limit = kRowsUsual;

  bool purchases() const { return event == "purchase"; }
};

base::Result<TopQuestion> read(const QuestionContext& context, Request& request) {
  TopQuestion question;
  FOOTFALL_TRY(question.scope, OrderScope::read(context, request));
  FOOTFALL_TRY(question.event, request.text("event", "purchase"));
  FOOTFALL_TRY(question.by,
               request.choice("by", {"units", "orders", "revenue", "persons", "events"},
                              question.purchases() ? "revenue" : "events"));
  FOOTFALL_TRY(question.rule.with_bookkeeping, request.boolean("bookkeeping", false));
  FOOTFALL_TRY(question.limit, read_row_limit(request, kRowsUsual));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  const std::string& by = question.by;
  if (!question.purchases()) {
    if (by != "events" && by != "persons") {
      return base::invalid(
          fmt::format("by: expected events or persons where event is not purchase: {}", by), "by");
    }
    FOOTFALL_TRY(const NamedEvents named, find_events(context.snapshot, {question.event}, "event"));
    FOOTFALL_TRY(question.rule.event, context.snapshot.event_code(named.names.front()));
  }
  question.measure = by == "units"     ? TopBy::kUnits
                     : by == "orders"  ? TopBy::kOrders
                     : by == "revenue" ? TopBy::kRevenue
                     : by == "persons" ? TopBy::kPersons
                                       : TopBy::kEvents;
  question.rule.range = question.scope.range;
  question.rule.currency = question.scope.choice;
  return question;
}

std::string rule_text(const TopQuestion& question) {
  std::string text = fmt::format(
      "Items by {} of {} events over {}; highest first, equal ones by item key with equal "
      "ranks. An event counts once for each item it names. share = part of the sum over all items. "
      "Items without {} are left out (reason no_{}). "
      "Guests (reason guest) are counted, but not in persons. Bookkeeping lines are {}.",
      question.by, question.event, question.scope.range_text, question.by, question.by,
      question.rule.with_bookkeeping ? "counted" : "left out");
  if (question.purchases()) {
    text += fmt::format(
        " units = quantities, revenue = gross line amounts in {} before refunds; purchases in "
        "other currencies (reason other_currency) are in all figures but revenue.",
        question.scope.currency);
  }
  return text;
}

void set_columns(const TopQuestion& question, Answer& answer) {
  answer.columns = {{"rank", "integer", ""}, {"item", "text", ""}, {"name", "text", ""}};
  if (question.purchases()) {
    answer.columns.push_back({"units", "integer", "units"});
    answer.columns.push_back({"orders", "integer", "orders"});
    answer.columns.push_back({"revenue", "money", question.scope.currency});
  } else {
    answer.columns.push_back({"events", "integer", "events"});
  }
  answer.columns.push_back({"persons", "integer", "persons"});
  answer.columns.push_back({"share", "share", question.by});
  const bool orders = question.purchases() && question.by == "events";
  answer.view = {"bars", {{"label", "item"}, {"value", orders ? "orders" : question.by}}};
}

// What the figure asked for holds and what it does not.
void count_apart(const TopQuestion& question, const analytics::TopItemsFold::Counts& counts,
                 Answer& answer) {
  answer.left_out = {{"bookkeeping", counts.bookkeeping_lines}, {"no_item", counts.without_item}};
  const bool persons = question.measure == TopBy::kPersons;
  (persons ? answer.left_out : answer.counted).emplace_back("guest", counts.guest_events);
  if (!question.purchases()) return;
  const bool money = question.measure == TopBy::kRevenue;
  Answer::Counts& amounts = money ? answer.left_out : answer.counted;
  amounts.emplace_back("other_currency", counts.other_currency);
  amounts.emplace_back("amount_too_large", counts.amounts_too_large);
}

base::Result<Answer> answer_top_items(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(const TopQuestion question, read(context, request));
  store::Columns columns;
  columns.lines = true;
  columns.properties = {"currency"};
  std::vector<analytics::TopItemsFold> parts =
      make_parts(context, [&] { return analytics::TopItemsFold(question.rule); });
  for (const auto population :
       {store::Population::kPeople, store::Population::kGuests, store::Population::kThings}) {
    const auto fold = [&](analytics::TopItemsFold& part, const store::Block& block,
                          analytics::UserRange users) { part.fold(block, users, population); };
    FOOTFALL_RETURN_IF_ERROR(fold_blocks(context, population, columns, parts, fold));
  }
  const analytics::TopItemsFold& fold = merge_parts(parts);
  FOOTFALL_TRY(const analytics::ItemNames names, item_names(context));
  const analytics::TextLookup text_of = text_lookup(context.snapshot);

  Answer answer;
  answer.rule = rule_text(question);
  set_columns(question, answer);
  const int decimals = question.scope.choice.decimals;
  for (const analytics::TopItem& top :
       analytics::rank_items(fold.tallies(), question.measure,
                             [&](store::ItemCode item) { return context.snapshot.item(item); })) {
    const analytics::ItemTally& tally = fold.tallies()[top.item];
    Json cells = {top.rank, std::string(context.snapshot.item(top.item)),
                  text_cell(text_of(names.of(top.item)))};
    if (question.purchases()) {
      cells.push_back(count_cell(tally.units));
      cells.push_back(tally.events);
      cells.push_back(money_cell(tally.revenue, decimals));
    } else {
      cells.push_back(tally.events);
    }
    cells.push_back(tally.persons);
    cells.push_back(top.share);
    answer.rows.push_back(std::move(cells));
  }
  const analytics::TopItemsFold::Counts& counts = fold.counts();
  count_apart(question, counts, answer);
  const std::int64_t unranked = analytics::items_unranked(fold.tallies(), question.measure);
  answer.left_out.emplace_back("no_" + question.by, unranked);
  answer.no_rows = counts.events == 0 ? fmt::format("no {} is in the range", question.event)
                   : unranked > 0     ? fmt::format("no item in the range has {}", question.by)
                                  : fmt::format("no {} in the range names an item", question.event);
  answer.unit = "persons and guest orders";
  answer.units = context.snapshot.user_count(store::Population::kPeople) +
                 context.snapshot.user_count(store::Population::kGuests);
  answer.events = static_cast<std::uint64_t>(counts.events);
  cut_rows(answer, question.limit);
  return answer;
}

}  // namespace

QuestionKind top_items_question() {
  return {"top_items",
          "items by units, orders, revenue, persons or events",
          {{"by",
            "units, orders, revenue, persons or events (default revenue; events for others "
            "than purchases)"},
           {"event", "events that count, such as view_item (default purchase)"},
           {"bookkeeping", "true counts postage, fees and the like as items (default false)", true},
           currency_key()},
          "--by units --limit 10",
          answer_top_items};
}

}  // namespace footfall::engine
