// The questions on behaviour, from a request's text to the rows of the answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/engine/question_funnel.h"
#include "footfall/engine/question_paths.h"
#include "footfall/engine/question_retention.h"
#include "footfall/engine/question_sales.h"
#include "footfall/engine/question_sessions.h"
#include "footfall/engine/question_transitions.h"
#include "footfall/store/test_shop.h"

namespace footfall::engine {
namespace {

using events::kAddToCart;
using events::kPurchase;
using events::kViewItem;
using testing::HasSubstr;

class BehaviourQuestions : public testing::Test {
 protected:
  BehaviourQuestions() : shop_(store::make_shop(folder_ / "shop")) {}

  // The rows as text, or the error's message and hint.
  std::string ask(const QuestionKind& kind, const Json& document) {
    const auto snapshot = shop_->snapshot();
    EXPECT_TRUE(snapshot.ok());
    const base::Zone zone = base::Zone::open(zone_).value();
    const QuestionContext context{*snapshot, zone, shop_->settings(),
                                  2,         2,    base::silent_progress()};
    Request request = Request::create(document).value();
    auto answer = kind.answer(context, request);
    if (!answer.ok()) return answer.error().message + " | " + answer.error().hint;
    answer_ = std::move(*answer);
    for (const Json& row : answer_.rows) EXPECT_EQ(row.size(), answer_.columns.size());
    EXPECT_TRUE(answer_.interval.empty() || answer_.interval.size() == answer_.rows.size());
    std::string rows;
    for (const Json& row : answer_.rows) rows += row.dump();
    return rows;
  }

  store::TemporaryFolder folder_;
  std::unique_ptr<store::Store> shop_;
  std::string zone_ = "Europe/London";
  Answer answer_;
};

TEST_F(BehaviourQuestions, FunnelOfThreeSteps) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"},
                              {"user:a", base::kMinuteMs, kAddToCart, "i1"},
                              {"user:a", 5 * base::kMinuteMs, kPurchase, "i1"},
                              {"user:b", 0, kViewItem, "i1"},
                              {"user:b", 31 * base::kMinuteMs, kAddToCart, "i1"},
                              {"user:c", 0, kAddToCart, "i1"}});
  const QuestionKind funnel = funnel_question();
  EXPECT_EQ(ask(funnel, {{"steps", "view_item,add_to_cart,purchase"}, {"window", "30m"}}),
            "[1,\"view_item\",2,null,1.0,null,null,null]"
            "[2,\"add_to_cart\",1,0.5,0.5,60000,60000,60000]"
            "[3,\"purchase\",1,1.0,0.5,300000,300000,300000]");
  EXPECT_EQ(answer_.units, 3u);
  EXPECT_EQ(answer_.left_out[0].second, 1);
  EXPECT_THAT(answer_.rule, HasSubstr("Window: 30m from entry to the last step, bound included."));
  EXPECT_EQ(answer_.open["persons_open"], 0);
  EXPECT_THAT(answer_.rule, HasSubstr("Open: persons who have not come to the last step, but still "
                                      "may: the window of their newest entry lasts beyond"));
  EXPECT_THAT(ask(funnel, {{"steps", Json::array({{{"event", "view_item"}}, "add_to_cart"})},
                           {"window", "none"},
                           {"entry", "first_entry"}}),
              HasSubstr("[2,\"add_to_cart\",2,1.0,1.0,60000,60000,1860000]"));
  EXPECT_EQ(answer_.open["persons_open"], 0);
  EXPECT_THAT(answer_.rule, HasSubstr("Open: persons who have not come to the last step by the"));
}

// Leaving details out changes no count, and leaves nothing empty behind.
TEST_F(BehaviourQuestions, CountsAloneAreTheCountsOfTheWholeAnswer) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"},
                              {"user:a", base::kMinuteMs, kAddToCart, "i1"},
                              {"user:b", 0, kViewItem, "i1"},
                              {"user:b", 31 * base::kMinuteMs, kAddToCart, "i1"}});
  const Json funnel = {{"steps", "view_item,add_to_cart"}, {"window", "30m"}, {"details", "no"}};
  EXPECT_EQ(ask(funnel_question(), funnel),
            "[1,\"view_item\",2,null,1.0][2,\"add_to_cart\",1,0.5,0.5]");
  EXPECT_EQ(answer_.open, Json::object());
  EXPECT_EQ(answer_.interval.size(), 2u);
  EXPECT_THAT(answer_.rule, HasSubstr("details=no"));
  EXPECT_EQ(ask(sessions_question(), {{"details", "no"}}), "[3,2]");
  EXPECT_TRUE(answer_.interval.empty());
  EXPECT_THAT(answer_.rule, HasSubstr("details=no"));
  EXPECT_THAT(ask(sessions_question(), {{"details", "no"}, {"by", "day"}}),
              HasSubstr("details: expected yes where sessions are asked by a period: no"));
}

