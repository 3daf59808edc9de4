#include "footfall/connectors/file_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "footfall/base/random.h"
#include "footfall/connectors/byte_files.h"
#include "footfall/connectors/duckdb_library.h"
#include "footfall/connectors/file_paths.h"

namespace footfall::connectors {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress2(context, packed.data(), packed.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return packed;
}

class FileSource : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        fs::temp_directory_path() / fmt::format("footfall_files_{}_{}", ::getpid(), test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  // "format: column column; rows" or the error without the folder's name.
  std::string read(const std::string& path) {
    auto source = open_file(path);
    std::string error;
    if (source.ok()) {
      std::string names;
      std::size_t rows = 0;
      events::RawChunk chunk;
      while (true) {
        const auto more = (*source)->next(chunk);
        if (!more.ok()) {
          error = more.error().message;
          break;
        }
        if (!*more) return fmt::format("{}: {}; {}", (*source)->format(), names, rows);
        names.clear();
        for (const auto& column : chunk.columns) names += (names.empty() ? "" : " ") + column.name;
        rows += chunk.size();
      }
    } else {
      error = source.error().message;
    }
    for (std::size_t at; (at = error.find(folder_.string() + "/")) != std::string::npos;) {
      error.erase(at, folder_.string().size() + 1);
    }
    return "error: " + error;
  }

  fs::path folder_;
};

TEST_F(FileSource, IsRecognisedByContent) {
  const std::string csv = "a,b\n1,2\n3,4\n";
  const std::string json = "{\"a\":1}\n{\"a\":2}\n";
  struct Case {
    const char* why;
    const char* name;
    std::string bytes;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"CSV", "a.csv", csv, "csv , utf-8: a b; 2"},
      {"the name says nothing", "b.json", csv, "csv , utf-8: a b; 2"},
      {"JSON lines", "c.txt", json, "json lines utf-8: a; 2"},
      {"JSON array", "d.json", "[{\"a\":1}, {\"a\":2}]", "json array utf-8: a; 2"},
      {"names in brackets are CSV", "e.csv", "[a],[b]\n1,2\n", "csv , utf-8: [a] [b]; 1"},
      {"gzip", "f.csv.gz", gzip(csv), "csv , utf-8 gzip: a b; 2"},
      {"zstd", "g.csv.zst", zstd(csv), "csv , utf-8 zstd: a b; 2"},
      {"gzip without the ending", "h.csv", gzip(json), "json lines utf-8 gzip: a; 2"},
      {"gzip members in a row", "i.gz", gzip(csv) + gzip("5,6\n"), "csv , utf-8 gzip: a b; 3"},
      {"gzip with padding", "j.gz", gzip(csv) + std::string(700, '\0'), "csv , utf-8 gzip: a b; 2"},
      {"zstd frames in a row", "k.zst", zstd(csv) + zstd("5,6\n"), "csv , utf-8 zstd: a b; 3"},
      {"empty", "l.csv", "",
       "error: expected rows of CSV, JSON or Parquet, found an empty file: l.csv"},
      {"empty in zstd", "m.csv", zstd(""),
       "error: expected rows of CSV, JSON or Parquet, found an empty file: m.csv"},
      {"workbook", "n.xlsx", "PK\x03\x04rest",
       "error: expected CSV, JSON lines or Parquet, found a zip archive or workbook (.zip, .xlsx): "
       "n.xlsx"},
      {"Parquet in name only", "p.parquet", "PAR1 and nothing else",
       "error: expected a whole Parquet file"},
      {"bytes after gzip", "q.gz", gzip(csv) + "xx",
       "error: q.gz: unexpected bytes after the gzip data at byte"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(read(write(c.name, c.bytes)), ::testing::StartsWith(c.expected)) << c.why;
  }
  EXPECT_EQ(read((folder_ / "none.csv").string()),
            "error: cannot open the file (No such file or directory): none.csv");
  EXPECT_THAT(read(folder_.string()), HasSubstr("expected a file, found a folder"));
}

TEST_F(FileSource, DamageIsNamed) {
  std::string text = "a,b\n";
  base::Random random(3);
  for (int i = 0; i < 20'000; ++i) text += fmt::format("{},{}\n", random(), random());
  for (const std::string& packed : {gzip(text), zstd(text)}) {
    const std::string cut = write("cut", packed.substr(0, packed.size() / 2));
    EXPECT_THAT(read(cut), HasSubstr(fmt::format("ends too early, at byte {}", packed.size() / 2)));
    std::string flipped = packed;
    flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x10);
    flipped[packed.size() / 2 + 1] = static_cast<char>(~flipped[packed.size() / 2 + 1]);
    EXPECT_THAT(read(write("flipped", flipped)), HasSubstr("error: flipped: damaged"));
  }
}

TEST_F(FileSource, SampleShopIsReadWhole) {
  const char* data = std::getenv("FOOTFALL_DATA");
  const fs::path folder = fs::path(data == nullptr ? "../shared/data" : data) / "online_retail";
  if (!fs::exists(folder)) GTEST_SKIP() << "no data at " << folder;
  std::size_t rows = 0;
  std::size_t rejected = 0;
  std::size_t files = 0;
  const auto paths = expand_paths(std::vector<std::string>{folder.string()});
  ASSERT_TRUE(paths.ok());
  for (const std::string& path : paths->files) {
    auto source = open_file(path);
    ASSERT_TRUE(source.ok()) << source.error().message;
    EXPECT_EQ((*source)->format(), "csv , utf-8 zstd");
    events::RawChunk chunk;
    while ((*source)->next(chunk).value()) {
      ASSERT_EQ(chunk.columns.size(), 8u);
      rows += chunk.size();
      rejected += chunk.rejected.size();
    }
    EXPECT_EQ((*source)->bytes_read(), (*source)->bytes_total());
    ++files;
  }
  EXPECT_EQ(files, 219u);
  EXPECT_EQ(rows, 320'705u);
  EXPECT_EQ(rejected, 0u);
}

// DuckDB's reader, told all settings, finds the same cells.
TEST_F(FileSource, EqualsDuckDb) {
  base::Random random(5);
  std::string text = "a;b;c\n";
  const std::vector<std::string> parts = {"x", "\"\"", ";", "\n", "é", ",", "12"};
  for (int row = 0; row < 5'000; ++row) {
    for (int i = 0; i < 3; ++i) {
      text += i == 0 ? "\"r" : ";\"";
      for (std::uint64_t left = random.below(6); left-- > 0;)
        text += parts[random.below(parts.size())];
      text += '"';
    }
    text += '\n';
  }
  const std::string path = write("quoted.csv", text);
  auto duck = Duck::open({});
  ASSERT_TRUE(duck.ok());
  auto prepared = duck->prepare(fmt::format(
      "SELECT coalesce(a, ''), coalesce(b, ''), coalesce(c, '') FROM read_csv({}, delim = ';', "
      "header = true, all_varchar = true, auto_detect = false, quote = '\"', escape = '\"', "
      "columns = {{'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}}, parallel = false)",
      sql_literal(path)));
  ASSERT_TRUE(prepared.ok()) << prepared.error().message;
  DuckResult result;
  ASSERT_EQ(duckdb_execute_prepared(prepared->get(), result.get()), DuckDBSuccess)
      << result.error();
  std::vector<std::string> expected;
  for (DuckChunk chunk = result.fetch(); chunk; chunk = result.fetch()) {
    const idx_t count = duckdb_data_chunk_get_size(chunk.get());
    if (count == 0) break;
    for (idx_t row = 0; row < count; ++row) {
      for (idx_t i = 0; i < 3; ++i) {
        auto* texts = static_cast<duckdb_string_t*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), i)));
        expected.emplace_back(duck_text(texts[row]));
      }
    }
  }
  std::vector<std::string> found;
  auto source = open_file(path);
  ASSERT_TRUE(source.ok());
  events::RawChunk chunk;
  while ((*source)->next(chunk).value()) {
    EXPECT_TRUE(chunk.rejected.empty());
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      for (const auto& column : chunk.columns) found.emplace_back(column.texts[row]);
    }
  }
  EXPECT_EQ(found.size(), 15'000u);
  EXPECT_TRUE(found == expected);
}

