#include "footfall/decisions/receipt.h"

#include <gtest/gtest.h>

#include <set>

namespace footfall::decisions {
namespace {

Receipt sample() {
  Receipt receipt;
  receipt.decision = "recommend";
  receipt.time = 1'314'000'000'000;
  receipt.as_of = 1'313'000'000'000;
  receipt.model = "blend";
  receipt.model_version = "0123456789abcdef";
  receipt.snapshot_id = 4;
  receipt.snapshot_content = "00ff";
  receipt.user = 17;
  receipt.consent = "imported";
  receipt.results = nlohmann::ordered_json::array({{{"item", "22423"}}});
  return receipt;
}

TEST(Receipt, ItsIdIsAFunctionOfWhatItSays) {
  const Receipt receipt = sample();
  const std::string id = receipt_id(receipt);
  EXPECT_TRUE(is_receipt_id(id)) << id;
  EXPECT_EQ(id, receipt_id(sample()));
  std::set<std::string> ids{id, receipt_id(receipt, 1)};
  Receipt other = sample();
  other.time += 1;
  ids.insert(receipt_id(other));
  other = sample();
  other.user = 18;
  ids.insert(receipt_id(other));
  other = sample();
  other.model_version = "0";
  ids.insert(receipt_id(other));
  EXPECT_EQ(ids.size(), 5u);
}

TEST(Receipt, TheDocumentHoldsEverything) {
  const auto document = receipt_document(sample(), "r-1");
  EXPECT_EQ(document["receipt"], "r-1");
  EXPECT_EQ(document["time"], "2011-08-22T08:00:00Z");
  EXPECT_EQ(document["model"]["version"], "0123456789abcdef");
  EXPECT_EQ(document["snapshot"]["id"], 4);
  EXPECT_EQ(document["user"], 17);
  EXPECT_EQ(document["probability"], 1.0);
  EXPECT_EQ(document["consent"], "imported");
  EXPECT_TRUE(document["fallback"].is_null());
  EXPECT_EQ(document["results"][0]["item"], "22423");
}

TEST(Receipt, OtherTextsAreNotTakenForIds) {
  for (const char* text : {"", "r-", "r-0000000000", "blend", "0123456789abcdef", "r-000000000000l",
                           "x-0000000000000"}) {
    EXPECT_FALSE(is_receipt_id(text)) << text;
  }
}

}  // namespace
}  // namespace footfall::decisions
