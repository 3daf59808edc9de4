// Context: one opened shop with everything a verb may use. Made by the front door alone.
#pragma once

#include <cstddef>

#include "footfall/base/progress.h"
#include "footfall/base/time.h"
#include "footfall/base/zone.h"
#include "footfall/store/store.h"

namespace footfall::engine {

struct Context {
  store::Store& store;
  base::Zone zone;
  int currency_decimals = 2;
  std::size_t threads = 1;
  base::TimeMs now = 0;  // The clock is read once, by the front door.
  base::Progress& progress;
};

}  // namespace footfall::engine
