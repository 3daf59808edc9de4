// Column: the vector of the store's tables (base/column.h), under the store's own name.
#pragma once

#include "footfall/base/column.h"

namespace footfall::store {

using base::Column;

}  // namespace footfall::store
