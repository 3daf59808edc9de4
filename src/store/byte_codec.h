// Byte codec: little-endian numbers, texts and arrays in and out of byte strings.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/base/result.h"

namespace footfall::store {

static_assert(std::endian::native == std::endian::little, "the formats are little-endian");

/// Appends to a byte string that the caller takes.
class ByteWriter {
 public:
  template <typename Number>
  void number(Number value) {
    static_assert(std::is_arithmetic_v<Number> || std::is_enum_v<Number>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void text(std::string_view text) {
    FOOTFALL_CHECK(text.size() <= 0xFFFFFFFFu);
    number(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
  }
  template <typename Number, typename Allocator>
  void array(const std::vector<Number, Allocator>& values) {
    number(static_cast<std::uint64_t>(values.size()));
    if (values.empty()) return;
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
  }
  /// Room for that many bytes in all.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  /// CRC32C of all that stands before it, as the last four bytes.
  std::string with_checksum() &&;
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote. Past the end every read gives zeros and ok() turns false for good:
/// read everything, then ask once.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <typename Number>
  Number number() {
    Number value{};
    if (take(sizeof(Number))) std::memcpy(&value, taken_.data(), sizeof(Number));
    return value;
  }
  std::string_view text() {
    const auto size = number<std::uint32_t>();
    return take(size) ? taken_ : std::string_view();
  }
  template <typename Number, typename Allocator>
  void array(std::vector<Number, Allocator>& into) {
    const auto count = number<std::uint64_t>();
    into.clear();
    if (!ok_ || count > rest_.size() / sizeof(Number)) {
      ok_ = false;
      return;
    }
    take(static_cast<std::size_t>(count) * sizeof(Number));
    into.resize(static_cast<std::size_t>(count));
    if (count > 0) std::memcpy(into.data(), taken_.data(), taken_.size());
  }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::size_t rest_size() const { return rest_.size(); }

 private:
  bool take(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return false;
    }
    taken_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  std::string_view taken_;
  bool ok_ = true;
};

/// The checksum that bytes end in; 0 where they are too few to have one.
std::uint32_t checksum_at_end(std::string_view bytes);
/// The bytes without their checksum; kDamaged (naming `what`) when it does not fit.
base::Result<std::string_view> check_bytes(std::string_view bytes, std::string_view what);

}  // namespace footfall::store
