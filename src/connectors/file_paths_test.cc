#include "footfall/connectors/file_paths.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace footfall::connectors {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class FilePaths : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        fs::temp_directory_path() / fmt::format("footfall_paths_{}_{}", ::getpid(), test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << "x";
  }
  base::Result<FoundFiles> found(std::vector<std::string> names) const {
    for (std::string& name : names) name = name == "-" ? name : (folder_ / name).string();
    return expand_paths(names);
  }
  std::vector<std::string> named(const std::vector<std::string>& paths) const {
    std::vector<std::string> names;
    for (const std::string& path : paths) {
      names.push_back(path == "-" ? path : fs::path(path).lexically_relative(folder_).string());
    }
    return names;
  }
  std::vector<std::string> files(std::vector<std::string> names) const {
    const auto result = found(std::move(names));
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? named(result->files) : std::vector<std::string>{};
  }
  std::vector<std::string> skipped(std::vector<std::string> names) const {
    const auto result = found(std::move(names));
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? named(result->skipped) : std::vector<std::string>{};
  }
  base::Error refused(std::vector<std::string> names) const {
    const auto result = found(std::move(names));
    EXPECT_FALSE(result.ok());
    return result.ok() ? base::Error{} : result.error();
  }

  fs::path folder_;
};

TEST_F(FilePaths, AreFilesFoldersAndPatterns) {
  for (const char* name : {"in/b.csv", "in/a.csv", "in/deep/c.csv", "odd[1].csv"}) write(name);
  EXPECT_THAT(files({"in"}), ElementsAre("in/a.csv", "in/b.csv", "in/deep/c.csv"));
  EXPECT_THAT(files({"in/*.csv"}), ElementsAre("in/a.csv", "in/b.csv"));
  EXPECT_THAT(files({"in/*"}), ElementsAre("in/a.csv", "in/b.csv", "in/deep/c.csv"))
      << "a pattern gives what the shell would";
  EXPECT_THAT(files({"in/b.csv", "in", "-", "-"}),
              ElementsAre("in/b.csv", "in/a.csv", "in/deep/c.csv", "-"));
  EXPECT_THAT(files({"in/../in/a.csv", "in/a.csv"}), ElementsAre("in/../in/a.csv"));
  EXPECT_THAT(files({"odd[1].csv"}), ElementsAre("odd[1].csv"));
  EXPECT_THAT(refused({"in/a.csb"}).hint, HasSubstr("did you mean a.csv"));
  EXPECT_THAT(refused({"in/*.json"}).message, HasSubstr("that matches a file: "));
  EXPECT_THAT(refused({"in/", "none"}).message, EndsWith("/none"));
}

TEST_F(FilePaths, AFolderGivesItsDataFilesAndNamesTheOthers) {
  for (const char* name : {"in/a.csv",
                           "in/b.TSV",
                           "in/c.txt",
                           "in/d.json",
                           "in/e.jsonl",
                           "in/f.ndjson",
                           "in/g.parquet",
                           "in/h.csv.gz",
                           "in/i.Json.ZST",
                           "in/README.md",
                           "in/_SUCCESS",
                           "in/.part.csv",
                           "in/.git/config.json",
                           "in/photo.jpg.gz",
                           "in/x.csv.bak",
                           "in/deep/j.csv",
                           "in/deep/notes.pdf",
                           "in/csv",
                           "other/k.csv",
                           "other/k.xml"}) {
    write(name);
  }
  fs::create_directory_symlink(folder_ / "other", folder_ / "in/link");
  EXPECT_THAT(files({"in"}), ElementsAre("in/a.csv", "in/b.TSV", "in/c.txt", "in/d.json",
                                         "in/deep/j.csv", "in/e.jsonl", "in/f.ndjson",
                                         "in/g.parquet", "in/h.csv.gz", "in/i.Json.ZST"));
  EXPECT_THAT(skipped({"in"}),
              ElementsAre("in/.git/", "in/.part.csv", "in/README.md", "in/_SUCCESS", "in/csv",
                          "in/deep/notes.pdf", "in/link/", "in/photo.jpg.gz", "in/x.csv.bak"));
  EXPECT_THAT(skipped({"other", "in/deep", "other"}),
              ElementsAre("in/deep/notes.pdf", "other/k.xml"))
      << "each once";
}

TEST_F(FilePaths, AFileNamedByItselfIsTaken) {
  for (const char* name : {"in/a.csv", "in/README.md", "in/.hidden"}) write(name);
  EXPECT_THAT(files({"in/README.md", "in/.hidden"}), ElementsAre("in/README.md", "in/.hidden"));
  EXPECT_THAT(skipped({"in/README.md", "in/.hidden"}), ElementsAre());
  EXPECT_THAT(files({"in", "in/README.md"}), ElementsAre("in/a.csv", "in/README.md"));
  EXPECT_THAT(skipped({"in", "in/README.md"}), ElementsAre("in/.hidden"))
      << "what is read is not skipped";
}

TEST_F(FilePaths, AFolderWithoutDataIsRefused) {
  fs::create_directories(folder_ / "none");
  write("one/README.md");
  write("two/README.md");
  write("two/deep/.hidden.csv");
  const auto message = [&](const char* name) {
    const base::Error error = refused({name});
    EXPECT_EQ(error.code, base::ErrorCode::kNotFound);
    EXPECT_EQ(error.where.file, (folder_ / name).string());
    EXPECT_THAT(error.hint, HasSubstr(".csv, .tsv, .txt"));
    return error.message.substr(0, error.message.find(':'));
  };
  EXPECT_EQ(message("none"), "expected a data file in the folder, found nothing");
  EXPECT_EQ(message("one"), "expected a data file in the folder, found one other name");
  EXPECT_EQ(message("two"), "expected a data file in the folder, found 2 other names");
}

TEST_F(FilePaths, ALinkThatLeadsNowhereIsNotSkipped) {
  write("in/a.csv");
  fs::create_symlink(folder_ / "gone.csv", folder_ / "in/b.csv");
  EXPECT_THAT(files({"in"}), ElementsAre("in/a.csv", "in/b.csv")) << "opening it will say so";
}

TEST_F(FilePaths, AnUnreadableFolderIsNamed) {
  write("in/a.csv");
  write("in/shut/b.csv");
  fs::permissions(folder_ / "in/shut", fs::perms::none);
  // The superuser may read everything, so the look is taken as nobody.
  constexpr uid_t kNobody = 65534;
  const bool root = ::geteuid() == 0;
  ASSERT_TRUE(!root || ::seteuid(kNobody) == 0);
  const base::Error inside = refused({"in"});
  const base::Error itself = refused({"in/shut"});
  const base::Error below = refused({"in/shut/b.csv"});
  ASSERT_TRUE(!root || ::seteuid(0) == 0);
  fs::permissions(folder_ / "in/shut", fs::perms::owner_all);
  for (const base::Error& error : {inside, itself}) {
    EXPECT_EQ(error.code, base::ErrorCode::kPermission);
    EXPECT_EQ(error.where.file, (folder_ / "in/shut").string());
    EXPECT_EQ(error.message, "cannot read (Permission denied): " + error.where.file);
  }
  EXPECT_EQ(below.code, base::ErrorCode::kPermission) << "not: no such file";
  EXPECT_EQ(below.where.file, (folder_ / "in/shut/b.csv").string());
}

}  // namespace
}  // namespace footfall::connectors
