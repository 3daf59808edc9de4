#include "footfall/engine/order_question.h"

#include <fmt/format.h>

#include <cmath>

#include "footfall/base/decimal.h"

namespace footfall::engine {

base::Result<OrderScope> OrderScope::read(const QuestionContext& context, Request& request) {
  OrderScope scope;
  FOOTFALL_TRY(const Request::Range range, read_range(context, request));
  scope.range = {range.from, range.to};
  scope.range_text = range_words(context, range);
  const std::string& own = context.settings.currency;
  FOOTFALL_TRY(scope.currency, request.text("currency", own));
  scope.choice.is_shop_currency = scope.currency == own;
  FOOTFALL_TRY(scope.choice.decimals, base::currency_decimals(scope.currency));
  scope.choice.code = context.snapshot.find_text(scope.currency);
  return scope;
}

QuestionKey currency_key() {
  return {"currency", "currency of the amounts; others are left out (default: the shop's)"};
}

QuestionContext at_buyers(const QuestionContext& context, const store::Snapshot& snapshot) {
  return {snapshot,        context.zone,    context.settings, context.currency_decimals,
          context.threads, context.progress};
}

analytics::TextLookup text_lookup(const store::Snapshot& snapshot) {
  return [&snapshot](store::TextCode code) {
    return code == 0 ? std::string_view() : snapshot.text(code);
  };
}

Json money_cell(analytics::ExactSum minor, int decimals) {
  return static_cast<double>(minor) / std::pow(10.0, decimals);
}

Json money_per(analytics::ExactSum minor, std::int64_t divisor, int decimals) {
  if (divisor == 0) return nullptr;
  // To the nearest minor unit, halves to even, as amounts of lines are rounded.
  analytics::ExactSum whole = minor / divisor;
  const analytics::ExactSum rest = minor % divisor;
  const analytics::ExactSum twice = (rest < 0 ? -rest : rest) * 2;
  if (twice > divisor || (twice == divisor && whole % 2 != 0)) whole += minor < 0 ? -1 : 1;
  return money_cell(whole, decimals);
}

Json count_cell(analytics::ExactSum count) {
  return analytics::clamp_sum(count);
}

Json text_cell(std::string_view text) {
  if (text.empty()) return nullptr;
  return std::string(text);
}

base::Result<std::size_t> read_row_limit(Request& request, std::int64_t otherwise) {
  FOOTFALL_TRY(const std::int64_t limit, request.integer("limit", otherwise, 1, 10'000'000));
  return static_cast<std::size_t>(limit);
}

void cut_rows(Answer& answer, std::size_t limit) {
  if (answer.rows.size() <= limit) return;
  answer.warnings.push_back(fmt::format(
      "{} of {} rows are shown (limit)", base::format_grouped(static_cast<std::int64_t>(limit)),
      base::format_grouped(static_cast<std::int64_t>(answer.rows.size()))));
  answer.rows.resize(limit);
  if (answer.interval.size() > limit) answer.interval.resize(limit);
}

base::Result<analytics::ItemNames> item_names(const QuestionContext& context) {
  store::Columns columns;
  columns.lines = true;
  columns.flags = true;
  columns.properties = {"name", "item_name"};
  std::vector<analytics::AttributeFold> parts =
      make_parts(context, [&] { return analytics::AttributeFold(text_lookup(context.snapshot)); });
  const auto fold = [](analytics::AttributeFold& part, const store::Block& block,
                       analytics::UserRange users) { part.fold(block, users); };
  for (const store::Population population :
       {store::Population::kPeople, store::Population::kGuests, store::Population::kThings}) {
    FOOTFALL_RETURN_IF_ERROR(fold_blocks(context, population, columns, parts, fold));
  }
  return merge_parts(parts).item_names();
}

}  // namespace footfall::engine
