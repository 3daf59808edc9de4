#include "footfall/events/cleaning_rules.h"

#include <gtest/gtest.h>

namespace footfall::events {
namespace {

TEST(CleaningRules, KnowChargesByCodeAndSomeByName) {
  struct Case {
    const char* code;
    const char* name;
    bool charge;
    bool bookkeeping;  // By its code, under "bookkeeping": "words".
  };
  const Case cases[] = {
      {"POST", "POSTAGE", true, true},      {"post", "", true, true},
      {"Versand", "", true, true},          {"BANK CHARGES", "", true, true},
      {"x1", " Postage ", true, false},     {"x1", "Frais de port", true, false},
      {"x1", "Post", false, false},         {"x1", "Gift voucher", false, false},
      {"x1", "Voucher", false, false},      {"M", "Manual", false, true},
      {"SAMPLES", "", false, true},         {"TEST_17", "", false, true},
      {"22423", "CAKESTAND", false, false}, {"", "", false, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(is_charge(c.code, c.name), c.charge) << c.code << " " << c.name;
    EXPECT_EQ(is_bookkeeping_word(c.code), c.bookkeeping) << c.code;
  }
}

}  // namespace
}  // namespace footfall::events
