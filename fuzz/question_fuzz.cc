// Any words as questions to a small shop: answered with whole rows, or refused with a message; the
// same question has the same answer.
//
// The bytes are a question's document as JSON, or else lines of KEY VALUE. SQL is sql_fuzz's.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "footfall/base/check.h"
#include "footfall/engine/small_shop.h"

namespace {

using namespace footfall;

engine::Json document_of(const std::string& text) {
  engine::Json document = engine::Json::object();
  if (text.starts_with('{')) return engine::Json::parse(text, nullptr, false);
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string line = text.substr(from, end - from);
    const std::size_t blank = std::min(line.find(' '), line.size());
    document[line.substr(0, blank)] = line.substr(std::min(blank + 1, line.size()));
    from = end + 1;
  }
  return document;
}

void check_answer(const engine::Json& answer) {
  for (const engine::Json& row : answer["rows"]) {
    FOOTFALL_CHECK(row.size() == answer["columns"].size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::SmallShop folder;
  static const std::unique_ptr<engine::Engine> shop = folder.filled();
  const engine::Json document = document_of(std::string(reinterpret_cast<const char*>(data), size));
  if (!document.is_object() || document.value("question", engine::Json()) == "sql") return 0;
  const auto answer = shop->ask(document);
  if (!answer.ok()) {
    FOOTFALL_CHECK(!answer.error().message.empty());
    return 0;
  }
  check_answer(*answer);
  if (document.contains("repeat")) return 0;  // Holds the seconds that it took.
  const auto again = shop->ask(document);
  FOOTFALL_CHECK(again.ok() && again->dump() == answer->dump());
  return 0;
}
