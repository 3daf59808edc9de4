// Any bytes as SQL on a small shop: a statement that reads is answered with whole rows that are
// JSON, anything else is refused with a message of one line; the shop stays as it was.
//
// DuckDB, which reads the SQL, is fuzzed by its makers and has no coverage here: numbers are kept
// short and time is limited, so that it is not asked for work without end.
#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "footfall/base/check.h"
#include "footfall/engine/context.h"
#include "footfall/engine/small_shop.h"
#include "footfall/engine/sql_question.h"

namespace {

using namespace footfall;

/// Asks for a stop once an input has taken too long.
class Patience final : public base::Progress {
 public:
  Patience() : Progress(&stop_), watch_([this] { watch(); }) {}
  ~Patience() override {
    over_ = true;
    watch_.join();
  }
  void stage(const std::string&, std::int64_t, const std::string&) override {}
  void advance(std::int64_t) override {}

 private:
  void watch() {
    constexpr int kSteps = 50;
    for (int step = 0; step < kSteps && !over_; ++step) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    stop_ = true;
  }

  std::atomic<bool> stop_ = false;
  std::atomic<bool> over_ = false;
  std::thread watch_;
};

std::unique_ptr<store::Store> open_store(const engine::SmallShop& folder) {
  folder.filled();
  auto opened = store::Store::open(folder.options().shop, store::Access::kRead, {});
  FOOTFALL_CHECK(opened.ok());
  return std::move(*opened);
}

bool asks_for_much(const std::string& query) {
  constexpr std::size_t kDigitsMax = 4;
  std::size_t digits = 0;
  for (const char c : query) {
    digits = std::isdigit(static_cast<unsigned char>(c)) != 0 ? digits + 1 : 0;
    if (digits > kDigitsMax) return true;
  }
  return query.find_first_of("^!") != std::string::npos || query.find("**") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::SmallShop folder;
  static const std::unique_ptr<store::Store> shop = open_store(folder);
  const std::string query(reinterpret_cast<const char*>(data), size);
  if (asks_for_much(query)) return 0;
  Patience patience;
  const engine::Context context{*shop, base::Zone::utc(), 2, 1, engine::SmallShop::kNow, patience};
  const auto answer = engine::ask_sql(context, {{"query", query}, {"limit", 100}});
  if (!answer.ok()) {
    const std::string& message = answer.error().message;
    FOOTFALL_CHECK(!message.empty() && message.find('\n') == std::string::npos);
    return 0;
  }
  FOOTFALL_CHECK((*answer)["rows"].size() <= 100 && !(*answer)["rows"].dump().empty());
  for (const engine::Json& row : (*answer)["rows"]) {
    FOOTFALL_CHECK(row.size() == (*answer)["columns"].size());
  }
  return 0;
}
