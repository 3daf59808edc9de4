#include "footfall/events/recognition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "footfall/base/words.h"
#include "footfall/events/cleaning_rules.h"
#include "footfall/events/column_choice.h"
#include "footfall/events/column_facts.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

constexpr std::string_view kOnlineRetail = "uci online retail";

// Columns that say how far an order has come: a later export of the same order says otherwise,
// which would make other lines of it.
void leave_out_progress(const Facts& facts, const Choices& choices, Mapping& mapping) {
  constexpr auto kProgress = std::to_array<std::string_view>(
      {"paidat", "paiddate", "completeddate", "modifieddate", "fulfillmentstatus", "fulfilledat",
       "lineitemfulfillmentstatus", "outstandingbalance", "nextpaymentdueat", "ordertotalamount",
       "total"});
  for (const ColumnFacts& column : facts) {
    // "Order Total Amount (- Refund)": what refunds have left of it.
    const bool listed =
        std::find(kProgress.begin(), kProgress.end(), column.squeezed) != kProgress.end() ||
        column.squeezed.ends_with("refund");
    if (listed && !is_used(choices, column.name)) mapping.ignore.push_back(column.name);
  }
}

// "Quantity (- Refund)": what is left of each line after its refunds.
bool quantities_are_net(const Choices& choices) {
  const auto quantity = choices.find("quantity");
  return quantity != choices.end() && squeeze(quantity->second.column) == "quantityrefund";
}

// Exports whose columns are known as a whole.
std::string apply_preset(const Facts& facts, Choices& choices, Mapping& mapping) {
  if (has_columns(facts, {"invoiceno", "stockcode", "quantity", "invoicedate", "unitprice",
                          "customerid"})) {
    mapping.cancellation_prefix = "C";
    mapping.adjustment_prefix = "A";
    mapping.bookkeeping = Bookkeeping::kDigits;
    mapping.merchandise_digits = 5;
    use(facts, choices, "item_name", "description");
    return std::string(kOnlineRetail);
  }
  if (facts.size() == 4 && has_columns(facts, {"timestamp", "user", "item", "behavior"})) {
    mapping.column(Field::kSequence) = kRowSequence;
    mapping.zero_is_an_id = true;
    mapping.time.unit = TimeUnit::kSeconds;
    mapping.time.zone = "UTC";
    return "retailrocket, one time for each behaviour";
  }
  if (has_columns(facts, {"timestamp", "visitorid", "event", "itemid", "transactionid"})) {
    mapping.zero_is_an_id = true;
    mapping.time.unit = TimeUnit::kMillis;
    mapping.time.zone = "UTC";
    return "retailrocket";
  }
  if (has_columns(facts, {"eventname", "eventtimestamp", "userpseudoid"})) {
    mapping.time.unit = TimeUnit::kMicros;
    mapping.time.zone = "UTC";
    mapping.ignore = {"event_date", "event_bundle_sequence_id", "event_previous_timestamp",
                      "event_server_timestamp_offset"};
    std::erase_if(mapping.ignore, [&](const std::string& name) {
      return std::none_of(facts.begin(), facts.end(),
                          [&](const ColumnFacts& column) { return column.name == name; });
    });
    return "ga4 export";
  }
  if (has_columns(facts, {"name", "lineitemquantity", "lineitemname", "lineitemprice"})) {
    use(facts, choices, "order", "name");
    use(facts, choices, "user", "email");
    use(facts, choices, "time", "createdat");
    use(facts, choices, "order_status", "financialstatus");
    use(facts, choices, "refunded", "refundedamount");
    use(facts, choices, "refunded_at", "cancelledat");
    choices.erase("event");
    choices.erase("device");  // The till, not the person.
    mapping.order_cells_once = true;
    mapping.column(Field::kLine) = kRowSequence;
    leave_out_progress(facts, choices, mapping);
    return "shopify orders export";
  }
  if (has_columns(facts, {"orderrefundamount", "orderstatus"})) {
    use(facts, choices, "order_status", "orderstatus");
    if (!quantities_are_net(choices)) use(facts, choices, "refunded", "orderrefundamount");
    mapping.column(Field::kLine) = kRowSequence;
    leave_out_progress(facts, choices, mapping);
    return "woocommerce orders export";
  }
  return "";
}

