#include "footfall/events/stated_values.h"

#include <fmt/format.h>

#include <cstdlib>

#include "footfall/base/words.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

bool states_amount(EventCode type) {
  return type == kPurchase || type == kRefund;
}

// What a reader found wrong, where it matters.
template <typename Matters>
void pass_on(const RowStates& found, RowStates& states, Matters&& matters) {
  for (const RowProblem& problem : found.problems()) {
    if (!matters(problem.row)) continue;
    states.refuse(problem.row, problem.reason, problem.column, problem.message);
  }
  for (const CurrencyMark& mark : found.currencies()) {
    if (matters(mark.row)) states.tell_currency(mark);
  }
}

}  // namespace

void StatedValues::read(const RawChunk& chunk, const FilePlan& plan,
                        const std::vector<EventCode>& types, Harvest& harvest, RowStates& states) {
  RowStates unreadable;
  unreadable.begin(chunk.size());
  amounts_ = read_amounts(chunk, plan, Field::kValue, harvest, unreadable);
  amounts_.known.resize(chunk.size(), 0);
  amounts_.values.resize(chunk.size(), 0);
  const AmountCells refunded = read_refunded(chunk, plan, types, harvest, states);
  const auto counts = [&](std::size_t row) {
    const bool overruled = refunded.has(row) && refunded.values[row] != 0;
    return types[row] == kPurchase || (types[row] == kRefund && !overruled);
  };
  pass_on(unreadable, states, counts);
  if (const RawColumn* const column = field_column(chunk, plan.mapping, Field::kValue)) {
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      if (has(row) && counts(row)) check_sign(row, column->name, states);
    }
  }
  for (std::size_t row = 0; refunded.any() && row < chunk.size(); ++row) {
    if (types[row] != kRefund || counts(row)) continue;
    amounts_.values[row] = std::abs(refunded.values[row]);
    amounts_.known[row] = 1;
  }
}

AmountCells StatedValues::read_refunded(const RawChunk& chunk, const FilePlan& plan,
                                        const std::vector<EventCode>& types, Harvest& harvest,
                                        RowStates& states) {
  RowStates unreadable;
  unreadable.begin(chunk.size());
  AmountCells refunded = read_amounts(chunk, plan, Field::kRefunded, harvest, unreadable);
  pass_on(unreadable, states, [&](std::size_t row) { return types[row] == kRefund; });
  return refunded;
}

void StatedValues::add(std::size_t row, EventCode type, std::string_view text,
                       const std::string& column, RowStates& states) {
  if (!states_amount(type) || has(row)) return;
  const auto amount = parse_amount(text, NumberStyle::kPoint);
  if (!amount) {
    states.refuse(row, "bad_number", column,
                  fmt::format("expected a number such as 1234.50: {}", base::printable(text)));
    return;
  }
  amounts_.values[row] = amount->micros;
  amounts_.known[row] = 1;
  check_sign(row, column, states);
}

void StatedValues::check_sign(std::size_t row, const std::string& column, RowStates& states) const {
  if (amounts_.values[row] >= 0) return;
  states.refuse(row, "negative_value", column,
                fmt::format("expected a stated value of 0 or more: {}",
                            base::format_price(amounts_.values[row])));
}

void StatedValues::read_others(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest,
                               RowStates& states) {
  others_.clear();
  const RawColumn* const column = field_column(chunk, plan.mapping, Field::kValue);
  if (column == nullptr) return;
  others_.resize(chunk.size());
  read_codes(column, harvest.texts, harvest.ledger, states, others_);
}

StringTable::Code StatedValues::code(std::size_t row, EventCode type, Harvest& harvest) const {
  if (!states_amount(type)) return others_.empty() ? 0 : others_[row];
  return has(row) ? harvest.texts.text(base::format_price(amounts_.values[row])) : 0;
}

}  // namespace footfall::events
