// Generator: made-up shop events with the habits of real ones, the same for the same seed.
//
// Sessions, the order of views, carts and purchases, pauses, the popularity of items and the
// unevenness of users follow what was measured on an openly published browsing log and a gift
// shop's orders; users arrive over time and stay for a while, so that retention falls. A user's
// events are a pure function of the options and the user's number: threads change nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "footfall/base/decimal.h"
#include "footfall/base/random.h"
#include "footfall/base/result.h"
#include "footfall/base/time.h"
#include "footfall/events/schema.h"

namespace footfall::events {

struct GeneratorOptions {
  std::uint64_t events = 1'000'000;  // Exactly so many; at least one a user.
  std::uint64_t users = 50'000;
  std::int64_t days = 90;
  std::uint64_t items = 30'000;
  std::uint64_t seed = 1;
  base::TimeMs start = 1'735'689'600'000;  // 2025-01-01T00:00:00Z
};

/// 16 bytes; a stream of n events takes twice 16 n bytes while it is put in order.
struct GeneratedEvent {
  std::uint32_t second = 0;   // Since the start.
  std::uint32_t user = 0;     // 1 .. users.
  std::uint32_t item = 0;     // 1 .. items.
  EventCode type = kNoEvent;  // kViewItem, kAddToCart or kPurchase.
  std::uint8_t quantity = 0;  // Of a purchase; else 0.
};

/// Options that have been checked, and the tables drawn from. Immutable; threads may share one.
class Generator {
 public:
  /// Refuses numbers outside what 32 bits hold, fewer events than users, and more events than the
  /// busiest users could do in the days (72 a user and day, on average).
  static base::Result<Generator> create(const GeneratorOptions& options);

  const GeneratorOptions& options() const { return options_; }
  /// How many events a user (1 .. users) has; the sum over all users is exactly `events`.
  std::size_t event_count(std::uint32_t user) const {
    return static_cast<std::size_t>(offsets_[user] - offsets_[user - 1]);
  }
  /// Appends one user's events, seconds strictly rising.
  void user_events(std::uint32_t user, std::vector<GeneratedEvent>& events) const;
  /// The price of an item, whole hundredths; the same for all its purchases.
  base::PriceMicros price(std::uint32_t item) const { return prices_[item - 1]; }

  /// All events in the order a shop would send them: by second, then user.
  std::vector<GeneratedEvent> stream(std::size_t threads) const;

 private:
  explicit Generator(const GeneratorOptions& options) : options_(options) {}
  void share_out_events();
  void set_prices();
  std::uint32_t draw_item(base::Random& random) const;
  std::uint32_t session_start(base::Random& random, std::uint32_t from, std::uint32_t to) const;
  std::vector<GeneratedEvent> by_user(std::size_t threads) const;

  GeneratorOptions options_;
  std::vector<std::uint64_t> offsets_;  // Events of users 1 .. u are [0, offsets_[u]).
  std::vector<base::PriceMicros> prices_;
};

}  // namespace footfall::events
