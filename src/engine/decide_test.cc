// Learn, decide and explain on a real shop in a folder: what one leaves, the next finds.
#include "footfall/engine/decide.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <set>

#include "footfall/base/hash.h"
#include "footfall/base/random.h"
#include "footfall/decisions/receipt.h"
#include "footfall/engine/explain.h"
#include "footfall/engine/learn.h"

namespace footfall::engine {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr base::TimeMs kDay = base::kDayMs;
constexpr base::TimeMs kEnd = 1'314'000'000'000;  // 2011-08-22T08:00:00Z

struct Order {
  std::string user;
  base::TimeMs time = 0;
  std::vector<std::string> items;
};

// Everybody has four favourites and buys them again; "gone" was sold long ago only, and postage
// ("POST") is on every order.
std::vector<Order> habits() {
  base::Random random(1);
  std::vector<Order> orders;
  for (int user = 0; user < 80; ++user) {
    const std::uint64_t first = random.below(26);
    for (int week = 25; week >= 0; --week) {
      if (!random.chance(0.6)) continue;
      Order order{std::to_string(1000 + user), kEnd - week * 7 * kDay, {"POST"}};
      for (std::uint64_t i = 0; i < 4; ++i) {
        if (random.chance(0.7)) order.items.push_back(fmt::format("item{:02}", first + i));
      }
      if (week > 20) order.items.emplace_back("gone");
      orders.push_back(std::move(order));
    }
  }
  return orders;
}

void add_order(events::EventBatch& batch, const Order& order) {
  if (batch.lines.starts.empty()) batch.lines.starts.push_back(0);
  const std::string id = order.user + "-" + std::to_string(order.time);
  batch.times.push_back(order.time);
  batch.users.push_back(
      batch.persons.intern(events::person_text(events::IdKind::kUser, order.user)));
  batch.types.push_back(events::kPurchase);
  batch.items.push_back(batch.items_table.intern(order.items.front()));
  batch.orders.push_back(batch.orders_table.intern(id));
  batch.flags.push_back(events::kHasEventId | events::kServerOrigin);
  batch.rows.push_back(static_cast<std::uint32_t>(batch.size()));
  std::uint32_t number = 0;
  for (const std::string& item : order.items) {
    batch.lines.items.push_back(batch.items_table.intern(item));
    batch.lines.names.push_back(batch.texts.intern("Nice " + item));
    batch.lines.quantities.push_back(1);
    batch.lines.prices.push_back(2'500'000);
    batch.lines.numbers.push_back(++number);
    batch.lines.marks.push_back(item == "POST" ? std::uint8_t{events::kBookkeeping}
                                               : std::uint8_t{0});
  }
  batch.lines.starts.push_back(static_cast<std::uint32_t>(batch.lines.items.size()));
}

class Decide : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "footfall-decide-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    ASSERT_TRUE(store::Store::create(folder_ + "/shop", {"UTC", "GBP", 1}, "").ok());
    auto opened = store::Store::open(folder_ + "/shop", store::Access::kWrite, {});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(*opened);
  }
  void TearDown() override {
    store_.reset();
    std::error_code failure;
    std::filesystem::remove_all(folder_, failure);
  }

  void take_in(const std::vector<Order>& orders, const std::string& consent = "imported") {
    events::EventBatch batch;
    base::Column<std::uint64_t> ids;
    for (const Order& order : orders) {
      add_order(batch, order);
      ids.push_back(base::hash64(order.user + "-" + std::to_string(order.time)));
    }
    events::set_keys(batch, ids);
    store::BatchInfo info;
    info.source = "test";
    info.consent = consent;
    const auto outcome = store_->commit(batch, info, base::silent_progress());
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  }

  Context context(base::TimeMs now = kEnd + kDay) {
    return {*store_, base::Zone::utc(), 2, 1, now, base::silent_progress()};
  }
  Json learn_all() {
    auto learned = learn(context(), Json::object());
    EXPECT_TRUE(learned.ok()) << learned.error().message;
    return learned.ok() ? *learned : Json();
  }
  Json decide_ok(const Json& request, base::TimeMs now = kEnd + kDay) {
    auto decided = decide(context(now), request);
    EXPECT_TRUE(decided.ok()) << decided.error().message;
    return decided.ok() ? *decided : Json();
  }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(Decide, RecommendsWithReasonsAndLeavesAReceipt) {
  take_in(habits());
  const Json learned = learn_all();
  const Json decided = decide_ok({{"kind", "recommend"}, {"user", "1003"}, {"k", "5"}});
  EXPECT_EQ(decided["decision"], "recommend");
  EXPECT_TRUE(decided["fallback"].is_null());
  ASSERT_EQ(decided["results"].size(), 5u);
  const Json& first = decided["results"][0];
  EXPECT_THAT(first["name"].get<std::string>(), StartsWith("Nice item"));
  const Json& reason = first["reasons"][0];
  EXPECT_THAT(reason["text"].get<std::string>(), StartsWith("bought item"));
  EXPECT_THAT(reason["event"]["order"].get<std::string>(), StartsWith("1003-"));

  const std::string id = decided["receipt"];
  EXPECT_TRUE(decisions::is_receipt_id(id));
  const auto receipt = explain(context(), {{"id", id}});
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ((*receipt)["results"], decided["results"]);
  EXPECT_EQ((*receipt)["snapshot"]["content"], decided["snapshot"]["content"]);
  EXPECT_EQ((*receipt)["consent"], "personalization_storage: imported");
  EXPECT_EQ((*receipt)["probability"], 1.0);
  EXPECT_TRUE((*receipt)["user"].is_number());
  EXPECT_THAT(receipt->dump(), testing::Not(HasSubstr("user:1003"))) << "no raw person id";
  EXPECT_EQ(learned["cards"].size(), 5u);
}

