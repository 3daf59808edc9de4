// Held rows: quarantined rows as texts that can be stored, read back and judged again.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/engine/json.h"
#include "footfall/events/harvest.h"
#include "footfall/events/mapping.h"

namespace footfall::engine {

using Cells = std::vector<std::pair<std::string, std::string>>;

/// A row with the mapping that it was read by.
struct HeldPayload {
  events::Mapping mapping;
  Cells cells;  // Column, text.
};

/// {"mapping": {...}, "cells": {column: text}} as bytes, equal for equal rows.
std::string encode_payload(const events::Mapping& mapping, const Cells& cells);
/// kDamaged when the bytes are no such document.
base::Result<HeldPayload> decode_payload(const std::string& payload);

/// The row that an event of a sealed harvest came from, under the mapping's field names: for events
/// that the store refuses (id_conflict), when their file is no longer at hand. Times are UTC text.
HeldPayload payload_of_event(const events::Harvest& harvest, std::size_t event);

/// Index of the file that an event came from.
std::size_t file_of_event(const events::Harvest& harvest, std::size_t event);

}  // namespace footfall::engine
