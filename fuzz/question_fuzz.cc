// Any words as questions to a small shop: answered with whole rows, or refused with a message; the
// same question has the same answer.
//
// Each line is KEY VALUE of the question's document. SQL is left to DuckDB, which fuzzes itself.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "footfall/base/check.h"
#include "footfall/engine/engine.h"

namespace {

using namespace footfall;

// A shop of a few people, made once.
std::unique_ptr<engine::Engine> make_shop() {
  char folder[] = "/tmp/footfall_question_fuzz_XXXXXX";
  FOOTFALL_CHECK(::mkdtemp(folder) != nullptr);
  static const std::string root = folder;
  std::atexit([] { std::filesystem::remove_all(root); });
  const std::string file = root + "/events.csv";
  std::ofstream rows(file);
  rows << "event,user,item,timestamp,price,quantity,transaction_id\n";
  for (int i = 0; i < 200; ++i) {
    const char* const names[] = {"view_item", "add_to_cart", "purchase"};
    const int kind = i % 3;
    rows << names[kind] << ',' << 1 + i * 7 % 11 << ",i" << i % 13 << ','
         << 1'700'000'000 + i * 5'000;
    if (kind == 2) {
      rows << ',' << i % 9 << ".50," << 1 + i % 4 << ",o" << i << '\n';
    } else {
      rows << ",,,\n";
    }
  }
  rows.close();
  engine::EngineOptions options;
  options.shop = root + "/shop";
  options.now = 1'800'000'000'000;
  FOOTFALL_CHECK(engine::Engine::init(options, engine::Json::object()).ok());
  auto opened = engine::Engine::open(options, engine::Access::kWrite);
  FOOTFALL_CHECK(opened.ok());
  FOOTFALL_CHECK((*opened)->collect({{"files", {file}}}).ok());
  return std::move(*opened);
}

engine::Json document_of(const std::string& text) {
  engine::Json document = engine::Json::object();
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
  static const std::unique_ptr<engine::Engine> shop = make_shop();
  const engine::Json document = document_of(std::string(reinterpret_cast<const char*>(data), size));
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
