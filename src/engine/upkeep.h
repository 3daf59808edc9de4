// Upkeep: status, verify and the list of imports of an opened shop, as documents.
#pragma once

#include <string>

#include "footfall/base/result.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

/// {shop, events, persons, guest_orders, orders, items, quarantined, bytes, bytes_per_event,
/// core_bytes_per_event, snapshot, parts: [...], imports: [...], terms: {NAME: MEANING}}; where a
/// part cannot be read, damage and attention.
base::Result<Json> status_document(const Context& context, const std::string& shop);

/// {ok, snapshot, damage: [{file, part, what}]}.
base::Result<Json> verify_document(const Context& context);

/// [{file, part, what}].
Json damage_document(const std::vector<store::Damage>& damages);

}  // namespace footfall::engine
