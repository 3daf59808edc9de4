#include "footfall/models/model_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace footfall::models {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string sample() {
  ModelWriter writer;
  writer.number<std::int32_t>(-7);
  writer.numbers<double>({0.1, -0.0, 1e300});
  writer.text("café");
  writer.texts({"a", "", "bc"});
  return writer.frame("sample", 3);
}

TEST(ModelBytes, ComeBackAsTheyWere) {
  const std::string bytes = sample();
  auto opened = ModelReader::open(bytes, "sample", 3);
  ASSERT_TRUE(opened.ok());
  ModelReader& reader = opened.value();
  EXPECT_EQ(reader.number<std::int32_t>(), -7);
  EXPECT_THAT(reader.numbers<double>(), ElementsAre(0.1, -0.0, 1e300));
  EXPECT_EQ(reader.text(), "café");
  EXPECT_THAT(reader.texts(), ElementsAre("a", "", "bc"));
  EXPECT_TRUE(reader.finished());
}

TEST(ModelBytes, EveryFlippedBitAndEveryCutIsFound) {
  const std::string bytes = sample();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = ModelReader::open(damaged, "sample", 3);
    ASSERT_FALSE(opened.ok()) << "bit " << bit;
    ASSERT_EQ(opened.error().code, base::ErrorCode::kDamaged);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(ModelReader::open(bytes.substr(0, size), "sample", 3).ok()) << size;
  }
}

TEST(ModelBytes, AnotherKindOrVersionIsNamed) {
  const std::string bytes = sample();
  EXPECT_THAT(ModelReader::open(bytes, "other", 3).error().message, HasSubstr("found sample"));
  EXPECT_THAT(ModelReader::open(bytes, "sample", 4).error().message, HasSubstr("found 3"));
}

TEST(ModelBytes, ReadingPastTheEndIsEmptyAndSaid) {
  ModelWriter writer;
  writer.number<std::uint64_t>(1'000'000'000'000);  // A length with nothing behind it.
  const std::string bytes = writer.frame("wild", 1);
  for (const int what : {0, 1, 2}) {
    auto reader = ModelReader::open(bytes, "wild", 1);
    ASSERT_TRUE(reader.ok());
    if (what == 0) {
      EXPECT_TRUE(reader.value().numbers<double>().empty());
    } else if (what == 1) {
      EXPECT_EQ(reader.value().text(), "");
    } else {
      EXPECT_LE(reader.value().texts().size(), 1u);
    }
    EXPECT_FALSE(reader.value().ok());
    EXPECT_EQ(reader.value().number<int>(), 0);
  }
}

TEST(ModelBytes, WeightsAreNumbersFromZeroThatFitACount) {
  struct Case {
    const char* why;
    double weight;
    bool sound;
  };
  const Case cases[] = {
      {"nothing", 0.0, true},
      {"a count", 7e17, true},
      {"faded to almost none", 1e-300, true},
      {"more than a count holds", 2.65e19, false},
      {"below nothing", -0.5, false},
      {"no number", std::nan(""), false},
      {"endless", HUGE_VAL, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(sound_weights(std::vector<double>{1.0, c.weight}), c.sound) << c.why;
    EXPECT_EQ(sound_weights(std::vector<float>{1.0F, static_cast<float>(c.weight)}), c.sound)
        << c.why;
  }
}

}  // namespace
}  // namespace footfall::models
