// Size: every way in which one file format can be wrong, side by side.
#include "footfall/store/segment.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/base/hash.h"
#include "footfall/store/durable_file.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/random_timelines.h"
#include "footfall/store/segment_format.h"
#include "footfall/store/segment_writer.h"
#include "footfall/store/timeline_merge.h"

namespace footfall::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SegmentTest : public testing::Test {
 protected:
  SegmentTest() {
    folder_ = fs::temp_directory_path() / ("footfall_segment_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  ~SegmentTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& name = "a.segment") const { return folder_ / name; }

  fs::path folder_;
};

EventTable settled(std::vector<PlainEvent> events) {
  EventTable table = table_of(events);
  settle(table, 1);
  return table;
}

EventTable random_table(std::uint64_t seed) {
  base::Random random(seed);
  RandomShape shape;
  shape.users = 1 + random.below(20);
  shape.instants = 1 + random.below(50);
  shape.contents = 1 + random.below(30);
  std::vector<PlainEvent> events = random_events(random, random.below(120), shape);
  // Some tables leave columns at their defaults, some have times that need more than 32 bits.
  const bool plain = random.chance(0.3);
  const bool wide = random.chance(0.2);
  for (PlainEvent& event : events) {
    if (plain) event.sequence = 0;
    if (plain) event.known_time = event.time;
    if (plain) event.batch = 1;
    if (wide) event.time = event.known_time = event.time * 1'000'003 - 40'000'000'000'000;
  }
  EventTable table = settled(std::move(events));
  // Items of a list say what their event does not.
  if (random.chance(0.5) && table.lines.size() > 0) {
    PropertyTable shade{"shade", Column<TextCode>(table.size(), 0), {}};
    for (std::size_t line = 0; line < table.lines.size(); ++line) {
      shade.line_codes.push_back(static_cast<TextCode>(random.below(3)));
    }
    table.properties.push_back(std::move(shade));
    normalise(table, 1);
  }
  return table;
}

std::vector<char> bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const std::string& path, const std::vector<char>& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// The table, or the first error, as a reader of everything would see it.
base::Result<EventTable> read_all(const std::string& path) {
  FOOTFALL_TRY(const auto segment, Segment::open(path, {}));
  FOOTFALL_TRY(EventTable table, segment->read(0, segment->user_count()));
  Columns columns{true, true, true, true, true, segment->property_names()};
  FOOTFALL_TRY(const Block block, segment->block(columns));
  FOOTFALL_RETURN_IF_ERROR(segment->identities());
  FOOTFALL_CHECK(block.event_count() == table.size());
  normalise(table, 2);
  return table;
}

void expect_block_equals(const Block& block, const EventTable& table) {
  const UserOffsets index = user_offsets(table, 2);
  ASSERT_TRUE(std::ranges::equal(block.users, index.users));
  ASSERT_TRUE(std::ranges::equal(block.offsets, index.offsets));
  ASSERT_TRUE(std::ranges::equal(block.types, table.types));
  ASSERT_TRUE(std::ranges::equal(block.items, table.items));
  std::bitset<256> occur;
  for (const EventCode type : table.types) occur.set(type);
  ASSERT_EQ(block.may_occur, occur);
  std::size_t group = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    ASSERT_EQ(block.time(i), table.times[i]);
    ASSERT_EQ(block.orders.at(i), table.orders.empty() ? 0 : table.orders[i]);
    ASSERT_EQ(block.flags.at(i), table.flags[i]);
    ASSERT_EQ(block.batches.at(i), table.batches[i]);
    ASSERT_EQ(block.known_delays.at(i), known_time_of(table, i) - table.times[i]);
    for (const PropertyTable& property : table.properties) {
      ASSERT_EQ(block.property(property.name).at(i), property.codes[i]);
    }
    if (table.lines.starts.empty() || table.lines.starts[i] == table.lines.starts[i + 1]) continue;
    ASSERT_EQ(block.lines.events[group], i);
    ASSERT_EQ(block.lines.starts[group], table.lines.starts[i]);
    ASSERT_EQ(block.lines.starts[++group], table.lines.starts[i + 1]);
  }
  ASSERT_EQ(block.lines.events.size(), group);
  ASSERT_TRUE(std::ranges::equal(block.lines.items, table.lines.items));
  ASSERT_TRUE(std::ranges::equal(block.lines.quantities, table.lines.quantities));
  ASSERT_TRUE(std::ranges::equal(block.lines.prices, table.lines.prices));
  ASSERT_TRUE(std::ranges::equal(block.lines.marks, table.lines.marks));
  for (std::size_t line = 0; line < table.lines.size(); ++line) {
    ASSERT_EQ(block.lines.names.at(line), table.lines.names[line]);
    ASSERT_EQ(block.lines.batches.at(line), table.lines.batches[line]);
  }
}

TEST_F(SegmentTest, GivesBackWhatWasWritten) {
  const std::uint64_t histories = std::min<std::uint64_t>(test_histories(), 10'000) / 20;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    const EventTable table = random_table(seed);
    const auto summary = write_segment(path(), table, 2);
    ASSERT_TRUE(summary.ok()) << summary.error().message;
    ASSERT_EQ(summary->bytes, fs::file_size(path()));
    const auto read = read_all(path());
    ASSERT_TRUE(read.ok()) << read.error().message;
    ASSERT_EQ(difference(*read, table), "") << "seed " << seed;
    const auto segment = Segment::open(path(), {});
    ASSERT_TRUE((*segment)->verify().empty());
    const auto block =
        (*segment)->block({true, true, true, true, true, (*segment)->property_names()});
    ASSERT_TRUE(block.ok()) << block.error().message;
    expect_block_equals(*block, table);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

TEST_F(SegmentTest, ReadsAnyRangeOfUsers) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const EventTable table = random_table(seed);
    ASSERT_TRUE(write_segment(path(), table, 2).ok());
    const auto segment = Segment::open(path(), {});
    base::Random random(seed);
    const UserOffsets index = user_offsets(table, 2);
    const std::size_t to = random.below(index.users.size() + 1);
    const std::size_t from = random.below(to + 1);
    EventTable expected;
    append_events(expected, table, index.offsets[from], index.offsets[to]);
    EventTable read;
    ASSERT_TRUE((*segment)->append_to(read, from, to).ok());
    normalise(expected, 1);
    normalise(read, 1);
    ASSERT_EQ(difference(read, expected), "") << "seed " << seed;
    if (from < to) {
      EXPECT_EQ(*(*segment)->find_user(index.users[from]), std::optional<std::size_t>(from));
    }
    EXPECT_EQ(*(*segment)->find_user(4'000'000'000u), std::nullopt);
  }
}

TEST_F(SegmentTest, TheStreamingWriterMakesTheSameBytes) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const EventTable table = random_table(seed);
    ASSERT_TRUE(write_segment(path("whole"), table, 2).ok());
    auto writer = SegmentWriter::create(path("streamed"), 2);
    ASSERT_TRUE(writer.ok());
    MergeOptions options;
    options.chunk_events = 1 + seed % 40;
    const std::vector<std::shared_ptr<const TimelineSource>> sources{
        table_source(std::make_shared<const EventTable>(table))};
    ASSERT_TRUE(merge_timelines(
                    sources, options, [&](EventTable&& chunk) { return writer->append(chunk); },
                    base::silent_progress())
                    .ok());
    ASSERT_TRUE(writer->finish().ok());
    ASSERT_EQ(bytes_of(path("whole")), bytes_of(path("streamed"))) << "seed " << seed;
  }
}

TEST_F(SegmentTest, TheStreamingWriterSpillsLargeColumns) {
  base::Random random(3);
  RandomShape shape;
  shape.users = 30'000;
  shape.instants = 100'000;
  const EventTable table = settled(random_events(random, 120'000, shape));
  ASSERT_TRUE(write_segment(path("whole"), table, 2).ok());
  auto writer = SegmentWriter::create(path("streamed"), 2);
  const std::vector<std::shared_ptr<const TimelineSource>> sources{
      table_source(std::make_shared<const EventTable>(table))};
  MergeOptions options;
  options.chunk_events = 10'000;
  ASSERT_TRUE(merge_timelines(
                  sources, options, [&](EventTable&& chunk) { return writer->append(chunk); },
                  base::silent_progress())
                  .ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(bytes_of(path("whole")), bytes_of(path("streamed")));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2) << "nothing else stays";
  SegmentOptions threads;
  threads.threads = 4;
  const auto segment = Segment::open(path("streamed"), threads);
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&] {
      const auto block = (*segment)->block({true, true, true, true, true, {"country"}});
      ASSERT_TRUE(block.ok());
      ASSERT_EQ(block->event_count(), table.size());
    });
  }
}

