#include "footfall/connectors/parquet_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "footfall/connectors/duckdb_library.h"
#include "footfall/events/values.h"

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

// A struct of Thrift's compact protocol: {field number, its type and bytes}.
struct ThriftField {
  int number;
  int type;
  std::string bytes;
};
constexpr int kI32 = 5;
constexpr int kI64 = 6;
constexpr int kBinary = 8;
constexpr int kList = 9;
constexpr int kStruct = 12;

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string number(std::int64_t value) {
  return varint(static_cast<std::uint64_t>(value) << 1);
}

std::string text(const std::string& value) {
  return varint(value.size()) + value;
}

std::string list(int type, const std::vector<std::string>& values) {
  std::string bytes(1, static_cast<char>((values.size() << 4) | static_cast<unsigned>(type)));
  for (const std::string& value : values) bytes += value;
  return bytes;
}

std::string structure(const std::vector<ThriftField>& fields) {
  std::string bytes;
  int last = 0;
  for (const ThriftField& field : fields) {
    bytes += static_cast<char>(((field.number - last) << 4) | field.type) + field.bytes;
    last = field.number;
  }
  return bytes + '\0';
}

template <typename T>
std::string raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

constexpr int kInt64 = 2;  // Types of Parquet's own.
constexpr int kInt96 = 3;
constexpr int kFixedBytes = 7;

// What a file says of its number of rows, in the header of its page and in its footer.
struct SaidRows {
  std::int64_t page = 0;
  std::int64_t column = 0;
  std::int64_t group = 0;
  std::int64_t file = 0;
};

// A file of one required column, of whose schema `leaf` is the element.
std::string one_column_file(int type, const std::string& leaf, const std::string& data,
                            const SaidRows& rows) {
  const std::string bytes = number(static_cast<std::int64_t>(data.size()));
  const std::string plain = structure({{1, kI32, number(rows.page)},
                                       {2, kI32, number(0)},
                                       {3, kI32, number(3)},
                                       {4, kI32, number(3)}});
  const std::string page =
      structure({{1, kI32, number(0)}, {2, kI32, bytes}, {3, kI32, bytes}, {5, kStruct, plain}}) +
      data;
  const std::string size = number(static_cast<std::int64_t>(page.size()));
  const std::string column = structure({{1, kI32, number(type)},
                                        {2, kList, list(kI32, {number(0)})},
                                        {3, kList, list(kBinary, {text("c")})},
                                        {4, kI32, number(0)},
                                        {5, kI64, number(rows.column)},
                                        {6, kI64, size},
                                        {7, kI64, size},
                                        {9, kI64, number(4)}});
  const std::string chunk = structure({{2, kI64, number(4)}, {3, kStruct, column}});
  const std::string group = structure(
      {{1, kList, list(kStruct, {chunk})}, {2, kI64, size}, {3, kI64, number(rows.group)}});
  const std::string root = structure({{4, kBinary, text("r")}, {5, kI32, number(1)}});
  const std::string footer = structure({{1, kI32, number(1)},
                                        {2, kList, list(kStruct, {root, leaf})},
                                        {3, kI64, number(rows.file)},
                                        {4, kList, list(kStruct, {group})}});
  return "PAR1" + page + footer + raw(static_cast<std::uint32_t>(footer.size())) + "PAR1";
}

// A column of INT96: nanoseconds in the day, then the Julian day.
std::string int96_file(const std::vector<std::pair<std::int64_t, std::int32_t>>& values) {
  std::string data;
  for (const auto& [nanos, julian_day] : values) data += raw(nanos) + raw(julian_day);
  const std::string leaf =
      structure({{1, kI32, number(kInt96)}, {3, kI32, number(0)}, {4, kBinary, text("c")}});
  const auto rows = static_cast<std::int64_t>(values.size());
  return one_column_file(kInt96, leaf, data, {rows, rows, rows, rows});
}

// One value of 1.10 in a decimal of so many digits, two of them behind the point.
std::string decimal_file(int precision, int bytes) {
  std::string value(static_cast<std::size_t>(bytes), '\0');
  value.back() = 110;
  constexpr int kDecimal = 5;
  const std::string leaf = structure({{1, kI32, number(kFixedBytes)},
                                      {2, kI32, number(bytes)},
                                      {3, kI32, number(0)},
                                      {4, kBinary, text("c")},
                                      {6, kI32, number(kDecimal)},
                                      {7, kI32, number(2)},
                                      {8, kI32, number(precision)}});
  return one_column_file(kFixedBytes, leaf, value, {1, 1, 1, 1});
}