FileKind kind_of(const Facts& facts, const Choices& choices) {
  const int signs = order_signs(facts);
  const auto sure = [&](std::string_view field, double least = 0.3) {
    const auto found = choices.find(field);
    return found != choices.end() && found->second.confidence >= least;
  };
  if (sure("event", 0.8) || (sure("event", 0.5) && sure("time"))) return FileKind::kEvents;
  const bool item = sure("item") || sure("item_name");
  if (sure("order") && item && sure("price")) return FileKind::kOrders;
  if (sure("rating") && sure("user") && item) return FileKind::kReviews;
  const bool nobody = !sure("user") && !sure("device") && !sure("session") && !sure("order");
  if (item && nobody && sure("time") &&
      (sure("stock_level") || sure("stock_change") || sure("new_price"))) {
    return FileKind::kStock;
  }
  if (item && nobody && (signs < 3 || !sure("time"))) return FileKind::kItems;
  if (sure("user") && !item && !sure("order")) return FileKind::kUsers;
  return sure("order") || signs >= 2 ? FileKind::kOrders : FileKind::kEvents;
}

// Fields that a kind of file has a use for; columns of other fields stay properties.
bool kind_uses(FileKind kind, std::string_view field) {
  const auto among = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), field) != names.end();
  };
  if (among({"time", "country"})) return true;
  switch (kind) {
    case FileKind::kEvents:
      return !among(
          {"rating", "category", "brand", "text", "stock_level", "stock_change", "new_price"});
    case FileKind::kOrders:
      return among({"user", "device", "session", "order", "line", "item", "item_name", "quantity",
                    "price", "currency", "order_status", "refunded", "refunded_at"});
    case FileKind::kItems:
      return among({"item", "item_name", "price", "currency"});
    case FileKind::kUsers:
      return among({"user"});
    case FileKind::kStock:
      return among({"item", "item_name", "quantity", "price", "event", "currency"});
    case FileKind::kReviews:
      return among({"user", "device", "item", "rating", "event_id", "order"});
  }
  return false;
}

void fill_mapping(const Choices& choices, Mapping& mapping) {
  for (const auto& [field, choice] : choices) {
    if (!kind_uses(mapping.kind, field)) continue;
    if (field == "time") {
      mapping.time.column = choice.column;
    } else if (field == "event") {
      mapping.event.column = choice.column;
    } else if (const auto known = field_of(field)) {
      if (mapping.column(*known).empty()) mapping.column(*known) = choice.column;
    }
  }
  // Attributes under one name, however a file calls them.
  if (mapping.kind == FileKind::kItems || mapping.kind == FileKind::kReviews) {
    for (const std::string_view name : {"category", "brand", "text"}) {
      const auto found = choices.find(name);
      if (found != choices.end()) mapping.properties.emplace_back(name, found->second.column);
    }
  }
}

void fill_stock(const Choices& choices, Mapping& mapping) {
  const auto column = [&](std::string_view field) {
    const auto found = choices.find(field);
    return found == choices.end() ? std::string() : found->second.column;
  };
  if (!mapping.event.column.empty()) return;
  if (!column("stock_level").empty()) {
    mapping.event.constant = "stock_level";
    mapping.column(Field::kQuantity) = column("stock_level");
  } else if (!column("new_price").empty()) {
    mapping.event.constant = "price_change";
    mapping.column(Field::kPrice) = column("new_price");
  } else {
    mapping.event.constant = "stock_adjustment";
    if (!column("stock_change").empty()) mapping.column(Field::kQuantity) = column("stock_change");
  }
}

// Calls see(text) for the cells of a column in the sample.
template <typename See>
void for_texts(std::span<const RawChunk> sample, const std::string& name, See&& see) {
  for (const RawChunk& chunk : sample) {
    const RawColumn* const column = name.empty() ? nullptr : chunk.column(name);
    if (column == nullptr) continue;
    const std::size_t rows = std::min(chunk.size(), kSampleCells);
    for (std::size_t row = 0; row < rows; ++row) {
      if (!column->is_absent(row)) see(std::string_view(base::trim(cell_text(*column, row))));
    }
  }
}

// Whether most items of the sample are codes of so many digits and then letters.
bool coded_by_digits(std::span<const RawChunk> sample, const Mapping& mapping, int digits) {
  std::uint64_t items = 0;
  std::uint64_t coded = 0;
  for_texts(sample, mapping.column(Field::kItem), [&](std::string_view item) {
    ++items;
    coded += is_merchandise_code(item, digits);
  });
  return coded * 2 > items;
}

