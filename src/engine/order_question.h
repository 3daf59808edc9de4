// What the questions on orders share: the range and currency asked for, money cells, item names,
// and folding blocks on all threads.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "footfall/analytics/attributes.h"
#include "footfall/analytics/order_walk.h"
#include "footfall/analytics/sales_periods.h"
#include "footfall/base/parallel.h"
#include "footfall/engine/question.h"
#include "footfall/engine/question_parts.h"

namespace footfall::engine {

/// Users a thread takes at a time.
inline constexpr std::size_t kOrderGrain = 8192;

/// The part of an order question that all of them read: keys from, to and currency.
struct OrderScope {
  analytics::TimeRange range;
  std::string range_text;  // As range_words says it.
  std::string currency;    // ISO 4217 code.
  analytics::CurrencyChoice choice;

  static base::Result<OrderScope> read(const QuestionContext& context, Request& request);
};

/// The key of OrderScope that is no standard key.
QuestionKey currency_key();

/// The same context with each refund at its order's buyer; `snapshot` is with_refunds_at_buyers()
/// of the context's and outlives the result.
QuestionContext at_buyers(const QuestionContext& context, const store::Snapshot& snapshot);

/// Texts of the snapshot by code; the snapshot outlives the lookup.
analytics::TextLookup text_lookup(const store::Snapshot& snapshot);

/// Minor units as a number in major units.
Json money_cell(analytics::ExactSum minor, int decimals);
/// dividend / divisor in major units; null when the divisor is 0.
Json money_per(analytics::ExactSum minor, std::int64_t divisor, int decimals);
/// A whole number; sums beyond 64 bits stop at their ends.
Json count_cell(analytics::ExactSum count);
/// A text, or null for "".
Json text_cell(std::string_view text);

/// Reads the standard key `limit` with a default of this question's own.
base::Result<std::size_t> read_row_limit(Request& request, std::int64_t otherwise);
/// Cuts `rows` (and intervals) to the limit, with a warning that says so.
void cut_rows(Answer& answer, std::size_t limit);

/// One part of a fold for each of the context's threads.
template <typename Make>
auto make_parts(const QuestionContext& context, Make make) {
  std::vector<decltype(make())> parts;
  do {
    parts.push_back(make());
  } while (parts.size() < context.threads);
  return parts;
}

/// Folds the blocks of one population into parts that make_parts() made, on the context's threads.
/// Calls fold(part, block, users).
template <typename Part, typename Fold>
base::Status fold_blocks(const QuestionContext& context, store::Population population,
                         const store::Columns& columns, std::vector<Part>& parts, Fold fold) {
  FOOTFALL_TRY(const std::vector<store::Block> blocks,
               context.snapshot.blocks(population, columns));
  for (const store::Block& block : blocks) {
    base::parallel_for(parts.size(), block.user_count(), kOrderGrain,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         fold(parts[worker], block, analytics::UserRange{begin, end});
                       });
  }
  if (context.progress.stop_requested()) {
    return base::Error{base::ErrorCode::kInterrupted, "stopped before the answer was done", {}, ""};
  }
  return base::Ok{};
}

/// Merges all parts into the first.
template <typename Part>
Part& merge_parts(std::vector<Part>& parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) parts.front().merge(parts[i]);
  return parts.front();
}

/// Names of items as the whole snapshot knows them.
base::Result<analytics::ItemNames> item_names(const QuestionContext& context);

}  // namespace footfall::engine
