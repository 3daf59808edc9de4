// EventBatch: events column by column, on their way from a source into the store.
//
// Texts are kept once, in tables local to the batch; columns hold their codes. The store maps
// local codes to its own when it commits the batch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/column.h"
#include "footfall/base/decimal.h"
#include "footfall/base/time.h"
#include "footfall/events/row_numbers.h"
#include "footfall/events/schema.h"
#include "footfall/events/string_table.h"

namespace footfall::events {

/// Facts about one event that are not data of the shop.
enum EventFlag : std::uint8_t {
  kServerOrigin = 1,   // The source says so, or SEMANTICS 2.4 does: no session of its own.
  kHasEventId = 2,     // `keys` comes from (source, event_id) or a business key.
  kOrderPart = 4,      // A purchase or refund that holds some lines of its order: parts of one
                       // order are joined by the store into one event, line by line.
  kSequenceIsRow = 8,  // Sequence and line numbers only count rows of the file: they are not
                       // part of the event's identity.
  kSecondary = 16,     // Made beside another event from the same row (return_received).
};

/// Marks on an order line, set by the cleaning rules; marked lines stay in the data.
enum LineMark : std::uint8_t {
  kBookkeeping = 1,  // Postage, samples, fees, vouchers: no merchandise.
  kFreeLine = 2,     // Price zero.
  kIssued = 4,       // Free, in a file of orders: an order of such lines alone is a free_issue.
};

struct PropertyColumn {
  std::string name;                       // "country", "device", "channel", "page", ...
  base::Column<StringTable::Code> codes;  // In `texts`; 0 = absent. Size = events.
};

/// The lines (items[]) of the events of a batch; event i has lines [starts[i], starts[i+1]).
struct LineBatch {
  base::Column<std::uint32_t> starts;      // Size events + 1, or empty when no event has lines.
  base::Column<StringTable::Code> items;   // In EventBatch::items_table.
  base::Column<StringTable::Code> names;   // Item name on this line, in `texts`.
  base::Column<std::int64_t> quantities;   // >= 0; the event's type says the direction.
  base::Column<base::PriceMicros> prices;  // Unit price after discount, >= 0.
  base::Column<std::uint32_t> numbers;     // Line number within its order; 0 = not known.
  base::Column<std::uint8_t> marks;        // LineMark bits.
  // What each line says for itself, one code a line; where there is none, all lines have what
  // their event says.
  std::vector<PropertyColumn> properties;
};

/// Invariant: every column named "per event" has size() elements, or is empty where said.
struct EventBatch {
  StringTable persons;                 // person_text forms.
  StringTable items_table;             // Item keys.
  StringTable orders_table;            // transaction_id and refund_id texts.
  StringTable texts;                   // Names and property values.
  std::vector<std::string> own_names;  // Event code 64 + i is own_names[i] in this batch.

  base::Column<base::TimeMs> times;
  base::Column<base::TimeMs> known_times;  // Empty: each event is known at its own time (backfill).
  base::Column<std::int64_t> sequences;    // Empty: all 0.
  base::Column<StringTable::Code> users;   // In `persons`; never 0.
  base::Column<EventCode> types;
  base::Column<StringTable::Code> items;   // First item, or 0.
  base::Column<StringTable::Code> orders;  // Empty: none.
  base::Column<std::uint64_t> keys;        // Identity within (person): see set_keys.
  base::Column<std::uint64_t> digests;     // Whole payload; empty: equal to `keys`.
  base::Column<std::uint8_t> flags;        // EventFlag bits.
  RowNumbers rows;                         // Source row of the event, for the report.
  LineBatch lines;
  std::vector<PropertyColumn> properties;

  std::size_t size() const { return types.size(); }
  std::string_view type_name(EventCode code) const;
  /// The column of that name, made (all absent) if it is not there yet.
  PropertyColumn& property(std::string_view name);
};

/// Computes `digests` and `keys` of all events: digest = function of the payload alone (type, time,
/// sequence unless kSequenceIsRow, item, order, lines, properties by name), without the person and
/// without table codes, so equal events have equal digests whatever file format, batch or shop
/// they came by. Key = digest, except where kHasEventId is set and `event_ids[i]` != 0: then the
/// key is that hash (of source and event_id, or of the business key; SEMANTICS 1.8).
/// A kOrderPart event holds one line; its key is that of the order (pass it in event_ids). The line
/// is identified by order and number where the source numbers its lines, else (kSequenceIsRow) by
/// the part's digest. `event_ids`: one an event, or fewer; 0 = none. It becomes the column of keys.
void set_keys(EventBatch& batch, base::Column<std::uint64_t> event_ids, std::size_t threads = 1);

}  // namespace footfall::events
