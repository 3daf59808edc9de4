// Learn: trains, evaluates and publishes models on a shop's purchases (CONTRACT.md, "learn").
#pragma once

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// Where `learn` leaves things for `decide` and `explain`, as collections of documents.
inline constexpr const char* kModelsCollection = "models";        // By version: the model's bytes.
inline constexpr const char* kCardsCollection = "cards";          // By version: the card.
inline constexpr const char* kPublishedCollection = "published";  // "recommend": {model, version}.
inline constexpr const char* kReceiptsCollection = "receipts";    // By receipt id.

/// {models: [NAME], seed, budget} -> {cards: [{model, version, trained_to, protocol, metrics,
/// interval, baseline, difference, new_items, published, why, settings, seconds,
/// learnt_from}], snapshot, consent, left_out, warnings}. Refuses a shop without purchases
/// (kNotFound).
base::Result<Json> learn(const Context& context, const Json& request);

}  // namespace footfall::engine
