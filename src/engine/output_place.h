// Output place: where a file that a user names may be written.
#pragma once

#include <string>

#include "footfall/base/result.h"

namespace footfall::engine {

/// Refuses a file or folder that would lie in the folder of a shop, whichever (kInvalidArgument,
/// naming `field` of the request). Links are followed.
base::Status expect_outside_shops(const std::string& path, const std::string& field);

}  // namespace footfall::engine
