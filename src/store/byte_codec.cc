#include "footfall/store/byte_codec.h"

#include <fmt/format.h>

#include "footfall/base/hash.h"

namespace footfall::store {

std::string ByteWriter::with_checksum() && {
  number(base::crc32c(std::as_bytes(std::span(bytes_))));
  return std::move(bytes_);
}

std::uint32_t checksum_at_end(std::string_view bytes) {
  std::uint32_t stored = 0;
  if (bytes.size() < sizeof(stored)) return stored;
  std::memcpy(&stored, bytes.data() + bytes.size() - sizeof(stored), sizeof(stored));
  return stored;
}

base::Result<std::string_view> check_bytes(std::string_view bytes, std::string_view what) {
  if (bytes.size() >= sizeof(std::uint32_t)) {
    const std::string_view body = bytes.substr(0, bytes.size() - sizeof(std::uint32_t));
    if (checksum_at_end(bytes) == base::crc32c(std::as_bytes(std::span(body)))) return body;
  }
  return base::Error{
      base::ErrorCode::kDamaged,
      fmt::format("the checksum of {} does not fit its {} bytes", what, bytes.size()),
      {},
      "run `footfall verify` to see what else is damaged, then restore a backup"};
}

}  // namespace footfall::store