TEST_F(BehaviourQuestions, FunnelRefusesByName) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"}, {"user:a", 1, kPurchase, "i1"}});
  const std::pair<Json, const char*> cases[] = {
      {{{"steps", "view_itm,purchase"}}, "did you mean view_item?"},
      {{{"steps", "purchase"}}, "steps: expected at least 2 events in order: purchase"},
      {Json::object(), "steps: expected at least 2 events in order: none was given"},
      {{{"steps", "view_item,purchase"}, {"window", "7x"}}, "window"},
      {{{"steps", "view_item,purchase"}, {"window", "-1"}}, "window"},
      {{{"steps", "view_item,purchase"}, {"order", "strict"}},
       "order: expected one of sequential: strict"},
      {{{"steps", "view_item,purchase"}, {"exclude", "refund"}}, "exclude"},
      {{{"steps", Json::array({{{"event", "view_item"}, {"where", "price > 5"}}, "purchase"})}},
       "expected a step of the form {\"event\": name}"},
  };
  for (const auto& [document, expected] : cases) {
    EXPECT_THAT(ask(funnel_question(), document), HasSubstr(expected)) << document;
  }
}

TEST_F(BehaviourQuestions, OpenWindowsAreShown) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"},
                              {"user:a", 9 * base::kDayMs, kPurchase, "i1"},
                              {"user:b", 8 * base::kDayMs, kViewItem, "i1"}});
  ask(funnel_question(), {{"steps", "view_item,purchase"}});
  EXPECT_EQ(answer_.open["persons_open"], 1);
  EXPECT_EQ(answer_.open["persons_closed"], 1);
  EXPECT_EQ(answer_.open["naive"], 0.0);
}

TEST_F(BehaviourQuestions, RetentionByLocalMonth) {
  // 23:30 UTC on 31 March 2011 is 1 April in London.
  const base::TimeMs march = 1301614200000;
  store::must_commit(*shop_, {{"user:a", march - 40 * base::kDayMs, kPurchase, "i1"},
                              {"user:a", march, kPurchase, "i1"},
                              {"user:b", march, kPurchase, "i1"},
                              {"user:b", march + base::kDayMs, kViewItem, "i1"}});
  const QuestionKind retention = retention_question();
  EXPECT_EQ(ask(retention, {{"start", "purchase"}, {"period", "month"}}),
            "[\"2011-02-01\",0,1,1,1.0,true]"
            "[\"2011-02-01\",1,1,0,0.0,true]"
            "[\"2011-02-01\",2,1,1,1.0,false]"
            "[\"2011-04-01\",0,1,1,1.0,false]");
  EXPECT_EQ(answer_.open["incomplete_cells"], 2);
  EXPECT_THAT(ask(retention, {{"start", "purchase"}, {"variant", "rolling"}}),
              HasSubstr("variant: expected one of on, on_or_after: rolling"));
  EXPECT_THAT(ask(retention, {{"return", "purchase"}}), HasSubstr("start: expected start events"));
  EXPECT_THAT(ask(retention, {{"periods", 0}}), HasSubstr("periods"));
}

// Clocks in Newfoundland went from 00:01 on 1 November 2009 back to 23:01 on 31 October.
TEST_F(BehaviourQuestions, AMonthIsThatOfTheDateTheClockShowed) {
  zone_ = "America/St_Johns";
  const base::TimeMs hour = 1'257'044'400'000;  // 2009-11-01T03:00Z, 23:30 on 31 October.
  store::must_commit(*shop_,
                     {{"user:a", hour, kPurchase, "i1", "1", 1, 1'000'000},
                      {"user:b", hour - 13 * base::kDayMs, kPurchase, "i1", "2", 1, 1'000'000},
                      {"user:c", hour + 40 * base::kDayMs, kPurchase, "i1", "3", 1, 1'000'000}});
  EXPECT_EQ(ask(retention_question(), {{"start", "purchase"}, {"period", "month"}, {"periods", 1}}),
            "[\"2009-10-01\",0,2,2,1.0,true]"
            "[\"2009-10-01\",1,2,0,0.0,true]"
            "[\"2009-12-01\",0,1,1,1.0,false]");
  ask(sales_question(), {{"by", "month"}});
  ASSERT_EQ(answer_.rows.size(), 3u);
  EXPECT_EQ(answer_.rows[0].dump().substr(0, 20), "[\"2009-10\",2.0,0.0,2");
  EXPECT_EQ(answer_.rows[1][0], "2009-11");
  // The range ends at the first of two midnights, and says so; October has not ended there.
  ask(sales_question(), {{"by", "month"}, {"to", "2009-11-01"}});
  EXPECT_THAT(answer_.rule, HasSubstr("2009-11-01 00:00 (2009-11-01T02:30:00Z), not included"));
  EXPECT_EQ(answer_.open["incomplete_period"], "2009-10");
}

