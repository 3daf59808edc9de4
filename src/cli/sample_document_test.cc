// The sample documents are what the engine makes: made here anew, they have the same shape.
#include "footfall/cli/sample_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "footfall/cli/verbs.h"

namespace footfall::cli {
namespace {

namespace files = std::filesystem;

// Every member as "path: type"; the entries of a list share one path, and null is any type.
void add_shape(const Json& value, const std::string& path, std::set<std::string>& shape) {
  if (value.is_array()) {
    for (const Json& entry : value) add_shape(entry, path + "[]", shape);
  } else if (value.is_object()) {
    for (const auto& [key, entry] : value.items()) add_shape(entry, path + "." + key, shape);
  } else if (value.is_number()) {
    shape.insert(path + ": number");
  } else if (!value.is_null()) {
    shape.insert(path + ": " + value.type_name());
  }
}

std::set<std::string> shape_of(const Json& document) {
  std::set<std::string> shape;
  add_shape(document, "", shape);
  return shape;
}

class SampleDocuments : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = files::temp_directory_path() / "footfall-documents-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    runner_ = engine_runner({folder_ + "/demo", "", 2, 1'800'000'000'000}, base::silent_progress());
  }
  void TearDown() override {
    runner_ = nullptr;
    std::error_code failure;
    files::remove_all(folder_, failure);
  }

  Json run(const std::string& verb, const Json& request) {
    const auto document = runner_(verb, request);
    EXPECT_TRUE(document.ok()) << verb << ": " << (document.ok() ? "" : document.error().message);
    return document.ok() ? *document : Json();
  }

  std::string folder_;
  VerbRunner runner_;
};

TEST_F(SampleDocuments, HaveTheShapeThatTheEngineGives) {
  run("init", {{"zone", "Europe/London"}, {"currency", "GBP"}});
  Json found = {{"collected", run("collect", {{"files", {"examples/online_retail/*.csv.zst"}}})}};
  const auto ask = [&](const char* name, const Json& request) {
    found[name] = run("ask", request);
  };
  ask("sales", {{"question", "sales"}});
  ask("sales_by_week", {{"question", "sales"}, {"by", "week"}});
  ask("funnel", {{"question", "funnel"}, {"steps", "purchase,purchase,refund"}, {"window", "30d"}});
  ask("retention", {{"question", "retention"}, {"start", "purchase"}, {"period", "month"}});
  ask("rfm", {{"question", "rfm"}});
  ask("bought_together", {{"question", "bought_together"}, {"limit", 10}});
  ask("top_items", {{"question", "top_items"}, {"limit", 10}});
  // A budget for one setting: the cards are the same, but for a warning.
  found["learned"] = run("learn", {{"budget", "1ms"}});
  found["learned"]["warnings"].clear();
  found["decided"] = run("decide", {{"kind", "recommend"}, {"user", "17850"}, {"k", 5}});
  found["explained"] = run("explain", {{"id", found["decided"]["receipt"]}});
  found["status"] = run("status", Json::object());
  found["verified"] = run("verify", Json::object());
  for (const auto& [name, document] : found.items()) {
    EXPECT_EQ(shape_of(sample_document(name)), shape_of(document))
        << name << ": tools/sample_documents writes the documents anew";
  }
}

}  // namespace
}  // namespace footfall::cli
