// The JSON type of the documents that go in and out of the engine: keys keep their order.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace footfall::engine {

using Json = nlohmann::ordered_json;

/// One line. What a person typed, or a file held, need not be UTF-8: other bytes become U+FFFD.
inline std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace footfall::engine
