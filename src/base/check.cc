#include "footfall/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace footfall::base {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "footfall: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace footfall::base