// The rules for numbers and codes hold where most of the sample has the form they speak of.
void find_order_rules(std::span<const RawChunk> sample, Mapping& mapping) {
  std::uint64_t orders = 0;
  std::uint64_t plain_orders = 0;
  for_texts(sample, mapping.column(Field::kOrder), [&](std::string_view order) {
    ++orders;
    plain_orders += order.find_first_not_of("0123456789") == std::string_view::npos;
  });
  if (orders > 0 && plain_orders * 2 > orders) {
    mapping.cancellation_prefix = "C";
    mapping.adjustment_prefix = "A";
  }
  std::uint64_t items = 0;
  std::uint64_t coded = 0;
  for_texts(sample, mapping.column(Field::kItem), [&](std::string_view item) {
    ++items;
    coded += is_merchandise_code(item, 4) || is_merchandise_code(item, 5) ||
             is_merchandise_code(item, 6);
  });
  if (items > 0 && coded * 10 > items * 8) mapping.bookkeeping = Bookkeeping::kWords;
}

// Whether a later row of some order leaves out the time that its first row has.
bool leaves_order_cells_out(std::span<const RawChunk> sample, const Mapping& mapping) {
  std::unordered_map<std::string, bool> timed;
  for (const RawChunk& chunk : sample) {
    const RawColumn* const order = chunk.column(mapping.column(Field::kOrder));
    const RawColumn* const time = chunk.column(mapping.time.column);
    if (order == nullptr || time == nullptr) return false;
    const std::size_t rows = std::min(chunk.size(), kSampleCells);
    for (std::size_t row = 0; row < rows; ++row) {
      if (order->is_absent(row)) continue;
      const auto [entry, first] = timed.emplace(cell_text(*order, row), !time->is_absent(row));
      if (!first && entry->second && time->is_absent(row)) return true;
    }
  }
  return false;
}

void note_left_out(const Facts& facts, const Mapping& mapping, std::vector<std::string>& notes) {
  std::vector<std::string> left_out;
  for (const ColumnFacts& column : facts) {
    const bool mapped = std::find(mapping.columns.begin(), mapping.columns.end(), column.name) !=
                        mapping.columns.end();
    if (is_personal(column.name) && !mapped) left_out.push_back(column.name);
  }
  if (mapping.has(Field::kUser) && (mapping.has(Field::kDevice) || mapping.has(Field::kSession))) {
    notes.push_back(
        "a row belongs to its user, else its device, else its session; the other ids "
        "are not kept beside it");
  }
  if (!left_out.empty()) {
    notes.push_back(
        fmt::format("columns about who a person is are not kept: {}", fmt::join(left_out, ", ")));
  }
}

void note_order_rules(const Mapping& mapping, std::vector<std::string>& notes) {
  if (!mapping.ignore.empty()) {
    notes.push_back(fmt::format("columns that change after the sale are not kept: {}",
                                fmt::join(mapping.ignore, ", ")));
  }
  if (!mapping.has(Field::kRefunded)) {
    notes.push_back(
        "the quantities are what refunds left, so an amount paid back is no refund of "
        "its own");
  }
}

}  // namespace

Recognition recognise(std::span<const RawChunk> sample, std::optional<FileKind> as) {
  const Facts facts = column_facts(sample);
  Recognition result;
  Choices choices = choose_by_name(facts);
  choose_by_cells(facts, choices);
  result.preset = apply_preset(facts, choices, result.mapping);
  result.mapping.kind = as.value_or(kind_of(facts, choices));
  // Whether such a column is of the order or of its line is known of known exports alone.
  if (result.mapping.kind == FileKind::kOrders && result.preset.empty()) choices.erase("refunded");
  fill_mapping(choices, result.mapping);
  if (result.mapping.kind == FileKind::kStock) fill_stock(choices, result.mapping);
  // A shop may have the sample's columns and codes of its own.
  if (result.mapping.bookkeeping == Bookkeeping::kDigits &&
      !coded_by_digits(sample, result.mapping, result.mapping.merchandise_digits)) {
    result.mapping.bookkeeping = Bookkeeping::kOff;
    result.preset.clear();
  }
  if (result.mapping.kind == FileKind::kOrders && result.preset != kOnlineRetail) {
    find_order_rules(sample, result.mapping);
    result.mapping.order_cells_once =
        result.mapping.order_cells_once || leaves_order_cells_out(sample, result.mapping);
  }
  for (const ColumnFacts& column : facts) {
    for (const auto& [field, choice] : choices) {
      if (choice.column == column.name && kind_uses(result.mapping.kind, field)) {
        result.fields.push_back({field, column.name, choice.confidence});
      }
    }
  }
  if (result.mapping.has(Field::kOrderStatus)) note_order_rules(result.mapping, result.notes);
  note_left_out(facts, result.mapping, result.notes);
  return result;
}

}  // namespace footfall::events
