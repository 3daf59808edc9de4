#include "footfall/engine/held_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/engine/mapping_json.h"
#include "footfall/events/schema.h"

namespace footfall::engine {
namespace {

using events::EventBatch;
using events::Field;
using events::IdKind;

Field person_field(IdKind kind) {
  switch (kind) {
    case IdKind::kDevice:
      return Field::kDevice;
    case IdKind::kSession:
      return Field::kSession;
    default:
      return Field::kUser;
  }
}

// The lines of an event as an items[] text.
std::string items_text(const EventBatch& batch, std::size_t event) {
  Json items = Json::array();
  for (std::uint32_t l = batch.lines.starts[event]; l < batch.lines.starts[event + 1]; ++l) {
    Json item = {{"item_id", batch.items_table.text(batch.lines.items[l])}};
    if (batch.lines.names[l] != 0) item["item_name"] = batch.texts.text(batch.lines.names[l]);
    item["quantity"] = batch.lines.quantities[l];
    // A price that nobody stated is none, not a price of 0.
    const bool free = (batch.lines.marks[l] & events::kFreeLine) != 0;
    if (batch.lines.prices[l] != 0 || free) {
      item["price"] = base::format_price(batch.lines.prices[l]);
    }
    for (const events::PropertyColumn& own : batch.lines.properties) {
      if (own.codes[l] != 0) item["item_" + own.name] = batch.texts.text(own.codes[l]);
    }
    items.push_back(std::move(item));
  }
  return dump(items);
}

// The one line of a row of an order, or all lines as a list.
void add_lines(const EventBatch& batch, std::size_t event, HeldPayload& held) {
  const bool has_lines =
      !batch.lines.starts.empty() && batch.lines.starts[event] < batch.lines.starts[event + 1];
  const bool part = (batch.flags[event] & events::kOrderPart) != 0;
  const bool order_row = held.mapping.kind == events::FileKind::kOrders;
  if (has_lines && (part || order_row)) {
    const std::uint32_t line = batch.lines.starts[event];
    const bool undoes = order_row && batch.types[event] == events::kRefund;
    held.set(Field::kQuantity,
             std::to_string(undoes ? -batch.lines.quantities[line] : batch.lines.quantities[line]));
    // Files of orders state a price in every row, files of events may not.
    const bool free = (batch.lines.marks[line] & events::kFreeLine) != 0;
    if (order_row || free || batch.lines.prices[line] != 0) {
      held.set(Field::kPrice, base::format_price(batch.lines.prices[line]));
    }
    held.set(Field::kItemName, std::string(batch.texts.text(batch.lines.names[line])));
    if ((batch.flags[event] & events::kSequenceIsRow) == 0 && batch.lines.numbers[line] != 0) {
      held.set(Field::kLine, std::to_string(batch.lines.numbers[line]));
    }
  } else if (has_lines) {
    held.set(Field::kItems, items_text(batch, event));
  }
}

}  // namespace

std::string encode_payload(const events::Mapping& mapping, const Cells& cells) {
  Json row = Json::object();
  for (const auto& [column, text] : cells) row[column] = text;
  return dump({{"mapping", mapping_to_json(mapping)}, {"cells", std::move(row)}});
}

void HeldPayload::set(Field field, std::string text) {
  mapping.column(field) = events::field_name(field);
  cells.emplace_back(events::field_name(field), std::move(text));
}

base::Result<HeldPayload> decode_payload(const std::string& payload) {
  const auto damaged = [&] {
    return base::Error{base::ErrorCode::kDamaged,
                       fmt::format("expected a quarantined row: {}", base::printable(payload)),
                       {},
                       ""};
  };
  const Json document = Json::parse(payload, nullptr, false);
  if (!document.is_object() || !document.contains("mapping") || !document.contains("cells") ||
      !document["cells"].is_object()) {
    return damaged();
  }
  HeldPayload held;
  FOOTFALL_TRY(held.mapping, mapping_from_json(document["mapping"]));
  for (const auto& [column, text] : document["cells"].items()) {
    if (!text.is_string()) return damaged();
    held.cells.emplace_back(column, text.get<std::string>());
  }
  return held;
}

std::size_t file_of_event(const events::Harvest& harvest, std::size_t event) {
  const auto after = std::upper_bound(
      harvest.files.begin(), harvest.files.end(), event,
      [](std::size_t value, const events::HarvestFile& file) { return value < file.first_event; });
  return static_cast<std::size_t>(after - harvest.files.begin()) - 1;
}

HeldPayload payload_of_event(const events::Harvest& harvest, std::size_t event) {
  const EventBatch& batch = harvest.batch;
  HeldPayload held;
  // The rules of the file stay; its columns get the names of their fields.
  held.mapping = harvest.files[file_of_event(harvest, event)].mapping;
  held.mapping.columns = {};
  held.mapping.event = {};
  held.mapping.properties.clear();
  held.mapping.ignore.clear();
  held.mapping.order_cells_once = false;
  held.mapping.time = {"time", events::TimeUnit::kText, events::DateOrder::kYmd, "UTC"};
  held.cells.emplace_back("time", base::format_instant(batch.times[event]));
  const auto set = [&](Field field, std::string text) { held.set(field, std::move(text)); };
  const std::string_view person = batch.persons.text(batch.users[event]);
  const IdKind kind = events::person_kind(person);
  if (kind != IdKind::kOrder && kind != IdKind::kShop) {
    set(person_field(kind), std::string(events::person_value(person)));
  }
  if (!batch.orders.empty() && batch.orders[event] != 0) {
    set(Field::kOrder, std::string(batch.orders_table.text(batch.orders[event])));
  }
  if (!batch.known_times.empty()) {
    set(Field::kKnownAt, base::format_instant(batch.known_times[event]));
  }
  if (batch.items[event] != 0) {
    set(Field::kItem, std::string(batch.items_table.text(batch.items[event])));
  }
  const bool own_id = (batch.flags[event] & events::kHasEventId) != 0 &&
                      (batch.types[event] != events::kPurchase || batch.orders.empty() ||
                       batch.orders[event] == 0) &&
                      (batch.flags[event] & events::kOrderPart) == 0;
  if (own_id) set(Field::kEventId, events::key_text(batch.keys[event]));
  const bool order_row = held.mapping.kind == events::FileKind::kOrders;
  add_lines(batch, event, held);
  if (!order_row) {
    held.mapping.event.column = "event";
    held.cells.emplace_back("event", batch.type_name(batch.types[event]));
  }
  for (const events::PropertyColumn& property : batch.properties) {
    if (property.codes[event] == 0) continue;
    const std::string column = "property " + property.name;
    held.mapping.properties.emplace_back(property.name, column);
    held.cells.emplace_back(column, batch.texts.text(property.codes[event]));
  }
  return held;
}

}  // namespace footfall::engine
