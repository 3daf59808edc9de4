// Values of the journal: what is written is read back, and no changed byte is taken for good.
#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "footfall/store/dictionary.h"
#include "footfall/store/intake.h"
#include "footfall/store/manifest.h"
#include "footfall/store/order_join.h"
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
  ByteWriter longer;
  for (const char byte : bytes.substr(0, bytes.size() - 4)) longer.number(byte);
  longer.number('\0');
  EXPECT_FALSE(decode(std::move(longer).with_checksum())) << "bytes past the end";
}

std::shared_ptr<const DictionaryPage> page_of_texts(std::uint32_t first_code,
                                                    const std::vector<std::string>& texts) {
  return std::make_shared<const DictionaryPage>(first_code, texts);
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
  ContentSum parts;
  parts.add(b);
  parts.add(ContentSum());
  EXPECT_EQ(parts.hex(), b.hex());
  ContentSum swapped;
  swapped.add(2, 1);
  swapped.add(3, 4);
  EXPECT_NE(a.hex(), swapped.hex()) << "who did it is part of the content";
}

TEST(JournalValues, Dictionary) {
  Dictionary dictionary;
  std::vector<std::string> texts{""};
  for (int page = 0; page < 40; ++page) {
    // Every third text is not used, and one is known since the first page.
    events::StringTable batch;
    std::vector<std::uint8_t> used{1};
    std::vector<std::uint32_t> expected{0};
    for (int i = 0; i < 3 * (1 + page % 5); ++i) {
      const std::string text = i == 1 ? "known" : fmt::format("t{}.{}", page, i);
      batch.intern(text);
      used.push_back(i % 3 == 2 ? 0 : 1);
      const auto found = std::find(texts.begin(), texts.end(), text);
      expected.push_back(used.back() == 0 ? 0 : static_cast<std::uint32_t>(found - texts.begin()));
      if (used.back() != 0 && found == texts.end()) texts.push_back(text);
    }
    const CodedTexts coded = code_texts(dictionary, batch, used, 2);
    EXPECT_EQ(std::vector<std::uint32_t>(coded.codes.begin(), coded.codes.end()), expected);
    ASSERT_NE(coded.new_page, nullptr);
    const auto read = DictionaryPage::decode(coded.new_page->encode());
    ASSERT_TRUE(read.ok());
    const Dictionary before = dictionary;
    ASSERT_TRUE(dictionary.append(*read).ok());
    EXPECT_EQ(code_texts(dictionary, batch, used, 1).new_page, nullptr) << "all are known";
    EXPECT_EQ(code_texts(dictionary, batch, used, 1).codes, coded.codes);
    EXPECT_EQ(before.size() + coded.new_page->size(), texts.size() - 1) << "copies never change";
    EXPECT_FALSE(Dictionary(before).append(page_of_texts(before.size() + 5, {"gap"})).ok());
  }
  for (std::uint32_t code = 1; code <= dictionary.size(); ++code) {
    EXPECT_EQ(dictionary.text(code), texts[code]);
    EXPECT_EQ(dictionary.find(texts[code]), code);
  }
  EXPECT_EQ(dictionary.find("none"), 0u);
  EXPECT_EQ(dictionary.text(dictionary.size() + 1), "");
  EXPECT_TRUE(DictionaryPage::decode(page_of_texts(0xFFFFFFFE, {"a"})->encode()).ok());
  EXPECT_FALSE(DictionaryPage::decode(page_of_texts(0xFFFFFFFE, {"a", "b"})->encode()).ok())
      << "codes would begin anew at 0";
  refuses_changed_bytes(page_of_texts(1, {"a", "", "long text"})->encode(),
                        [](std::string_view b) { return DictionaryPage::decode(b).ok(); });
}

