#include "footfall/store/event_columns.h"

#include <gtest/gtest.h>

#include "footfall/base/random.h"

namespace footfall::store {
namespace {

TEST(EventColumns, UserStartIsTheNextPersonsFirstEvent) {
  base::Random random(2);
  for (int round = 0; round < 200; ++round) {
    EventTable table;
    for (UserNumber user = 1; user < 8; ++user) {
      table.users.insert(table.users.end(), random.below(user == 4 ? 300 : 5), user);
    }
    table.times.resize(table.users.size());
    for (std::size_t event = 0; event <= table.size(); ++event) {
      std::size_t expected = event;
      while (expected > 0 && expected < table.size() &&
             table.users[expected - 1] == table.users[expected]) {
        ++expected;
      }
      ASSERT_EQ(user_start(table, event), expected) << "round " << round << " event " << event;
    }
  }
}

}  // namespace
}  // namespace footfall::store
