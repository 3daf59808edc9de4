// JSON documents read from files or standard input, with the place of a mistake.
#pragma once

#include <string>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

inline constexpr std::size_t kDocumentBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kDocumentDepthMax = 64;  // Objects and lists within each other.

/// "-" reads standard input. kNotFound, kPermission; a mistake in the text names file, row and
/// column (invalid_argument). kInterrupted where a stop is wished while a pipe says nothing.
base::Result<Json> read_json_file(const std::string& path,
                                  const base::Progress& progress = base::silent_progress());

/// The text of a document; `name` stands for the file in messages. Refuses a key that an object
/// has twice and nesting beyond kDocumentDepthMax.
base::Result<Json> parse_json(const std::string& text, const std::string& name);

/// Writes all of the text or nothing: first beside the file, then moved over it. A link's target is
/// replaced, not the link; into a pipe or a device the text is written as it is.
base::Status write_whole_file(const std::string& path, const std::string& text);

}  // namespace footfall::cli
