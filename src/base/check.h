// FOOTFALL_CHECK: our own failures (a broken invariant) stop the process, in release builds too.
#pragma once

namespace footfall::base {

/// Writes the failed condition with its place to standard error and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace footfall::base

#define FOOTFALL_CHECK(condition)                      \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::footfall::base::check_failed(#condition, __FILE__, __LINE__))
