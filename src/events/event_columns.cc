#include "footfall/events/event_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/events/event_words.h"
#include "footfall/events/schema.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

void refuse_number(const RawColumn& column, std::size_t row, std::string_view expected,
                   RowStates& states) {
  states.refuse(row, "bad_number", column.name,
                fmt::format("expected {}: {}", expected, base::printable(cell_text(column, row))));
}

std::string_view style_example(NumberStyle style) {
  switch (style) {
    case NumberStyle::kComma:
      return "a number such as 1.234,50";
    case NumberStyle::kGroupedPoint:
      return "a number such as 1,234.50";
    default:
      return "a number such as 1234.50";
  }
}

struct NumberField {
  Field field;
  NumberStyle style;
};

// The amount of a cell that is no plain number; its currency is noted where the field is money.
std::optional<Amount> written_amount(const RawColumn& column, std::size_t row, NumberField number,
                                     RowStates& states) {
  auto written = column.kind == CellKind::kText ? parse_written(column.texts[row], number.style)
                                                : std::nullopt;
  if (!written || (!written->currency.empty() && number.field == Field::kRating)) {
    refuse_number(column, row, style_example(number.style), states);
    return std::nullopt;
  }
  if (!written->currency.empty()) {
    states.tell_currency({row, column.name, std::move(written->currency)});
  }
  return written->amount;
}

bool same_columns(const RawChunk& chunk, const std::vector<std::string>& names) {
  if (chunk.columns.size() != names.size()) return false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (chunk.columns[i].name != names[i]) return false;
  }
  return true;
}

// Cells of a currency column are ISO 4217 codes, in any letter case.
void read_currencies(const RawColumn& column, Harvest& harvest, RowStates& states,
                     std::vector<StringTable::Code>& codes) {
  for (std::size_t row = 0; row < codes.size(); ++row) {
    if (column.is_absent(row)) continue;
    std::string code = cell_text(column, row);
    for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!base::currency_decimals(base::trim(code)).ok()) {
      states.refuse(row, "bad_currency", column.name,
                    fmt::format("expected an ISO 4217 currency such as EUR: {}",
                                base::printable(cell_text(column, row))));
      continue;
    }
    codes[row] = harvest.texts.text(base::trim(code));
  }
}

}  // namespace

AmountCells read_amounts(const RawChunk& chunk, const FilePlan& plan, Field field, Harvest& harvest,
                         RowStates& states) {
  AmountCells cells;
  const RawColumn* const column = field_column(chunk, plan.mapping, field);
  if (column == nullptr) return cells;
  const NumberStyle style = plan.numbers[static_cast<std::size_t>(field)];
  cells.known.assign(chunk.size(), 0);
  cells.values.assign(chunk.size(), 0);
  std::uint64_t rounded = 0;
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    if (column->is_absent(row)) continue;
    auto amount = read_amount(*column, row, style);
    if (!amount) {
      amount = written_amount(*column, row, {field, style}, states);
      if (!amount) continue;
    }
    rounded += amount->rounded ? 1 : 0;
    cells.values[row] = amount->micros;
    cells.known[row] = 1;
  }
  harvest.ledger.mark("rounded_number", rounded);
  return cells;
}

AmountCells read_wholes(const RawChunk& chunk, const FilePlan& plan, Field field,
                        RowStates& states) {
  AmountCells cells;
  const RawColumn* const column = field_column(chunk, plan.mapping, field);
  if (column == nullptr) return cells;
  const NumberStyle style = plan.numbers[static_cast<std::size_t>(field)];
  cells.known.assign(chunk.size(), 0);
  cells.values.assign(chunk.size(), 0);
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    if (column->is_absent(row)) continue;
    const auto whole = read_whole(*column, row, style);
    if (!whole) {
      refuse_number(*column, row, "a whole number such as 12", states);
      continue;
    }
    cells.values[row] = *whole;
    cells.known[row] = 1;
  }
  return cells;
}

void PropertyReader::bind(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest) {
  columns_.clear();
  bound_.clear();
  for (const RawColumn& column : chunk.columns) columns_.push_back(column.name);
  for (const auto& [name, column] : property_columns(plan.mapping, columns_)) {
    bound_.emplace_back(harvest.property(name), column);
  }
}

const std::vector<PropertyCells>& PropertyReader::read(const RawChunk& chunk, const FilePlan& plan,
                                                       Harvest& harvest, RowStates& states) {
  if (!same_columns(chunk, columns_)) bind(chunk, plan, harvest);
  cells_.clear();
  for (const auto& [property, name] : bound_) {
    const RawColumn* const column = chunk.column(name);
    if (column == nullptr) continue;
    PropertyCells& cells = cells_.emplace_back();
    cells.property = property;
    cells.codes.resize(chunk.size());
    read_codes(column, harvest.texts, harvest.ledger, states, cells.codes);
  }
  read_currency(chunk, plan, harvest, states);
  settle_currencies(plan, harvest, states, chunk.size());
  return cells_;
}

