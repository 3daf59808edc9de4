// A mapping in words: the JSON text that a hint offers to save and to fill in.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "footfall/events/mapping.h"

namespace footfall::events {

/// The mapping as JSON on one line; each of the fields `missing` stands with the column "COLUMN".
std::string mapping_words(const Mapping& mapping, std::span<const std::string_view> missing);

}  // namespace footfall::events
