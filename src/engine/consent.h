// Consent: which imports may be used for a purpose, and the words that say so in an answer.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/store/store.h"

namespace footfall::engine {

/// Whether the consent text of an import covers a purpose (SEMANTICS 13.1): "denied" covers none,
/// "granted:a,b" the named ones; any other basis ("imported") covers analytics_storage and
/// personalization_storage, or the purposes named after its colon.
bool consent_covers(std::string_view consent, std::string_view purpose);

struct ConsentBasis {
  std::vector<store::BatchNumber> denied_batches;  // Rising: imports that do not cover the purpose.
  std::string words;  // "personalization_storage: imported", each basis once, in byte order.
};

/// The consent of all imports of a shop for one purpose.
ConsentBasis consent_basis(std::span<const store::BatchRecord> imports, std::string_view purpose);

}  // namespace footfall::engine
