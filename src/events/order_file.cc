#include "footfall/events/order_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "footfall/base/hash.h"
#include "footfall/base/words.h"
#include "footfall/events/stated_values.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

constexpr std::string_view kVoidedOrder = "voided_order";

// The cell's bytes with their length and kind, so that no two rows look alike by shifting a border.
void add_cell(const RawColumn& column, std::size_t row, std::string& bytes) {
  const auto add = [&](const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
  };
  bytes += column.is_absent(row) ? '\0' : static_cast<char>(1 + static_cast<int>(column.kind));
  if (column.is_absent(row)) return;
  if (column.kind == CellKind::kText) {
    const std::size_t size = column.texts[row].size();
    add(&size, sizeof size);
    bytes += column.texts[row];
  } else if (column.kind == CellKind::kReal) {
    add(&column.reals[row], sizeof(double));
  } else {
    add(&column.integers[row], sizeof(std::int64_t));
  }
}

// Whether an event of the harvest is in another currency than the shop's.
bool in_other_currency(const Harvest& harvest, std::size_t event) {
  for (const PropertyColumn& column : harvest.batch.properties) {
    if (column.name != "currency" || event >= column.codes.size()) continue;
    const std::string_view found = harvest.batch.texts.text(column.codes[event]);
    return !found.empty() && found != harvest.facts.currency;
  }
  return false;
}

}  // namespace

OrderFile::OrderFile(Harvest& harvest, FilePlan plan)
    : Interpreter(harvest), plan_(std::move(plan)) {}

void OrderFile::read(const RawChunk& chunk) {
  find_repeats(chunk);
  const RawChunk& rows =
      plan_.mapping.order_cells_once ? order_cells_.fill(chunk, plan_.mapping) : chunk;
  states_.begin(rows.size());
  read_columns(rows);
  if (numbers_rows()) number_rows();
  check_rows(rows);
  properties_ = &property_reader_.read(rows, plan_, harvest_, states_);
  count_usual();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (repeated_[row] != 0) {
      ++harvest_.ledger.duplicates;
    } else if (states_.good(row)) {
      append(rows, row);
    }
  }
  for (const RowProblem& problem : states_.problems()) {
    if (repeated_[problem.row] == 0) hold(rows, problem);
  }
}

void OrderFile::number_rows() {
  row_numbers_.assign(ids_.orders.size(), 0);
  for (std::size_t row = 0; row < ids_.orders.size(); ++row) {
    if (repeated_[row] != 0 || ids_.orders[row] == 0) continue;
    if (orders_seen_.size() <= ids_.orders[row]) orders_seen_.resize(ids_.orders[row] + 1);
    row_numbers_[row] = ++orders_seen_[ids_.orders[row]].rows;
  }
}

void OrderFile::hold(const RawChunk& chunk, const RowProblem& problem) {
  const std::size_t held = harvest_.held.size();
  harvest_.hold_row(problem.reason, chunk, problem.row, problem.column, problem.message);
  if (harvest_.held.size() == held || !numbers_rows() || lines_.any()) return;
  // The number would be lost with the rows beside it.
  harvest_.held.back().cells.emplace_back(kRowSequence, std::to_string(row_numbers_[problem.row]));
}

void OrderFile::find_repeats(const RawChunk& chunk) {
  by_name_.resize(chunk.columns.size());
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::sort(by_name_.begin(), by_name_.end(), [&](std::size_t a, std::size_t b) {
    return chunk.columns[a].name < chunk.columns[b].name;
  });
  repeated_.assign(chunk.size(), 0);
  std::string names;
  for (const std::size_t column : by_name_) names += chunk.columns[column].name + '\n';
  const std::uint64_t seed = base::hash64(names);
  std::string bytes;
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    bytes.clear();
    for (const std::size_t column : by_name_) add_cell(chunk.columns[column], row, bytes);
    const RowDigest digest{base::hash64(bytes, seed), base::hash64(bytes, ~seed)};
    repeated_[row] = harvest_.rows_seen.add(digest) ? 0 : 1;
  }
}

