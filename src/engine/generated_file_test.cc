#include "footfall/engine/generated_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace footfall::engine {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class GeneratedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("footfall_generated_" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static events::Generator generator(std::uint64_t events) {
    events::GeneratorOptions options;
    options.events = events;
    options.users = 20;
    options.items = 50;
    return *events::Generator::create(options);
  }

  std::filesystem::path folder_;
};

TEST_F(GeneratedFileTest, CsvHoldsEveryEventOnALine) {
  const auto made = generator(5'000);
  const auto written = write_generated_file(made, path("a.csv"), 2, base::silent_progress());
  ASSERT_TRUE(written.ok());
  std::istringstream lines(read(path("a.csv")));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "event,user,item,timestamp,price,quantity,transaction_id");
  std::uint64_t purchases = 0;
  for (const events::GeneratedEvent& event : made.stream(1)) {
    ASSERT_TRUE(std::getline(lines, line));
    std::string expected(events::built_in_name(event.type));
    expected += "," + std::to_string(event.user) + "," + std::to_string(event.item) + "," +
                std::to_string(1'735'689'600 + std::int64_t{event.second});
    if (event.type == events::kPurchase) {
      expected += "," + base::format_price(made.price(event.item)) + "," +
                  std::to_string(event.quantity) + "," + std::to_string(++purchases);
    } else {
      expected += ",,,";
    }
    ASSERT_EQ(line, expected);
  }
  EXPECT_FALSE(std::getline(lines, line));
  EXPECT_EQ(written->events, 5'000u);
  EXPECT_EQ(written->purchases, purchases);
  EXPECT_EQ(written->bytes, std::filesystem::file_size(path("a.csv")));
  EXPECT_FALSE(std::filesystem::exists(path("a.csv.part")));
}

TEST_F(GeneratedFileTest, JsonLinesHoldTheSameEvents) {
  const auto made = generator(500);
  ASSERT_TRUE(write_generated_file(made, path("a.jsonl"), 1, base::silent_progress()).ok());
  std::ifstream lines(path("a.jsonl"));
  std::string line;
  for (const events::GeneratedEvent& event : made.stream(1)) {
    ASSERT_TRUE(std::getline(lines, line));
    const auto document = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(document.is_object()) << line;
    EXPECT_EQ(document["event"], events::built_in_name(event.type));
    EXPECT_EQ(document["user"], std::to_string(event.user));
    EXPECT_EQ(document.size(), event.type == events::kPurchase ? 7u : 4u);
  }
}

TEST_F(GeneratedFileTest, RefusesOtherFormsAndSaysWhatCannotBeWritten) {
  const auto made = generator(100);
  const auto parquet = write_generated_file(made, path("a.xml"), 1, base::silent_progress());
  ASSERT_FALSE(parquet.ok());
  EXPECT_EQ(parquet.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_THAT(parquet.error().message, EndsWith("a.xml"));
  const std::string nowhere = path("missing/a.csv");
  ASSERT_TRUE(write_generated_file(made, path("b.csv"), 1, base::silent_progress()).ok());
  const auto again = write_generated_file(made, path("b.csv"), 1, base::silent_progress());
  EXPECT_EQ(again.error().code, base::ErrorCode::kAlreadyExists) << "a file is never replaced";
  const auto lost = write_generated_file(made, nowhere, 1, base::silent_progress());
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(lost.error().message, EndsWith(nowhere));
  if (std::filesystem::exists("/dev/full")) {
    std::filesystem::create_symlink("/dev/full", path("full.csv.part"));
    const auto full =
        write_generated_file(generator(100'000), path("full.csv"), 1, base::silent_progress());
    ASSERT_FALSE(full.ok());
    EXPECT_EQ(full.error().code, base::ErrorCode::kDiskFull);
    EXPECT_THAT(full.error().message, HasSubstr("No space left"));
    EXPECT_FALSE(std::filesystem::exists(path("full.csv")));
  }
}

}  // namespace
}  // namespace footfall::engine
