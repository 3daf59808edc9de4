// Failure: errors in words or as a document, and the exit code of each.
#pragma once

#include <string>

#include "footfall/base/result.h"
#include "footfall/cli/style.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitLook = 1;     // Done, with something the caller must look at.
inline constexpr int kExitRefused = 2;  // Bad input: the caller can mend it.
inline constexpr int kExitFailed = 3;   // The machine failed: disk, memory, network.

int exit_code(base::ErrorCode code);

/// {"error": {"code", "message", "where": {...}, "hint"}}; parts of `where` that are not known are
/// left out.
Json error_document(const base::Error& error);

/// "footfall: message", with the place before it (file:row:column) and the hint on a line below.
std::string error_text(const base::Error& error, const Style& style);

}  // namespace footfall::cli
