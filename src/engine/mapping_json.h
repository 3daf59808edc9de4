// Mappings as JSON documents: printed in reports, saved, edited and read back.
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/json.h"
#include "footfall/events/mapping.h"

namespace footfall::engine {

/// {"kind": "orders", "event": {"column", "constant", "values": {word: name}}, "time": {"column",
/// "unit": "text|s|ms|us|ns", "format": "ymd|dmy|mdy", "zone"}, "user": column, ...,
/// "properties": {name: column}, "ignore": [columns], "cancellation_prefix", "adjustment_prefix",
/// "bookkeeping": "words" | {"digits": 5}, "order_cells_once", "zero_id"}. What is not set is not
/// written.
Json mapping_to_json(const events::Mapping& mapping);

/// Reads what mapping_to_json writes; "event" and "time" may be plain column names, "order" may be
/// called "transaction_id", "time.format" may be called "order". A field may be an object with a
/// "column", and confidences, notes and names of files, as reports print them, are passed over.
/// A kind that is neither stated nor clear from an event, or from an order with a price, is open.
/// Refuses unknown keys (with near names) and values of another type (invalid_argument,
/// where.field).
base::Result<events::Mapping> mapping_from_json(const Json& document);

}  // namespace footfall::engine
