// Unfinished copy: the folder of a backup until it is whole.
#pragma once

#include <string>
#include <utility>

#include "footfall/base/result.h"
#include "footfall/store/shop_lock.h"

namespace footfall::store {

/// DESTINATION.unfinished, held by this process alone. Gone with the object unless finish() gave it
/// its name.
class UnfinishedCopy {
 public:
  /// Empty but for its lock; what a copy that was stopped has left is removed. kBusy while another
  /// process copies to this destination; kAlreadyExists when the destination, or the folder, holds
  /// something of the user's.
  static base::Result<UnfinishedCopy> begin(const std::string& destination);
  UnfinishedCopy(UnfinishedCopy&& other) noexcept
      : destination_(std::move(other.destination_)),
        path_(std::exchange(other.path_, {})),
        lock_(std::move(other.lock_)) {}
  UnfinishedCopy& operator=(UnfinishedCopy&&) = delete;
  ~UnfinishedCopy();

  const std::string& path() const { return path_; }
  /// Gives the copy its name, durably. kAlreadyExists when something is there by now.
  base::Status finish();

 private:
  UnfinishedCopy(std::string destination, std::string path, ShopLock lock)
      : destination_(std::move(destination)), path_(std::move(path)), lock_(std::move(lock)) {}
  base::Status clear() const;

  std::string destination_;
  std::string path_;  // "" once it has its name, or was moved from.
  ShopLock lock_;
};

}  // namespace footfall::store