TEST_F(BehaviourQuestions, SessionsInOneRowAndByDay) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"},
                              {"user:a", 20'000, kViewItem, "i2"},
                              {"user:a", base::kDayMs, kViewItem, "i1"},
                              {"user:b", 0, kViewItem, "i1"}});
  const QuestionKind sessions = sessions_question();
  ask(sessions, Json::object());
  ASSERT_EQ(answer_.rows.size(), 1u);
  EXPECT_EQ(answer_.rows[0][0], 3);
  EXPECT_EQ(answer_.rows[0][1], 2);
  EXPECT_EQ(answer_.rows[0][3], 0) << "the median of 0, 0 and 20 s";
  ask(sessions, {{"by", "day"}});
  ASSERT_EQ(answer_.rows.size(), 2u);
  EXPECT_EQ(answer_.rows[0][0], "1970-01-01");
  EXPECT_EQ(answer_.rows[0][1], 2);
  EXPECT_THAT(ask(sessions, {{"gap", "0"}}), HasSubstr("expected a gap of more than 0 ms: 0"));
  EXPECT_THAT(ask(sessions, {{"cut", "day"}}), HasSubstr("cut"));
}

TEST_F(BehaviourQuestions, OrdersAloneOpenNoSession) {
  store::must_commit(*shop_, {{"user:a", 0, kPurchase, "i1", "7", 1, 1'000'000}});
  ask(sessions_question(), Json::object());
  EXPECT_EQ(answer_.rows[0][0], 0);
  EXPECT_EQ(answer_.left_out[0].second, 1);
  EXPECT_EQ(answer_.warnings.size(), 1u);
}

TEST_F(BehaviourQuestions, TransitionsMostFrequentFirst) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"},
                              {"user:a", 1, kViewItem, "i2"},
                              {"user:a", 2, kAddToCart, "i2"},
                              {"user:a", base::kDayMs, kViewItem, "i3"},
                              {"user:a", base::kDayMs + 1, kAddToCart, "i3"}});
  EXPECT_EQ(ask(transitions_question(), Json::object()),
            "[\"view_item\",\"add_to_cart\",2,0.6666666666666666]"
            "[\"add_to_cart\",\"view_item\",1,1.0]"
            "[\"view_item\",\"view_item\",1,0.3333333333333333]");
}

TEST_F(BehaviourQuestions, PathsForwardAndBack) {
  store::must_commit(*shop_, {{"user:a", 0, kViewItem, "i1"},
                              {"user:a", 1, kAddToCart, "i2"},
                              {"user:b", 0, kViewItem, "i2"}});
  const QuestionKind paths = paths_question();
  EXPECT_EQ(ask(paths, {{"start", "view_item"}}),
            "[0,\"view_item\",\"add_to_cart\",1]"
            "[0,\"view_item\",\"(exit)\",1]"
            "[1,\"add_to_cart\",\"(exit)\",1]");
  EXPECT_EQ(ask(paths, {{"end", "add_to_cart"}}),
            "[-1,\"view_item\",\"add_to_cart\",1]"
            "[-2,\"(start)\",\"view_item\",1]");
  EXPECT_THAT(ask(paths, {{"start", "view_item"}, {"end", "add_to_cart"}}),
              HasSubstr("either start or end"));
}

TEST_F(BehaviourQuestions, AnEmptyShopHasEmptyAnswers) {
  EXPECT_EQ(ask(transitions_question(), Json::object()), "");
  EXPECT_EQ(ask(paths_question(), Json::object()), "");
  EXPECT_EQ(ask(retention_question(), Json::object()), "");
  ask(sessions_question(), Json::object());
  EXPECT_EQ(answer_.rows[0][0], 0);
  EXPECT_THAT(ask(funnel_question(), {{"steps", "view_item,purchase"}}), HasSubstr("it has none"));
}

}  // namespace
}  // namespace footfall::engine
