#include "footfall/engine/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "footfall/base/words.h"
#include "footfall/decisions/receipt.h"
#include "footfall/decisions/recommend.h"
#include "footfall/engine/consent.h"
#include "footfall/engine/learn.h"
#include "footfall/engine/model_standing.h"
#include "footfall/engine/purchase_walk.h"
#include "footfall/engine/request.h"
#include "footfall/engine/snapshot_document.h"

namespace footfall::engine {
namespace {

using decisions::ItemIndex;
using decisions::Recommendations;
using decisions::ShopModel;

constexpr const char* kFallbackPopular = "popular";

struct Wish {
  std::string user;                 // "" = asked by items.
  std::vector<std::string> basket;  // `item` or `basket`.
  std::size_t k = 10;
  bool leave_out_bought = false;
};

base::Result<Wish> read_wish(const Json& document) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_RETURN_IF_ERROR(request.choice("kind", {"recommend"}, "recommend"));
  Wish wish;
  FOOTFALL_TRY(wish.user, request.text("user", ""));
  FOOTFALL_TRY(wish.basket, request.list("item"));
  FOOTFALL_TRY(const std::vector<std::string> basket, request.list("basket"));
  FOOTFALL_TRY(const std::int64_t k,
               request.integer("k", 10, 1, std::int64_t{decisions::kResultsMax}));
  FOOTFALL_TRY(const std::string bought, request.choice("bought", {"allow", "leave_out"}, "allow"));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  const int ways =
      (wish.user.empty() ? 0 : 1) + (wish.basket.empty() ? 0 : 1) + (basket.empty() ? 0 : 1);
  if (ways != 1) {
    return base::invalid(fmt::format("expected one of user, item and basket: {}",
                                     ways == 0 ? "none was given" : "more than one was given"),
                         "user");
  }
  if (wish.user.empty() && request.has("bought")) {
    return base::invalid("bought: expected beside user alone: " + bought, "bought");
  }
  if (!basket.empty()) wish.basket = basket;
  if (wish.basket.size() > decisions::kBasketMax) {
    return base::invalid(fmt::format("basket: expected at most {} items: {}", decisions::kBasketMax,
                                     wish.basket.size()),
                         "basket");
  }
  wish.k = static_cast<std::size_t>(k);
  wish.leave_out_bought = bought == "leave_out";
  return wish;
}

struct Published {
  ShopModel model;
  std::string version;
  Json warnings;  // Where the shop has changed since it was learnt.
};

base::Result<Published> load_published(const store::Store& store,
                                       std::span<const store::BatchRecord> imports) {
  FOOTFALL_TRY(const std::optional<std::string> pointer,
               store.get_document(kPublishedCollection, "recommend"));
  if (!pointer.has_value()) {
    return base::Error{base::ErrorCode::kNotFound,
                       "the shop has no published model to recommend with; expected one, found 0",
                       {},
                       "Learn one with `footfall learn SHOP`."};
  }
  const Json named = Json::parse(*pointer, nullptr, false);
  const std::string version =
      named.is_object() && named.contains("version") && named["version"].is_string()
          ? named["version"].get<std::string>()
          : "";
  FOOTFALL_TRY(const std::optional<std::string> bytes,
               store.get_document(kModelsCollection, version));
  if (!bytes.has_value()) {
    return base::Error{base::ErrorCode::kDamaged,
                       "the published model is not in the shop: " + base::printable(version),
                       {},
                       "Learn again with `footfall learn SHOP`."};
  }
  FOOTFALL_TRY(ShopModel model, ShopModel::load(*bytes));
  FOOTFALL_TRY(const std::optional<std::string> card,
               store.get_document(kCardsCollection, version));
  Json warnings = standing_warnings(imports, Json::parse(card.value_or(""), nullptr, false));
  return Published{std::move(model), version, std::move(warnings)};
}

// A person's purchases in the model's item numbers, and the order each came with.
struct PersonHistory {
  std::optional<store::UserNumber> number;
  std::vector<ItemIndex> items;
  std::vector<base::TimeMs> times;
  std::vector<store::OrderCode> orders;
};

base::Result<PersonHistory> read_history(const Context& context, const store::Snapshot& snapshot,
                                         const ShopModel& model, const ConsentBasis& consent,
                                         const std::string& user) {
  PersonHistory history;
  FOOTFALL_TRY(history.number,
               context.store.find_person(events::person_text(events::IdKind::kUser, user)));
  if (!history.number.has_value()) return history;
  FOOTFALL_TRY(const store::Snapshot orders,
               snapshot.with_refunds_at_buyers(context.store.settings().currency));
  FOOTFALL_TRY(const std::vector<store::Block> blocks,
               orders.blocks(store::Population::kPeople, PurchaseWalk::columns()));
  const PurchaseWalk walk{{snapshot.id().complete_to},
                          consent.denied_batches,
                          context.currency_decimals,
                          [&](store::TextCode code) { return snapshot.text(code); },
                          snapshot.find_text(context.store.settings().currency)};
  for (const store::Block& block : blocks) {
    const auto found = std::lower_bound(block.users.begin(), block.users.end(), *history.number);
    if (found == block.users.end() || *found != *history.number) continue;
    LeftOutLines left_out;
    walk.user(block, static_cast<std::size_t>(found - block.users.begin()), left_out,
              [&](const BoughtItem& bought) {
                const auto item = model.find(snapshot.item(bought.item));
                if (!item.has_value()) return;
                history.items.push_back(*item);
                history.times.push_back(bought.time);
                history.orders.push_back(block.orders.at(bought.event));
              });
  }
  return history;
}

base::Result<std::vector<ItemIndex>> read_basket(const ShopModel& model,
                                                 const store::Snapshot& snapshot,
                                                 const std::vector<std::string>& keys,
                                                 Json& warnings) {
  std::vector<ItemIndex> items;
  for (const std::string& key : keys) {
    const auto item = model.find(key);
    if (item.has_value()) {
      items.push_back(*item);
      continue;
    }
    if (snapshot.find_item(key) == 0) {
      base::Error error{base::ErrorCode::kNotFound,
                        "expected an item that the shop has: " + base::printable(key),
                        {"", 0, "", "item"},
                        ""};
      error.hint = base::nearest_words_hint(key, model.items);
      return error;
    }
    warnings.push_back(fmt::format("nothing was learnt about item {}", base::printable(key)));
  }
  return items;
}

// The purchase that a reason points to; null where it points to none.
Json event_document(const store::Snapshot& snapshot, const ShopModel& model,
                    const PersonHistory& history, const decisions::Reason& reason) {
  if (reason.because != decisions::Because::kTaken) return nullptr;
  Json event = Json::object();
  event["type"] = "purchase";
  event["order"] = std::string(snapshot.order(history.orders[reason.event]));
  event["item"] = model.items[reason.item];
  event["time"] = base::format_instant(history.times[reason.event]);
  return event;
}

Json results_document(const Context& context, const store::Snapshot& snapshot,
                      const ShopModel& model, const PersonHistory& history,
                      const Recommendations& found) {
  Json results = Json::array();
  const decisions::PersonRequest texts{{history.items, history.times}, 0, 1, false};
  for (const decisions::Recommendation& one : found.results) {
    Json result = Json::object();
    result["item"] = model.items[one.item];
    if (!model.names[one.item].empty()) result["name"] = model.names[one.item];
    result["value"] = one.value;
    result["reasons"] = Json::array();
    for (const decisions::Reason& reason : one.reasons) {
      result["reasons"].push_back(
          {{"event", event_document(snapshot, model, history, reason)},
           {"text", decisions::reason_text(model, texts, reason, context.zone)}});
    }
    results.push_back(std::move(result));
  }
  return results;
}

base::Result<std::string> store_receipt(store::Store& store, const decisions::Receipt& receipt) {
  for (std::uint64_t salt = 0;; ++salt) {
    const std::string id = decisions::receipt_id(receipt, salt);
    const std::string document = decisions::receipt_document(receipt, id).dump();
    FOOTFALL_TRY(const std::optional<std::string> there,
                 store.get_document(kReceiptsCollection, id));
    if (there.has_value() && *there != document) continue;
    if (!there.has_value()) {
      FOOTFALL_RETURN_IF_ERROR(store.put_document(kReceiptsCollection, id, document));
    }
    return id;
  }
}

Json request_document(const Wish& wish) {
  Json document = Json::object();
  document["k"] = wish.k;
  if (wish.user.empty()) {
    document["basket"] = wish.basket;
  } else {
    document["bought"] = wish.leave_out_bought ? "leave_out" : "allow";
  }
  return document;
}

// Why a person is shown what is shown to everyone.
void explain_unknown(const PersonHistory& history, Json& warnings) {
  if (!history.number.has_value()) {
    warnings.push_back("no person of the shop has this id: what is popular is given");
  } else if (history.items.empty()) {
    warnings.push_back("the model knows no purchase of this person: what is popular is given");
  }
}

// Why there are fewer results than were asked for.
void explain_few(const ShopModel& model, std::vector<ItemIndex> left_out, const Wish& wish,
                 std::size_t found, Json& warnings) {
  if (found >= wish.k) return;
  std::sort(left_out.begin(), left_out.end());
  left_out.erase(std::unique(left_out.begin(), left_out.end()), left_out.end());
  const auto offered = [&](ItemIndex item) { return model.in_catalogue[item] != 0; };
  const auto taken = std::count_if(left_out.begin(), left_out.end(), offered);
  const auto all = std::count_if(model.in_catalogue.begin(), model.in_catalogue.end(),
                                 [](std::uint8_t in) { return in != 0; });
  std::string words = fmt::format("{} of {} asked: the catalogue has {} item{}", found, wish.k, all,
                                  all == 1 ? "" : "s");
  if (taken > 0) {
    words +=
        fmt::format(", {} of them {}", taken,
                    wish.user.empty() ? "named in the question" : "bought before and left out");
  }
  if (static_cast<std::ptrdiff_t>(found) < all - taken) {
    words += ", and nothing speaks for the others";
  }
  warnings.push_back(std::move(words));
}

}  // namespace