void OrderFile::read_columns(const RawChunk& chunk) {
  const Mapping& mapping = plan_.mapping;
  const auto column = [&](Field field) { return field_column(chunk, mapping, field); };
  times_.times.resize(chunk.size());
  times_.remainders_ns.resize(chunk.size());
  read_times(chunk.column(mapping.time.column), plan_.time, harvest_, states_, times_);
  known_at_.times.clear();
  if (column(Field::kKnownAt) != nullptr) {
    known_at_.times.resize(chunk.size());
    known_at_.remainders_ns.resize(chunk.size());
    read_times(column(Field::kKnownAt), plan_.known_at, harvest_, states_, known_at_);
  }
  ids_.read(chunk, plan_, harvest_);
  ids_.join(harvest_.ledger, states_);
  lines_ = read_wholes(chunk, plan_, Field::kLine, states_);
  quantities_ = read_wholes(chunk, plan_, Field::kQuantity, states_);
  prices_ = read_amounts(chunk, plan_, Field::kPrice, harvest_, states_);
  statements_.read(chunk, plan_, harvest_, states_);
}

RowClass OrderFile::class_of(std::size_t row) const {
  return classify_row({harvest_.batch.orders_table.text(ids_.orders[row]), quantity(row),
                       prices_.values[row], ids_.persons.known[row] != 0},
                      plan_.mapping);
}

void OrderFile::check_rows(const RawChunk& chunk) {
  const Mapping& mapping = plan_.mapping;
  const auto shown = [&](std::size_t row, auto... fields) {
    return shown_cell(chunk, mapping, row, {fields...});
  };
  if (!prices_.any()) {
    prices_.values.assign(ids_.orders.size(), 0);
    prices_.known.assign(ids_.orders.size(), 0);
  }
  for (std::size_t row = 0; row < ids_.orders.size(); ++row) {
    if (!prices_.has(row)) {
      states_.refuse(row, "bad_number", mapping.column(Field::kPrice),
                     "expected a price such as 1234.50: (empty)");
    }
    if (!states_.good(row)) continue;
    const RowClass row_class = class_of(row);
    mark_row(row, row_class);
    if (is_voided(row, row_class) && harvest_.event_code(kVoidedOrder) == kNoEvent) {
      states_.refuse(row, "too_many_events", mapping.column(Field::kOrderStatus),
                     fmt::format("expected at most {} event names of the shop's own: {}",
                                 kOwnNamesMax, kVoidedOrder));
    } else if (ids_.persons.persons[row] == 0) {
      states_.refuse(row, "no_id", mapping.column(Field::kOrder),
                     "expected a user, device, session or order id: " +
                         shown(row, Field::kUser, Field::kDevice, Field::kSession, Field::kOrder));
    } else if (prices_.values[row] < 0) {
      states_.refuse(row, "negative_price", mapping.column(Field::kPrice),
                     "expected a price of 0 or more: " + shown(row, Field::kPrice));
    } else if (ids_.items[row] == 0) {
      states_.refuse(row, "no_item", mapping.column(Field::kItem),
                     "expected an item: " + shown(row, Field::kItem, Field::kItemName));
    } else if (quantity(row) == 0) {
      states_.refuse(row, "zero_quantity", mapping.column(Field::kQuantity),
                     "expected a quantity other than 0: " + shown(row, Field::kQuantity));
    } else if (lines_.has(row) && (lines_.values[row] < 1 || lines_.values[row] > UINT32_MAX)) {
      states_.refuse(row, "bad_number", mapping.column(Field::kLine),
                     "expected a line number of 1 or more: " + shown(row, Field::kLine));
    } else if (!base::line_fits(quantity(row), prices_.values[row],
                                harvest_.facts.currency_decimals)) {
      states_.refuse(row, "amount_too_large", mapping.column(Field::kPrice),
                     too_large(quantity(row), prices_.values[row]));
    }
  }
}

