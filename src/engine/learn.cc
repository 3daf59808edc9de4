#include "footfall/engine/learn.h"

#include <fmt/format.h>

#include <chrono>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/engine/consent.h"
#include "footfall/engine/learn_cards.h"
#include "footfall/engine/model_standing.h"
#include "footfall/engine/model_trial.h"
#include "footfall/engine/request.h"
#include "footfall/engine/snapshot_document.h"

namespace footfall::engine {
namespace {

constexpr base::TimeMs kBudgetDefault = 60 * base::kSecondMs;
constexpr std::int64_t kSeedMax = 1'000'000'000'000;

base::Result<LearnWish> read_wish(const Json& document, std::size_t threads) {
  FOOTFALL_TRY(Request request, Request::create(document));
  LearnWish wish;
  FOOTFALL_TRY(const std::vector<std::string> named, request.list("models"));
  FOOTFALL_TRY(const std::int64_t seed, request.integer("seed", 1, 0, kSeedMax));
  FOOTFALL_TRY(const base::TimeMs budget, request.duration("budget", kBudgetDefault));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  const std::vector<std::string>& known = model_names();
  for (const std::string& name : named) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      base::Error error = base::invalid(fmt::format("models: expected some of {}: {}",
                                                    fmt::join(known, ", "), base::printable(name)),
                                        "models");
      error.hint = base::nearest_words_hint(name, known);
      return error;
    }
    if (std::find(wish.models.begin(), wish.models.end(), name) == wish.models.end()) {
      wish.models.push_back(name);
    }
  }
  if (wish.models.empty()) wish.models = known;
  wish.seed = static_cast<std::uint64_t>(seed);
  wish.budget_seconds = static_cast<double>(budget) / static_cast<double>(base::kSecondMs);
  wish.threads = std::max<std::size_t>(threads, 1);
  wish.clock = [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  };
  return wish;
}

Json left_out_document(const LeftOutLines& left_out) {
  Json list = Json::array();
  const auto add = [&](const char* reason, std::int64_t count) {
    if (count > 0) list.push_back({{"reason", reason}, {"count", count}});
  };
  add("bookkeeping", left_out.bookkeeping);
  add("charge", left_out.charges);
  add("free_line", left_out.free_lines);
  add("after_end", left_out.after_end);
  add("cancelled", left_out.cancelled);
  add("no_consent", left_out.no_consent);
  return list;
}

std::size_t buyers(const models::Interactions& bought) {
  std::size_t count = 0;
  for (std::size_t user = 0; user < bought.user_count(); ++user) {
    if (!bought.history(user).empty()) ++count;
  }
  return count;
}

base::Status publish(store::Store& store, const Learned& learned) {
  for (const Json& card : learned.cards) {
    FOOTFALL_RETURN_IF_ERROR(
        store.put_document(kCardsCollection, card["version"].get<std::string>(), card.dump()));
  }
  FOOTFALL_RETURN_IF_ERROR(store.put_document(kModelsCollection, learned.version, learned.bytes));
  // Last, so that what is named here is always there.
  const Json pointer = {{"model", learned.published}, {"version", learned.version}};
  return store.put_document(kPublishedCollection, "recommend", pointer.dump());
}

// Why nothing is left to learn from: what the shop has, and what each of it was left out for.
base::Error nothing_to_learn_from(const store::Snapshot& snapshot, const LeftOutLines& left_out,
                                  const std::string& consent) {
  constexpr const char* kNeeds = "learn needs purchases of known persons with a price above 0";
  std::vector<std::string> lacks;
  for (const Json& entry : left_out_document(left_out)) {
    lacks.push_back(fmt::format("{} {}", entry["reason"].get<std::string>(),
                                base::format_grouped(entry["count"].get<std::int64_t>())));
  }
  if (lacks.empty()) {
    const auto events = snapshot.event_count(store::Population::kPeople);
    return {base::ErrorCode::kNotFound,
            fmt::format("{}; the shop has {} and such purchases: 0", kNeeds,
                        base::format_count(static_cast<std::int64_t>(events), "event of a person",
                                           "events of persons")),
            {},
            "Take orders in with `footfall collect SHOP FILE`."};
  }
  const bool denied = left_out.no_consent > 0;
  return {base::ErrorCode::kNotFound,
          fmt::format("{}; all of the shop's were left out: {}", kNeeds, fmt::join(lacks, ", ")),
          {},
          denied
              ? fmt::format("Consent of the imports: {}. An import is taken in with consent by "
                            "`footfall collect SHOP FILE --consent granted:analytics_storage`.",
                            consent)
              : "A purchase that was cancelled in full counts as not made; free lines, postage and "
                "the like are no sign of wanting."};
}

}  // namespace

base::Result<Json> learn(const Context& context, const Json& document) {
  FOOTFALL_TRY(LearnWish wish, read_wish(document, context.threads));
  wish.interrupted = [&] { return context.progress.stop_requested(); };
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  FOOTFALL_TRY(const auto kept, context.store.imports());
  const std::vector<store::BatchRecord>& imports = *kept;
  const ConsentBasis consent = consent_basis(imports, "analytics_storage");
  FOOTFALL_TRY(const store::Snapshot orders,
               snapshot.with_refunds_at_buyers(context.store.settings().currency));
  FOOTFALL_TRY(const std::vector<store::Block> blocks,
               orders.blocks(store::Population::kPeople, PurchaseWalk::columns()));

  context.progress.stage("reading purchases", 0, "");
  const ShopTexts texts{[&](store::ItemCode code) { return snapshot.item(code); },
                        [&](store::TextCode code) { return snapshot.text(code); }};
  const auto moments = trial_moments(snapshot.id().complete_to);
  const PurchaseWalk walk{{moments.begin(), moments.end()},
                          consent.denied_batches,
                          context.currency_decimals,
                          texts.text,
                          snapshot.find_text(context.store.settings().currency)};
  const LearnData data = gather_learn_data(blocks, texts, walk);
  if (wish.interrupted()) return interrupted_learning();
  const models::Interactions& bought = data.known.at_end;
  if (bought.size() == 0) {
    return nothing_to_learn_from(snapshot, data.left_out, consent.words);
  }
  context.progress.stage("learning", 0, "");
  FOOTFALL_TRY(Learned learned, learn_models(data, wish));
  if (wish.interrupted()) return interrupted_learning();
  for (Json& card : learned.cards) card["learnt_from"] = learnt_from(imports);
  FOOTFALL_RETURN_IF_ERROR(publish(context.store, learned));

  Json answer = Json::object();
  answer["cards"] = learned.cards;
  answer["snapshot"] = snapshot_document(snapshot, context.zone);
  answer["read"] = {
      {"persons", buyers(bought)}, {"items", data.items.size()}, {"purchases", bought.size()}};
  answer["consent"] = consent.words;
  answer["left_out"] = left_out_document(data.left_out);
  answer["warnings"] = learned.warnings;
  return answer;
}

}  // namespace footfall::engine
