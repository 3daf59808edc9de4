#include "footfall/cli/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <fstream>
#include <new>
#include <stdexcept>
#include <system_error>

#include "footfall/cli/failure.h"
#include "footfall/cli/json_file.h"
#include "footfall/cli/sample_document.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<engine::QuestionSummary> kQuestions = {
    {"funnel", "how far persons get", {{"steps", "events"}, {"window", "7d"}}, "--steps a,b"}};

struct Asked {
  std::string verb;
  Json request;
};

Outcome run(const std::vector<std::string>& words, const base::Result<Json>& answer,
            Asked* asked = nullptr) {
  const auto maker = [&](const Invocation&, base::Progress&) -> VerbRunner {
    return [&](const std::string& verb, const Json& request) {
      if (asked != nullptr) *asked = {verb, request};
      return answer;
    };
  };
  return run_app(words, Surroundings{}, kQuestions, maker);
}

base::Error bad_row() {
  return {base::ErrorCode::kInvalidArgument,
          "expected a number: 1.234,50",
          {"orders.csv", 17, "price", ""},
          "set \"decimal\" in the mapping"};
}

TEST(App, GivesTheDocumentAloneWithJson) {
  const Json document = sample_document("funnel");
  const Outcome outcome = run({"ask", "demo", "funnel", "--json"}, document);
  EXPECT_EQ(outcome.exit_code, kExitDone);
  EXPECT_EQ(Json::parse(outcome.output), document);
  EXPECT_EQ(outcome.output.find('\n'), outcome.output.size() - 1);
  EXPECT_EQ(outcome.errors, "");
}

TEST(App, GivesErrorsInWords) {
  const Outcome outcome = run({"collect", "demo", "orders.csv"}, bad_row());
  EXPECT_EQ(outcome.exit_code, kExitRefused);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors,
            "footfall: orders.csv:17:price: expected a number: 1.234,50\n"
            "  set \"decimal\" in the mapping\n");
}

TEST(App, GivesErrorsAsDocuments) {
  const Outcome outcome = run({"collect", "demo", "orders.csv", "--json"}, bad_row());
  EXPECT_EQ(outcome.exit_code, kExitRefused);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(Json::parse(outcome.output),
            Json::parse(R"({"error":{"code":"invalid_argument","message":
              "expected a number: 1.234,50","where":{"file":"orders.csv","row":17,
              "column":"price"},"hint":"set \"decimal\" in the mapping"}})"));
  const Outcome mistyped = run({"--json", "colect"}, bad_row());
  EXPECT_EQ(mistyped.exit_code, kExitRefused);
  EXPECT_EQ(Json::parse(mistyped.output)["error"]["hint"], "did you mean collect?");
}

TEST(App, ExitCodesFollowTheContract) {
  using base::ErrorCode;
  const std::vector<std::pair<ErrorCode, int>> cases = {
      {ErrorCode::kInvalidArgument, 2}, {ErrorCode::kNotFound, 2},
      {ErrorCode::kAlreadyExists, 2},   {ErrorCode::kBusy, 2},
      {ErrorCode::kPermission, 2},      {ErrorCode::kDamaged, 3},
      {ErrorCode::kDiskFull, 3},        {ErrorCode::kIo, 3},
      {ErrorCode::kMemory, 3},          {ErrorCode::kInterrupted, 1}};
  for (const auto& [code, exit] : cases) {
    EXPECT_EQ(run({"status", "demo"}, base::Error{code, "x", {}, ""}).exit_code, exit)
        << base::error_code_name(code);
  }
}

TEST(App, AsksForALook) {
  const Outcome damaged = run({"verify", "demo"}, sample_document("verified_damage"));
  EXPECT_EQ(damaged.exit_code, kExitLook);
  EXPECT_THAT(damaged.errors, StartsWith("footfall: damage was found"));
  EXPECT_EQ(run({"verify", "demo"}, sample_document("verified")).exit_code, kExitDone);
}

TEST(App, GivesCsvForTablesOnly) {
  EXPECT_THAT(run({"ask", "demo", "funnel", "--csv"}, sample_document("funnel")).output,
              StartsWith("step,event,persons,from_previous"));
  EXPECT_EQ(run({"status", "demo", "--csv"}, Json::object()).exit_code, kExitRefused);
}