TEST_F(ParquetFile, DecimalsThatCannotBeReadExactlyAreRefused) {
  std::ofstream(path_, std::ios::binary) << decimal_file(38, 16);
  auto source = open_parquet(path_, 1);
  ASSERT_TRUE(source.ok()) << source.error().message;
  events::RawChunk chunk;
  ASSERT_TRUE((*source)->next(chunk).value());
  EXPECT_EQ(cell(chunk.columns[0], 0), "'1.10'");
  for (const int precision : {39, 50, 75}) {
    std::ofstream(path_, std::ios::binary) << decimal_file(precision, precision / 2);
    const auto refused = open_parquet(path_, 1);
    ASSERT_FALSE(refused.ok()) << precision;
    EXPECT_EQ(refused.error().message,
              fmt::format("{}: expected decimals of at most 38 digits (write the column as a "
                          "narrower decimal or as text): c DECIMAL({},2)",
                          path_, precision));
  }
}

// Nanoseconds in 64 bits begin in 1677; Spark and Impala write INT96, which does not.
TEST_F(ParquetFile, Int96ReachesAllYears) {
  struct Case {
    std::int64_t nanos;
    std::int32_t julian_day;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {0, 2'440'588, "1970-01-01T00:00:00Z"},
      {63'900'123'456'789, 2'455'805, "2011-08-31T17:45:00.123456Z"},
      {86'399'999'999'999, 2'440'587, "1969-12-31T23:59:59.999999Z"},
      {0, 2'333'835, "1677-09-20T00:00:00Z"},
      {0, 2'305'448, "1600-01-01T00:00:00Z"},
      {3'600'000'000'000, 1'721'426, "0001-01-01T01:00:00Z"},
      {0, 1'721'060, "0000-01-01T00:00:00Z"},
      {0, 1'719'460, "-0005-08-15T00:00:00Z"},
      {0, 2'561'118, "2300-01-01T00:00:00Z"},
      {0, 5'373'484, "9999-12-31T00:00:00Z"},
  };
  std::vector<std::pair<std::int64_t, std::int32_t>> values;
  for (const Case& c : cases) values.emplace_back(c.nanos, c.julian_day);
  std::ofstream(path_, std::ios::binary) << int96_file(values);
  auto source = open_parquet(path_, 1);
  ASSERT_TRUE(source.ok()) << source.error().message;
  events::RawChunk chunk;
  ASSERT_TRUE((*source)->next(chunk).value());
  ASSERT_EQ(chunk.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(events::cell_text(chunk.columns[0], i), cases[i].expected);
  }
}

// The whole numbers from 0 on, of which the file says more or fewer.
std::string numbers_file(std::int64_t count, const SaidRows& rows) {
  std::string data;
  for (std::int64_t value = 0; value < count; ++value) data += raw(value);
  const std::string leaf =
      structure({{1, kI32, number(kInt64)}, {3, kI32, number(0)}, {4, kBinary, text("c")}});
  return one_column_file(kInt64, leaf, data, rows);
}

TEST_F(ParquetFile, ThatSaysAnotherNumberOfRowsThanItHasIsRefused) {
  struct Case {
    const char* why;
    SaidRows rows;
    bool good;
  };
  const std::vector<Case> cases = {
      {"ten of ten", {10, 10, 10, 10}, true},
      {"the footer says fewer", {10, 10, 10, 7}, false},
      {"the footer says more", {10, 10, 10, 12}, false},
      {"the footer says none", {10, 10, 10, 0}, false},
      {"the footer says less than none", {10, 10, 10, -1}, false},
      {"the group says fewer", {10, 10, 7, 10}, false},
      {"the group says more", {10, 10, 12, 10}, false},
      {"group and footer say fewer", {10, 10, 7, 7}, false},
      {"group and footer say more", {10, 10, 12, 12}, false},
      {"group and footer say very many", {10, 10, 4'000'000'000, 4'000'000'000}, false},
      {"all but the page say more", {10, 12, 12, 12}, false},
      {"the page says fewer", {7, 10, 10, 10}, false},
      {"all say more", {12, 12, 12, 12}, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    std::ofstream(path_, std::ios::binary) << numbers_file(10, c.rows);
    auto source = open_parquet(path_, 2);
    std::string message = source.ok() ? "" : source.error().message;
    events::RawChunk chunk;
    std::size_t rows = 0;
    for (bool more = source.ok(); more;) {
      const auto next = (*source)->next(chunk);
      more = next.ok() && *next;
      if (more) rows += chunk.size();
      if (!next.ok()) message = next.error().message;
    }
    EXPECT_EQ(message.empty(), c.good);
    EXPECT_TRUE(!c.good || rows == 10);
    EXPECT_TRUE(c.good || message.ends_with(path_)) << message;
  }
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
