// Ask: a question document in, an answer document out (CONTRACT.md, "ask").
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {"question": NAME, ...} -> {question, rule, snapshot, read, columns, rows, counted, left_out,
/// open, interval, warnings, view}. `counted` are rows in the figures that are worth knowing of,
/// `left_out` those that are not in them. Errors name the field; an unknown question offers near
/// ones.
base::Result<Json> ask(const Context& context, const Json& request);

}  // namespace footfall::engine
