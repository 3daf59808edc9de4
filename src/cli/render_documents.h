// Documents other than answers, on a terminal: what was collected, learnt, decided, and the rest.
#pragma once

#include <string>

#include "footfall/cli/style.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

/// The cleaning report: what became of every row, and the mapping that was found.
std::string render_collected(const Json& document, const Style& style);

/// Sizes and counts of a shop.
std::string render_status(const Json& document, const Style& style);

/// The cards of all models side by side: figures beside the baseline's, differences and figures on
/// new items with their intervals, verdicts; the protocol once.
std::string render_learned(const Json& document, const Style& style);

/// The items, why each is there, and the receipt. `request` is what was asked (may be empty).
std::string render_decided(const Json& document, const Json& request, const Style& style);

/// What was checked, and what is damaged.
std::string render_verified(const Json& document, const Style& style);

/// Any other document (init, backup, restore, explain): its members, line by line; lists of
/// objects as tables.
std::string render_members(const std::string& title, const Json& document, const Style& style);

/// The document of a verb in its form; `request` is what was asked.
base::Result<std::string> render_document(const std::string& verb, const Json& document,
                                          const Json& request, const Style& style);

/// What the caller must look at, in words, or "": exit code 1. Rejected rows of a collect, damage
/// found by verify, and the document's own "attention".
std::string attention_of(const std::string& verb, const Json& document);

/// "3.4 MiB".
std::string bytes_words(double bytes);

}  // namespace footfall::cli
