// DecisionDocument: decisions and their receipts (CONTRACT.md, "decide") opened for drawing.
#pragma once

#include <string>
#include <vector>

#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

/// Why an item is there. A purchase of the item itself reads "bought it on 2011-08-28 and 40 times
/// before": its name stands above already.
std::vector<std::string> reasons_of(const Json& result);

/// "blend 3d37f7be0da6e0bd", also for {"name", "version"} of a receipt.
std::string model_words(const Json& document);

/// What a receipt says beside its results: what was asked, when, as of when; "" for none.
std::string receipt_words(const Json& document);

/// The fallback in words: what stands in where nothing is known to go by.
std::string fallback_words(const Json& document);

}  // namespace footfall::cli
