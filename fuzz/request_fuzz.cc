// Any JSON object as a request of the verbs init, learn, decide, explain and ask: carried out or
// refused with a message; no request is a failure of our own.
//
// Its member "verb" says which. Shops are made and models learnt beforehand: here an init always
// finds its folder taken, and a learn a shop without purchases. Requests of collect are
// document_fuzz's; those that name files to write are left out.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "footfall/base/check.h"
#include "footfall/cli/json_file.h"
#include "footfall/engine/small_shop.h"

namespace {

using namespace footfall;
using engine::Json;

struct Shops {
  engine::SmallShop folder;
  engine::SmallShop empty_folder;
  std::unique_ptr<engine::Engine> shop = folder.filled();
  std::unique_ptr<engine::Engine> empty = empty_folder.open();

  Shops() { FOOTFALL_CHECK(shop->learn({{"models", "blend,popularity"}}).ok()); }

  base::Result<Json> run(const std::string& verb, const Json& request) const {
    if (verb == "init") return engine::Engine::init(folder.options(), request);
    if (verb == "learn") return empty->learn(request);
    if (verb == "decide") return shop->decide(request);
    if (verb == "explain") return shop->explain(request);
    return shop->ask(request);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Shops shops;
  auto document = cli::parse_json(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!document.ok() || !document->is_object() || !document->contains("verb")) return 0;
  const Json verb = (*document)["verb"];
  document->erase("verb");
  if (!verb.is_string() || document->value("question", Json()) == "sql") return 0;
  const auto answer = shops.run(verb.get<std::string>(), *document);
  if (answer.ok()) {
    FOOTFALL_CHECK(answer->is_object() && !answer->dump().empty());
  } else {
    FOOTFALL_CHECK(!answer.error().message.empty());
  }
  FOOTFALL_CHECK(verb != "init" || !answer.ok());
  return 0;
}
