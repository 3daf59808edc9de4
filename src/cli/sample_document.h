// Sample documents for the tests of this room: cases/documents/NAME.json, as the engine makes them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "footfall/cli/json_file.h"

namespace footfall::cli {

/// Tests run in the root of the repository.
inline Json sample_document(const std::string& name) {
  auto document = read_json_file("cases/documents/" + name + ".json");
  EXPECT_TRUE(document.ok()) << name;
  return document.ok() ? *document : Json::object();
}

}  // namespace footfall::cli
