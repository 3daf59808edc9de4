#include "footfall/privacy/keys.h"

#include <sodium.h>

#include <algorithm>

#include "footfall/base/check.h"
#include "footfall/base/words.h"

namespace footfall::privacy {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(sealed_bytes("") == kNonceBytes + kTagBytes);
constexpr std::string_view kHexDigits = "0123456789abcdef";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::array<std::uint8_t, 32> subkey(const MasterKey& master, std::string_view purpose) {
  std::array<std::uint8_t, 32> key{};
  crypto_generichash(key.data(), key.size(), bytes_of(purpose), purpose.size(), master.data(),
                     master.size());
  return key;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Until it is initialised the library computes without the processor's wide registers.
void start_library() {
  FOOTFALL_CHECK(sodium_init() >= 0);
}

}  // namespace

MasterKey generate_key() {
  start_library();
  MasterKey key{};
  randombytes_buf(key.data(), key.size());
  return key;
}

std::string format_key(const MasterKey& key) {
  std::string text;
  for (const std::uint8_t byte : key) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 15];
  }
  return text + "\n";
}

base::Result<MasterKey> parse_key(std::string_view text) {
  const std::string_view digits = base::trim(text);
  base::Error error = base::invalid("the key file must hold 64 hex digits and nothing else");
  if (digits.size() != 2 * kMasterKeyBytes) return error;
  MasterKey key{};
  for (std::size_t i = 0; i < kMasterKeyBytes; ++i) {
    const int high = hex_value(digits[2 * i]);
    const int low = hex_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return error;
    key[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return key;
}

Privacy::Privacy(const MasterKey& key)
    : pseudonym_key_(subkey(key, "footfall pseudonym 1")),
      seal_key_(subkey(key, "footfall seal 1")),
      check_key_(subkey(key, "footfall check 1")) {
  start_library();
}

Pseudonym Privacy::pseudonym(std::string_view id) const {
  Pseudonym result{};
  crypto_generichash(result.data(), result.size(), bytes_of(id), id.size(), pseudonym_key_.data(),
                     pseudonym_key_.size());
  return result;
}

std::string Privacy::seal(std::string_view id) const {
  std::string sealed(sealed_bytes(id), '\0');
  seal(id, pseudonym(id), sealed);
  return sealed;
}

void Privacy::seal(std::string_view id, const Pseudonym& own, std::span<char> sealed) const {
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  std::fill(std::copy(own.begin(), own.end(), out), out + kNonceBytes, std::uint8_t{0});
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, &length, bytes_of(id), id.size(),
                                             nullptr, 0, nullptr, out, seal_key_.data());
}

base::Result<std::string> Privacy::unseal(std::string_view sealed) const {
  const base::Error damaged{base::ErrorCode::kDamaged,
                            "a sealed id cannot be read: it was changed, or the key is another one",
                            {},
                            ""};
  if (sealed.size() < kNonceBytes + kTagBytes) return damaged;
  std::string id(sealed.size() - kNonceBytes - kTagBytes, '\0');
  unsigned long long length = 0;
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(id.data()), &length, nullptr, bytes_of(sealed) + kNonceBytes,
      sealed.size() - kNonceBytes, nullptr, 0, bytes_of(sealed), seal_key_.data());
  if (failed != 0) return damaged;
  return id;
}

std::string Privacy::key_check() const {
  std::array<std::uint8_t, 16> value{};
  crypto_generichash(value.data(), value.size(), nullptr, 0, check_key_.data(), check_key_.size());
  std::string text;
  for (const std::uint8_t byte : value) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 15];
  }
  return text;
}

}  // namespace footfall::privacy