void PropertyReader::read_currency(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest,
                                   RowStates& states) {
  const std::string& currency = plan.mapping.column(Field::kCurrency);
  if (currency.empty()) return;
  const RawColumn* const column = chunk.column(currency);
  const bool constant = column == nullptr && base::currency_decimals(currency).ok();
  if (column == nullptr && (!constant || currency == harvest.facts.currency)) return;
  PropertyCells& cells = cells_.emplace_back();
  cells.property = harvest.property("currency");
  cells.codes.assign(chunk.size(), constant ? harvest.texts.text(currency) : 0);
  if (column != nullptr) read_currencies(*column, harvest, states, cells.codes);
}

PropertyCells* PropertyReader::currency_cells(const Harvest& harvest) {
  const auto found = std::find_if(cells_.begin(), cells_.end(), [&](const PropertyCells& cells) {
    return harvest.batch.properties[cells.property].name == "currency";
  });
  return found == cells_.end() ? nullptr : &*found;
}

// A mark says what the row's amounts are in only where nothing else does. The shop's own currency
// is not kept, so that the same order without marks is a repeat.
void PropertyReader::settle_currencies(const FilePlan& plan, Harvest& harvest, RowStates& states,
                                       std::size_t rows) {
  if (states.currencies().empty()) return;
  const std::string& given = plan.mapping.column(Field::kCurrency);
  const std::string constant = base::currency_decimals(given).ok() ? given : std::string();
  std::vector<std::string> told(rows);
  const auto settle = [&](const CurrencyMark& mark) {
    if (!states.good(mark.row)) return;
    const PropertyCells* const cells = currency_cells(harvest);
    std::string stated = told[mark.row];
    if (stated.empty() && cells != nullptr) {
      stated = harvest.batch.texts.text(cells->codes[mark.row]);
    }
    if (stated.empty()) stated = constant;
    auto code = currency_of_mark(mark.text, stated, harvest.facts.currency);
    if (!code.ok()) {
      states.refuse(mark.row, "bad_currency", mark.column, code.error().message);
    } else {
      told[mark.row] = std::move(*code);
    }
  };
  for (const CurrencyMark& mark : states.stated_currencies()) settle(mark);
  for (const CurrencyMark& mark : states.currencies()) settle(mark);
  for (std::size_t row = 0; row < rows; ++row) {
    if (told[row].empty() || told[row] == harvest.facts.currency) continue;
    PropertyCells* cells = currency_cells(harvest);
    if (cells == nullptr) {
      cells = &cells_.emplace_back();
      cells->property = harvest.property("currency");
      cells->codes.assign(rows, 0);
    }
    if (cells->codes[row] == 0) cells->codes[row] = harvest.texts.text(told[row]);
  }
}

std::string_view PropertyReader::other_currency(std::size_t row, const Harvest& harvest) const {
  for (const PropertyCells& cells : cells_) {
    if (harvest.batch.properties[cells.property].name != "currency") continue;
    const std::string_view found = harvest.batch.texts.text(cells.codes[row]);
    return found == harvest.facts.currency ? std::string_view() : found;
  }
  return {};
}

EventWords::EventWords() : codes_(words_, {"", kValueBytesMax, false, false, false}) {}

EventCode EventWords::code_of(std::string_view word, const Mapping& mapping, Harvest& harvest) {
  for (const auto& [from, to] : mapping.event.values) {
    if (from == word) return harvest.event_code(to);
  }
  const std::string name = event_of_cell(word);
  return name.empty() ? EventCode{kNoEvent} : harvest.event_code(name);
}

void EventWords::read(const RawChunk& chunk, const FilePlan& plan, Harvest& harvest,
                      RowStates& states, std::vector<EventCode>& types) {
  const EventMapping& event = plan.mapping.event;
  const RawColumn* const column = event.column.empty() ? nullptr : chunk.column(event.column);
  const EventCode constant =
      event.constant.empty() ? EventCode{kNoEvent} : harvest.event_code(event.constant);
  types.assign(chunk.size(), constant);
  cells_.assign(chunk.size(), 0);
  if (column != nullptr) codes_.cells(*column, cells_);
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    const CellCodes::Code word = cells_[row];
    if (word != 0 && word < CellCodes::kFirstProblem) {
      for (auto next = static_cast<CellCodes::Code>(events_.size()); next < words_.size(); ++next) {
        events_.push_back(next == 0 ? EventCode{kNoEvent}
                                    : code_of(words_.text(next), plan.mapping, harvest));
      }
      types[row] = events_[word];
    } else if (word != 0) {
      types[row] = kNoEvent;
    }
    if (types[row] != kNoEvent) continue;
    const std::string found = column == nullptr ? "" : cell_text(*column, row);
    const bool full = !event_of_cell(found).empty();
    states.refuse(
        row,
        found.empty() ? "no_event"
        : full        ? "too_many_events"
                      : "bad_event",
        event.column,
        fmt::format("expected {}: {}",
                    full ? fmt::format("at most {} event names of the shop's own", kOwnNamesMax)
                         : "an event name such as view_item",
                    found.empty() ? "(empty)" : base::printable(found)));
  }
}

}  // namespace footfall::events
