#include "footfall/models/model_bytes.h"

#include <algorithm>
#include <span>

#include "footfall/base/check.h"
#include "footfall/base/hash.h"
#include "footfall/base/words.h"

namespace footfall::models {
namespace {

constexpr std::string_view kMagic{"FFMODEL\0", 8};

std::uint32_t checksum(std::string_view bytes) {
  return base::crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

base::Error damaged(const std::string& what) {
  return {base::ErrorCode::kDamaged, what, {}, "Learn the model again."};
}

template <typename Real>
bool all_sound(std::span<const Real> weights) {
  constexpr Real kMost = Real{1e18F};  // A count of 64 bits holds it too.
  // Written so that what is no number is refused.
  return std::all_of(weights.begin(), weights.end(),
                     [](Real weight) { return weight >= Real{0} && weight <= kMost; });
}

}  // namespace

std::string ModelWriter::frame(std::string_view kind, std::uint32_t version) const {
  FOOTFALL_CHECK(kind.size() <= 255);
  ModelWriter head;
  head.number<std::uint8_t>(static_cast<std::uint8_t>(kind.size()));
  std::string bytes(kMagic);
  bytes += head.payload_;
  bytes += kind;
  ModelWriter sizes;
  sizes.number<std::uint32_t>(version);
  sizes.number<std::uint64_t>(payload_.size());
  bytes += sizes.payload_;
  bytes += payload_;
  ModelWriter tail;
  tail.number<std::uint32_t>(checksum(bytes));
  return bytes + tail.payload_;
}

base::Result<ModelReader> ModelReader::open(std::string_view bytes, std::string_view kind,
                                            std::uint32_t version) {
  constexpr std::size_t kCrcBytes = 4;
  if (bytes.size() < kMagic.size() + 1 + 4 + 8 + kCrcBytes || !bytes.starts_with(kMagic)) {
    return damaged("expected the bytes of a model, found " + std::to_string(bytes.size()) +
                   " other bytes");
  }
  std::uint32_t stored = 0;
  std::memcpy(&stored, bytes.data() + bytes.size() - kCrcBytes, kCrcBytes);
  const std::uint32_t computed = checksum(bytes.substr(0, bytes.size() - kCrcBytes));
  if (stored != computed) {
    return damaged("a model's checksum should be " + std::to_string(stored) + ", its bytes give " +
                   std::to_string(computed));
  }
  ModelReader reader(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - kCrcBytes));
  const auto kind_size = reader.number<std::uint8_t>();
  const char* kind_at = reader.take(kind_size, 1);
  const std::string found(kind_at == nullptr ? "" : kind_at, kind_at == nullptr ? 0 : kind_size);
  const auto found_version = reader.number<std::uint32_t>();
  const auto size = reader.number<std::uint64_t>();
  if (!reader.ok() || size != reader.rest_.size()) return damaged_model(kind);
  if (found != kind) {
    return base::invalid("expected a model of kind " + std::string(kind) + ", found " +
                         base::printable(found));
  }
  if (found_version != version) {
    return base::invalid("expected version " + std::to_string(version) + " of a " +
                         std::string(kind) + " model, found " + std::to_string(found_version));
  }
  return reader;
}

std::vector<std::string> ModelReader::texts() {
  const auto count = number<std::uint64_t>();
  std::vector<std::string> values;
  // Each text takes at least its length's eight bytes, so a wild count ends at the payload's end.
  for (std::uint64_t i = 0; i < count && ok_; ++i) values.push_back(text());
  return values;
}

bool sound_weights(std::span<const double> weights) {
  return all_sound(weights);
}

bool sound_weights(std::span<const float> weights) {
  return all_sound(weights);
}

base::Error damaged_model(std::string_view kind) {
  return damaged("the parts of a model do not fit together: " + std::string(kind));
}

}  // namespace footfall::models
