// Key file: the text of a shop's key, from a file or from a pipe such as <(pass show shop).
#pragma once

#include <string>

#include "footfall/base/result.h"

namespace footfall::store {

/// Of a pipe the first bytes are waited for no longer than kKeyWaitMs each. kNotFound, kPermission;
/// kInvalidArgument where it is neither, says nothing, or has more than kKeyFileBytesMax bytes.
base::Result<std::string> read_key_file(const std::string& path);

inline constexpr int kKeyWaitMs = 2'000;
inline constexpr std::size_t kKeyFileBytesMax = 4'096;

}  // namespace footfall::store
