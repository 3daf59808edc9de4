#include "footfall/base/hash.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace footfall::base {
namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

TEST(Crc32c, EqualsPublishedValues) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c({}), 0u);
  // RFC 3720, B.4.
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0})), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8AB43u);
  std::vector<std::byte> rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<std::byte>(i));
  EXPECT_EQ(crc32c(rising), 0x46DD794Eu);
}

// The definition, bit by bit, against whatever the processor offers.
TEST(Crc32c, EqualsItsDefinitionAtEveryLengthAndAlignment) {
  Random random(11);
  std::vector<std::byte> bytes(100);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
  for (std::size_t from = 0; from < 9; ++from) {
    std::uint32_t crc = ~0u;
    for (std::size_t end = from; end < bytes.size(); ++end) {
      const auto part = std::span<const std::byte>(bytes).subspan(from, end - from);
      ASSERT_EQ(crc32c(part), ~crc) << from << ".." << end;
      crc ^= static_cast<std::uint32_t>(bytes[end]);
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0x82F63B78u : 0u);
    }
  }
}

TEST(Crc32c, GoesOnFromAnEarlierPart) {
  const auto bytes = bytes_of("shop after shop after shop");
  const std::span<const std::byte> whole(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(crc32c(whole.subspan(cut), crc32c(whole.first(cut))), crc32c(whole));
  }
}

TEST(Hash64, IsXxh3) {
  // XXH3_64bits of the empty input with seed 0, from the algorithm's specification.
  EXPECT_EQ(hash64(""), 0x2D06800538D394C2u);
  EXPECT_EQ(hash64("user:17850"), hash64(std::string("user:") + "17850"));
  EXPECT_NE(hash64("user:17850"), hash64("user:17851"));
  EXPECT_NE(hash64("a", 1), hash64("a", 2));
  EXPECT_EQ(hash64("a", 0), hash64("a"));
}

TEST(HashCombine, DependsOnOrder) {
  EXPECT_NE(hash_combine(1, 2), hash_combine(2, 1));
  EXPECT_NE(hash_combine(0, 0), hash_combine(0, 1));
}

}  // namespace
}  // namespace footfall::base
