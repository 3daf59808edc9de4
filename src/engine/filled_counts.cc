#include "footfall/engine/filled_counts.h"

#include "footfall/analytics/attributes.h"
#include "footfall/engine/order_question.h"

namespace footfall::engine {

base::Result<FilledCounts> count_filled(const Context& context, const store::Snapshot& snapshot) {
  const QuestionContext question{
      snapshot,        context.zone,    context.store.settings(), context.currency_decimals,
      context.threads, context.progress};
  store::Columns columns;
  columns.lines = true;
  columns.flags = true;
  columns.properties = {"name", "item_name"};
  std::vector<analytics::AttributeFold> parts =
      make_parts(question, [&] { return analytics::AttributeFold(text_lookup(snapshot)); });
  const auto fold = [](analytics::AttributeFold& part, const store::Block& block,
                       analytics::UserRange users) { part.fold(block, users); };
  FOOTFALL_RETURN_IF_ERROR(fold_blocks(question, store::Population::kThings, columns, parts, fold));
  // Things have no country of their own; people and the guests of an order do.
  columns.properties.emplace_back("country");
  for (const auto population : {store::Population::kPeople, store::Population::kGuests}) {
    FOOTFALL_RETURN_IF_ERROR(fold_blocks(question, population, columns, parts, fold));
  }
  FilledCounts counts;
  for (const analytics::FilledCount& filled : merge_parts(parts).filled()) {
    if (filled.count > 0) counts.emplace_back(filled.field, filled.count);
  }
  return counts;
}

}  // namespace footfall::engine
