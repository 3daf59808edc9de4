#include "footfall/engine/consent.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "footfall/base/words.h"

namespace footfall::engine {

bool consent_covers(std::string_view consent, std::string_view purpose) {
  const std::size_t colon = consent.find(':');
  const std::string basis = base::ascii_lower(base::trim(consent.substr(0, colon)));
  if (basis == "denied") return false;
  if (colon == std::string_view::npos) {
    return purpose == "analytics_storage" || purpose == "personalization_storage";
  }
  std::string_view rest = consent.substr(colon + 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    if (base::trim(rest.substr(0, comma)) == purpose) return true;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return false;
}

ConsentBasis consent_basis(std::span<const store::BatchRecord> imports, std::string_view purpose) {
  ConsentBasis basis;
  std::set<std::string> words;
  for (const store::BatchRecord& record : imports) {
    if (consent_covers(record.info.consent, purpose)) {
      if (!record.undone) words.insert(record.info.consent);
    } else {
      basis.denied_batches.push_back(record.batch);
    }
  }
  std::sort(basis.denied_batches.begin(), basis.denied_batches.end());
  basis.words = fmt::format("{}: {}", purpose,
                            words.empty() ? "none" : fmt::to_string(fmt::join(words, "; ")));
  return basis;
}

}  // namespace footfall::engine
