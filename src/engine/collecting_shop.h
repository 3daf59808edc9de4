// Collecting shop: a shop in a folder of its own that files are taken into, for tests of collect.
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "footfall/engine/engine.h"

namespace footfall::engine {

class CollectingShop : public testing::Test {
 protected:
  explicit CollectingShop(Json settings = {{"zone", "Europe/London"}, {"currency", "GBP"}})
      : settings_(std::move(settings)) {}
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "footfall-collect-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    options_ = {folder_ + "/shop", "", 1, 1'800'000'000'000, nullptr};
    const auto made = Engine::init(options_, settings_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    auto engine = Engine::open(options_, Access::kWrite);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    engine_ = std::move(*engine);
  }
  void TearDown() override {
    engine_.reset();
    std::error_code failure;
    std::filesystem::remove_all(folder_, failure);
  }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }
  Json collect(const Json& request) {
    auto report = engine_->collect(request);
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? *report : Json();
  }
  base::Error refused(const Json& request) {
    const auto report = engine_->collect(request);
    EXPECT_FALSE(report.ok());
    return report.ok() ? base::Error{} : report.error();
  }
  std::string content() {
    const auto answer = engine_->ask({{"question", "transitions"}});
    EXPECT_TRUE(answer.ok());
    return (*answer)["snapshot"]["content"];
  }
  std::int64_t held() { return (*engine_->status())["quarantined"]; }

  Json settings_;
  std::string folder_;
  EngineOptions options_;
  std::unique_ptr<Engine> engine_;
};

inline std::int64_t count_of(const Json& entries, const std::string& reason) {
  for (const Json& entry : entries) {
    if (entry["reason"] == reason) return entry["count"];
  }
  return 0;
}

}  // namespace footfall::engine