base::Result<Json> decide(const Context& context, const Json& document) {
  FOOTFALL_TRY(const Wish wish, read_wish(document));
  FOOTFALL_TRY(const auto kept, context.store.imports());
  const std::vector<store::BatchRecord>& imports = *kept;
  FOOTFALL_TRY(const Published published, load_published(context.store, imports));
  const ShopModel& model = published.model;
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  const ConsentBasis consent = consent_basis(imports, "personalization_storage");
  const base::TimeMs end = snapshot.id().complete_to;

  Json warnings = published.warnings;
  PersonHistory history;
  Recommendations found;
  if (wish.user.empty()) {
    FOOTFALL_TRY(const std::vector<ItemIndex> basket,
                 read_basket(model, snapshot, wish.basket, warnings));
    found = decisions::recommend_with(model, basket, wish.k);
    explain_few(model, basket, wish, found.results.size(), warnings);
  } else {
    FOOTFALL_TRY(history, read_history(context, snapshot, model, consent, wish.user));
    found = decisions::recommend_for_person(
        model, {{history.items, history.times}, end, wish.k, wish.leave_out_bought});
    explain_unknown(history, warnings);
    explain_few(model, wish.leave_out_bought ? history.items : std::vector<ItemIndex>{}, wish,
                found.results.size(), warnings);
  }
  if (end > model.trained_to) {
    warnings.push_back(fmt::format("the model was trained to {}, the shop reaches to {}",
                                   base::format_instant(model.trained_to),
                                   base::format_instant(end)));
  }

  decisions::Receipt receipt;
  receipt.decision = "recommend";
  receipt.time = context.now;
  receipt.as_of = end;
  receipt.model = model.name;
  receipt.model_version = published.version;
  receipt.snapshot_id = snapshot.id().generation;
  receipt.snapshot_content = snapshot.id().content;
  receipt.user = history.number;
  receipt.consent = consent.words;
  receipt.request = request_document(wish);
  receipt.results = results_document(context, snapshot, model, history, found);
  receipt.fallback = found.popular ? Json(kFallbackPopular) : Json();

  Json answer = Json::object();
  answer["decision"] = receipt.decision;
  FOOTFALL_TRY(answer["receipt"], store_receipt(context.store, receipt));
  answer["results"] = receipt.results;
  answer["fallback"] = receipt.fallback;
  answer["catalogue"] =
      fmt::format("what was sold in the {} days before {}", model.catalogue_window / base::kDayMs,
                  base::format_instant(model.trained_to));
  answer["model"] = model.name + " " + published.version;
  answer["snapshot"] = snapshot_document(snapshot, context.zone);
  answer["warnings"] = std::move(warnings);
  return answer;
}

}  // namespace footfall::engine
