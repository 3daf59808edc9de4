#include "footfall/engine/intake.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "footfall/events/cleaning_rules.h"
#include "footfall/events/schema.h"

namespace footfall::engine {
namespace {

using events::EventBatch;
using events::Harvest;

std::string data_folder() {
  const char* const set = std::getenv("FOOTFALL_DATA");
  return set == nullptr ? "../shared/data" : set;
}

base::Result<Intake> take(const std::string& path, const char* zone) {
  IntakeRequest request;
  request.files = {path};
  events::ShopFacts shop;
  shop.zone = *base::Zone::open(zone);
  shop.currency = "GBP";
  return take_in(request, std::move(shop), base::silent_progress());
}

std::uint64_t count_of(const events::ReasonCounts& counts, const std::string& reason) {
  const auto found = counts.find(reason);
  return found == counts.end() ? 0 : found->second.count;
}

std::uint64_t count_type(const EventBatch& batch, std::string_view name) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    count += batch.type_name(batch.types[i]) == name ? 1 : 0;
  }
  return count;
}

// Sum of the lines of all events of a type, in pence; and the number of its orders.
struct Money {
  std::int64_t pence = 0;
  std::size_t orders = 0;
  std::size_t free_orders = 0;  // Those of which all lines are free.
};
Money money_of(const EventBatch& batch, std::string_view name) {
  Money money;
  std::set<std::uint32_t> orders;
  std::set<std::uint32_t> priced;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch.type_name(batch.types[i]) != name) continue;
    orders.insert(batch.orders[i]);
    for (std::uint32_t l = batch.lines.starts[i]; l < batch.lines.starts[i + 1]; ++l) {
      money.pence += *base::line_amount(batch.lines.quantities[l], batch.lines.prices[l], 2);
      if ((batch.lines.marks[l] & events::kFreeLine) == 0) priced.insert(batch.orders[i]);
    }
  }
  money.orders = orders.size();
  money.free_orders = orders.size() - priced.size();
  return money;
}

// The sample, read once for all tests; null where it is absent.
const Intake* sample() {
  static const std::unique_ptr<Intake> intake = [] {
    const std::string folder = data_folder() + "/online_retail";
    if (!std::filesystem::exists(folder)) return std::unique_ptr<Intake>();
    auto result = take(folder, "Europe/London");
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::make_unique<Intake>(std::move(*result)) : nullptr;
  }();
  return intake.get();
}

class OnlineRetail : public testing::Test {
 protected:
  void SetUp() override {
    intake_ = sample();
    if (intake_ == nullptr) GTEST_SKIP() << "no online_retail under FOOTFALL_DATA";
  }
  const Harvest& harvest() const { return *intake_->harvest; }

  const Intake* intake_ = nullptr;
};

