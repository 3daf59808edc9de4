#include "footfall/events/csv_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "footfall/base/random.h"
#include "footfall/events/string_source.h"

namespace footfall::events {
namespace {

using ::testing::HasSubstr;

// Everything a reader gave, with the memory that the texts need.
struct ReadFile {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint64_t> lines;
  std::vector<RejectedRow> rejected;
  std::string format;
  std::string error;

  // "a|b;c|d" with a rejected row as "!3 ragged_row".
  std::string text() const {
    if (!error.empty()) return "error: " + error;
    std::string text = fmt::format("{}", fmt::join(columns, "|"));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      text += fmt::format(" / {}: {}", lines[i], fmt::join(rows[i], "|"));
    }
    for (const RejectedRow& row : rejected) text += fmt::format(" !{} {}", row.row, row.reason);
    return text;
  }
};

ReadFile read_all(const std::string& bytes, std::size_t step = 0, const CsvOptions& options = {}) {
  ReadFile file;
  auto reader = CsvReader::open(std::make_unique<StringSource>(bytes, step), "f.csv", options);
  if (!reader.ok()) {
    file.error = reader.error().message;
    return file;
  }
  file.format = (*reader)->format();
  RawChunk chunk;
  while (true) {
    const auto more = (*reader)->next(chunk);
    if (!more.ok()) {
      file.error = more.error().message;
      return file;
    }
    if (!*more) break;
    if (file.columns.empty()) {
      for (const RawColumn& column : chunk.columns) file.columns.push_back(column.name);
    }
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      std::vector<std::string> cells;
      for (const RawColumn& column : chunk.columns) cells.emplace_back(column.texts[row]);
      file.rows.push_back(std::move(cells));
      file.lines.push_back(chunk.row_numbers[row]);
    }
    for (RejectedRow& row : chunk.rejected) file.rejected.push_back(std::move(row));
  }
  return file;
}

struct Case {
  const char* why;
  std::string bytes;
  const char* expected;
};

const std::vector<Case> kCases = {
    {"plain", "a,b\n1,2\n3,4\n", "a|b / 2: 1|2 / 3: 3|4"},
    {"no line end at the end", "a,b\n1,2", "a|b / 2: 1|2"},
    {"CRLF", "a,b\r\n1,2\r\n", "a|b / 2: 1|2"},
    {"CR alone", "a,b\r1,2\r\r3,4", "a|b / 2: 1|2 / 4: 3|4"},
    {"quoted CR LF in a file of CR lines", "a,b\r1,\"x\"\r", "a|b / 2: 1|x"},
    {"semicolon with decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", "a|b / 2: 1,5|2,5 / 3: 3,5|4,5"},
    {"tab", "a\tb\nx y\tz,w\n", "a|b / 2: x y|z,w"},
    {"pipe", "id|name\n1|x,y\n", "id|name / 2: 1|x,y"},
    {"one column", "name\nx\ny z\n", "name / 2: x / 3: y z"},
    {"quotes", "a,b\n\"x,y\",\"he said \"\"no\"\"\"\n", "a|b / 2: x,y|he said \"no\""},
    {"only quotes", "a,b\n\"\"\"\",\"\"\n", "a|b / 2: \"|"},
    {"line end in quotes keeps line numbers", "a,b\n\"x\ny\",1\nz,2\n", "a|b / 2: x\ny|1 / 4: z|2"},
    {"CRLF in quotes", "a,b\r\n\"x\r\ny\",1\r\nz,2\r\n", "a|b / 2: x\r\ny|1 / 4: z|2"},
    {"a quote in the middle is a character", "a,b\n5\" nail,2\n", "a|b / 2: 5\" nail|2"},
    {"white space stays in cells, not in names", " a , b\n x , y\n", "a|b / 2:  x | y"},
    {"blank lines are no rows", "\n\na,b\n\n1,2\n\r\n3,4\n\n", "a|b / 5: 1|2 / 7: 3|4"},
    {"absent cells", "a,b\n,\n", "a|b / 2: |"},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a,b\n1,2\n",
     "a|b / 2: 1|2"},
    {"Latin-1", "name,n\ncaf\xE9,1\n", "name|n / 2: café|1"},
    {"Windows-1252", "name,n\n\x80 5\x96,1\n", "name|n / 2: € 5–|1"},
    {"no header: the first row is data", "1,2011-08-31,x\n2,2011-08-30,y\n",
     "column_1|column_2|column_3 / 1: 1|2011-08-31|x / 2: 2|2011-08-30|y"},
    {"a name that is a number, above words", "id,2010\n1,x\n2,y\n", "id|2010 / 2: 1|x / 3: 2|y"},
    {"nothing but words: a header", "user,item\nu1,i1\n", "user|item / 2: u1|i1"},
    {"header alone", "a,b\n", "a|b"},
    {"a column without a name", "a,,c\n1,2,3\n", "a|column_2|c / 2: 1|2|3"},
    {"ragged rows", "a,b,c\n1,2\n1,2,3\n1,2,3,4\n", "a|b|c / 3: 1|2|3 !2 ragged_row !4 ragged_row"},
    {"header again", "a,b\n1,2\na,b\n3,4\n", "a|b / 2: 1|2 / 4: 3|4 !3 repeated_header"},
    {"header again, with a mark",
     "\xEF\xBB\xBF"
     "a,b\n1,2\n\xEF\xBB\xBF"
     "a,b\n3,4\n",
     "a|b / 2: 1|2 / 4: 3|4 !3 repeated_header"},
    {"an unclosed quote takes its own line only", "a,b\n1,\"x\n2,y\n3,z\n",
     "a|b / 3: 2|y / 4: 3|z !2 unclosed_quote"},
    {"a stray quote that meets another", "a,b\n1,\"x\n2,\"y\"\n3,z\n",
     "a|b / 3: 2|y / 4: 3|z !2 bad_quote"},
    {"text after a closing quote", "a,b\n\"x\"y,1\n2,z\n", "a|b / 3: 2|z !2 bad_quote"},
    {"a quote at the very end", "a,b\n1,\"", "a|b !2 unclosed_quote"},
    {"invalid UTF-8 in a UTF-8 file", "name,n\né,1\nü,2\n\xFFx,3\nz,4\n",
     "name|n / 2: é|1 / 3: ü|2 / 5: z|4 !4 invalid_utf8"},
    {"empty", "", "error: expected rows of CSV, JSON or Parquet, found an empty file: f.csv"},
    {"a mark alone", "\xEF\xBB\xBF",
     "error: expected rows of CSV, JSON or Parquet, found an empty file: f.csv"},
    {"blank lines alone", "\n\n",
     "error: expected rows of CSV, JSON or Parquet, found an empty file: f.csv"},
    {"two columns of one name", "a,b,a\n1,2,3\n",
     "error: f.csv: expected a name of its own for every column, found twice: a"},
    {"UTF-16",
     std::string("\xFF\xFE"
                 "a\0,\0",
                 6),
     "error: expected UTF-8 or Latin-1 text, found UTF-16: f.csv"},
    {"NUL bytes", std::string("a,b\n\0,1\n", 8),
     "error: expected text, found a binary file (a NUL byte at byte 5): f.csv"},
    {"control characters", "a\x01\x02\x03\x04,b\n",
     "error: expected text, found a binary file (4 control characters in its first 8 bytes): "
     "f.csv"},
};