void OrderFile::mark_row(std::size_t row, RowClass row_class) {
  Ledger& ledger = harvest_.ledger;
  if (ids_.persons.known[row] == 0) ledger.mark("guest");
  if (ids_.orders[row] == 0 && ids_.persons.known[row] != 0) ledger.mark("no_order");
  if (is_bookkeeping(harvest_.batch.items_table.text(ids_.items[row]), plan_.mapping)) {
    ledger.mark("bookkeeping");
  }
  switch (row_class) {
    case RowClass::kCancellation:
      ledger.mark("cancellation");
      break;
    case RowClass::kStockAdjustment:
      ledger.mark("stock_adjustment");
      break;
    case RowClass::kAccountingAdjustment:
      ledger.mark("accounting_adjustment");
      break;
    case RowClass::kSale:
      break;
  }
  if (prices_.values[row] == 0 && row_class != RowClass::kStockAdjustment) {
    ledger.mark("free_line");
  }
  if (is_voided(row, row_class)) ledger.mark("voided");
}

bool OrderFile::is_usual(std::size_t row) const {
  if (prices_.values[row] <= 0 || quantity(row) <= 0 || ids_.persons.known[row] == 0) return false;
  const RowClass row_class = class_of(row);
  return row_class == RowClass::kSale && !is_voided(row, row_class);
}

// After every check, so that no row is counted that is held. Amounts are of rows in the shop's
// currency: those of two are never added.
void OrderFile::count_usual() {
  const int decimals = harvest_.facts.currency_decimals;
  for (std::size_t row = 0; row < repeated_.size(); ++row) {
    if (!states_.good(row) || !is_usual(row)) continue;
    ++harvest_.usual.rows;
    if (repeated_[row] != 0) continue;
    ++harvest_.usual.rows_without_duplicates;
    if (!property_reader_.other_currency(row, harvest_).empty()) continue;
    const auto amount = base::line_amount(quantity(row), prices_.values[row], decimals);
    harvest_.usual.amount_without_duplicates += *amount;
  }
}

NewLine OrderFile::line_of(std::size_t row) {
  NewLine line;
  line.item = ids_.items[row];
  line.name = ids_.names[row];
  line.quantity = std::abs(quantity(row));
  line.price = prices_.values[row];
  if (is_bookkeeping(harvest_.batch.items_table.text(ids_.items[row]), plan_.mapping)) {
    line.marks |= kBookkeeping;
  }
  if (line.price == 0) line.marks |= kFreeLine | kIssued;
  return line;
}

void OrderFile::append(const RawChunk& chunk, std::size_t row) {
  NewEvent event;
  event.time = times_.times[row];
  event.known_time = known_at_.times.empty() ? event.time : known_at_.times[row];
  event.user = ids_.persons.persons[row];
  event.item = ids_.items[row];
  event.order = ids_.orders[row];
  event.row = chunk.row_numbers[row];
  event.flags = kServerOrigin;
  const RowClass row_class = class_of(row);
  if (row_class == RowClass::kStockAdjustment || row_class == RowClass::kAccountingAdjustment) {
    append_adjustment(event, row, row_class);
    return;
  }
  if (orders_seen_.size() <= event.order) orders_seen_.resize(event.order + 1);
  NewLine line = line_of(row);
  if (lines_.has(row)) {
    line.number = static_cast<std::uint32_t>(lines_.values[row]);
  } else if (numbers_rows() && event.order != 0) {
    line.number = row_numbers_[row];
  } else {
    line.number = ++orders_seen_[event.order].lines;
    event.flags |= kSequenceIsRow;
  }
  // A row without an order number stands for itself.
  if (event.order != 0) event.flags |= kOrderPart | kHasEventId;
  if (row_class == RowClass::kSale) {
    append_sale(event, line, row);
  } else {
    append_cancellation(event, line, row);
  }
}

void OrderFile::append_sale(NewEvent event, const NewLine& line, std::size_t row) {
  const OrderStatement statement = statements_.of(row);
  const bool voided = statement.fate == OrderFate::kVoided;
  const std::string_view name = voided ? kVoidedOrder : "purchase";
  event.type = voided ? harvest_.event_code(kVoidedOrder) : EventCode{kPurchase};
  if (event.order != 0) {
    event.event_id = key_of(name, event.order, row);
  } else if (!voided && line.price == 0) {
    event.type = kFreeIssue;
  }
  harvest_.add_event(event);
  harvest_.add_line(line);
  set_properties(row);
  if (!statement.has_refund() || event.order == 0 || line.price == 0) return;
  append_stated_refund(event, row);
}

