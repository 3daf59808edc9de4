// Hashes: fast 64-bit digests of text, CRC32C for blocks on disk. Neither keeps secrets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "footfall/base/random.h"

namespace footfall::base {

/// XXH3, 64 bits, seed 0: a pure function of the bytes on every machine.
std::uint64_t hash64(std::string_view bytes);
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed);

/// Order matters: combine(a, b) != combine(b, a).
constexpr std::uint64_t hash_combine(std::uint64_t a, std::uint64_t b) {
  return mix64(a * 0x9FB21C651E98DF25u ^ (b + 0x165667B19E3779F9u));
}

/// CRC32C (Castagnoli, reflected) of `bytes`, continuing from `crc` (0 to begin).
/// Uses the processor's instruction where it has one.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace footfall::base
