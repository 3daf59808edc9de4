#include "footfall/connectors/parquet_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "footfall/connectors/duckdb_library.h"

namespace footfall::connectors {
namespace {

namespace fs = std::filesystem;
using events::CellKind;
using ::testing::HasSubstr;

class ParquetFile : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = (fs::temp_directory_path() /
             fmt::format("footfall_[{}]_{}.parquet", ::getpid(), test->name()))
                .string();
  }
  void TearDown() override { fs::remove(path_); }

  void write(const std::string& query) {
    auto duck = Duck::open({});
    ASSERT_TRUE(duck.ok());
    const auto status = duck->run("COPY (" + query + ") TO " + sql_literal(path_) +
                                  " (FORMAT parquet, ROW_GROUP_SIZE 20480)");
    ASSERT_TRUE(status.ok()) << status.error().message;
  }

  std::string path_;
};

std::string cell(const events::RawColumn& column, std::size_t row) {
  if (column.is_absent(row)) return "-";
  switch (column.kind) {
    case CellKind::kText:
      return "'" + std::string(column.texts[row]) + "'";
    case CellKind::kReal:
      return fmt::format("{}", column.reals[row]);
    case CellKind::kInstant:
      return fmt::format("@{}", column.integers[row]);
    case CellKind::kInteger:
      break;
  }
  return fmt::format("{}", column.integers[row]);
}

TEST_F(ParquetFile, EveryTypeHasItsKind) {
  struct Case {
    const char* why;
    const char* expression;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"8 bits", "(-5)::TINYINT", "-5"},
      {"16 bits", "300::SMALLINT", "300"},
      {"32 bits", "70000::INTEGER", "70000"},
      {"64 bits", "9223372036854775807::BIGINT", "9223372036854775807"},
      {"unsigned 32 bits", "4294967295::UINTEGER", "4294967295"},
      {"unsigned 64 bits do not fit: text", "18446744073709551615::UBIGINT",
       "'18446744073709551615'"},
      {"a float is its shortest decimal", "2.55::FLOAT", "2.55"},
      {"double", "0.1::DOUBLE", "0.1"},
      {"not a number", "'nan'::DOUBLE", "nan"},
      {"decimals are exact", "123456789012.340::DECIMAL(18,3)", "'123456789012.340'"},
      {"text", "'é\"x'", "'é\"x'"},
      {"long text is not inlined", "repeat('ab', 20)",
       "'abababababababababababababababababababab'"},
      {"true", "true", "'true'"},
      {"microseconds", "TIMESTAMP '2011-08-31 17:45:00.123456'", "@1314812700123456"},
      {"before 1970", "TIMESTAMP '1969-12-31 23:59:59'", "@-1000000"},
      {"milliseconds", "TIMESTAMP_MS '2011-08-31 17:45:00.123'", "@1314812700123000"},
      {"nanoseconds are floored", "TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", "@-1"},
      {"with a zone", "TIMESTAMPTZ '2011-08-31 17:45:00+02'", "@1314805500000000"},
      {"date", "DATE '1970-01-02'", "@86400000000"},
      {"list", "[1, 2]", "'[1,2]'"},
      {"struct", "{'key': 'a', 'value': NULL}", R"('{"key":"a","value":null}')"},
      {"bytes that are text", "'abc'::BLOB", "'abc'"},
      {"null", "NULL::BIGINT", "-"},
      {"no text", "NULL::VARCHAR", "-"},
  };
  std::string query;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    query += fmt::format("{}{} AS \"c {}\"", i == 0 ? "SELECT " : ", ", cases[i].expression, i);
  }
  write(query);
  auto source = open_parquet(path_, 1);
  ASSERT_TRUE(source.ok()) << source.error().message;
  events::RawChunk chunk;
  ASSERT_TRUE((*source)->next(chunk).value());
  ASSERT_EQ(chunk.size(), 1u);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(cell(chunk.columns[i], 0), cases[i].expected) << cases[i].why;
    EXPECT_EQ(chunk.columns[i].name, fmt::format("c {}", i));
  }
  EXPECT_FALSE((*source)->next(chunk).value());
  EXPECT_EQ((*source)->bytes_read(), (*source)->bytes_total());
}

TEST_F(ParquetFile, RowsComeInOrder) {
  write(
      "SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE i * 2 END AS n, 'text of row ' || i AS t "
      "FROM range(200000) r(i) ORDER BY i");
  auto source = open_parquet(path_, 2);
  ASSERT_TRUE(source.ok()) << source.error().message;
  events::RawChunk chunk;
  std::uint64_t rows = 0;
  while ((*source)->next(chunk).value()) {
    for (std::size_t row = 0; row < chunk.size(); ++row, ++rows) {
      ASSERT_EQ(chunk.row_numbers[row], rows + 1);
      ASSERT_EQ(chunk.columns[0].integers[row], static_cast<std::int64_t>(rows));
      ASSERT_EQ(chunk.columns[1].is_absent(row), rows % 3 == 0);
      if (rows % 3 != 0) {
        ASSERT_EQ(chunk.columns[1].integers[row], static_cast<std::int64_t>(rows * 2));
      }
      ASSERT_EQ(chunk.columns[2].texts[row], fmt::format("text of row {}", rows));
    }
  }
  EXPECT_EQ(rows, 200'000u);
}

TEST_F(ParquetFile, NoRowsStillHasColumns) {
  write("SELECT 1 AS a, 'x' AS b LIMIT 0");
  auto source = open_parquet(path_, 1);
  ASSERT_TRUE(source.ok()) << source.error().message;
  events::RawChunk chunk;
  EXPECT_TRUE((*source)->next(chunk).value());
  EXPECT_EQ(chunk.size(), 0u);
  EXPECT_EQ(chunk.columns.size(), 2u);
  EXPECT_FALSE((*source)->next(chunk).value());
}

TEST_F(ParquetFile, DamageIsAnError) {
  write("SELECT i, hash(i) AS h FROM range(100000) r(i)");
  const auto size = fs::file_size(path_);
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size / 2));
    file << std::string(5000, '\xAA');
  }
  auto source = open_parquet(path_, 1);
  std::string message = source.ok() ? "" : source.error().message;
  events::RawChunk chunk;
  while (message.empty()) {
    const auto more = (*source)->next(chunk);
    if (!more.ok()) message = more.error().message;
    if (more.ok() && !*more) break;
  }
  // Plain pages have no checksum that must be there, so damage may also read as other values.
  if (!message.empty()) {
    EXPECT_THAT(message, HasSubstr("expected a whole Parquet file"));
  }
  fs::resize_file(path_, size / 2);
  const auto cut = open_parquet(path_, 1);
  ASSERT_FALSE(cut.ok());
  EXPECT_THAT(cut.error().message, HasSubstr("expected a whole Parquet file"));
  EXPECT_THAT(cut.error().message, ::testing::EndsWith(path_));
}

}  // namespace
}  // namespace footfall::connectors