TEST(FileBytes, RefuseAFileThatIsCutOrWrittenAnewWhileItIsRead) {
  enum class Change { kNone, kGrown, kCut, kWrittenAnew };
  for (const Change change : {Change::kNone, Change::kGrown, Change::kCut, Change::kWrittenAnew}) {
    const std::string path = testing::TempDir() + "footfall_changing.csv";
    std::ofstream(path) << "a,b\n1,2\n3,4\n";
    const auto file = FileBytes::open(path, base::silent_progress());
    ASSERT_TRUE(file.ok());
    char bytes[64];
    ASSERT_EQ(*(*file)->read(bytes, 4), 4u);
    if (change == Change::kGrown) std::ofstream(path, std::ios::app) << "5,6\n";
    if (change == Change::kCut) std::filesystem::resize_file(path, 8);
    if (change == Change::kWrittenAnew) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::ofstream(path, std::ios::in) << "c,d";
    }
    base::Result<std::size_t> count = (*file)->read(bytes, sizeof bytes);
    while (count.ok() && *count > 0) count = (*file)->read(bytes, sizeof bytes);
    EXPECT_EQ(count.ok(), change == Change::kNone || change == Change::kGrown);
    if (!count.ok()) {
      EXPECT_EQ(count.error().message, "the file changed while it was read: " + path);
    }
    std::filesystem::remove(path);
  }
}

// The writer keeps the pipe open and says nothing; at last it ends, so that a failure is no hang.
TEST(FileBytes, AReadThatWaitsForAPipeCanBeGivenUp) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  auto bytes = FileBytes::open(path, base::silent_progress());
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  std::atomic<bool> read = false;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    (*bytes)->give_up();
    for (int tries = 0; tries < 400 && !read; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::close(ends[1]);
  });
  char byte = 0;
  const auto count = (*bytes)->read(&byte, 1);
  read = true;
  other.join();
  ::close(ends[0]);
  ASSERT_FALSE(count.ok()) << "it was waited for";
  EXPECT_EQ(count.error().code, base::ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace footfall::connectors
