#include "footfall/cli/json_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
namespace files = std::filesystem;

std::string nested(const std::string& open, const std::string& close, std::size_t levels) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i) text += open;
  text += open == "[" ? "" : "1";
  for (std::size_t i = 0; i < levels; ++i) text += close;
  return text;
}

TEST(JsonFile, RefusesWhatIsNoDocument) {
  struct Case {
    const char* why;
    std::string text;
    const char* message;
  };
  const std::string levels = "expected a document of at most 64 levels: more";
  const Case cases[] = {
      {"nothing", "", "q.json:1:1: expected a JSON document: (empty)"},
      {"lists without end", nested("[", "]", 1'000'000), levels.c_str()},
      {"objects without end", nested("{\"a\":", "}", 100'000), levels.c_str()},
      {"one level too many", nested("[", "]", 65), levels.c_str()},
      {"too deep in a key", "{\"question\":" + nested("[", "]", 64) + "}", levels.c_str()},
      {"a number beyond all numbers", R"({"limit":1e400})",
       "expected numbers that a computer can hold: '1e400'"},
      {"a key twice", R"({"limit":5,"limit":6})", "expected every key once, found twice: limit"},
      {"a key twice, further in", R"({"a":[{"b":1,"c":{},"b":2}]})", "found twice: b"},
      {"other bytes than UTF-8", "{\"a\":\"\xFF\"}", "expected a JSON document in UTF-8"},
      {"something behind it", "{} x", "q.json:1:4: expected a JSON document: {} x"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.why);
    const auto document = parse_json(one.text, "q.json");
    ASSERT_FALSE(document.ok());
    EXPECT_EQ(document.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_THAT(document.error().message, HasSubstr(one.message));
    EXPECT_EQ(document.error().where.file, "q.json");
  }
}

TEST(JsonFile, ReadsTheDeepestDocumentAndKeysOfSeveralObjects) {
  EXPECT_TRUE(parse_json(nested("[", "]", 64), "q.json").ok());
  const std::string text = R"({"a":[{"b":1},{"b":2}],"b":{"a":{"b":null}}})";
  const auto document = parse_json(text, "q.json");
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document->dump(), text);
}

class WholeFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "footfall_whole_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { files::remove_all(folder_); }

  std::string folder_;
};

TEST_F(WholeFile, ReplacesTheTargetOfALinkAndNotTheLink) {
  const std::string page = folder_ + "/page.html";
  const std::string link = folder_ + "/link.html";
  std::ofstream(page) << "old";
  files::create_symlink(page, link);
  ASSERT_TRUE(write_whole_file(link, "new").ok());
  EXPECT_TRUE(files::is_symlink(link));
  std::ifstream file(page);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "new");
}

TEST_F(WholeFile, LeavesAPipeAPipe) {
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  EXPECT_TRUE(write_whole_file(pipe, "page").ok());
  char read[8] = {};
  EXPECT_EQ(::read(reader, read, sizeof read), 4);
  ::close(reader);
  EXPECT_TRUE(files::is_fifo(pipe));
}

TEST_F(WholeFile, SaysWhyItCannotBeWritten) {
  // Behind a link, so that no device is replaced by a page, whatever goes wrong.
  const std::string full = folder_ + "/full";
  files::create_symlink("/dev/full", full);
  const auto no_space = write_whole_file(full, "page");
  ASSERT_FALSE(no_space.ok());
  EXPECT_EQ(no_space.error().code, base::ErrorCode::kDiskFull);
  EXPECT_TRUE(files::is_character_file(full));
  for (const std::string& path : {folder_, folder_ + "/" + std::string(300, 'n')}) {
    const auto refused = write_whole_file(path, "page");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(std::distance(files::directory_iterator(folder_), files::directory_iterator{}), 1);
}

}  // namespace
}  // namespace footfall::cli
