// Model bytes: how a fitted model is written down and read back, checked to the last bit.
//
// Layout: magic "FFMODEL\0", kind (length + text), format version u32, payload length u64, payload,
// CRC32C u32 of all that stands before it. Numbers are little-endian; reals are IEEE 754 bits, so
// a model that was read back scores exactly as the one that was written.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "footfall/base/result.h"

namespace footfall::models {

static_assert(std::endian::native == std::endian::little);

/// Appends values to a payload.
class ModelWriter {
 public:
  template <typename T>
  void number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    payload_.append(raw, sizeof(T));
  }
  template <typename T>
  void numbers(const std::vector<T>& values) {
    static_assert(std::is_arithmetic_v<T>);
    number<std::uint64_t>(values.size());
    if (values.empty()) return;
    payload_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void text(std::string_view value) {
    number<std::uint64_t>(value.size());
    payload_.append(value);
  }
  void texts(const std::vector<std::string>& values) {
    number<std::uint64_t>(values.size());
    for (const std::string& value : values) text(value);
  }

  /// The finished bytes. `kind` has at most 255 bytes.
  std::string frame(std::string_view kind, std::uint32_t version) const;

 private:
  std::string payload_;
};

/// Reads values back in the order they were written. After a read past the end every value is
/// empty or 0 and ok() is false; the caller looks once, at the end.
class ModelReader {
 public:
  /// Checks magic, kind, version, length and CRC: kDamaged, or invalid_argument when the bytes are
  /// sound but of another kind or version. `bytes` must outlive the reader.
  static base::Result<ModelReader> open(std::string_view bytes, std::string_view kind,
                                        std::uint32_t version);

  template <typename T>
  T number() {
    T value{};
    const char* at = take(1, sizeof(T));
    if (at != nullptr) std::memcpy(&value, at, sizeof(T));
    return value;
  }
  template <typename T>
  std::vector<T> numbers() {
    const auto count = number<std::uint64_t>();
    const char* at = take(count, sizeof(T));
    std::vector<T> values(at == nullptr ? 0 : count);
    if (!values.empty()) std::memcpy(values.data(), at, count * sizeof(T));
    return values;
  }
  std::string text() { return std::string(text_view()); }
  /// A view into the bytes given to open().
  std::string_view text_view() {
    const auto size = number<std::uint64_t>();
    const char* at = take(size, 1);
    return at == nullptr ? std::string_view() : std::string_view(at, size);
  }
  std::vector<std::string> texts();

  bool ok() const { return ok_; }
  /// All was read and nothing is left.
  bool finished() const { return ok_ && rest_.empty(); }

 private:
  explicit ModelReader(std::string_view payload) : rest_(payload) {}
  const char* take(std::uint64_t count, std::size_t size) {
    if (!ok_ || count > rest_.size() / size) {
      ok_ = false;
      return nullptr;
    }
    const char* at = rest_.data();
    rest_.remove_prefix(count * size);
    return at;
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// Whether a fitted model can hold these weights: numbers from 0 to a bound that keeps their sums
/// finite. Looked at after a model was read.
bool sound_weights(std::span<const double> weights);
bool sound_weights(std::span<const float> weights);

/// kDamaged, for a payload whose parts do not fit together; ends with the kind.
base::Error damaged_model(std::string_view kind);

}  // namespace footfall::models