TEST_F(Decide, NeverShowsWhatIsOutOfTheCatalogueNorPostage) {
  take_in(habits());
  learn_all();
  for (const char* user : {"1000", "1001", "1002", "nobody"}) {
    const Json decided = decide_ok({{"user", user}, {"k", 1000}});
    std::set<std::string> items;
    for (const Json& result : decided["results"]) items.insert(result["item"]);
    EXPECT_EQ(items.count("gone") + items.count("POST"), 0u);
    EXPECT_EQ(items.size(), decided["results"].size());
  }
}

TEST_F(Decide, WhatWasBoughtIsShownAgainUnlessItIsToBeLeftOut) {
  take_in(habits());
  learn_all();
  std::set<std::string> bought;
  for (const Order& order : habits()) {
    if (order.user == "1003") bought.insert(order.items.begin(), order.items.end());
  }
  const Json again = decide_ok({{"user", "1003"}, {"k", 1}});
  EXPECT_EQ(bought.count(again["results"][0]["item"]), 1u);
  const Json fresh = decide_ok({{"user", "1003"}, {"k", 1000}, {"bought", "leave_out"}});
  EXPECT_FALSE(fresh["results"].empty());
  for (const Json& result : fresh["results"]) EXPECT_EQ(bought.count(result["item"]), 0u);
}

TEST_F(Decide, AnUnknownPersonGetsWhatIsPopularAndItIsSaid) {
  take_in(habits());
  learn_all();
  const Json decided = decide_ok({{"user", "no such person"}});
  EXPECT_EQ(decided["fallback"], "popular");
  EXPECT_EQ(decided["results"].size(), 10u);
  EXPECT_TRUE(decided["results"][0]["reasons"][0]["event"].is_null());
  EXPECT_THAT(decided["results"][0]["reasons"][0]["text"].get<std::string>(),
              StartsWith("popular: in "));
}

TEST_F(Decide, SaysWhyAPersonGetsWhatIsPopularAndWhyThereIsNoMore) {
  take_in(habits());
  take_in({{"9000", kEnd - 3 * kDay, {"item05"}}}, "denied");
  learn_all();
  const auto warnings = [&](const Json& request) {
    return engine::dump(decide_ok(request)["warnings"]);
  };
  EXPECT_EQ(warnings({{"user", "1003"}, {"k", 3}}), "[]");
  EXPECT_THAT(warnings({{"user", "no such person"}, {"k", 3}}),
              HasSubstr("no person of the shop has this id"));
  EXPECT_THAT(warnings({{"user", "9000"}, {"k", 3}}),
              HasSubstr("the model knows no purchase of this person"));
  EXPECT_THAT(warnings({{"user", "1003"}, {"k", 1000}}),
              HasSubstr("of 1000 asked: the catalogue has 29 items"));
  EXPECT_THAT(warnings({{"user", "1003"}, {"k", 1000}, {"bought", "leave_out"}}),
              HasSubstr("of them bought before and left out"));
  EXPECT_THAT(warnings({{"item", "item05"}, {"k", 1000}}), HasSubstr("named in the question"));
}

