#include "footfall/store/key_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "footfall/store/durable_file.h"

namespace footfall::store {
namespace {

class Opened {
 public:
  // A pipe that nobody writes to would be waited for.
  explicit Opened(const std::string& path)
      : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (number >= 0) ::close(number);
  }
  const int number;
};

base::Error refused(const std::string& path, const std::string& expected) {
  return {base::ErrorCode::kInvalidArgument,
          "expected " + expected + ": " + path,
          {path, 0, "", ""},
          ""};
}

}  // namespace

base::Result<std::string> read_key_file(const std::string& path) {
  const Opened file(path);
  if (file.number < 0) return file_error("open", path, errno);
  struct stat facts{};
  if (::fstat(file.number, &facts) != 0) return file_error("read", path, errno);
  if (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode)) {
    return refused(path, "a regular file or a pipe");
  }
  std::string text;
  for (;;) {
    pollfd wait{file.number, POLLIN, 0};
    const int ready = ::poll(&wait, 1, kKeyWaitMs);
    if (ready == 0) return refused(path, "a key from the pipe, which says nothing");
    char bytes[512];
    const ssize_t count = ready < 0 ? -1 : ::read(file.number, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("read", path, errno);
    if (count == 0) return text;
    text.append(bytes, static_cast<std::size_t>(count));
    if (text.size() > kKeyFileBytesMax) return refused(path, "a key of 64 hex digits, and no more");
  }
}

}  // namespace footfall::store
