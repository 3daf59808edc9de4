// Model standing: whether a published model still stands on what the shop holds.
#pragma once

#include <span>

#include "footfall/engine/json.h"
#include "footfall/store/store.h"

namespace footfall::engine {

/// What a card keeps of the shop it was learnt from: {last_import, undone: [NUMBER]}.
Json learnt_from(std::span<const store::BatchRecord> batches);

/// In words, each with what to do: imports that a model was learnt from and that were undone since,
/// and imports that came in since. Empty for a card without `learnt_from`.
Json standing_warnings(std::span<const store::BatchRecord> batches, const Json& card);

}  // namespace footfall::engine
