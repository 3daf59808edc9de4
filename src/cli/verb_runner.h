// VerbRunner: the engine as the terminal sees it, one verb with one document at a time.
#pragma once

#include <functional>
#include <string>

#include "footfall/base/result.h"
#include "footfall/engine/json.h"

namespace footfall::cli {

using Json = engine::Json;

/// Runs a verb ("collect", "ask", "sql", ...) of one shop: a document in, a document out.
using VerbRunner = std::function<base::Result<Json>(const std::string& verb, const Json& request)>;

}  // namespace footfall::cli
