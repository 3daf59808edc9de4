// Reading that hears the wish to stop while it waits for the other side of a pipe or a terminal.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>

#include "footfall/base/progress.h"

namespace footfall::base {

/// A descriptor to read the file by, or -1 with the reason in errno. Does not wait for the writer
/// of a FIFO: stoppable_read() does.
int open_to_read(const char* path);

/// As ::read, from a descriptor of open_to_read() or standard input: bytes read, 0 at the end, -1
/// with the reason in errno. While there is nothing to read it looks every kStopLookMs whether a
/// stop is wished, by `progress` or by whoever sets `given_up`, and then gives -1 with ECANCELED.
/// Signals do not end it otherwise.
ssize_t stoppable_read(int descriptor, void* into, std::size_t size, const Progress& progress,
                       const std::atomic<bool>* given_up = nullptr);

inline constexpr int kStopLookMs = 50;

}  // namespace footfall::base
