// Random interactions: seeded shopping histories for tests, with ties, repeats and empty users.
#pragma once

#include <cstdlib>

#include "footfall/base/random.h"
#include "footfall/models/interactions.h"

namespace footfall::models {

struct RandomShape {
  std::size_t users = 6;
  std::size_t items = 8;
  std::size_t events_most = 12;  // A user has 0 .. this many.
  TimeMs span = 10;              // Times are 0 .. span - 1, in steps of `step`.
  TimeMs step = base::kDayMs;
};

inline std::vector<Interaction> random_events(base::Random& random, const RandomShape& shape) {
  std::vector<Interaction> events;
  for (std::size_t user = 0; user < shape.users; ++user) {
    const std::size_t count = random.below(shape.events_most + 1);
    for (std::size_t i = 0; i < count; ++i) {
      events.push_back(
          {static_cast<std::uint32_t>(user), static_cast<ItemIndex>(random.below(shape.items)),
           static_cast<TimeMs>(random.below(static_cast<std::uint64_t>(shape.span))) * shape.step});
    }
  }
  return events;
}

inline Interactions random_interactions(base::Random& random, const RandomShape& shape = {}) {
  return {random_events(random, shape), shape.users, shape.items};
}

/// How many random histories a test tries: FOOTFALL_TEST_HISTORIES, or 10,000; divided by `cost`.
inline std::uint64_t random_rounds(std::uint64_t cost = 1) {
  const char* text = std::getenv("FOOTFALL_TEST_HISTORIES");
  const std::uint64_t rounds = text == nullptr ? 10'000 : std::strtoull(text, nullptr, 10);
  return rounds / cost + 1;
}

}  // namespace footfall::models