TEST_F(OnlineRetail, EveryRowHasTheOutcomeOfTheContract) {
  const events::Ledger& ledger = harvest().ledger;
  EXPECT_EQ(intake_->files.size(), 219u);
  EXPECT_EQ(intake_->mappings.size(), 1u);
  EXPECT_EQ(ledger.rows_read, 320'705u);
  EXPECT_EQ(ledger.duplicates, 2'483u);
  EXPECT_EQ(count_of(ledger.quarantined, "negative_price"), 2u);
  EXPECT_EQ(ledger.quarantined.size(), 1u);
  EXPECT_TRUE(ledger.rejected.empty());
  std::uint64_t primary = 0;
  for (const std::uint8_t flags : harvest().batch.flags) {
    primary += (flags & events::kSecondary) == 0 ? 1 : 0;
  }
  EXPECT_EQ(primary + 2'483 + 2, 320'705u);
  EXPECT_EQ(harvest().held.size(), 2u);
}

TEST_F(OnlineRetail, MarksCountRowsOfTheContract) {
  const std::map<std::string, std::uint64_t, std::less<>> expected = {
      {"accounting_adjustment", 3}, {"bookkeeping", 1'992}, {"cancellation", 5'847},
      {"free_line", 872},           {"guest", 88'652},      {"stock_adjustment", 925}};
  EXPECT_EQ(harvest().ledger.marked, expected);
}

TEST_F(OnlineRetail, BookkeepingCodesAreThirtyThree) {
  const EventBatch& batch = harvest().batch;
  const events::Mapping& mapping = intake_->mappings.front().mapping;
  std::set<std::uint32_t> codes;
  for (const std::uint32_t item : batch.items) {
    if (events::is_bookkeeping(batch.items_table.text(item), mapping)) codes.insert(item);
  }
  EXPECT_EQ(codes.size(), 33u);
  std::set<std::uint32_t> on_marked_lines;
  for (std::size_t line = 0; line < batch.lines.items.size(); ++line) {
    if ((batch.lines.marks[line] & events::kBookkeeping) == 0) continue;
    on_marked_lines.insert(batch.lines.items[line]);
  }
  EXPECT_EQ(on_marked_lines.size(), 23u) << "ten codes occur in stock adjustments alone";
}

TEST_F(OnlineRetail, SalesAndRefundsAreThoseOfTheContract) {
  const EventBatch& batch = harvest().batch;
  const Money sales = money_of(batch, "purchase");
  EXPECT_EQ(sales.orders, 12'494u + 483u);
  EXPECT_EQ(sales.free_orders, 483u) << "each becomes a free_issue where its lines are joined";
  EXPECT_EQ(sales.pence, 628'169'271);
  const Money refunds = money_of(batch, "refund");
  EXPECT_EQ(refunds.pence, 52'043'547);
  EXPECT_EQ(money_of(batch, "return_received").pence, refunds.pence);
  EXPECT_EQ(count_type(batch, "stock_adjustment"), 925u);
  EXPECT_EQ(count_type(batch, "accounting_adjustment"), 1u);
}

TEST_F(OnlineRetail, UsualCleaningIsThatOfTheContract) {
  EXPECT_EQ(harvest().usual.rows, 226'467u);
  EXPECT_EQ(harvest().usual.rows_without_duplicates, 224'036u);
  EXPECT_EQ(harvest().usual.amount_without_duplicates, 522'748'019);
}

TEST_F(OnlineRetail, CustomersHaveNoPointZero) {
  const EventBatch& batch = harvest().batch;
  std::set<std::string_view> persons;
  for (std::uint32_t code = 1; code < batch.persons.size(); ++code) {
    persons.insert(batch.persons.text(code));
  }
  EXPECT_TRUE(persons.contains("user:17850"));
  EXPECT_FALSE(persons.contains("user:17850.0"));
  std::size_t users = 0;
  for (std::uint32_t code = 1; code < batch.persons.size(); ++code) {
    users += batch.persons.text(code).starts_with("user:") ? 1 : 0;
  }
  EXPECT_EQ(users, 3'360u);
  // 2010-12-01 08:26 in London, in winter.
  EXPECT_EQ(base::format_instant(batch.times.front()), "2010-12-01T08:26:00Z");
}

TEST_F(OnlineRetail, NoTwoEventsAreOneEvent) {
  // Equal (key, digest) would be dropped by the store as a duplicate.
  const EventBatch& batch = harvest().batch;
  std::set<std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>> seen;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    seen.emplace(batch.users[i], batch.keys[i], batch.digests[i]);
  }
  EXPECT_EQ(seen.size(), batch.size());
}

TEST(Retailrocket, IsRecognisedWithoutAMapping) {
  const std::string file = data_folder() + "/retailrocket/events.csv.zst";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no retailrocket under FOOTFALL_DATA";
  auto result = take(file, "Europe/London");
  ASSERT_TRUE(result.ok()) << result.error().message;
  const EventBatch& batch = result->harvest->batch;
  EXPECT_EQ(result->harvest->ledger.rows_read, 97'381u);
  EXPECT_EQ(batch.size(), 97'381u);
  EXPECT_EQ(count_type(batch, "view_item"), 75'374u);
  EXPECT_EQ(count_type(batch, "add_to_cart"), 12'456u);
  EXPECT_EQ(count_type(batch, "purchase"), 9'551u);
  EXPECT_EQ(batch.persons.size() - 1, 2'174u);
  EXPECT_EQ(batch.items_table.size() - 1, 29'905u);
  EXPECT_EQ(batch.times.front(), 1430623510'000);
  EXPECT_EQ(batch.times.back(), 1442544701'000);
  EXPECT_TRUE(batch.lines.starts.empty());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ASSERT_EQ(batch.flags[i], events::kSequenceIsRow);
    ASSERT_EQ(batch.sequences[i], static_cast<std::int64_t>(i + 2)) << "header is line 1";
  }
}

}  // namespace
}  // namespace footfall::engine
