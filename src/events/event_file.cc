#include "footfall/events/event_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "footfall/base/parallel.h"
#include "footfall/base/words.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

constexpr base::PriceMicros kRatingLeast = 1 * base::kMicrosPerUnit;
constexpr base::PriceMicros kRatingMost = 5 * base::kMicrosPerUnit;

// A stock file that states what is left, item by item: nothing left is a stock_out.
constexpr std::string_view kStockLevel = "stock_level";

EventCode type_of_kind(FileKind kind) {
  switch (kind) {
    case FileKind::kItems:
      return kItemProfile;
    case FileKind::kUsers:
      return kUserProfile;
    case FileKind::kReviews:
      return kReview;
    default:
      return kNoEvent;
  }
}

}  // namespace

EventFile::EventFile(Harvest& harvest, FilePlan plan)
    : Interpreter(harvest),
      plan_(std::move(plan)),
      sequence_is_row_(plan_.mapping.column(Field::kSequence) == kRowSequence) {}

void EventFile::read(const RawChunk& chunk) {
  states_.begin(chunk.size());
  base::parallel_for(harvest_.threads, 2, 1, [&](std::size_t, std::size_t part, std::size_t) {
    if (part == 0) {
      ids_.read(chunk, plan_, harvest_);
    } else {
      read_types(chunk);
      read_columns(chunk);
    }
  });
  ids_.join(harvest_.ledger, states_);
  read_lists(chunk);
  check_rows(chunk);
  properties_ = &property_reader_.read(chunk, plan_, harvest_, states_);
  read_value_properties(chunk);
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    if (states_.good(row)) append(chunk, row);
  }
  for (const RowProblem& problem : states_.problems()) {
    harvest_.hold_row(problem.reason, chunk, problem.row, problem.column, problem.message);
  }
}

void EventFile::read_types(const RawChunk& chunk) {
  const EventCode fixed = type_of_kind(plan_.mapping.kind);
  if (fixed != kNoEvent) {
    types_.assign(chunk.size(), fixed);
  } else {
    words_.read(chunk, plan_, harvest_, states_, types_);
  }
}

void EventFile::read_columns(const RawChunk& chunk) {
  const Mapping& mapping = plan_.mapping;
  const auto column = [&](Field field) { return field_column(chunk, mapping, field); };
  times_.times.resize(chunk.size());
  times_.remainders_ns.resize(chunk.size());
  read_times(mapping.time.column.empty() ? nullptr : chunk.column(mapping.time.column), plan_.time,
             harvest_, states_, times_);
  if (column(Field::kKnownAt) != nullptr) {
    known_at_.times.resize(chunk.size());
    known_at_.remainders_ns.resize(chunk.size());
    read_times(column(Field::kKnownAt), plan_.known_at, harvest_, states_, known_at_);
  } else {
    known_at_.times.clear();
  }
  sequences_ = read_wholes(chunk, plan_, Field::kSequence, states_);
  lines_ = read_wholes(chunk, plan_, Field::kLine, states_);
  quantities_ = read_wholes(chunk, plan_, Field::kQuantity, states_);
  prices_ = read_amounts(chunk, plan_, Field::kPrice, harvest_, states_);
  values_.read(chunk, plan_, types_, harvest_, states_);
  ratings_ = read_amounts(chunk, plan_, Field::kRating, harvest_, states_);
  event_ids_.clear();
  if (const RawColumn* const ids = column(Field::kEventId); ids != nullptr) {
    event_ids_.resize(chunk.size());
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      event_ids_[row] = ids->is_absent(row) ? 0 : source_key(base::trim(cell_text(*ids, row)));
    }
  }
  server_.clear();
  if (const RawColumn* const origins = column(Field::kOrigin); origins != nullptr) {
    server_.resize(chunk.size());
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      server_[row] = base::ascii_lower(base::trim(cell_text(*origins, row))) == "server";
    }
  }
}

