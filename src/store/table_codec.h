// Table codec: event tables as bytes, the journal's record format (docs/formats/journal.md).
#pragma once

#include <string>
#include <string_view>

#include "footfall/base/result.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/event_table.h"
#include "footfall/store/segment.h"

namespace footfall::store {

/// Appends a table; columns that are empty take eight bytes.
void encode_table(const EventTable& table, ByteWriter& writer);

/// Reads one table back. Every length, start and code is checked, so that the result can be used
/// without further care: kDamaged otherwise.
base::Result<EventTable> decode_table(ByteReader& reader, const CodeBounds& bounds);

}  // namespace footfall::store
