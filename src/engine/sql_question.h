// SQL question: a query in, an answer document of the usual form out.
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {query, limit} -> an answer document (CONTRACT.md, "ask") whose columns are the query's.
/// SQL errors, several statements and anything but reading are refused (invalid_argument).
base::Result<Json> ask_sql(const Context& context, const Json& request);

}  // namespace footfall::engine
