#include "footfall/cli/verbs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "footfall/base/words.h"
#include "footfall/cli/memory_bound.h"
#include "footfall/engine/engine.h"
#include "footfall/engine/generate.h"

namespace footfall::cli {
namespace {

using engine::Access;
using engine::Engine;

// One opened shop, and how it was opened.
struct OpenShop {
  engine::EngineOptions options;
  std::unique_ptr<Engine> engine;
  Access access = Access::kRead;
};

base::Result<Engine*> open_for(OpenShop& shop, Access access) {
  const bool enough =
      shop.engine != nullptr && (shop.access == Access::kWrite || access == Access::kRead);
  if (!enough) {
    shop.engine.reset();
    FOOTFALL_TRY(shop.engine, Engine::open(shop.options, access));
    shop.access = access;
  }
  return shop.engine.get();
}

struct VerbEntry {
  const char* name;
  Access access;
  base::Result<Json> (*run)(Engine& engine, const Json& request);
};

// What a query may take, with what DuckDB itself counts (2 GB at most) and the parts of a large
// shop that are joined for it: half of the machine's memory, 4 GB at least.
std::uint64_t query_bytes() {
  constexpr std::uint64_t kLeast = 4'000'000'000;
  const auto pages = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  const auto bytes = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
  return std::max(kLeast, pages * bytes / 2);
}

base::Result<Json> ask(Engine& engine, const Json& request) {
  const bool sql = request.is_object() && request.value("question", Json()) == "sql";
  if (!sql) return engine.ask(request);
  const MemoryBound bound(query_bytes());
  return engine.ask(request);
}

base::Result<Json> run_sql(Engine& engine, const Json& request) {
  const MemoryBound bound(query_bytes());
  return engine.sql(request);
}

// Decisions write their receipts.
constexpr VerbEntry kVerbs[] = {
    {"collect", Access::kWrite, [](Engine& e, const Json& r) { return e.collect(r); }},
    {"ask", Access::kRead, ask},
    {"sql", Access::kRead, run_sql},
    {"learn", Access::kWrite, [](Engine& e, const Json& r) { return e.learn(r); }},
    {"decide", Access::kWrite, [](Engine& e, const Json& r) { return e.decide(r); }},
    {"explain", Access::kRead, [](Engine& e, const Json& r) { return e.explain(r); }},
    {"status", Access::kRead, [](Engine& e, const Json&) { return e.status(); }},
    {"backup", Access::kRead, [](Engine& e, const Json& r) { return e.backup(r); }},
};

base::Result<Json> run_verb(OpenShop& shop, const std::string& verb, const Json& request) {
  if (verb == "init") return Engine::init(shop.options, request);
  if (verb == "generate") {
    return engine::generate(request, shop.options.threads, *shop.options.progress);
  }
  if (verb == "restore") return Engine::restore(shop.options, request);
  if (verb == "verify") return Engine::verify(shop.options);
  for (const VerbEntry& entry : kVerbs) {
    if (entry.name != verb) continue;
    FOOTFALL_TRY(Engine* const engine, open_for(shop, entry.access));
    return entry.run(*engine, request);
  }
  return base::invalid(fmt::format("expected a verb of the engine: {}", base::printable(verb)));
}

}  // namespace

VerbRunner engine_runner(const EngineChoice& choice, base::Progress& progress) {
  auto shop = std::make_shared<OpenShop>();
  shop->options = {choice.shop, choice.key_file, choice.threads, choice.now, &progress};
  return [shop](const std::string& verb, const Json& request) {
    return run_verb(*shop, verb, request);
  };
}

}  // namespace footfall::cli