TEST_F(Decide, SaysWhereTheShopHasChangedSinceTheModelWasLearnt) {
  take_in(habits());
  take_in({{"2000", kEnd - 9 * kDay, {"item05"}}});
  learn_all();
  const auto warnings = [&](const Json& document) { return engine::dump(document["warnings"]); };
  const Json request = {{"user", "1003"}, {"k", 3}};
  EXPECT_EQ(warnings(decide_ok(request)), "[]");
  take_in({{"2001", kEnd - 8 * kDay, {"item06"}}});
  EXPECT_THAT(warnings(decide_ok(request)),
              HasSubstr("an import came in after the model was learnt; `footfall learn SHOP` takes "
                        "it into account"));
  ASSERT_TRUE(store_->undo(2, base::silent_progress()).ok());
  ASSERT_TRUE(store_->undo(3, base::silent_progress()).ok());
  const std::string undone = warnings(decide_ok(request));
  EXPECT_THAT(undone, HasSubstr("imports that have been undone since (2); learn again"));
  EXPECT_THAT(undone, testing::Not(HasSubstr("came in"))) << "import 3 is gone again";
  EXPECT_EQ(warnings(*explain(
                context(), {{"id", decide_ok(request)["model"].get<std::string>().substr(0, 5)}})),
            undone);
  learn_all();
  EXPECT_EQ(warnings(decide_ok(request)), "[]");
}

