#include "footfall/engine/consent.h"

#include <gtest/gtest.h>

namespace footfall::engine {
namespace {

TEST(Consent, CoversWhatItSays) {
  struct Case {
    const char* why;
    const char* consent;
    const char* purpose;
    bool covered;
  };
  const Case cases[] = {
      {"a file's default basis", "imported", "analytics_storage", true},
      {"and for recommending", "imported", "personalization_storage", true},
      {"but not for advertising", "imported", "ad_personalization", false},
      {"denied covers nothing", "denied", "analytics_storage", false},
      {"whatever follows", "Denied: by mail", "analytics_storage", false},
      {"granted covers what it names", "granted:analytics_storage,ad_storage", "ad_storage", true},
      {"and nothing else", "granted:analytics_storage", "personalization_storage", false},
      {"blanks are no part of a name", "granted: ad_storage , analytics_storage",
       "analytics_storage", true},
      {"no name is contained in another", "granted:analytics_storage_x", "analytics_storage",
       false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(consent_covers(c.consent, c.purpose), c.covered) << c.why;
  }
}

}  // namespace
}  // namespace footfall::engine
