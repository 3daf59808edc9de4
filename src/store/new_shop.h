// New shop: the folder of a shop while it is made.
#pragma once

#include <string>
#include <utility>

#include "footfall/base/result.h"
#include "footfall/privacy/keys.h"
#include "footfall/store/manifest.h"
#include "footfall/store/shop_lock.h"

namespace footfall::store {

/// Becomes a shop with finish(), which gives the journal its name. Without it everything that was
/// made goes away with the object, the folder as well unless it was there before.
class NewShop {
 public:
  /// Makes the folder and holds its lock. What an earlier attempt left may lie in it, its key is
  /// used; kAlreadyExists for a shop or anything else, kDamaged for a shop without its journal.
  static base::Result<NewShop> begin(const std::string& path);
  NewShop(NewShop&& other) noexcept
      : path_(std::exchange(other.path_, {})),
        new_key_(std::exchange(other.new_key_, {})),
        made_folder_(other.made_folder_),
        lock_(std::move(other.lock_)) {}
  NewShop& operator=(NewShop&&) = delete;
  ~NewShop();

  /// The key in the file ("" = SHOP/key), or a fresh one written to it for its owner alone.
  base::Result<privacy::MasterKey> key(const std::string& key_file);
  /// Durable when it returns.
  base::Status finish(const Manifest& manifest);

 private:
  NewShop(std::string path, bool made_folder, ShopLock lock)
      : path_(std::move(path)), made_folder_(made_folder), lock_(std::move(lock)) {}
  base::Status write_journal(const Manifest& manifest) const;

  std::string path_;     // "" once it is a shop, or was moved from.
  std::string new_key_;  // The key file, where it was written here.
  bool made_folder_ = false;
  ShopLock lock_;
};

/// Whether a folder held events once. Not so what an interrupted init leaves.
bool has_events(const std::string& path);
/// The refusal of a shop that has lost its journal.
base::Error no_journal(const std::string& path);

}  // namespace footfall::store
