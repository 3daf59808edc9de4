// Ask: a question document in, an answer document out (CONTRACT.md, "ask").
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {"question": NAME, ...} -> {question, rule, snapshot, read, columns, rows, left_out, open,
/// interval, warnings, view}. Errors name the field; an unknown question offers near ones.
base::Result<Json> ask(const Context& context, const Json& request);

}  // namespace footfall::engine
