#include "footfall/events/json_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "footfall/base/random.h"
#include "footfall/events/csv_reader.h"
#include "footfall/events/string_source.h"

namespace footfall::events {
namespace {

using ::testing::HasSubstr;

std::string cell_text(const RawColumn& column, std::size_t row) {
  if (column.is_absent(row)) return "-";
  return column.kind == CellKind::kInteger ? fmt::format("#{}", column.integers[row])
                                           : std::string(column.texts[row]);
}

// "a|b / 1: #1|x !2 bad_json"; # marks integers, - absent cells.
std::string read_all(const std::string& bytes, std::size_t step = 0,
                     std::vector<RejectedRow>* rejected = nullptr) {
  auto reader = JsonReader::open(std::make_unique<StringSource>(bytes, step), "f.json");
  if (!reader.ok()) return "error: " + reader.error().message;
  std::string rows;
  std::string refused;
  std::string names;
  RawChunk chunk;
  while (true) {
    const auto more = (*reader)->next(chunk);
    if (!more.ok()) return "error: " + more.error().message;
    if (!*more) break;
    names.clear();
    for (const RawColumn& column : chunk.columns) {
      names += (names.empty() ? "" : "|") + column.name;
    }
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      rows += fmt::format(" / {}:", chunk.row_numbers[row]);
      for (std::size_t i = 0; i < chunk.columns.size(); ++i) {
        rows += (i == 0 ? " " : "|") + cell_text(chunk.columns[i], row);
      }
    }
    for (RejectedRow& row : chunk.rejected) {
      refused += fmt::format(" !{} {}", row.row, row.reason);
      if (rejected != nullptr) rejected->push_back(std::move(row));
    }
  }
  return names + rows + refused;
}

struct Case {
  const char* why;
  std::string bytes;
  const char* expected;
};

const std::vector<Case> kCases = {
    {"scalars", R"({"a":1,"b":"x","c":true,"d":null,"e":false})", "a|b|c|e / 1: #1|x|true|false"},
    {"lines, blank ones between", "{\"a\":1}\n\n{\"a\":2}\r\n", "a / 1: #1 / 3: #2"},
    {"nested objects", R"({"geo":{"country":"DE","city":{"name":"Ulm"}},"n":{}})",
     "geo.country|geo.city.name / 1: DE|Ulm"},
    {"array of scalars", R"({"t":["x","y",3,null],"e":[]})", "t / 1: x,y,3,"},
    {"array of objects stays JSON", R"({"items":[{"id":"A","q":2}, {"id":"B"}],"z":1})",
     R"(items|z / 1: [{"id":"A","q":2}, {"id":"B"}]|#1)"},
    {"array of arrays stays JSON", R"({"m":[[1,2],[3]]})", "m / 1: [[1,2],[3]]"},
    {"GA4 parameters unfold",
     R"({"event_params":[{"key":"page","value":{"string_value":"/a","int_value":null}},)"
     R"({"key":"n","value":{"int_value":"7"}},{"key":"f","value":{"double_value":1.5}},)"
     R"({"key":"plain","value":3},{"key":"none","value":{}}]})",
     "event_params.page|event_params.n|event_params.f|event_params.plain / 1: /a|7|1.5|#3"},
    {"GA4 user properties carry a time of setting",
     R"({"u":[{"key":"k","value":{"string_value":"v","set_timestamp_micros":12}}]})", "u.k / 1: v"},
    {"key and value beside others are no parameters", R"({"x":[{"key":"k","value":1,"w":2}]})",
     R"(x / 1: [{"key":"k","value":1,"w":2}])"},
    {"columns may come later", "{\"a\":1}\n{\"b\":2}\n", "a|b / 1: #1|- / 2: -|#2"},
    {"kinds that differ make text", "{\"a\":1}\n{\"a\":\"x\"}\n", "a / 1: 1 / 2: x"},
    {"fractions keep their digits", R"({"p":2.50,"q":1e308,"r":0.1})", "p|q|r / 1: 2.50|1e308|0.1"},
    {"greatest integer, and one more", "{\"a\":9223372036854775807,\"b\":9223372036854775808}",
     "a|b / 1: #9223372036854775807|9223372036854775808"},
    {"huge and strange numbers are for the next stage to judge",
     R"({"a":123456789012345678901234567890,"b":NaN,"c":-Infinity,"d":1e999,"e":-0})",
     "a|b|c|d|e / 1: 123456789012345678901234567890|NaN|-Infinity|1e999|-0"},
    {"escapes", R"({"a":"x\"y\\z\u00e9\n","b\t":"q"})", "a|b\t / 1: x\"y\\zé\n|q"},
    {"an array of objects", "[{\"a\":1},\n {\"a\":2}]\n", "a / 1: #1 / 2: #2"},
    {"an array over many lines", "[\n  {\n    \"a\": [1,\n 2]\n  },\n  {\n \"a\": \"]\"}\n]",
     "a / 2: 1,2 / 6: ]"},
    {"objects over many lines", "{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n", "a / 1: #1 / 4: #2"},
    {"an empty array", "[]", ""},
    {"byte order mark", "\xEF\xBB\xBF{\"a\":1}", "a / 1: #1"},
    {"Latin-1", "{\"a\":\"caf\xE9\"}", "a / 1: café"},
    {"a bad line leaves the others", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n",
     "a / 1: #1 / 3: #3 !2 bad_json"},
    {"a bad line adds no columns", "{\"a\":1}\n{\"b\":2,\"c\"}\n", "a / 1: #1 !2 bad_json"},
    {"text after the object", "{\"a\":1}\n{\"a\":2}{\"a\":3}\n{\"a\":2} x\n",
     "a / 1: #1 !2 bad_json !3 bad_json"},
    {"no comma", "{\"a\":1 \"b\":2}\n{\"a\":1}\n", "a / 2: #1 !1 bad_json"},
    {"numbers that are none", "{\"a\":01}\n{\"a\":1.}\n{\"a\":+1}\n{\"a\":tru}\n{\"a\":1e}\n",
     " !1 bad_json !2 bad_json !3 bad_json !4 bad_json !5 bad_json"},
    {"no objects", "{\"a\":1}\n5\n\"x\"\n[1]\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n",
     "a / 1: #1 / 5: #2 / 6: #3 / 7: #4 !2 bad_json !3 bad_json !4 bad_json"},
    {"one name twice", R"({"a":1,"a":2})", " !1 bad_json"},
    {"one name twice in an item", R"({"items":[{"price":2,"price":3}]})", " !1 bad_json"},
    {"one name twice further in", R"({"a":[[{"b":{"c":1,"c":2}}]]})", " !1 bad_json"},
    {"one name twice in a parameter", R"({"a":[{"key":"k","key":"l","value":1}]})", " !1 bad_json"},
    {"one name twice by flattening", R"({"a.b":1,"a":{"b":2}})", " !1 bad_json"},
    {"bad inside an array that stays JSON", R"({"a":[{"b":tru}]})", " !1 bad_json"},
    {"line end inside a text", "{\"a\":\"x\ny\"}\n{\"a\":1}\n{\"a\":2}\n",
     "a / 3: #1 / 4: #2 !1 bad_json !2 bad_json"},
    {"invalid UTF-8", "{\"a\":\"é\"}\n{\"a\":\"ü\"}\n{\"a\":\"\xFF\"}\n",
     "a / 1: é / 2: ü !3 invalid_utf8"},
    {"an array of other things", "[1, {\"a\":2}, \"x\"]", "a / 1: #2 !1 bad_json !1 bad_json"},
    {"an array that does not end", "[{\"a\":1},", "a / 1: #1 !2 bad_json"},
    {"an element that does not end", "[{\"a\":1},\n{\"a\":", "a / 1: #1 !2 bad_json"},
    {"empty", "", "error: expected rows of CSV, JSON or Parquet, found an empty file: f.json"},
    {"blank", " \n", "error: expected rows of CSV, JSON or Parquet, found an empty file: f.json"},
    {"no JSON", "a,b\n", "error: f.json: expected JSON objects, one a line or in an array: a,b"},
};

