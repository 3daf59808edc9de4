// Values of the journal: what is written is read back, and no changed byte is taken for good.
#include <gtest/gtest.h>

#include "footfall/store/dictionary.h"
#include "footfall/store/intake.h"
#include "footfall/store/manifest.h"
#include "footfall/store/people.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/table_codec.h"
#include "footfall/store/test_shop.h"

namespace footfall::store {
namespace {

// Every byte changed and every shorter length must be refused.
template <typename Decode>
void refuses_changed_bytes(const std::string& bytes, Decode&& decode) {
  ASSERT_TRUE(decode(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_FALSE(decode(changed)) << "byte " << i;
    EXPECT_FALSE(decode(bytes.substr(0, i))) << "length " << i;
  }
}

TEST(JournalValues, Manifest) {
  Manifest manifest;
  manifest.generation = 7;
  manifest.settings = {"Europe/London", "GBP", 7};
  manifest.key_check = "abc";
  manifest.segments = {{Population::kGuests, "a.segment", 3, 200, 40}};
  manifest.own_names = {"wrap_gift"};
  manifest.items = 4;
  manifest.people = 9;
  manifest.next_batch = 3;
  manifest.tail_end = 5;
  manifest.content = {11, 12};
  manifest.complete_to = -5;
  const std::string bytes = manifest.encode();
  const auto read = Manifest::decode(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->encode(), bytes);
  EXPECT_EQ(read->segments[0].file, "a.segment");
  EXPECT_EQ(read->complete_to, -5);
  refuses_changed_bytes(bytes, [](std::string_view b) { return Manifest::decode(b).ok(); });
  manifest.segments[0].file = "../../etc/passwd";
  EXPECT_FALSE(Manifest::decode(manifest.encode()).ok()) << "a segment is a name, not a path";
}

TEST(JournalValues, ContentSumForgetsOrder) {
  ContentSum a;
  a.add(1, 2);
  a.add(3, 4);
  ContentSum b;
  b.add(3, 4);
  b.add(5, 6);
  b.add(1, 2);
  EXPECT_NE(a.hex(), b.hex());
  b.remove(5, 6);
  EXPECT_EQ(a.hex(), b.hex());
  ContentSum swapped;
  swapped.add(2, 1);
  swapped.add(3, 4);
  EXPECT_NE(a.hex(), swapped.hex()) << "who did it is part of the content";
}

TEST(JournalValues, Dictionary) {
  Dictionary dictionary;
  for (int page = 0; page < 40; ++page) {
    DictionaryWriter writer(dictionary);
    EXPECT_EQ(writer.intern(""), 0u);
    for (int i = 0; i < 3; ++i) {
      const std::string text = "t" + std::to_string(page) + "." + std::to_string(i);
      const auto code = writer.intern(text);
      EXPECT_EQ(code, static_cast<std::uint32_t>(page * 3 + i + 1));
      EXPECT_EQ(writer.intern(text), code);
    }
    if (page > 0) {
      EXPECT_EQ(writer.intern("t0.1"), 2u) << "known texts keep their code";
    }
    const auto read = DictionaryPage::decode(writer.new_page()->encode());
    ASSERT_TRUE(read.ok());
    const Dictionary before = dictionary;
    ASSERT_TRUE(dictionary.append(*read).ok());
    EXPECT_EQ(before.size(), static_cast<std::uint32_t>(page * 3)) << "copies never change";
    EXPECT_FALSE(
        Dictionary(before)
            .append(*DictionaryPage::decode(DictionaryPage(before.size() + 5, {"gap"}).encode()))
            .ok());
  }
  for (std::uint32_t code = 1; code <= dictionary.size(); ++code) {
    EXPECT_EQ(dictionary.find(dictionary.text(code)), code);
  }
  EXPECT_EQ(dictionary.find("none"), 0u);
  EXPECT_EQ(dictionary.text(dictionary.size() + 1), "");
  refuses_changed_bytes(DictionaryPage(1, {"a", "", "long text"}).encode(),
                        [](std::string_view b) { return DictionaryPage::decode(b).ok(); });
}

TEST(JournalValues, People) {
  const std::vector<NewPerson> met = {{{1, 2, 3}, Population::kPeople, "sealed one"},
                                      {{4, 5, 6}, Population::kGuests, ""}};
  const std::string page = encode_people(1, met);
  People people;
  ASSERT_TRUE(people.add(page).ok());
  EXPECT_FALSE(people.add(page).ok()) << "pages follow one another";
  EXPECT_EQ(people.size(), 2u);
  EXPECT_EQ(people.find({4, 5, 6}), 2u);
  EXPECT_EQ(people.find({9}), 0u);
  EXPECT_EQ(people.population(2), Population::kGuests);
  EXPECT_EQ(people.sealed(1), "sealed one");
  refuses_changed_bytes(page, [](std::string_view b) { return People().add(b).ok(); });
}

TEST(JournalValues, Tables) {
  base::Random random(1);
  const events::EventBatch batch = make_batch(random_events(random, 60));
  const privacy::Privacy privacy(privacy::MasterKey{});
  const std::vector<std::string> none;
  const auto intake =
      take_in(batch, {Dictionary(), Dictionary(), Dictionary(), People(), none, privacy});
  ASSERT_TRUE(intake.ok());
  const CodeBounds bounds{100, 100, 100};
  for (const EventTable& table : intake->tables) {
    ByteWriter writer;
    encode_table(table, writer);
    const std::string bytes = std::move(writer).take();
    ByteReader reader(bytes);
    const auto read = decode_table(reader, bounds);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(reader.at_end());
    ByteWriter again;
    encode_table(*read, again);
    EXPECT_EQ(std::move(again).take(), bytes);
    if (table.size() == 0) continue;
    ByteReader small(bytes);
    EXPECT_FALSE(decode_table(small, {1, 1, 1}).ok()) << "codes beyond the dictionary are damage";
    // Without the record's checksum a changed byte may pass; it must never crash.
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 0x80);
      ByteReader changed_reader(changed);
      (void)decode_table(changed_reader, bounds).ok();
      ByteReader cut(std::string_view(bytes).substr(0, i));
      EXPECT_FALSE(decode_table(cut, bounds).ok());
    }
  }
}

TEST(JournalValues, Echoes) {
  std::vector<std::vector<Echo>> echoes(kPopulations);
  echoes[1] = {{3, 4, 5, -6}};
  const std::string bytes = encode_echoes(echoes);
  EXPECT_EQ(*decode_echoes(bytes), echoes);
  refuses_changed_bytes(bytes, [](std::string_view b) { return decode_echoes(b).ok(); });
}

}  // namespace
}  // namespace footfall::store
