// Any bytes as a document that a shop keeps (receipt, model card, the published model's name, the
// report of an import): shown by explain and used by decide, or refused with a message.
//
// The first byte says which document it is.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "footfall/base/check.h"
#include "footfall/base/decimal.h"
#include "footfall/engine/context.h"
#include "footfall/engine/decide.h"
#include "footfall/engine/explain.h"
#include "footfall/engine/learn.h"
#include "footfall/engine/small_shop.h"

namespace {

using namespace footfall;
using engine::Json;

const char* const kReceipt = "r-0123456789abc";
const char* const kVersion = "fuzzed";

struct Shop {
  engine::SmallShop folder;
  std::unique_ptr<store::Store> store;
  std::string published;

  Shop() {
    FOOTFALL_CHECK(folder.filled()->learn({{"models", "popularity"}}).ok());
    auto opened = store::Store::open(folder.options().shop, store::Access::kWrite, {});
    FOOTFALL_CHECK(opened.ok());
    store = std::move(*opened);
    published = **store->get_document(engine::kPublishedCollection, "recommend");
  }
  void put(const char* collection, const char* id, const std::string& bytes) const {
    FOOTFALL_CHECK(store->put_document(collection, id, bytes).ok());
  }
};

void check(const base::Result<Json>& answer) {
  if (answer.ok()) {
    FOOTFALL_CHECK(answer->is_object() && !answer->dump().empty());
  } else {
    FOOTFALL_CHECK(!answer.error().message.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const Shop shop;
  const engine::Context context{*shop.store, base::Zone::utc(),       2,
                                1,           engine::SmallShop::kNow, base::silent_progress()};
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      shop.put(engine::kReceiptsCollection, kReceipt, bytes);
      check(engine::explain(context, {{"id", kReceipt}}));
      break;
    case 1:
      shop.put(engine::kCardsCollection, kVersion, bytes);
      check(engine::explain(context, {{"id", kVersion}}));
      check(engine::explain(context, {{"id", "transitions"}}));
      break;
    case 2:
      shop.put(engine::kPublishedCollection, "recommend", bytes);
      check(engine::decide(context, {{"kind", "recommend"}, {"user", "1"}}));
      check(engine::explain(context, {{"id", "popularity"}}));
      shop.put(engine::kPublishedCollection, "recommend", shop.published);
      break;
    default:
      FOOTFALL_CHECK(shop.store->set_report(1, bytes).ok());
      check(engine::explain(context, {{"id", "1"}}));
  }
  return 0;
}
