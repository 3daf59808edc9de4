// Decide: what to do next for a person or a basket, with reasons and a receipt (CONTRACT.md).
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {kind: "recommend", user | item | basket, k, bought: allow | leave_out (with user)} ->
/// {decision, receipt, results: [{item, name, value, reasons: [{event, text}]}], fallback,
/// catalogue, model, snapshot, warnings}. A person without a history in the model gets what is
/// popular now, and `fallback` says so. Without a published model: kNotFound, naming `footfall
/// learn`.
base::Result<Json> decide(const Context& context, const Json& request);

}  // namespace footfall::engine
