// Output place: where a file that a user names may be written.
#pragma once

#include <string>

#include "footfall/base/result.h"

namespace footfall::engine {

/// Refuses a file that would lie in the folder of a shop, whichever, or in place of something that
/// is no file (kInvalidArgument). Links are followed.
base::Status expect_outside_shops(const std::string& path);

}  // namespace footfall::engine