void EventFile::read_lists(const RawChunk& chunk) {
  lists_.clear();
  parameters_.clear();
  const auto column = [&](Field field) { return field_column(chunk, plan_.mapping, field); };
  const auto refuse = [&](std::size_t row, const std::string& name, const base::Error& error) {
    // The reader names its own rules: a fixed, small set.
    const char* const rule = error.where.field == "bad_number"         ? "bad_number"
                             : error.where.field == "negative_price"   ? "negative_price"
                             : error.where.field == "too_many_items"   ? "too_many_items"
                             : error.where.field == "amount_too_large" ? "amount_too_large"
                             : error.where.field == "value_too_long"   ? "value_too_long"
                             : error.where.field == "id_too_long"      ? "id_too_long"
                             : error.where.field == "bad_parameters"   ? "bad_parameters"
                                                                       : "bad_items";
    states_.refuse(row, rule, name, error.message);
  };
  if (const RawColumn* const items = column(Field::kItems); items != nullptr) {
    lists_.resize(chunk.size());
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      if (items->is_absent(row)) continue;
      auto list = item_reader_.items(cell_text(*items, row), harvest_.facts.currency_decimals);
      if (!list.ok()) {
        refuse(row, items->name, list.error());
        continue;
      }
      lists_[row] = std::move(*list);
    }
  }
  if (const RawColumn* const params = column(Field::kParameters); params != nullptr) {
    parameters_.resize(chunk.size());
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      if (params->is_absent(row)) continue;
      auto list = item_reader_.parameters(cell_text(*params, row));
      if (!list.ok()) {
        refuse(row, params->name, list.error());
        continue;
      }
      parameters_[row] = std::move(*list);
      for (const auto& [name, value] : parameters_[row]) {
        const std::string property = snake_case(name);
        if (property == kValueProperty) {
          values_.add(row, types_[row], value, params->name, states_);
        } else if (property == "currency" && states_.tells_currency(row)) {
          states_.state_currency({row, params->name, value});
        }
      }
    }
  }
}

// A column may become this property without being given to the field: by a mapping that is silent
// about it, or because a file begins to use it later.
void EventFile::read_value_properties(const RawChunk& chunk) {
  values_.read_others(chunk, plan_, harvest_, states_);
  for (const PropertyCells& cells : *properties_) {
    if (harvest_.batch.properties[cells.property].name != kValueProperty) continue;
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      if (cells.codes[row] == 0 || !states_.good(row)) continue;
      values_.add(row, types_[row], harvest_.batch.texts.text(cells.codes[row]),
                  std::string(kValueProperty), states_);
    }
  }
}

void EventFile::check_rows(const RawChunk& chunk) {
  const bool stock = plan_.mapping.kind == FileKind::kStock;
  const Mapping& mapping = plan_.mapping;
  const auto shown = [&](std::size_t row, auto... fields) {
    return shown_cell(chunk, mapping, row, {fields...});
  };
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    if (!states_.good(row)) continue;
    if (stock && quantities_.has(row) && quantities_.values[row] == 0 &&
        harvest_.batch.type_name(types_[row]) == kStockLevel) {
      types_[row] = kStockOut;
    }
    if (stock || about(types_[row]) == About::kThing) {
      ids_.persons.persons[row] = harvest_.shop_person();
    } else if (ids_.persons.persons[row] == 0) {
      states_.refuse(row, "no_id", mapping.column(Field::kUser),
                     "expected a user, device, session or order id: " +
                         shown(row, Field::kUser, Field::kDevice, Field::kSession, Field::kOrder));
    }
    if (prices_.has(row) && prices_.values[row] < 0) {
      states_.refuse(row, "negative_price", mapping.column(Field::kPrice),
                     "expected a price of 0 or more: " + shown(row, Field::kPrice));
    }
    if (about(types_[row]) == About::kOrder && prices_.has(row) &&
        !base::line_fits(quantity(row), prices_.values[row], harvest_.facts.currency_decimals)) {
      states_.refuse(row, "amount_too_large", mapping.column(Field::kPrice),
                     too_large(quantity(row), prices_.values[row]));
    }
    if (!stock && quantities_.has(row) && quantities_.values[row] < 0) {
      states_.refuse(row, "bad_number", mapping.column(Field::kQuantity),
                     "expected a quantity of 0 or more: " + shown(row, Field::kQuantity));
    }
    if (types_[row] == kReview && ratings_.any() &&
        (!ratings_.has(row) || ratings_.values[row] < kRatingLeast ||
         ratings_.values[row] > kRatingMost)) {
      states_.refuse(row, "bad_rating", mapping.column(Field::kRating),
                     "expected a rating from 1 to 5: " + shown(row, Field::kRating));
    }
    if (lines_.has(row) && (lines_.values[row] < 1 || lines_.values[row] > UINT32_MAX)) {
      states_.refuse(row, "bad_number", mapping.column(Field::kLine),
                     "expected a line number of 1 or more: " + shown(row, Field::kLine));
    }
    const bool needs_item = mapping.kind != FileKind::kEvents && mapping.kind != FileKind::kUsers;
    if (needs_item && ids_.items[row] == 0) {
      states_.refuse(row, "no_item", mapping.column(Field::kItem),
                     "expected an item: " + shown(row, Field::kItem, Field::kItemName));
    }
  }
}

std::int64_t EventFile::sequence_of(const RawChunk& chunk, std::size_t row) const {
  if (sequence_is_row_) {
    return static_cast<std::int64_t>(chunk.row_numbers[row]);
  }
  return sequences_.has(row) ? sequences_.values[row] : times_.remainders_ns[row];
}