// One a whole order. In full it is the rest of the order, whatever was paid for shipping and tax;
// in part it is the amount alone, because the export does not say of which lines.
void OrderFile::append_stated_refund(NewEvent event, std::size_t row) {
  const OrderStatement statement = statements_.of(row);
  event.event_id = key_of("stated_refund", event.order, row);
  if (!stated_refunds_.insert(event.event_id).second) return;
  harvest_.ledger.mark("stated_refund");
  if (!statement.refunded_at) harvest_.ledger.mark("undated_refund");
  const bool known_then = event.known_time == event.time;
  event.time = statement.refunded_at.value_or(event.time);
  if (known_then) event.known_time = event.time;
  event.type = kRefund;
  event.item = 0;
  event.flags = kServerOrigin | kHasEventId | kSecondary;
  harvest_.add_event(event);
  set_properties(row);
  if (statement.fate == OrderFate::kRefunded) return;
  harvest_.set_property(harvest_.property(kValueProperty),
                        harvest_.texts.text(base::format_price(statement.refunded)));
}

void OrderFile::append_cancellation(NewEvent event, const NewLine& line, std::size_t row) {
  event.type = kRefund;
  if (event.order != 0) {
    event.event_id = key_of("refund", event.order, row);
  }
  harvest_.add_event(event);
  harvest_.add_line(line);
  set_properties(row);
  event.type = kReturnReceived;
  event.event_id = 0;
  event.flags = kServerOrigin | kSecondary | (event.flags & kSequenceIsRow);
  harvest_.add_event(event);
  harvest_.add_line(line);
  set_properties(row);
}

void OrderFile::append_adjustment(NewEvent event, std::size_t row, RowClass row_class) {
  const bool stock = row_class == RowClass::kStockAdjustment;
  const EventCode own =
      stock ? EventCode{kStockAdjustment} : harvest_.event_code("accounting_adjustment");
  // With every own name used up the correction is still kept, as a movement without a name.
  event.type = own == kNoEvent ? EventCode{kStockAdjustment} : own;
  event.user = harvest_.shop_person();
  harvest_.add_event(event);
  const auto set = [&](std::string_view name, const std::string& value) {
    harvest_.set_property(harvest_.property(name), harvest_.texts.text(value));
  };
  set("quantity", std::to_string(quantity(row)));
  if (!stock) set("price", base::format_price(prices_.values[row]));
  harvest_.set_property(harvest_.property("description"), ids_.names[row]);
  set_properties(row);
}

// A column of that name says what a line was worth; on a refund it would be its stated amount. The
// return beside it keeps it.
void OrderFile::set_properties(std::size_t row) {
  const bool refund = harvest_.batch.types.back() == kRefund;
  for (const PropertyCells& cells : *properties_) {
    if (refund && harvest_.batch.properties[cells.property].name == kValueProperty) continue;
    harvest_.set_property(cells.property, cells.codes[row]);
  }
}

std::uint64_t OrderFile::key_of(std::string_view event, StringTable::Code order,
                                std::size_t row) const {
  return business_key(event, harvest_.batch.orders_table.text(order),
                      property_reader_.other_currency(row, harvest_));
}

void leave_out_of_usual(Harvest& harvest, std::span<const std::size_t> refused) {
  UsualCleaning& usual = harvest.usual;
  const EventBatch& batch = harvest.batch;
  for (const std::size_t event : refused) {
    const auto after = std::upper_bound(
        harvest.files.begin(), harvest.files.end(), event,
        [](std::size_t at, const HarvestFile& file) { return at < file.first_event; });
    if (std::prev(after)->mapping.kind != FileKind::kOrders || batch.types[event] != kPurchase) {
      continue;
    }
    const std::uint32_t line = batch.lines.starts[event];
    const bool guest = batch.persons.text(batch.users[event]).starts_with("order:");
    if (guest || batch.lines.prices[line] <= 0) continue;
    --usual.rows;
    --usual.rows_without_duplicates;
    if (in_other_currency(harvest, event)) continue;
    usual.amount_without_duplicates -= *base::line_amount(
        batch.lines.quantities[line], batch.lines.prices[line], harvest.facts.currency_decimals);
  }
}

}  // namespace footfall::events
