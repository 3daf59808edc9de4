// The JSON type of the documents that go in and out of the engine: keys keep their order.
#pragma once

#include <nlohmann/json.hpp>

namespace footfall::engine {

using Json = nlohmann::ordered_json;

}  // namespace footfall::engine
