// The lines of events: one of a row's own cells, or a list of items.
#include <algorithm>

#include "footfall/base/decimal.h"
#include "footfall/events/event_file.h"

namespace footfall::events {

// A purchase that no line gives a price counts as an order of 0, which is not what it was worth.
void EventFile::mark_amount(std::size_t row, bool lined) {
  if (types_[row] != kPurchase) return;
  bool priced = lined && prices_.has(row);
  if (!lists_.empty() && !lists_[row].empty()) {
    priced = std::any_of(lists_[row].begin(), lists_[row].end(),
                         [](const ItemLine& line) { return line.price.has_value(); });
  }
  if (!priced) harvest_.ledger.mark("no_amount");
}

void EventFile::append_line(std::size_t row, bool part) {
  NewLine line;
  line.item = ids_.items[row];
  line.name = ids_.names[row];
  line.quantity = quantity(row);
  line.price = prices_.has(row) ? prices_.values[row] : 0;
  line.number = part && lines_.has(row) ? static_cast<std::uint32_t>(lines_.values[row]) : 0;
  if (prices_.has(row) && line.price == 0) {
    line.marks |= kFreeLine;
    harvest_.ledger.mark("free_line");
  }
  harvest_.add_line(line);
}

void EventFile::append_list(std::size_t row) {
  const auto code_or_none = [](CellCodes::Code code) {
    return code < CellCodes::kFirstProblem ? code : 0;
  };
  base::MoneyMinor sum = 0;
  bool priced = true;
  bool free = false;
  std::uint32_t number = 0;
  const int decimals = harvest_.facts.currency_decimals;
  for (const ItemLine& item : lists_[row]) {
    NewLine line;
    line.item = code_or_none(harvest_.items.text(item.item));
    line.name = code_or_none(harvest_.texts.text(item.name));
    line.quantity = item.quantity;
    line.price = item.price.value_or(0);
    line.number = ++number;
    if (item.price == base::PriceMicros{0} && about(types_[row]) == About::kOrder) {
      line.marks |= kFreeLine;
      free = true;
    }
    harvest_.add_line(line);
    const auto amount = base::line_amount(line.quantity, line.price, decimals);
    priced = priced && item.price.has_value() && amount.ok();
    if (amount.ok()) sum += *amount;
  }
  if (free) harvest_.ledger.mark("free_line");
  if (!priced || !values_.has(row) || types_[row] != kPurchase) return;
  const auto stated = base::line_amount(1, values_.amount(row), decimals);
  if (stated.ok() && *stated != sum) harvest_.ledger.mark("value_mismatch");
}

// The event says what all its items say, where it says nothing else of its own.
void EventFile::set_item_property(std::size_t row, std::string_view name,
                                  std::string ItemLine::* member) {
  const std::vector<ItemLine>& list = lists_[row];
  const auto code_of = [&](const ItemLine& item) -> StringTable::Code {
    if ((item.*member).empty()) return 0;
    const CellCodes::Code code = harvest_.texts.text(item.*member);
    return code < CellCodes::kFirstProblem ? code : 0;
  };
  const StringTable::Code first = code_of(list.front());
  const bool shared = std::all_of(list.begin(), list.end(), [&](const ItemLine& item) {
    return item.*member == list.front().*member;
  });
  if (shared && first == 0) return;
  const StringTable::Code stated = harvest_.last_property(name);
  if (shared && (stated == 0 || stated == first)) {
    return harvest_.set_property(harvest_.property(name), first);
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    harvest_.set_line_property(list.size() - 1 - i, name, code_of(list[i]));
  }
}

}  // namespace footfall::events
