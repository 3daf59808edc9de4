// Any bytes as the lock file of a shop that another process writes to: refused with a message of
// one line.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "footfall/base/check.h"
#include "footfall/engine/small_shop.h"
#include "footfall/store/shop_lock.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace footfall;
  static const engine::SmallShop folder;
  static const int held = [] {
    const std::string path = folder.options().shop + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    FOOTFALL_CHECK(descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0);
    return descriptor;
  }();
  FOOTFALL_CHECK(::ftruncate(held, 0) == 0);
  FOOTFALL_CHECK(::pwrite(held, data, size, 0) == static_cast<ssize_t>(size));
  const auto lock = store::ShopLock::take(folder.options().shop);
  FOOTFALL_CHECK(!lock.ok() && lock.error().code == base::ErrorCode::kBusy);
  const std::string& message = lock.error().message;
  FOOTFALL_CHECK(
      std::all_of(message.begin(), message.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  return 0;
}
