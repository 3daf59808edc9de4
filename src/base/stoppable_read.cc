#include "footfall/base/stoppable_read.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace footfall::base {

int open_to_read(const char* path) {
  return ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

ssize_t stoppable_read(int descriptor, void* into, std::size_t size, const Progress& progress,
                       const std::atomic<bool>* given_up) {
  for (;;) {
    if (progress.stop_requested() || (given_up != nullptr && given_up->load())) {
      errno = ECANCELED;
      return -1;
    }
    // A FIFO that nobody has opened to write reads as if it were over; poll() tells it from one
    // that is. An ordinary file is always ready.
    pollfd waited{descriptor, POLLIN, 0};
    const int ready = ::poll(&waited, 1, kStopLookMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    if (ready < 0) return -1;
    const ssize_t count = ::read(descriptor, into, size);
    if (count >= 0 || (errno != EINTR && errno != EAGAIN)) return count;
  }
}

}  // namespace footfall::base
