// generate: the verb that writes made-up events, for trying out and for benchmarks.
#pragma once

#include <cstddef>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {events, users, days, items, seed, output} -> {output, events, purchases, users, days, items,
/// seed, bytes}. `output` is required; the defaults of the rest are those of GeneratorOptions.
base::Result<Json> generate(const Json& document, std::size_t threads, base::Progress& progress);

}  // namespace footfall::engine
