// Keys: one secret of 32 bytes per shop, from which pseudonyms and seals are derived.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "footfall/base/result.h"

namespace footfall::privacy {

inline constexpr std::size_t kMasterKeyBytes = 32;
using MasterKey = std::array<std::uint8_t, kMasterKeyBytes>;

/// A fresh key from the operating system's randomness: the one place where secrets are drawn.
MasterKey generate_key();

/// 64 hex digits and a line feed: what a key file holds.
std::string format_key(const MasterKey& key);
/// Refuses anything but 64 hex digits (white space around them is allowed). The message never
/// holds the text.
base::Result<MasterKey> parse_key(std::string_view text);

/// 128 bits that stand for one id and cannot be turned back without the key: keyed BLAKE2b.
using Pseudonym = std::array<std::uint8_t, 16>;

/// Bytes of an id once it is sealed.
constexpr std::size_t sealed_bytes(std::string_view id) {
  return id.size() + 40;
}

/// Derives pseudonyms and seals ids with subkeys of a master key. Immutable; threads may share one.
class Privacy {
 public:
  explicit Privacy(const MasterKey& key);

  Pseudonym pseudonym(std::string_view id) const;

  /// XChaCha20-Poly1305 with a nonce that follows from the id itself (its pseudonym, then eight
  /// zeros), so sealing is deterministic and never repeats a nonce for two ids. 40 bytes longer
  /// than the id.
  std::string seal(std::string_view id) const;
  /// The same into memory of sealed_bytes(id). `own` is the id's pseudonym.
  void seal(std::string_view id, const Pseudonym& own, std::span<char> sealed) const;
  /// kDamaged when the bytes were changed or sealed with another key.
  base::Result<std::string> unseal(std::string_view sealed) const;

  /// A value by which a shop recognises its key without holding it.
  std::string key_check() const;

 private:
  std::array<std::uint8_t, 32> pseudonym_key_;
  std::array<std::uint8_t, 32> seal_key_;
  std::array<std::uint8_t, 32> check_key_;
};

}  // namespace footfall::privacy
