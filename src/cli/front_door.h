// Front door: whole command lines on a shop in a folder of its own, for tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "footfall/cli/app.h"
#include "footfall/cli/verbs.h"
#include "footfall/engine/catalogue.h"

namespace footfall::cli {

class FrontDoor : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "footfall_door_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    shop_ = folder_ + "/shop";
    ASSERT_EQ(run({"init", shop_, "--currency", "GBP"}).exit_code, 0);
  }
  void TearDown() override {
    std::error_code failure;
    std::filesystem::remove_all(folder_, failure);
  }

  static Outcome run(const std::vector<std::string>& words) {
    const auto maker = [](const Invocation& invocation, base::Progress& progress) {
      return engine_runner({invocation.shop, "", 2, kNow}, progress);
    };
    return run_app(words, Surroundings{}, engine::question_catalogue(), maker);
  }
  /// The document of a command line, whatever its exit code.
  static Json document(std::vector<std::string> words) {
    words.emplace_back("--json");
    return Json::parse(run(words).output, nullptr, false);
  }
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  /// Imports, events, quarantined rows and the snapshot of a shop that opens and is sound.
  static std::string standing_of(const std::string& shop) {
    EXPECT_EQ(run({"verify", shop}).exit_code, 0);
    const Json status = document({"status", shop});
    std::string words;
    for (const char* key : {"imports_made", "events", "quarantined", "snapshot"}) {
      EXPECT_TRUE(status.contains(key)) << key << " in " << status.dump();
      words += status.value(key, Json()).dump() + " ";
    }
    return words;
  }

  static constexpr base::TimeMs kNow = 1'735'689'600'000;  // 2025-01-01.
  std::string folder_;
  std::string shop_;
};

/// Nobody while it lives, where the superuser runs the tests: to nobody, shut doors are shut.
class AsNobody {
 public:
  AsNobody() : was_root_(::geteuid() == 0) { EXPECT_TRUE(!was_root_ || ::seteuid(kNobody) == 0); }
  ~AsNobody() { EXPECT_TRUE(!was_root_ || ::seteuid(0) == 0); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

  static constexpr uid_t kNobody = 65534;

 private:
  bool was_root_;
};

}  // namespace footfall::cli
