#include "footfall/store/shop_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "footfall/store/durable_file.h"

namespace footfall::store {
namespace {

// The holder writes its number once it has the lock: until then, and in a damaged file, anything
// may stand there.
std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  const std::string_view number(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const bool is_number = !number.empty() && std::all_of(number.begin(), number.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  return is_number ? std::string(number) : "unknown";
}

base::Error busy(const std::string& shop, const std::string& holder) {
  return {base::ErrorCode::kBusy,
          fmt::format("another process is writing to this shop: process {}", holder),
          {shop, 0, "", ""},
          "wait until it is done; reading (ask, sql, status) works meanwhile"};
}

}  // namespace

base::Result<ShopLock> ShopLock::take(const std::string& shop) {
  const std::string path = shop + "/lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return file_error("open for writing", path, errno);
  ShopLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return file_error("lock", path, errno);
    return busy(shop, holder_of(descriptor));
  }
  // The folder may have got another name, or gone, since the file was opened.
  struct stat held{};
  struct stat named{};
  const bool same = ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    held.st_ino == named.st_ino && held.st_dev == named.st_dev;
  if (!same) return busy(shop, "unknown");
  const std::string holder = fmt::format("{}", ::getpid());
  const bool written =
      ::ftruncate(descriptor, 0) == 0 &&
      ::pwrite(descriptor, holder.data(), holder.size(), 0) == static_cast<ssize_t>(holder.size());
  if (!written) {
    const int failure = errno;
    ::unlink(path.c_str());  // A full disk is left as it was found.
    return file_error("write", path, failure);
  }
  return lock;
}

ShopLock::~ShopLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace footfall::store
