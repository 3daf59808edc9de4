#include "footfall/privacy/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace footfall::privacy {
namespace {

MasterKey key_of(std::uint8_t fill) {
  MasterKey key;
  key.fill(fill);
  return key;
}

TEST(Keys, KeyFileRoundTrip) {
  const MasterKey key = generate_key();
  const auto read = parse_key(format_key(key));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, key);
  EXPECT_NE(generate_key(), key);
}

TEST(Keys, KeyFileRefusals) {
  const std::vector<std::string> texts = {
      "", "12", "zz", std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')};
  for (const std::string& text : texts) {
    const auto read = parse_key(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().message.find(text.empty() ? "\x01" : text), std::string::npos)
        << "a message must not repeat the secret";
  }
}

TEST(Privacy, PseudonymsDependOnIdAndKey) {
  const Privacy privacy(key_of(1));
  const Privacy other(key_of(2));
  EXPECT_EQ(privacy.pseudonym("user:17850"), Privacy(key_of(1)).pseudonym("user:17850"));
  EXPECT_NE(privacy.pseudonym("user:17850"), other.pseudonym("user:17850"));
  std::set<Pseudonym> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(privacy.pseudonym("user:" + std::to_string(i)));
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Privacy, SealsOpenOnlyWithTheirKeyAndUnchanged) {
  const Privacy privacy(key_of(1));
  for (const std::string id :
       {"", "user:17850", "device:\xC3\xA9", "a long id of many bytes ......"}) {
    const std::string sealed = privacy.seal(id);
    EXPECT_EQ(sealed.size(), id.size() + 40);
    if (!id.empty()) {
      EXPECT_EQ(sealed.find(id), std::string::npos) << "the id stands in clear";
    }
    const auto opened = privacy.unseal(sealed);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(*opened, id);
    EXPECT_FALSE(Privacy(key_of(2)).unseal(sealed).ok()) << "another key must not open it";
    for (std::size_t i = 0; i < sealed.size(); ++i) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_FALSE(privacy.unseal(changed).ok()) << "changed byte " << i;
    }
    EXPECT_FALSE(privacy.unseal(std::string_view(sealed).substr(1)).ok());
  }
}

TEST(Privacy, KeyCheckTellsKeysApart) {
  EXPECT_EQ(Privacy(key_of(1)).key_check(), Privacy(key_of(1)).key_check());
  EXPECT_NE(Privacy(key_of(1)).key_check(), Privacy(key_of(2)).key_check());
}

}  // namespace
}  // namespace footfall::privacy