TEST(App, ReadsQuestionsFromFiles) {
  const std::string path = ::testing::TempDir() + "footfall_question.json";
  ASSERT_TRUE(write_whole_file(path, R"({"question":"funnel","window":"7d"})").ok());
  Asked asked;
  run({"ask", "demo", path, "--window", "1d"}, sample_document("funnel"), &asked);
  EXPECT_EQ(asked.request, Json::parse(R"({"question":"funnel","window":"1d"})"));

  ASSERT_TRUE(write_whole_file(path, "{\n \"question\": oops}").ok());
  const Outcome broken = run({"ask", "demo", path}, Json::object());
  EXPECT_EQ(broken.exit_code, kExitRefused);
  EXPECT_THAT(broken.errors, HasSubstr(":2:14: expected a JSON document"));
  ASSERT_TRUE(write_whole_file(path, "[1]").ok());
  EXPECT_EQ(run({"ask", "demo", path}, Json::object()).exit_code, kExitRefused);
  std::remove(path.c_str());
  const Outcome missing = run({"ask", "demo", path}, Json::object());
  EXPECT_EQ(missing.exit_code, kExitRefused);
  EXPECT_THAT(missing.errors, HasSubstr("No such file"));
}

TEST(App, ReadsTheMappingOfACollect) {
  const std::string path = ::testing::TempDir() + "footfall_mapping.json";
  ASSERT_TRUE(write_whole_file(path, R"({"user":"who"})").ok());
  Asked asked;
  run({"collect", "demo", "a.csv", "--map", path}, sample_document("collected"), &asked);
  EXPECT_EQ(asked.request["map"], Json::parse(R"({"user":"who"})"));
  std::remove(path.c_str());
}

TEST(App, HelpsWithoutAShop) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"--help"},
                                                {"help"},
                                                {"collect", "--help"},
                                                {"ask", "demo", "funnel", "--help"}}) {
    const Outcome outcome = run(words, base::invalid("not to be run"));
    EXPECT_EQ(outcome.exit_code, kExitDone);
    EXPECT_THAT(outcome.output, HasSubstr("footfall"));
  }
  EXPECT_THAT(run({"ask", "funnel", "--help"}, Json()).output, HasSubstr("--window"));
  EXPECT_EQ(run({"--version"}, Json()).output, "footfall 0.1.0\n");
}

TEST(App, GivesHelpAndVersionAsDocuments) {
  EXPECT_EQ(Json::parse(run({"--version", "--json"}, Json()).output),
            Json::parse(R"({"version":"footfall 0.1.0"})"));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--json"}, {"collect", "--help", "--json"}}) {
    const Json document = Json::parse(run(words, Json()).output, nullptr, false);
    ASSERT_TRUE(document.contains("help")) << words.front();
    EXPECT_THAT(document["help"].get<std::string>(), HasSubstr("footfall"));
  }
}

TEST(App, GivesADocumentAlsoWhenSomethingThrew) {
  const std::vector<std::pair<std::exception_ptr, const char*>> cases = {
      {std::make_exception_ptr(std::bad_alloc()), "out_of_memory"},
      {std::make_exception_ptr(std::system_error(EAGAIN, std::generic_category())),
       "out_of_memory"},
      {std::make_exception_ptr(std::out_of_range("7")), "io_error"}};
  for (const auto& [failure, code] : cases) {
    const auto maker = [&](const Invocation&, base::Progress&) -> VerbRunner {
      return [&](const std::string&, const Json&) -> base::Result<Json> {
        std::rethrow_exception(failure);
      };
    };
    const Outcome outcome =
        run_app({"status", "demo", "--json"}, Surroundings{}, kQuestions, maker);
    EXPECT_EQ(outcome.exit_code, kExitFailed);
    const Json document = Json::parse(outcome.output, nullptr, false);
    ASSERT_TRUE(document.is_object()) << code;
    EXPECT_EQ(document["error"]["code"], code);
  }
}

}  // namespace
}  // namespace footfall::cli
