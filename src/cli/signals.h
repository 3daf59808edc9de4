// Signals: Ctrl-C as a wish to stop; a second one ends the process at once.
#pragma once

#include <atomic>

namespace footfall::cli {

/// Takes SIGINT and SIGTERM from now on: the first sets the flag that is returned, the second
/// has its usual effect. A reader that has gone away (SIGPIPE) becomes an error of the write.
const std::atomic<bool>& watch_signals();

}  // namespace footfall::cli
