#include "footfall/engine/engine.h"

#include <fmt/format.h>

#include <chrono>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/base/zone.h"
#include "footfall/engine/ask.h"
#include "footfall/engine/collect.h"
#include "footfall/engine/context.h"
#include "footfall/engine/decide.h"
#include "footfall/engine/explain.h"
#include "footfall/engine/learn.h"
#include "footfall/engine/output_place.h"
#include "footfall/engine/request.h"
#include "footfall/engine/sql_question.h"
#include "footfall/engine/upkeep.h"
#include "footfall/store/store.h"

namespace footfall::engine {
namespace {

constexpr std::int64_t kRepeatMax = 1'000;

const std::vector<std::string>& weekday_words() {
  static const std::vector<std::string> words = {"monday", "tuesday",  "wednesday", "thursday",
                                                 "friday", "saturday", "sunday"};
  return words;
}

base::Result<store::ShopSettings> settings_from(Request& request) {
  store::ShopSettings settings;
  FOOTFALL_TRY(settings.zone, request.text("zone", "UTC"));
  FOOTFALL_TRY(settings.currency, request.text("currency", "EUR"));
  FOOTFALL_TRY(const std::string week_start,
               request.choice("week_start", weekday_words(), "monday"));
  const auto& words = weekday_words();
  settings.week_start =
      static_cast<int>(std::find(words.begin(), words.end(), week_start) - words.begin()) + 1;
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  FOOTFALL_RETURN_IF_ERROR(base::Zone::open(settings.zone));
  FOOTFALL_RETURN_IF_ERROR(base::currency_decimals(settings.currency));
  return settings;
}

// `init`, which the store offers where there is no shop, makes no backup.
base::Status expect_backup(const std::string& source, const std::string& shop) {
  if (store::is_shop_folder(source)) return base::Ok{};
  const bool swapped = store::is_shop_folder(shop);
  return base::Error{
      base::ErrorCode::kNotFound,
      "expected a folder that `footfall backup` made: " + base::printable(source, 4096),
      {source, 0, "", "source"},
      swapped ? fmt::format("the backup comes first: `footfall restore {} {}`",
                            base::printable(shop, 4096), base::printable(source, 4096))
              : "the backup comes first, then the folder to make: `footfall restore DEST SHOP`"};
}

base::Progress& progress_of(const EngineOptions& options) {
  return options.progress == nullptr ? base::silent_progress() : *options.progress;
}

}  // namespace

struct Engine::State {
  EngineOptions options;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Context> context;
};

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

base::Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options, Access access) {
  store::OpenOptions open;
  open.key_file = options.key_file;
  open.threads = options.threads;
  auto state = std::make_unique<State>();
  state->options = options;
  FOOTFALL_TRY(state->store,
               store::Store::open(
                   options.shop,
                   access == Access::kWrite ? store::Access::kWrite : store::Access::kRead, open));
  const store::ShopSettings& settings = state->store->settings();
  FOOTFALL_TRY(base::Zone zone, base::Zone::open(settings.zone));
  FOOTFALL_TRY(const int decimals, base::currency_decimals(settings.currency));
  state->context.reset(new Context{*state->store, std::move(zone), decimals, options.threads,
                                   options.now, progress_of(options)});
  return std::unique_ptr<Engine>(new Engine(std::move(state)));
}

base::Result<Json> Engine::init(const EngineOptions& options, const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const store::ShopSettings settings, settings_from(request));
  FOOTFALL_RETURN_IF_ERROR(expect_outside_shops(options.shop, "shop"));
  FOOTFALL_RETURN_IF_ERROR(store::Store::create(options.shop, settings, options.key_file));
  Json made = Json::object();
  made["shop"] = options.shop;
  made["zone"] = settings.zone;
  made["currency"] = settings.currency;
  made["week_start"] = weekday_words()[static_cast<std::size_t>(settings.week_start - 1)];
  made["key_file"] = options.key_file.empty() ? options.shop + "/key" : options.key_file;
  if (options.key_file.empty()) {
    made["warnings"] = Json::array(
        {"the sealing key lies beside the data; keep it elsewhere and name it in "
         "FOOTFALL_KEY_FILE, and keep a copy: without it raw ids cannot be read again"});
  }
  return made;
}

base::Result<Json> Engine::restore(const EngineOptions& options, const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const std::string source, request.required_text("source"));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  FOOTFALL_RETURN_IF_ERROR(expect_outside_shops(options.shop, "shop"));
  FOOTFALL_RETURN_IF_ERROR(expect_backup(source, options.shop));
  FOOTFALL_RETURN_IF_ERROR(store::Store::restore(source, options.shop, progress_of(options)));
  return Json{{"shop", options.shop}, {"source", source}, {"checked", true}};
}

base::Result<Json> Engine::collect(const Json& request) {
  return engine::collect(*state_->context, request);
}

base::Result<Json> Engine::ask(const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const std::int64_t repeat, request.integer("repeat", 0, 1, kRepeatMax));
  if (document.value("question", Json()) == "sql") {
    Json query = document;
    query.erase("question");
    return sql(query);
  }
  if (repeat == 0) return engine::ask(*state_->context, document);
  // For measuring: the same question again and again in one process, and how long each took.
  Json question = document;
  question.erase("repeat");
  Json seconds = Json::array();
  Json answer;
  for (std::int64_t i = 0; i < repeat; ++i) {
    const auto start = std::chrono::steady_clock::now();
    FOOTFALL_TRY(answer, engine::ask(*state_->context, question));
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  answer["seconds"] = std::move(seconds);
  return answer;
}

base::Result<Json> Engine::sql(const Json& request) {
  return ask_sql(*state_->context, request);
}
base::Result<Json> Engine::learn(const Json& request) {
  return engine::learn(*state_->context, request);
}
base::Result<Json> Engine::decide(const Json& request) {
  return engine::decide(*state_->context, request);
}
base::Result<Json> Engine::explain(const Json& request) {
  return engine::explain(*state_->context, request);
}
base::Result<Json> Engine::status() {
  return status_document(*state_->context, state_->options.shop);
}
base::Result<Json> Engine::verify(const EngineOptions& options) {
  const auto engine = open(options, Access::kRead);
  if (engine.ok()) return verify_document(*(*engine)->state_->context);
  if (engine.error().code != base::ErrorCode::kDamaged) return engine.error();
  return Json{{"ok", false},
              {"damage", damage_document(store::Store::find_damage(options.shop, engine.error(),
                                                                   progress_of(options)))}};
}

base::Result<Json> Engine::backup(const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const std::string destination, request.required_text("destination"));
  FOOTFALL_TRY(const bool with_key, request.boolean("with_key", false));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  FOOTFALL_RETURN_IF_ERROR(expect_outside_shops(destination, "destination"));
  FOOTFALL_RETURN_IF_ERROR(state_->store->backup(destination, with_key, state_->context->progress));
  Json made{{"shop", state_->options.shop}, {"destination", destination}, {"with_key", with_key}};
  if (!with_key) {
    const std::string& key = state_->options.key_file;
    made["warnings"] = Json::array({fmt::format(
        "the sealing key is not in this copy, and without it nothing can be taken in and no person "
        "be found: keep a copy of {} elsewhere, or back up with --with-key",
        key.empty() ? state_->options.shop + "/key" : key)});
  }
  return made;
}

base::Result<Json> Engine::compact() {
  FOOTFALL_RETURN_IF_ERROR(state_->store->compact(state_->context->progress));
  return status();
}

}  // namespace footfall::engine
