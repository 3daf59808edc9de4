#include "footfall/decisions/receipt.h"

#include <algorithm>

#include "footfall/base/hash.h"

namespace footfall::decisions {
namespace {

// Crockford's base 32: no letter that is read as a digit.
constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kIdDigits = 13;
constexpr std::string_view kIdPrefix = "r-";

nlohmann::ordered_json body(const Receipt& receipt) {
  nlohmann::ordered_json document;
  document["decision"] = receipt.decision;
  document["time"] = base::format_instant(receipt.time);
  document["as_of"] = base::format_instant(receipt.as_of);
  document["model"] = {{"name", receipt.model}, {"version", receipt.model_version}};
  document["snapshot"] = {{"id", receipt.snapshot_id}, {"content", receipt.snapshot_content}};
  document["user"] = receipt.user.has_value() ? nlohmann::ordered_json(*receipt.user) : nullptr;
  document["request"] = receipt.request;
  document["consent"] = receipt.consent;
  document["probability"] = receipt.probability;
  document["fallback"] = receipt.fallback;
  document["results"] = receipt.results;
  return document;
}

}  // namespace

std::string receipt_id(const Receipt& receipt, std::uint64_t salt) {
  std::uint64_t hash = base::hash64(body(receipt).dump(), salt);
  std::string id(kIdPrefix);
  for (std::size_t i = 0; i < kIdDigits; ++i) {
    id += kDigits[hash & 31];
    hash >>= 5;
  }
  return id;
}

bool is_receipt_id(std::string_view text) {
  return text.size() == kIdPrefix.size() + kIdDigits && text.starts_with(kIdPrefix) &&
         std::all_of(text.begin() + kIdPrefix.size(), text.end(),
                     [](char c) { return kDigits.find(c) != std::string_view::npos; });
}

nlohmann::ordered_json receipt_document(const Receipt& receipt, const std::string& id) {
  nlohmann::ordered_json document;
  document["receipt"] = id;
  document.update(body(receipt));
  return document;
}

}  // namespace footfall::decisions
