// Receipt: what was decided, from what, by which model, under which consent; kept with the shop.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "footfall/base/time.h"

namespace footfall::decisions {

struct Receipt {
  std::string decision;    // "recommend"
  base::TimeMs time = 0;   // When it was decided.
  base::TimeMs as_of = 0;  // Nothing later than this was looked at.
  std::string model;       // "blend"
  std::string model_version;
  std::uint64_t snapshot_id = 0;
  std::string snapshot_content;
  std::optional<std::uint32_t> user;  // The person's number in the shop; never the raw id.
  double probability = 1.0;         // Of deciding just this; 1 = the rule leaves nothing to chance.
  std::string consent;              // Basis and purposes under which the history was read.
  nlohmann::ordered_json request;   // As asked, without a raw id.
  nlohmann::ordered_json results;   // [{item, name, value, reasons: [{event, text}]}]
  nlohmann::ordered_json fallback;  // null, or what was done instead.
};

/// "r-" and 13 letters and digits (a hash in base 32): equal for equal receipts at equal times.
/// `salt` makes another id, for the case that two receipts meet in one.
std::string receipt_id(const Receipt& receipt, std::uint64_t salt = 0);

/// Whether a text has the form of a receipt id.
bool is_receipt_id(std::string_view text);

nlohmann::ordered_json receipt_document(const Receipt& receipt, const std::string& id);

}  // namespace footfall::decisions
