// Explain: the receipt of a decision, or the card of a model (CONTRACT.md, "explain").
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {id} -> the receipt, or {cards: [card]} for a model's version, or for its name, which stands for
/// the published version. kNotFound says what ids there are.
base::Result<Json> explain(const Context& context, const Json& request);

}  // namespace footfall::engine