TEST(JsonReader, Cases) {
  for (const Case& c : kCases) {
    for (const std::size_t step : {0, 1, 5}) {
      EXPECT_EQ(read_all(c.bytes, step), c.expected) << c.why << ", step " << step;
    }
  }
}

TEST(JsonReader, SaysWhatItExpected) {
  std::vector<RejectedRow> rejected;
  read_all("{\"a\":1}\n{\"a\":\n", 0, &rejected);
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_THAT(rejected[0].message, HasSubstr("expected one whole JSON object"));
  EXPECT_THAT(rejected[0].message, HasSubstr(": {\"a\":"));
}

TEST(JsonReader, LimitsAreLoud) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "{\"a\":";
    return text + "1" + std::string(depth, '}');
  };
  EXPECT_THAT(read_all(nested(kJsonDepthMax)), HasSubstr("/ 1: #1"));
  EXPECT_EQ(read_all(nested(kJsonDepthMax + 1)), " !1 bad_json");
  EXPECT_EQ(read_all("{\"a\":" + std::string(5000, '[') + std::string(5000, ']') + "}"),
            " !1 bad_json");
  EXPECT_EQ(read_all("{\"a\":[" + nested(3000) + "]}"), " !1 bad_json");
  const std::string long_text(kRowBytesMax, 'x');
  EXPECT_EQ(read_all("{\"a\":\"" + long_text + "\"}\n{\"a\":1}\n{\"a\":2}"),
            "a / 2: #1 / 3: #2 !1 row_too_long");
  EXPECT_THAT(read_all("[{\"a\":\"" + long_text + "\"}]"),
              HasSubstr("error: f.json: line 1: expected an object of at most 16777216 bytes"));
  std::string wide = "{\"c\":1";
  for (std::size_t i = 0; i < kColumnsMax; ++i) wide += fmt::format(",\"c{}\":1", i);
  EXPECT_EQ(read_all("{\"c\":1}\n" + wide + "}\n"), "c / 1: #1 !2 too_many_columns");
}

