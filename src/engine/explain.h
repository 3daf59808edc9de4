// Explain: a decision's receipt, a model's card, or the report of an import.
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {id} -> the receipt, or {cards: [card]} for a model's version, or for its name, which stands for
/// the published version, or the report of an import for its number. kNotFound says what there is.
base::Result<Json> explain(const Context& context, const Json& request);

}  // namespace footfall::engine
