#include "footfall/engine/question_bought_together.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "footfall/analytics/baskets.h"
#include "footfall/base/decimal.h"
#include "footfall/engine/order_question.h"

namespace footfall::engine {
namespace {

constexpr double kSupportUsual = 0.01;
constexpr std::int64_t kRowsUsual = 100;

struct PairQuestion {
  analytics::BasketRule baskets;
  analytics::PairRule pairs;
  std::string range_text;
  std::string item;
  std::string sort;
  double support = kSupportUsual;  // Below 1: a share of the baskets; else a count.
  std::size_t limit = kRowsUsual;
};

base::Result<PairQuestion> read(const QuestionContext& context, Request& request) {
  PairQuestion question;
  FOOTFALL_TRY(const OrderScope scope, OrderScope::read(context, request));
  question.baskets.range = scope.range;
  question.range_text = scope.range_text;
  FOOTFALL_TRY(question.support, request.number("support", kSupportUsual, 0, 1e15));
  if (question.support >= 1 && question.support != std::floor(question.support)) {
    return base::invalid(fmt::format("support: expected a share below 1 or a whole number of "
                                     "baskets: {}",
                                     question.support),
                         "support");
  }
  FOOTFALL_TRY(const std::int64_t items_min, request.integer("basket_min", 1, 1, 10'000));
  question.baskets.items_min = static_cast<std::uint32_t>(items_min);
  FOOTFALL_TRY(question.baskets.with_bookkeeping, request.boolean("bookkeeping", false));
  FOOTFALL_TRY(question.pairs.false_discovery_rate,
               request.number("false_discovery_rate", 0.05, 0, 1));
  FOOTFALL_TRY(question.sort, request.choice("sort", {"lift", "support", "confidence"}, "lift"));
  FOOTFALL_TRY(question.item, request.text("item", ""));
  FOOTFALL_TRY(question.limit, read_row_limit(request, kRowsUsual));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  if (!question.item.empty()) {
    question.pairs.with = context.snapshot.find_item(question.item);
    if (question.pairs.with == 0) {
      return base::Error{
          base::ErrorCode::kNotFound,
          fmt::format("item: expected the key of an item that the shop has met: {}", question.item),
          {"", 0, "", "item"},
          "Keys are told apart by letter case; `top_items` lists them."};
    }
  }
  return question;
}

std::string rule_text(const PairQuestion& question) {
  const std::string support =
      question.support < 1
          ? fmt::format("at least {} of the baskets (rounded up)", question.support)
          : "at least " + base::format_count(static_cast<std::int64_t>(question.support), "basket");
  return fmt::format(
      "Pairs of items{} bought together over {}. A basket = the set of item keys of one "
      "purchase, guests included, bookkeeping lines {}, {} or more; n = all baskets. Pairs "
      "in "
      "{}. support = baskets with both / n; confidence = baskets with both / baskets with the "
      "item, "
      "confidence_back of the other way round, the stronger way first{}, with its 95 % Wilson "
      "interval; lift = n x both / (with one x with the other); leverage = support - product of "
      "the "
      "two shares; conviction = (1 - share of the other) / (1 - confidence), no value where it is "
      "infinite; p = Fisher's one-sided chance of as many or more. Kept under a false-discovery "
      "rate of {} (Benjamini-Hochberg among the pairs of that support). Highest {} first, then "
      "most baskets, then item keys.",
      question.item.empty() ? "" : " with " + question.item, question.range_text,
      question.baskets.with_bookkeeping ? "counted" : "left out",
      base::format_count(question.baskets.items_min, "item"), support,
      question.item.empty() ? "" : " (always from " + question.item + ")",
      question.pairs.false_discovery_rate, question.sort);
}

// A pair as a rule from its first item to its second.
struct PairRow {
  analytics::ItemPair pair;
  analytics::PairMeasures there;
  analytics::PairMeasures back;
  std::string_view from;
  std::string_view to;

  double sorted_by(const std::string& sort) const {
    return sort == "lift" ? there.lift : sort == "support" ? there.support : there.confidence;
  }
};

std::vector<PairRow> directed_rows(const QuestionContext& context, const PairQuestion& question,
                                   const analytics::ItemPairs& found) {
  std::vector<PairRow> rows;
  rows.reserve(found.pairs.size());
  for (analytics::ItemPair pair : found.pairs) {
    const auto key = [&](store::ItemCode item) { return context.snapshot.item(item); };
    const bool turn = question.pairs.with != 0           ? pair.b == question.pairs.with
                      : pair.support_a != pair.support_b ? pair.support_b < pair.support_a
                                                         : key(pair.b) < key(pair.a);
    if (turn) {
      std::swap(pair.a, pair.b);
      std::swap(pair.support_a, pair.support_b);
    }
    rows.push_back(
        {pair,
         analytics::measure_pair(pair.together, pair.support_a, pair.support_b, found.baskets),
         analytics::measure_pair(pair.together, pair.support_b, pair.support_a, found.baskets),
         key(pair.a), key(pair.b)});
  }
  std::sort(rows.begin(), rows.end(), [&](const PairRow& a, const PairRow& b) {
    const double sorted_a = a.sorted_by(question.sort);
    const double sorted_b = b.sorted_by(question.sort);
    if (sorted_a != sorted_b) return sorted_a > sorted_b;
    if (a.pair.together != b.pair.together) return a.pair.together > b.pair.together;
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  });
  return rows;
}

Json finite_cell(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

void set_columns(Answer& answer) {
  answer.columns = {{"item", "text", ""},
                    {"name", "text", ""},
                    {"with_item", "text", ""},
                    {"with_name", "text", ""},
                    {"baskets", "integer", "baskets"},
                    {"support", "share", "baskets"},
                    {"confidence", "share", ""},
                    {"confidence_back", "share", ""},
                    {"lift", "number", ""},
                    {"leverage", "number", ""},
                    {"conviction", "number", ""},
                    {"conviction_back", "number", ""},
                    {"p", "number", ""}};
  answer.interval_of = "confidence";
  answer.view = {"table", {{"more", {"leverage", "conviction", "conviction_back", "p"}}}};
}

std::string no_pairs(const PairQuestion& question, const analytics::ItemPairs& found) {
  const auto some = [](std::uint64_t count, const char* unit) {
    return base::format_count(static_cast<std::int64_t>(count), unit);
  };
  if (found.baskets == 0) {
    return fmt::format("no purchase in the range is a basket of at least {}",
                       some(question.baskets.items_min, "item"));
  }
  const std::string with =
      question.item.empty() ? "no two items were" : "no item was, with " + question.item + ",";
  const std::string most =
      fmt::format("bought together in at least {} of {}",
                  base::format_grouped(static_cast<std::int64_t>(question.pairs.support_min)),
                  some(found.baskets, "basket"));
  if (found.not_significant == 0) return fmt::format("{} {} (support)", with, most);
  return fmt::format(
      "{} {} {}, none more often than chance may bring about "
      "(false_discovery_rate {})",
      some(found.not_significant, "pair"), found.not_significant == 1 ? "was" : "were", most,
      question.pairs.false_discovery_rate);
}

base::Result<Answer> answer_bought_together(const QuestionContext& context, Request& request) {
  FOOTFALL_TRY(PairQuestion question, read(context, request));
  store::Columns columns;
  columns.lines = true;
  std::vector<analytics::BasketFold> parts =
      make_parts(context, [&] { return analytics::BasketFold(question.baskets); });
  const auto fold = [](analytics::BasketFold& part, const store::Block& block,
                       analytics::UserRange users) { part.fold(block, users); };
  for (const auto population : {store::Population::kPeople, store::Population::kGuests}) {
    FOOTFALL_RETURN_IF_ERROR(fold_blocks(context, population, columns, parts, fold));
  }
  const analytics::BasketFold& baskets = merge_parts(parts);
  question.pairs.support_min = question.support < 1
                                   ? analytics::support_of_share(question.support, baskets.size())
                                   : static_cast<std::uint64_t>(question.support);
  FOOTFALL_TRY(const analytics::ItemPairs found, analytics::mine_pairs(baskets, question.pairs));
  FOOTFALL_TRY(const analytics::ItemNames names, item_names(context));
  const analytics::TextLookup text_of = text_lookup(context.snapshot);

  Answer answer;
  answer.rule = rule_text(question);
  set_columns(answer);
  for (const PairRow& row : directed_rows(context, question, found)) {
    answer.rows.push_back(
        {std::string(row.from), text_cell(text_of(names.of(row.pair.a))), std::string(row.to),
         text_cell(text_of(names.of(row.pair.b))), row.pair.together, row.there.support,
         row.there.confidence, row.back.confidence, row.there.lift, row.there.leverage,
         finite_cell(row.there.conviction), finite_cell(row.back.conviction), row.pair.p});
    answer.interval.push_back(row.there.confidence_interval);
  }
  const analytics::BasketFold::Counts& counts = baskets.counts();
  answer.left_out = {{"bookkeeping", counts.bookkeeping_lines},
                     {"no_item", counts.empty},
                     {"small_basket", counts.small},
                     {"not_significant", static_cast<std::int64_t>(found.not_significant)}};
  answer.no_rows = no_pairs(question, found);
  answer.units = found.baskets;
  answer.unit = "baskets";
  answer.events = static_cast<std::uint64_t>(counts.orders);
  cut_rows(answer, question.limit);
  return answer;
}

}  // namespace

QuestionKind bought_together_question() {
  return {"bought_together",
          "pairs of items in one basket, with support, confidence and lift",
          {{"support", "least share of baskets, or from 1 on their number (default 0.01)"},
           {"item", "only pairs with this item (default: all)"},
           {"basket_min", "items a basket must have (default 1)"},
           {"bookkeeping", "true counts postage, fees and the like as items (default false)", true},
           {"false_discovery_rate", "expected share of chance among the pairs (default 0.05)"},
           {"sort", "lift, support or confidence (default lift)"}},
          "--support 0.02 --limit 10",
          answer_bought_together};
}

}  // namespace footfall::engine