TEST(CsvReader, Cases) {
  for (const Case& c : kCases) {
    for (const std::size_t step : {0, 1, 3}) {
      CsvOptions options;
      if (step > 0) options.piece_bytes = step;
      EXPECT_EQ(read_all(c.bytes, step, options).text(), c.expected) << c.why << ", " << step;
    }
  }
}

TEST(CsvReader, SaysWhatItFound) {
  EXPECT_EQ(read_all("a;b\ncaf\xE9;1\n").format, "csv ; latin-1");
  EXPECT_EQ(read_all("1\t2\n3\t4\n").format, "csv tab utf-8 without header");
  const ReadFile ragged = read_all("a,b,c\n1,2\n");
  ASSERT_EQ(ragged.rejected.size(), 1u);
  EXPECT_EQ(ragged.rejected[0].message, "expected 3 cells, found 2: 1,2");
  const ReadFile invalid = read_all("name,n\né,1\nü,2\n\xFFx,3\n");
  ASSERT_EQ(invalid.rejected.size(), 1u);
  EXPECT_EQ(invalid.rejected[0].column, "name");
  EXPECT_THAT(invalid.rejected[0].message, HasSubstr("in column name: \\xffx,3"));
}

TEST(CsvReader, OptionsOverrule) {
  CsvOptions options;
  options.header = true;
  EXPECT_EQ(read_all("1,2\n3,4\n", 0, options).text(), "1|2 / 2: 3|4");
  options.header = false;
  options.delimiter = ';';
  EXPECT_EQ(read_all("a,b\n", 0, options).text(), "column_1 / 1: a,b");
  options.delimiter = '"';
  EXPECT_THAT(read_all("a,b\n", 0, options).error, HasSubstr("expected a delimiter"));
  options = {};
  options.encoding = TextEncoding::kUtf8;
  EXPECT_EQ(read_all("a,b\n\xE9,1\n", 0, options).text(), "a|b !2 invalid_utf8");
}

