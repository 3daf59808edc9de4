#include "footfall/events/order_statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "footfall/base/words.h"
#include "footfall/events/values.h"

namespace footfall::events {

OrderFate order_fate_of(std::string_view word) {
  constexpr std::string_view kWooPrefix = "wc-";
  const std::string lower = base::ascii_lower(base::trim(word));
  std::string_view state = lower;
  if (state.starts_with(kWooPrefix)) state.remove_prefix(kWooPrefix.size());
  if (state == "refunded") return OrderFate::kRefunded;
  if (state == "voided" || state == "cancelled" || state == "canceled" || state == "failed") {
    return OrderFate::kVoided;
  }
  return OrderFate::kSale;
}

void OrderStatements::read(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest,
                           RowStates& states) {
  fates_.clear();
  times_.clear();
  if (const auto* column = field_column(chunk, plan.mapping, Field::kOrderStatus)) {
    fates_.assign(chunk.size(), OrderFate::kSale);
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      if (!column->is_absent(row)) fates_[row] = order_fate_of(cell_text(*column, row));
    }
  }
  amounts_ = read_amounts(chunk, plan, Field::kRefunded, harvest, states);
  if (const auto* column = field_column(chunk, plan.mapping, Field::kRefundedAt)) {
    read_times(*column, chunk.size(), plan.time, harvest, states);
  }
}

void OrderStatements::read_times(const RawColumn& column, std::size_t rows,
                                 const TimeReader& reader, const Harvest& harvest,
                                 RowStates& states) {
  const base::TimeMs latest = std::min(harvest.facts.now, base::kTimeEnd) + base::kHourMs;
  times_.assign(rows, std::nullopt);
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.is_absent(row)) continue;
    const std::string text = cell_text(column, row);
    const TimeRead read = reader.text(text);
    const bool future = read.outcome == TimeOutcome::kRead && read.time > latest;
    if (read.outcome == TimeOutcome::kRead && !future) {
      times_[row] = read.time;
      continue;
    }
    states.refuse(row, future ? "future_time" : "bad_time", column.name,
                  fmt::format("expected {}{}: {}", reader.expected(read.outcome),
                              future ? " that is not in the future" : "", base::printable(text)));
  }
}

OrderStatement OrderStatements::of(std::size_t row) const {
  OrderStatement statement;
  if (!fates_.empty()) statement.fate = fates_[row];
  if (amounts_.has(row)) statement.refunded = std::abs(amounts_.values[row]);
  if (!times_.empty()) statement.refunded_at = times_[row];
  return statement;
}

}  // namespace footfall::events