void EventFile::append(const RawChunk& chunk, std::size_t row) {
  const About subject = about(types_[row]);
  browsing_ = browsing_ || subject == About::kBehaviour;
  const bool listed = !lists_.empty() && !lists_[row].empty();
  if (ids_.orders[row] == 0 && !parameters_.empty()) {
    for (const auto& [name, value] : parameters_[row]) {
      if (name == "transaction_id") ids_.orders[row] = harvest_.orders.text(value);
    }
    if (ids_.orders[row] >= CellCodes::kFirstProblem) ids_.orders[row] = 0;
  }
  const bool purchase = types_[row] == kPurchase && ids_.orders[row] != 0;
  // Rows of one order without a list of their own hold one line each and are joined.
  const bool part = purchase && !listed && ids_.items[row] != 0;
  NewEvent event;
  event.time = times_.times[row];
  event.known_time = known_at_.times.empty() ? event.time : known_at_.times[row];
  event.user = ids_.persons.persons[row];
  event.item = ids_.items[row];
  event.order = ids_.orders[row];
  event.type = types_[row];
  event.row = chunk.row_numbers[row];
  event.sequence = part ? 0 : sequence_of(chunk, row);
  if (sequence_is_row_ || (part && !lines_.has(row))) {
    event.flags |= kSequenceIsRow;
  }
  if (part) event.flags |= kOrderPart;
  if (!server_.empty() && server_[row] != 0) event.flags |= kServerOrigin;
  if (purchase) {
    event.event_id = business_key("purchase", harvest_.batch.orders_table.text(ids_.orders[row]),
                                  other_currency(row));
  } else if (!event_ids_.empty()) {
    event.event_id = event_ids_[row];
  }
  if (event.event_id != 0) event.flags |= kHasEventId;
  if (listed && event.item == 0) {
    const auto first = harvest_.items.text(lists_[row].front().item);
    event.item = first < CellCodes::kFirstProblem ? first : 0;
  }
  harvest_.add_event(event);
  const bool lined = subject == About::kOrder && ids_.items[row] != 0 &&
                     (part || prices_.has(row) || quantities_.has(row));
  if (listed) {
    append_list(row);
  } else if (lined) {
    append_line(row, part);
  }
  mark_amount(row, lined);
  append_values(row);
  if (listed) {
    set_item_property(row, "category", &ItemLine::category);
    set_item_property(row, "brand", &ItemLine::brand);
  }
}

std::string_view EventFile::other_currency(std::size_t row) const {
  if (!parameters_.empty()) {
    for (const auto& [name, value] : parameters_[row]) {
      if (snake_case(name) != "currency") continue;
      return value == harvest_.facts.currency ? std::string_view() : std::string_view(value);
    }
  }
  return property_reader_.other_currency(row, harvest_);
}

void EventFile::append_values(std::size_t row) {
  for (const PropertyCells& cells : *properties_) {
    harvest_.set_property(cells.property, cells.codes[row]);
  }
  const auto set = [&](std::string_view name, std::string_view value) {
    const CellCodes::Code code = harvest_.texts.text(value);
    if (code < CellCodes::kFirstProblem) {
      harvest_.set_property(harvest_.property(name), code);
    }
  };
  const bool in_lines = about(types_[row]) == About::kOrder;
  if (prices_.has(row) && !in_lines) set("price", base::format_price(prices_.values[row]));
  if (quantities_.has(row) && !in_lines) set("quantity", std::to_string(quantities_.values[row]));
  if (const auto value = values_.code(row, types_[row], harvest_); value != 0) {
    harvest_.set_property(harvest_.property(kValueProperty), value);
  }
  if (ratings_.has(row)) set("rating", base::format_price(ratings_.values[row]));
  if (ids_.names[row] != 0 && !in_lines) {
    const bool profile = types_[row] == kItemProfile;
    harvest_.set_property(harvest_.property(profile ? "name" : "item_name"), ids_.names[row]);
  }
  if (parameters_.empty()) return;
  for (const auto& [name, value] : parameters_[row]) {
    const std::string property = snake_case(name);
    // Session ids name persons, so they are no properties.
    if (property.empty() || property == "transaction_id" || property == "ga_session_id") continue;
    if (property == kValueProperty && values_.has(row)) continue;
    if (harvest_.batch.properties.size() <= kPropertiesMax) set(property, value);
  }
}

void EventFile::finish() {
  if (browsing_) return;
  EventBatch& batch = harvest_.batch;
  for (std::size_t i = harvest_.files.back().first_event; i < batch.size(); ++i) {
    if (about(batch.types[i]) == About::kOrder) batch.flags[i] |= kServerOrigin;
  }
}

}  // namespace footfall::events
