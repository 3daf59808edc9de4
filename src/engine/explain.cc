#include "footfall/engine/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/decisions/receipt.h"
#include "footfall/engine/learn.h"
#include "footfall/engine/model_standing.h"
#include "footfall/engine/model_trial.h"
#include "footfall/engine/request.h"

namespace footfall::engine {
namespace {

base::Result<Json> read_document(const store::Store& store, const char* collection,
                                 const std::string& id) {
  FOOTFALL_TRY(const std::optional<std::string> bytes, store.get_document(collection, id));
  if (!bytes.has_value()) return Json();
  Json document = Json::parse(*bytes, nullptr, false);
  if (document.is_object()) return document;
  return base::Error{base::ErrorCode::kDamaged,
                     fmt::format("a stored document of {} is not readable: {}", collection, id),
                     {},
                     ""};
}

// What a stored document may say of itself; "" where it says no text.
std::string text_of(const Json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

base::Error unknown(const store::Store& store, const std::string& id, const std::string& expected,
                    const char* collection) {
  base::Error error{base::ErrorCode::kNotFound,
                    fmt::format("expected {}: {}", expected, base::printable(id)),
                    {"", 0, "", "id"},
                    ""};
  const auto known = store.list_documents(collection);
  if (!known.ok()) return error;
  error.hint = base::nearest_words_hint(id, *known);
  if (error.hint.empty()) error.hint = fmt::format("The shop keeps {} of them.", known->size());
  return error;
}

// The newest card of a model's name: that of the published model, or any other kept one.
base::Result<Json> card_of_name(const store::Store& store, const std::string& name) {
  FOOTFALL_TRY(const Json pointer, read_document(store, kPublishedCollection, "recommend"));
  if (pointer.is_object() && text_of(pointer, "model") == name) {
    return read_document(store, kCardsCollection, text_of(pointer, "version"));
  }
  FOOTFALL_TRY(const std::vector<std::string> versions, store.list_documents(kCardsCollection));
  Json newest;
  for (const std::string& version : versions) {
    FOOTFALL_TRY(Json card, read_document(store, kCardsCollection, version));
    if (!card.is_object() || text_of(card, "model") != name) continue;
    const bool newer =
        newest.is_null() || text_of(card, "trained_to") > text_of(newest, "trained_to");
    if (newer) newest = std::move(card);
  }
  return newest;
}

// The report that `collect` made of an import.
base::Result<Json> report_of_import(const store::Store& store, const std::string& number) {
  FOOTFALL_TRY(const std::vector<store::BatchRecord> batches, store.batches());
  for (const store::BatchRecord& batch : batches) {
    if (fmt::format("{}", batch.batch) != number) continue;
    Json report = Json::parse(batch.info.report, nullptr, false);
    if (report.is_object()) return report;
  }
  std::string hint = "`footfall status SHOP` lists the imports.";
  FOOTFALL_TRY(std::vector<std::string> receipts, store.list_documents(kReceiptsCollection));
  if (receipts.empty()) {
    hint += " The receipt of a decision looks like r-0123456789abc; the shop keeps none.";
  } else {
    constexpr std::size_t kNamed = 3;
    receipts.resize(std::min(receipts.size(), kNamed));
    hint +=
        fmt::format(" For a decision, name its receipt, such as {}.", fmt::join(receipts, ", "));
  }
  return base::Error{
      base::ErrorCode::kNotFound,
      fmt::format("expected the number of an import with a report ({}): {}",
                  batches.size() == 1 ? "1" : fmt::format("1 to {}", batches.size()), number),
      {"", 0, "", "id"},
      std::move(hint)};
}

}  // namespace

base::Result<Json> explain(const Context& context, const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const std::string id, request.required_text("id"));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  if (decisions::is_receipt_id(id)) {
    FOOTFALL_TRY(Json receipt, read_document(context.store, kReceiptsCollection, id));
    if (!receipt.is_null()) return receipt;
    return unknown(context.store, id, "the id of a receipt that the shop keeps",
                   kReceiptsCollection);
  }
  if (id.find_first_not_of("0123456789") == std::string::npos) {
    return report_of_import(context.store, id);
  }
  const std::vector<std::string>& names = model_names();
  const bool named = std::find(names.begin(), names.end(), id) != names.end();
  FOOTFALL_TRY(Json card, named ? card_of_name(context.store, id)
                                : read_document(context.store, kCardsCollection, id));
  if (!card.is_null()) {
    FOOTFALL_TRY(const std::vector<store::BatchRecord> imports, context.store.batches());
    Json warnings = standing_warnings(imports, card);
    return Json{{"cards", Json::array({std::move(card)})}, {"warnings", std::move(warnings)}};
  }
  if (named) {
    return base::Error{base::ErrorCode::kNotFound,
                       "expected a model that has been learnt: " + id,
                       {"", 0, "", "id"},
                       "Learn it with `footfall learn SHOP " + id + "`."};
  }
  return unknown(context.store, id,
                 fmt::format("a receipt such as r-0123456789abc, a model ({}) or a model's version",
                             fmt::join(names, ", ")),
                 kCardsCollection);
}

}  // namespace footfall::engine
