// Filled counts: how many missing values a snapshot fills in from its other rows.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/store/snapshot.h"

namespace footfall::engine {

/// Field ("country", "item_name") and the source rows of the whole snapshot that lack it and get
/// it (see analytics/attributes.h); fields of which nothing is filled are left out.
using FilledCounts = std::vector<std::pair<std::string, std::int64_t>>;
base::Result<FilledCounts> count_filled(const Context& context, const store::Snapshot& snapshot);

}  // namespace footfall::engine