int history_count() {
  const char* count = std::getenv("FOOTFALL_TEST_HISTORIES");
  return count == nullptr ? 10'000 : std::max(1, std::atoi(count));
}

// Many chunks, a column that comes late, random gaps.
TEST(JsonReader, ReadsBackWhatWasWritten) {
  base::Random random(11);
  std::string bytes;
  std::vector<std::string> expected;
  for (int row = 1; row <= history_count() * 10; ++row) {
    const auto number = static_cast<std::int64_t>(random());
    const bool has_text = random.chance(0.5);
    const bool is_late = row > history_count() * 5 && random.chance(0.5);
    bytes += fmt::format("{{\"n\":{}", number);
    if (has_text) bytes += fmt::format(",\"t\":\"v{}\"", row);
    if (is_late) bytes += ",\"late\":[1,2]";
    bytes += "}\n";
    expected.push_back(fmt::format("{} n=#{}{}{}", row, number,
                                   has_text ? fmt::format(" t=v{}", row) : "",
                                   is_late ? " late=1,2" : ""));
  }
  auto reader = JsonReader::open(std::make_unique<StringSource>(bytes, 777), "f.json");
  ASSERT_TRUE(reader.ok());
  std::vector<std::string> found;
  RawChunk chunk;
  while ((*reader)->next(chunk).value()) {
    ASSERT_TRUE(chunk.rejected.empty());
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      found.push_back(fmt::format("{}", chunk.row_numbers[row]));
      for (const RawColumn& column : chunk.columns) {
        if (!column.is_absent(row))
          found.back() += " " + column.name + "=" + cell_text(column, row);
      }
    }
  }
  EXPECT_EQ(found, expected);
}

TEST(JsonReader, StepsChangeNothing) {
  static const std::vector<std::string> kParts = {
      "{",  "}",  "[",  "]",    "\"a\"",  ":",         ",", "1",
      "\n", "\"", "\\", "null", "\"b\":", "{\"a\":1}", "é", " "};
  base::Random random(12);
  for (int round = 0; round < history_count(); ++round) {
    std::string bytes = random.chance(0.5) ? "{\"a\":1}\n" : "[";
    for (std::uint64_t parts = random.below(30); parts-- > 0;) {
      bytes += kParts[random.below(kParts.size())];
    }
    EXPECT_EQ(read_all(bytes, 1), read_all(bytes)) << bytes;
  }
}

}  // namespace
}  // namespace footfall::events
