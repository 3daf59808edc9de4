// Shop lock: at most one process writes to a shop.
#pragma once

#include <string>

#include "footfall/base/result.h"

namespace footfall::store {

/// Held for the object's life and given back by the system when the process ends, however it ends.
class ShopLock {
 public:
  /// kBusy names the process that holds the lock; kPermission when the folder cannot be written.
  static base::Result<ShopLock> take(const std::string& shop);
  ShopLock(ShopLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  ShopLock& operator=(ShopLock&&) = delete;
  ~ShopLock();

 private:
  explicit ShopLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace footfall::store