TEST_F(SegmentTest, CoreColumnsTakeAtMostTwelveBytesAnEvent) {
  struct Case {
    const char* why;
    std::uint64_t users, events;
    base::TimeMs spread;
  };
  for (const Case& c : {Case{"many events a user", 1'000, 20'000, 90 * base::kDayMs},
                        Case{"one event a user", 30'000, 20'000, 30 * base::kDayMs},
                        Case{"years in milliseconds", 300, 20'000, 3000 * base::kDayMs},
                        Case{"both", 30'000, 20'000, 3000 * base::kDayMs}}) {
    base::Random random(5);
    std::vector<PlainEvent> events;
    for (std::uint64_t i = 0; i < c.events; ++i) {
      PlainEvent event;
      event.user = static_cast<UserNumber>(random.below(c.users));
      event.time = event.known_time = random.between(0, c.spread);
      event.item = static_cast<ItemCode>(random.below(100'000));
      event.type = static_cast<EventCode>(1 + random.below(9));
      event.key = event.digest = random();
      events.push_back(event);
    }
    const auto summary = write_segment(path(), settled(std::move(events)), 2);
    ASSERT_TRUE(summary.ok());
    EXPECT_LE(static_cast<double>(summary->core_bytes) / static_cast<double>(summary->events), 12.0)
        << c.why;
  }
}

EventTable small_table() {
  std::vector<PlainEvent> events;
  base::Random random(11);
  RandomShape shape;
  shape.users = 3;
  events = random_events(random, 16, shape);
  return settled(std::move(events));
}

TEST_F(SegmentTest, GoldenBytes) {
  const std::string golden = "cases/formats/segment_v1.bin";
  ASSERT_TRUE(write_segment(path(), small_table(), 2).ok());
  if (std::getenv("FOOTFALL_WRITE_GOLDEN") != nullptr) {
    fs::create_directories("cases/formats");
    fs::copy_file(path(), golden, fs::copy_options::overwrite_existing);
  }
  ASSERT_TRUE(fs::exists(golden));
  EXPECT_EQ(bytes_of(path()), bytes_of(golden)) << "the format's bytes have changed";
  const auto read = read_all(golden);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(difference(*read, small_table()), "");
}

// With FOOTFALL_WRITE_SEEDS=FOLDER, leaves small segments there: the seeds of the fuzz target.
TEST_F(SegmentTest, SeedsOfTheFuzzTargetCanBeRead) {
  const char* const wanted = std::getenv("FOOTFALL_WRITE_SEEDS");
  const fs::path folder = wanted == nullptr ? folder_ / "seeds" : fs::path(wanted);
  fs::create_directories(folder);
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const std::string seed_path = folder / ("segment_" + std::to_string(seed));
    ASSERT_TRUE(write_segment(seed_path, random_table(seed), 2).ok());
    EXPECT_TRUE(read_all(seed_path).ok());
  }
}

TEST_F(SegmentTest, AFlippedByteIsFoundOrDoesNoHarm) {
  const EventTable table = small_table();
  ASSERT_TRUE(write_segment(path(), table, 2).ok());
  const std::vector<char> good = bytes_of(path());
  std::size_t found = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int flip : {1, 0x80, 0xFF}) {
      std::vector<char> bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      write_bytes(path(), bad);
      const auto read = read_all(path());
      if (!read.ok()) {
        ++found;
        ASSERT_EQ(read.error().code, base::ErrorCode::kDamaged);
        ASSERT_THAT(read.error().message, HasSubstr(path()));
        continue;
      }
      ASSERT_EQ(difference(*read, table), "") << "byte " << at;
    }
  }
  EXPECT_GT(found, good.size()) << "only the bytes between columns may change unseen";
}