TEST_F(Decide, GoesWithABasketAndRefusesUnknownItems) {
  take_in(habits());
  learn_all();
  const Json decided = decide_ok({{"basket", "item05,item06"}, {"k", 3}});
  EXPECT_TRUE(decided["fallback"].is_null());
  EXPECT_THAT(decided["results"][0]["reasons"][0]["text"].get<std::string>(),
              HasSubstr("customers' baskets that hold item0"));
  const auto refused = decide(context(), {{"item", "itm05"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(refused.error().hint, HasSubstr("item05"));
}

TEST_F(Decide, BadRequestsAreRefusedWithTheirField) {
  take_in(habits());
  struct Case {
    const char* why;
    Json request;
    const char* words;
  };
  const Case cases[] = {
      {"nobody to decide for",
       {{"kind", "recommend"}},
       "expected one of user, item and basket: none was given"},
      {"two of them",
       {{"user", "1"}, {"item", "2"}},
       "expected one of user, item and basket: more than one was given"},
      {"nobody who bought before",
       {{"item", "item05"}, {"bought", "leave_out"}},
       "expected beside user alone: leave_out"},
      {"no results wished", {{"user", "1"}, {"k", 0}}, "k"},
      {"too many", {{"user", "1"}, {"k", 1001}}, "1001"},
      {"another kind", {{"kind", "restock"}, {"user", "1"}}, "restock"},
      {"a slip", {{"user", "1"}, {"bougth", "allow"}}, "bougth"},
      {"no model yet", {{"user", "1000"}}, "published model"},
  };
  for (const Case& c : cases) {
    const auto refused = decide(context(), c.request);
    ASSERT_FALSE(refused.ok()) << c.why;
    EXPECT_THAT(refused.error().message, HasSubstr(c.words)) << c.why;
  }
  EXPECT_THAT(decide(context(), {{"user", "1000"}}).error().hint, HasSubstr("footfall learn"));
}

TEST_F(Decide, PurchasesWithoutConsentAreNeitherLearntFromNorShown) {
  take_in(habits());
  take_in({{"9000", kEnd - 3 * kDay, {"secret", "item05"}}}, "denied");
  const Json learned = learn_all();
  EXPECT_THAT(learned["left_out"].dump(), HasSubstr("no_consent"));
  const Json decided = decide_ok({{"user", "9000"}, {"k", 1000}});
  EXPECT_EQ(decided["fallback"], "popular");
  EXPECT_THAT(decided.dump(), testing::Not(HasSubstr("secret")));
}

TEST_F(Decide, LearningIsAFunctionOfTheDataNotOfItsArrival) {
  std::vector<Order> orders = habits();
  take_in(orders);
  const Json first = learn_all();
  store_.reset();
  ASSERT_TRUE(store::Store::create(folder_ + "/other", {"UTC", "GBP", 1}, "").ok());
  auto other = store::Store::open(folder_ + "/other", store::Access::kWrite, {});
  ASSERT_TRUE(other.ok());
  store_ = std::move(*other);
  std::reverse(orders.begin(), orders.end());
  const auto middle = orders.begin() + static_cast<std::ptrdiff_t>(orders.size() / 2);
  take_in({orders.begin(), middle});
  take_in({middle, orders.end()});
  const Json second = learn_all();
  ASSERT_EQ(first["cards"].size(), second["cards"].size());
  for (std::size_t i = 0; i < first["cards"].size(); ++i) {
    EXPECT_EQ(first["cards"][i]["version"], second["cards"][i]["version"]);
    EXPECT_EQ(first["cards"][i]["metrics"], second["cards"][i]["metrics"]);
  }
}

TEST_F(Decide, LearnRefusesWhatItCannotDo) {
  EXPECT_EQ(learn(context(), Json::object()).error().code, base::ErrorCode::kNotFound);
  take_in(habits());
  const auto refused = learn(context(), {{"models", "transition"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().hint, HasSubstr("transitions"));
  EXPECT_FALSE(learn(context(), {{"budget", "-1"}}).ok());
  EXPECT_FALSE(learn(context(), {{"seed", "x"}}).ok());
}

TEST_F(Decide, ExplainPassesOverStoredNamesThatAreNoText) {
  const auto put = [&](const char* collection, const char* id, const char* bytes) {
    ASSERT_TRUE(context().store.put_document(collection, id, bytes).ok());
  };
  put(kPublishedCollection, "recommend", R"({"model": 1, "version": ["x"]})");
  put(kCardsCollection, "a", R"({"model": 2})");
  put(kCardsCollection, "b", R"({"model": "blend", "trained_to": 3})");
  put(kCardsCollection, "c", R"({"model": "blend", "trained_to": "2011-09-01"})");
  for (const char* from : {R"(1)", R"({"last_import": "x", "undone": []})", R"({"undone": [1]})",
                           R"({"last_import": -1, "undone": 3})", R"({"last_import": 1e300})"}) {
    put(kCardsCollection, "d",
        (R"({"model": "odd", "learnt_from": )" + std::string(from) + "}").c_str());
    const auto odd = explain(context(), {{"id", "d"}});
    ASSERT_TRUE(odd.ok()) << from;
    EXPECT_EQ((*odd)["warnings"], Json::array()) << from;
  }
  const auto shown = explain(context(), {{"id", "blend"}});
  ASSERT_TRUE(shown.ok()) << shown.error().message;
  EXPECT_EQ((*shown)["cards"][0]["trained_to"], "2011-09-01");
  put(kPublishedCollection, "recommend", R"({"model": "blend", "version": 3})");
  EXPECT_EQ(explain(context(), {{"id", "blend"}}).error().code, base::ErrorCode::kNotFound);
}

TEST_F(Decide, ExplainShowsCardsByNameAndVersionAndRefusesTheRest) {
  take_in(habits());
  EXPECT_EQ(explain(context(), {{"id", "blend"}}).error().code, base::ErrorCode::kNotFound);
  const Json learned = learn_all();
  for (const Json& card : learned["cards"]) {
    for (const char* key : {"model", "version"}) {
      const auto shown = explain(context(), {{"id", card[key]}});
      ASSERT_TRUE(shown.ok()) << shown.error().message;
      EXPECT_EQ((*shown)["cards"][0], card);
    }
  }
  for (const char* id : {"r-0000000000000", "nothing", "0000000000000000"}) {
    const auto refused = explain(context(), {{"id", id}});
    ASSERT_FALSE(refused.ok()) << id;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kNotFound);
    EXPECT_THAT(refused.error().message, testing::EndsWith(id));
    EXPECT_FALSE(refused.error().hint.empty());
  }
}

}  // namespace
}  // namespace footfall::engine