TEST(JournalValues, CodesOfManyTextsAreThoseOfOneThread) {
  events::StringTable batch;
  for (int i = 0; i < 100'000; ++i) batch.intern(fmt::format("text {}", i));
  const std::vector<std::uint8_t> used(batch.size(), 1);
  const CodedTexts coded = code_texts(Dictionary(), batch, used, 3);
  EXPECT_EQ(coded.new_page->encode(), code_texts(Dictionary(), batch, used, 1).new_page->encode());
  for (std::uint32_t code = 1; code < batch.size(); ++code) {
    ASSERT_EQ(coded.codes[code], code);
    ASSERT_EQ(coded.new_page->text(code), batch.text(code));
    ASSERT_EQ(coded.new_page->find(batch.text(code), batch.hash(code)), code);
  }
}

TEST(JournalValues, People) {
  const privacy::Privacy privacy(privacy::MasterKey{});
  const privacy::Pseudonym one = privacy.pseudonym("user:one");
  const std::vector<NewPerson> met = {{one, Population::kPeople, "user:one"},
                                      {{4, 5, 6}, Population::kGuests, ""}};
  const std::string page = encode_people(1, met, privacy, 1);
  People people;
  ASSERT_TRUE(people.add(page).ok());
  EXPECT_FALSE(people.add(page).ok()) << "pages follow one another";
  EXPECT_EQ(people.size(), 2u);
  EXPECT_EQ(people.find(one), 1u);
  EXPECT_EQ(people.find({4, 5, 6}), 2u);
  EXPECT_EQ(people.find({9}), 0u);
  EXPECT_EQ(people.population(2), Population::kGuests);
  EXPECT_EQ(people.sealed(1), privacy.seal("user:one"));
  refuses_changed_bytes(page, [](const std::string& b) { return People().add(b).ok(); });
}

TEST(JournalValues, PeopleOfManyPagesAreFound) {
  const privacy::Privacy privacy(privacy::MasterKey{});
  People people;
  std::vector<std::string> ids;
  for (int page = 0; page < 12; ++page) {
    std::vector<NewPerson> met;
    for (int i = 0; i < (page == 3 ? 5000 : 7); ++i) ids.push_back(fmt::format("{}/{}", page, i));
    for (std::size_t i = people.size(); i < ids.size(); ++i) {
      met.push_back({privacy.pseudonym(ids[i]), static_cast<Population>(i % 3), ids[i]});
    }
    const UserNumber first = people.size() + 1;
    const std::string bytes = encode_people(first, met, privacy, 2);
    EXPECT_EQ(bytes, encode_people(first, met, privacy, 1));
    ASSERT_TRUE(people.add(bytes).ok());
    if (page % 2 != 0) continue;
    for (UserNumber user = 1; user <= people.size(); ++user) {
      const std::string& id = ids[user - 1];
      ASSERT_EQ(people.find(privacy.pseudonym(id)), user);
      ASSERT_EQ(*privacy.unseal(people.sealed(user)), id);
      ASSERT_EQ(people.population(user), static_cast<Population>((user - 1) % 3));
    }
    EXPECT_EQ(people.find(privacy.pseudonym("nobody")), 0u);
  }
}

TEST(JournalValues, Tables) {
  base::Random random(1);
  const events::EventBatch batch = make_batch(random_events(random, 60));
  const privacy::Privacy privacy(privacy::MasterKey{});
  const std::vector<std::string> none;
  const auto intake =
      take_in(batch, {Dictionary(), Dictionary(), Dictionary(), People(), none, privacy}, 1);
  ASSERT_TRUE(intake.ok());
  const CodeBounds bounds{100, 100, 100};
  for (EventTable table : intake->tables) {
    table.batches.assign(table.size(), 1);
    identify_lines(table, 1);
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
    for (const base::TimeMs time : {base::kTimeMin - 1, base::kTimeEnd}) {
      EventTable moved = table;
      moved.times[0] = time;
      ByteWriter of_moved;
      encode_table(moved, of_moved);
      const std::string moved_bytes = std::move(of_moved).take();
      ByteReader outside(moved_bytes);
      EXPECT_FALSE(decode_table(outside, bounds).ok()) << "no such time can be stored";
    }
    if (table.lines.size() == 0) continue;
    for (const auto column : {&LineTable::keys, &LineTable::digests}) {
      EventTable bare = table;
      (bare.lines.*column).clear();
      ByteWriter of_bare;
      encode_table(bare, of_bare);
      const std::string bare_bytes = std::move(of_bare).take();
      ByteReader unidentified(bare_bytes);
      EXPECT_FALSE(decode_table(unidentified, bounds).ok()) << "lines without their identity";
    }
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

TEST(JournalValues, RecordsOfImportsAndRows) {
  BatchRecord record;
  record.batch = 3;
  record.info.source = "a.csv";
  record.info.complete_to = 7;
  const std::string bytes = encode_batch_record(record);
  EXPECT_EQ(encode_batch_record(*decode_batch_record(bytes)), bytes);
  refuses_changed_bytes(bytes, [](std::string_view b) { return decode_batch_record(b).ok(); });
  const QuarantinedRow row{"bad_price", "a.csv", 9, "{}"};
  const std::string held = encode_quarantined(3, row);
  EXPECT_EQ(encode_quarantined(3, decode_quarantined(1, held)->row), held);
  refuses_changed_bytes(held, [](std::string_view b) { return decode_quarantined(1, b).ok(); });
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