TEST_F(SegmentTest, ATruncatedFileIsRefused) {
  ASSERT_TRUE(write_segment(path(), small_table(), 2).ok());
  const std::vector<char> good = bytes_of(path());
  for (std::size_t size = 0; size < good.size(); ++size) {
    write_bytes(path(), {good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
    const auto segment = Segment::open(path(), {});
    ASSERT_FALSE(segment.ok()) << size;
    ASSERT_EQ(segment.error().code, base::ErrorCode::kDamaged);
  }
}

TEST_F(SegmentTest, DamageIsNamedAndOtherColumnsStayReadable) {
  base::Random random(3);
  RandomShape shape;
  shape.users = 1000;
  shape.instants = 10'000;
  const EventTable table = settled(random_events(random, 40'000, shape));
  ASSERT_TRUE(write_segment(path(), table, 2).ok());
  std::vector<char> bytes = bytes_of(path());
  const auto directory = parse_segment(std::as_bytes(std::span(bytes)), path());
  ASSERT_TRUE(directory.ok());
  for (const SegmentEntry& entry : directory->entries) {
    if (entry.kind == SegmentColumn::kKeys) bytes[entry.offset + 70'000] ^= 1;
  }
  write_bytes(path(), bytes);
  const auto segment = Segment::open(path(), {});
  ASSERT_TRUE(segment.ok());
  EXPECT_TRUE((*segment)->block({true, true, true, true, true, {"country"}}).ok());
  const auto identities = (*segment)->identities();
  ASSERT_FALSE(identities.ok());
  EXPECT_EQ(identities.error().code, base::ErrorCode::kDamaged);
  EXPECT_THAT(identities.error().message, HasSubstr(path()));
  EXPECT_THAT(identities.error().message, HasSubstr("\"keys\""));
  EXPECT_THAT(identities.error().message, HasSubstr("block 1"));
  const std::vector<Damage> damages = (*segment)->verify();
  ASSERT_EQ(damages.size(), 1u);
  EXPECT_EQ(damages[0].part, "keys, block 1");
}

// Changes a byte of a column and puts its checksum, and those above it, right again.
std::vector<char> forged(const std::vector<char>& good, std::size_t entry, std::size_t at,
                         int flip) {
  std::vector<char> bytes = good;
  auto directory = *parse_segment(std::as_bytes(std::span(good)), "forged");
  SegmentEntry& target = directory.entries[entry];
  bytes[target.offset + at] = static_cast<char>(bytes[target.offset + at] ^ flip);
  const auto column = std::as_bytes(std::span(bytes)).subspan(target.offset, target.bytes);
  for (std::size_t block = 0; block < target.checksums.size(); ++block) {
    const std::size_t from = block * kSegmentBlockBytes;
    target.checksums[block] =
        base::crc32c(column.subspan(from, std::min(kSegmentBlockBytes, column.size() - from)));
  }
  std::uint64_t offset = 0;
  std::memcpy(&offset, bytes.data() + bytes.size() - kSegmentFooterBytes, 8);
  const std::vector<std::byte> tail = segment_tail(directory, offset);
  bytes.resize(offset);
  bytes.insert(bytes.end(), reinterpret_cast<const char*>(tail.data()),
               reinterpret_cast<const char*>(tail.data()) + tail.size());
  return bytes;
}

TEST_F(SegmentTest, AForgedChecksumCanNotMakeAReaderFail) {
  ASSERT_TRUE(write_segment(path(), small_table(), 2).ok());
  const std::vector<char> good = bytes_of(path());
  const auto directory = parse_segment(std::as_bytes(std::span(good)), path());
  std::size_t refused = 0;
  for (std::size_t entry = 0; entry < directory->entries.size(); ++entry) {
    for (std::size_t at = 0; at < directory->entries[entry].bytes; ++at) {
      for (const int flip : {1, 2, 0x40, 0xFF}) {
        write_bytes(path(), forged(good, entry, at, flip));
        if (!read_all(path()).ok()) ++refused;
      }
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST_F(SegmentTest, CodesOutsideTheDictionariesAreDamage) {
  PlainEvent event;
  event.item = 7;
  event.order = 8;
  event.properties["country"] = 9;
  ASSERT_TRUE(write_segment(path(), settled({event}), 2).ok());
  struct Case {
    const char* why;
    CodeBounds bounds;
    bool good;
  };
  for (const Case& c : {Case{"all known", {8, 9, 10}, true}, Case{"item", {7, 9, 10}, false},
                        Case{"order", {8, 8, 10}, false}, Case{"text", {8, 9, 9}, false}}) {
    SegmentOptions options;
    options.bounds = c.bounds;
    const auto segment = Segment::open(path(), options);
    EXPECT_EQ((*segment)->block({true, true, true, true, true, {"country"}}).ok(), c.good) << c.why;
    EXPECT_EQ((*segment)->verify().empty(), c.good) << c.why;
  }
}

TEST_F(SegmentTest, AFullDiskLeavesNothingBehind) {
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 4096;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto summary = write_segment(path(), small_table(), 2);
  base::Random random(1);
  RandomShape shape;
  shape.users = 10'000;
  const auto large = write_segment(path("large"), settled(random_events(random, 5'000, shape)), 2);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, ignored);
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().code, base::ErrorCode::kDiskFull);
  EXPECT_THAT(large.error().message, HasSubstr(path("large")));
  EXPECT_FALSE(fs::exists(path("large")) || fs::exists(path("large") + ".tmp"));
}

TEST_F(SegmentTest, WhatTheSystemRefusesIsNamed) {
  EXPECT_EQ(file_error("read", "x", 0).message.find("Success"), std::string::npos);
  const auto device = MappedFile::open("/dev/null");
  ASSERT_FALSE(device.ok());
  EXPECT_EQ(device.error().message, "expected a regular file: /dev/null");
  EXPECT_EQ(file_error("create", "x", EROFS).code, base::ErrorCode::kPermission);
  EXPECT_EQ(file_error("create", "x", EACCES).code, base::ErrorCode::kPermission);
  EXPECT_EQ(file_error("open", "x", ELOOP).code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(file_error("open", "x", ENAMETOOLONG).code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(file_error("open", "x", EISDIR).code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(file_error("write", "x", ENOSPC).code, base::ErrorCode::kDiskFull);
  const auto missing = write_segment(path("no/such/folder"), small_table(), 2);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(Segment::open(path("absent"), {}).error().code, base::ErrorCode::kNotFound);
  EXPECT_FALSE(Segment::open(folder_, {}).ok()) << "a folder is no segment";
}

TEST_F(SegmentTest, AnEmptySegmentIsAnEmptyBlock) {
  ASSERT_TRUE(write_segment(path(), EventTable{}, 2).ok());
  const auto segment = Segment::open(path(), {});
  ASSERT_TRUE(segment.ok()) << segment.error().message;
  const auto block = (*segment)->block({true, true, true, true, true, {"country"}});
  ASSERT_TRUE(block.ok()) << block.error().message;
  EXPECT_EQ(block->event_count(), 0u);
  EXPECT_EQ(block->offsets.size(), 1u);
  EXPECT_TRUE((*segment)->verify().empty());
}

}  // namespace
}  // namespace footfall::store