TEST(CsvReader, LimitsAreLoud) {
  const std::string long_cell(kCellBytesMax + 1, 'x');
  EXPECT_EQ(read_all("a,b\n1," + long_cell + "\n2,y\n").text(), "a|b / 3: 2|y !2 cell_too_long");
  EXPECT_EQ(read_all("a,b\n1,\"" + long_cell + "\"\n2,y\n").text(),
            "a|b / 3: 2|y !2 unclosed_quote");
  EXPECT_EQ(read_all("a,b\n1,\"" + long_cell + "\n2,y\n" + "3,z\n").text(),
            "a|b / 3: 2|y / 4: 3|z !2 unclosed_quote");
  const std::string most(kCellBytesMax, 'x');
  EXPECT_EQ(read_all("a,b\n1,\"" + most + "\"\n2,y\n").rows[0][1], most);
  std::string long_row = "1,";
  while (long_row.size() <= 2 * kRowBytesMax) long_row += most + ",";
  EXPECT_EQ(read_all("a,b\n" + long_row + "\n2,y\n").text(), "a|b / 3: 2|y !2 row_too_long");
  EXPECT_EQ(read_all("a,b\n" + long_row).text(), "a|b !2 row_too_long");
  std::string wide = "c0";
  for (std::size_t i = 1; i <= kColumnsMax; ++i) wide += fmt::format(",c{}", i);
  EXPECT_EQ(read_all(wide).error, "f.csv: expected at most 4096 columns, found 4097");
  EXPECT_THAT(read_all(std::string(3 * kPieceBytes, 'x')).error, HasSubstr("within 1 MiB"));
}

std::string random_cell(base::Random& random) {
  static const std::vector<std::string> kParts = {
      "a", "bc", ",",  "\"", "\n",   "\r\n", ";",
      " ", "é",  "12", "\t", "\"\"", "|",    "zzzzzzzzzzzzzzz"};
  std::string cell;
  for (std::uint64_t parts = random.below(5); parts-- > 0;) {
    cell += kParts[random.below(kParts.size())];
  }
  return cell;
}

std::string written(const std::string& cell, base::Random& random) {
  const bool needed = cell.find_first_of(",\"\n\r") != std::string::npos || cell.empty();
  if (!needed && random.chance(0.8)) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

int history_count() {
  const char* count = std::getenv("FOOTFALL_TEST_HISTORIES");
  return count == nullptr ? 10'000 : std::max(1, std::atoi(count));
}

// The definition: what was written is what is read, over all sizes of pieces.
TEST(CsvReader, ReadsBackWhatWasWritten) {
  base::Random random(7);
  CsvOptions options;
  options.delimiter = ',';
  options.header = true;
  for (int round = 0; round < history_count() / 50; ++round) {
    const std::size_t columns = 1 + random.below(4);
    const std::string line_end = random.chance(0.5) ? "\n" : "\r\n";
    // Every tenth file is longer than a piece.
    const std::size_t rows = round % 10 == 0 && round < 200 ? 30'000 : random.below(20);
    std::string bytes;
    for (std::size_t i = 0; i < columns; ++i) bytes += fmt::format("{}n{}", i == 0 ? "" : ",", i);
    bytes += line_end;
    std::uint64_t line = 2;
    std::vector<std::vector<std::string>> expected;
    std::vector<std::uint64_t> lines;
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<std::string> cells;
      lines.push_back(line);
      for (std::size_t i = 0; i < columns; ++i) {
        cells.push_back(random_cell(random));
        line +=
            static_cast<std::uint64_t>(std::count(cells.back().begin(), cells.back().end(), '\n'));
        bytes += (i == 0 ? "" : ",") + written(cells.back(), random);
      }
      bytes += line_end;
      ++line;
      expected.push_back(std::move(cells));
    }
    const ReadFile file = read_all(bytes, random.below(2) * (1 + random.below(5000)), options);
    ASSERT_EQ(file.error, "");
    ASSERT_EQ(file.rejected.size(), 0u) << file.rejected[0].message;
    ASSERT_EQ(file.rows, expected) << "round " << round;
    ASSERT_EQ(file.lines, lines);
  }
}

// Broken text: the sizes in which bytes arrive and are read change nothing.
TEST(CsvReader, StepsChangeNothing) {
  base::Random random(8);
  for (int round = 0; round < history_count() / 20; ++round) {
    std::string bytes = "a,b\n";
    for (std::uint64_t parts = random.below(60); parts-- > 0;) {
      bytes += random_cell(random) + (random.chance(0.4) ? "," : random.chance(0.5) ? "\n" : "");
    }
    const std::string whole = read_all(bytes).text();
    EXPECT_EQ(read_all(bytes, 1).text(), whole);
    EXPECT_EQ(read_all(bytes, 7).text(), whole);
    CsvOptions options;
    options.piece_bytes = 1 + random.below(40);
    EXPECT_EQ(read_all(bytes, 0, options).text(), whole) << options.piece_bytes;
  }
}

}  // namespace
}  // namespace footfall::events
