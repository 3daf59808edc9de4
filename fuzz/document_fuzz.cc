// Any bytes as JSON documents: mappings, requests of collect and held rows are read or refused, and
// what was read is written and read again unchanged.
#include <cstddef>
#include <cstdint>
#include <string>

#include "footfall/base/check.h"
#include "footfall/base/zone.h"
#include "footfall/cli/json_file.h"
#include "footfall/engine/collect.h"
#include "footfall/engine/held_rows.h"
#include "footfall/engine/mapping_json.h"

namespace {

using namespace footfall;

void check_mapping(const engine::Json& document) {
  const auto mapping = engine::mapping_from_json(document);
  if (!mapping.ok()) {
    FOOTFALL_CHECK(!mapping.error().message.empty());
    return;
  }
  const engine::Json written = engine::mapping_to_json(*mapping);
  const auto again = engine::mapping_from_json(written);
  FOOTFALL_CHECK(again.ok() && engine::mapping_to_json(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto payload = engine::decode_payload(text);
  if (payload.ok()) {
    const std::string written = engine::encode_payload(payload->mapping, payload->cells);
    const auto again = engine::decode_payload(written);
    FOOTFALL_CHECK(again.ok());
    FOOTFALL_CHECK(engine::encode_payload(again->mapping, again->cells) == written);
  }
  const auto document = cli::parse_json(text, "fuzz");
  if (!document.ok()) {
    FOOTFALL_CHECK(!document.error().message.empty());
    return 0;
  }
  check_mapping(*document);
  const auto request = engine::read_collect_request(*document, base::Zone::utc());
  if (!request.ok()) FOOTFALL_CHECK(!request.error().message.empty());
  return 0;
}
