#include "footfall/events/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include "footfall/base/parallel.h"

namespace footfall::events {
namespace {

constexpr std::uint64_t kEventsMax = 2'000'000'000;
constexpr std::uint64_t kItemsMax = 10'000'000;
constexpr std::int64_t kDaysMax = 10'000;
constexpr std::uint64_t kEventsPerUserDayMax = 72;
constexpr std::uint32_t kDaySeconds = 86'400;

// Users: 1 % own 35 % of the events, 10 % own 77 %.
constexpr double kUserSigma = 2.05;
constexpr double kUserWeightMax = 300.0;  // Of the mean weight, exp(sigma^2 / 2).
constexpr double kStayDaysMean = 40.0;
constexpr double kEarlierDays = 30.0;  // So long before the start the first users arrived.
constexpr std::uint32_t kSecondsPerEvent = 200;  // A busy user stays long enough for them.

// Sessions by number of events: how often at most `events`, drawn evenly above the row before.
struct SessionLength {
  double share;  // Cumulative.
  std::uint32_t events;
};
constexpr std::array<SessionLength, 9> kSessionLengths = {{{0.3592, 1},
                                                           {0.5213, 2},
                                                           {0.6307, 3},
                                                           {0.6994, 4},
                                                           {0.7452, 5},
                                                           {0.8635, 10},
                                                           {0.9363, 20},
                                                           {0.9844, 50},
                                                           {1.0, 100}}};
// Pauses inside a session: logarithm of the seconds.
constexpr double kPauseMean = 4.9;  // Sessions of busy users overlap, which shortens pauses.
constexpr double kPauseSigma = 1.574;
constexpr double kPauseMax = 1'799.0;

// Shares of view, cart and purchase: at the start of a session, and after each of the three.
using Mix = std::array<double, 3>;
constexpr Mix kFirst = {0.8920, 0.0826, 0.0254};
constexpr std::array<Mix, 3> kNext = {
    {{0.8388, 0.1400, 0.0212}, {0.3714, 0.1755, 0.4532}, {0.5769, 0.0424, 0.3807}}};
constexpr std::array<EventCode, 3> kTypes = {kViewItem, kAddToCart, kPurchase};
// A step forward in the funnel is mostly about the item just seen, another step hardly ever.
constexpr double kSameItemForward = 0.80;
constexpr double kSameItemElse = 0.02;

// Popularity of items: (rank + b)^-s.
constexpr double kPopularityPower = 0.93;
constexpr double kPopularityShift = 625.0;

constexpr double kPriceMean = 0.80;  // Logarithm of the price in major units.
constexpr double kPriceSigma = 1.00;
constexpr base::PriceMicros kPriceStep = base::kMicrosPerUnit / 100;

// Events by hour (UTC) and by weekday from Monday, relative to the busiest.
constexpr std::array<double, 24> kHours = {5.45, 4.26, 3.65, 1.62, 1.50, 1.34, 0.87, 0.60,
                                           0.31, 0.21, 0.13, 0.17, 0.27, 0.43, 1.12, 8.04,
                                           9.25, 9.77, 9.45, 8.77, 9.04, 8.80, 8.03, 6.94};
constexpr double kHourMost = 9.77;
constexpr std::array<double, 7> kWeekdays = {16.2, 18.0, 18.0, 16.9, 14.0, 8.6, 8.3};
constexpr double kWeekdayMost = 18.0;
constexpr int kStartTries = 32;

base::Error out_of_range(std::string_view field, std::uint64_t most, std::uint64_t value) {
  return base::invalid(fmt::format("expected {} from 1 to {}: {}", field, most, value),
                       std::string(field));
}

std::size_t draw(const Mix& mix, base::Random& random) {
  const double u = random.uniform();
  return u < mix[0] ? 0 : u < mix[0] + mix[1] ? 1 : 2;
}

std::uint32_t draw_session_length(base::Random& random) {
  const double u = random.uniform();
  std::uint32_t above = 0;
  for (const SessionLength& row : kSessionLengths) {
    if (u < row.share) {
      return above + 1 + static_cast<std::uint32_t>(random.below(row.events - above));
    }
    above = row.events;
  }
  return above;
}

std::uint32_t draw_pause(base::Random& random) {
  const double pause = std::exp(kPauseMean + kPauseSigma * random.normal());
  return static_cast<std::uint32_t>(std::clamp(pause, 1.0, kPauseMax));
}

// Most orders are of one piece.
std::uint8_t draw_quantity(base::Random& random) {
  std::uint8_t quantity = 1;
  while (quantity < 12 && random.chance(0.25)) ++quantity;
  return quantity;
}

}  // namespace

base::Result<Generator> Generator::create(const GeneratorOptions& options) {
  if (options.events < 1 || options.events > kEventsMax) {
    return out_of_range("events", kEventsMax, options.events);
  }
  if (options.users < 1 || options.users > options.events) {
    return out_of_range("users", options.events, options.users);
  }
  if (options.items < 1 || options.items > kItemsMax) {
    return out_of_range("items", kItemsMax, options.items);
  }
  if (options.days < 1 || options.days > kDaysMax) {
    return base::invalid(fmt::format("expected days from 1 to {}: {}", kDaysMax, options.days),
                         "days");
  }
  const auto days = static_cast<std::uint64_t>(options.days);
  if (options.events / (options.users * days) >= kEventsPerUserDayMax) {
    return out_of_range("events", kEventsPerUserDayMax * options.users * days, options.events);
  }
  Generator generator(options);
  generator.share_out_events();
  generator.set_prices();
  return generator;
}

void Generator::share_out_events() {
  const double weight_most = kUserWeightMax * std::exp(kUserSigma * kUserSigma / 2);
  std::vector<double> weights(options_.users);
  double total = 0;
  for (std::uint64_t user = 0; user < options_.users; ++user) {
    base::Random random(base::mix64(options_.seed) ^ base::mix64(2 * user));
    weights[user] = std::min(weight_most, std::exp(kUserSigma * random.normal()));
    total += weights[user];
  }
  // One event each; the rest by weight, rounding the running sum so that nothing is lost.
  const std::uint64_t rest = options_.events - options_.users;
  offsets_.assign(options_.users + 1, 0);
  double sum = 0;
  for (std::uint64_t user = 0; user < options_.users; ++user) {
    sum += weights[user];
    const double share = std::min(1.0, sum / total) * static_cast<double>(rest);
    const bool is_last = user + 1 == options_.users;
    offsets_[user + 1] = user + 1 + (is_last ? rest : static_cast<std::uint64_t>(share));
  }
}

void Generator::set_prices() {
  base::Random random(base::mix64(options_.seed + 0x5052494345u));
  prices_.resize(options_.items);
  for (base::PriceMicros& price : prices_) {
    const double units = std::exp(kPriceMean + kPriceSigma * random.normal());
    price = std::max<std::int64_t>(5, std::llround(units * 100)) * kPriceStep;
  }
}

std::uint32_t Generator::draw_item(base::Random& random) const {
  // The law's integral, inverted.
  constexpr double kPower = 1.0 - kPopularityPower;
  static const double kFrom = std::pow(kPopularityShift, kPower);
  const auto items = static_cast<double>(options_.items);
  const double span = std::pow(items + kPopularityShift, kPower) - kFrom;
  const double rank = std::pow(kFrom + random.uniform() * span, 1.0 / kPower) - kPopularityShift;
  return 1 + static_cast<std::uint32_t>(std::clamp(rank, 0.0, items - 1));
}

std::uint32_t Generator::session_start(base::Random& random, std::uint32_t from,
                                       std::uint32_t to) const {
  std::uint32_t second = from;
  for (int i = 0; i < kStartTries; ++i) {
    second = from + static_cast<std::uint32_t>(random.below(to - from));
    const base::TimeMs instant = options_.start + base::TimeMs{second} * base::kSecondMs;
    const auto day = static_cast<base::DayNumber>(instant / base::kDayMs);
    const auto hour = static_cast<std::size_t>(instant % base::kDayMs / base::kHourMs);
    const auto weekday = static_cast<std::size_t>(base::weekday_of(day) - 1);
    const double busy = kHours[hour] / kHourMost * kWeekdays[weekday] / kWeekdayMost;
    if (random.chance(busy)) return second;
  }
  return second;
}

void Generator::user_events(std::uint32_t user, std::vector<GeneratedEvent>& events) const {
  base::Random random(base::mix64(options_.seed) ^ base::mix64(2 * std::uint64_t{user} + 1));
  const auto horizon = static_cast<std::uint32_t>(options_.days) * kDaySeconds;
  const std::size_t count = event_count(user);
  const std::size_t first = events.size();

  // From when to when the user is about.
  const auto horizon_days = static_cast<double>(options_.days);
  const double arrives = random.uniform() * (horizon_days + kEarlierDays) - kEarlierDays;
  const double leaves = arrives + 1.0 + random.exponential(kStayDaysMean);
  auto from = static_cast<std::uint32_t>(std::max(0.0, arrives) * kDaySeconds);
  auto to = static_cast<std::uint32_t>(std::clamp(leaves, 0.5, horizon_days) * kDaySeconds);
  const auto needed = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      horizon, std::max<std::uint64_t>(kDaySeconds / 2, count * kSecondsPerEvent)));
  from = std::min(from, horizon - needed);
  to = std::clamp(to, from + needed, horizon);

  while (events.size() - first < count) {
    const std::size_t left = count - (events.size() - first);
    const auto length = std::min<std::size_t>(left, draw_session_length(random));
    std::uint32_t second = session_start(random, from, to);
    std::size_t kind = draw(kFirst, random);
    std::uint32_t item = draw_item(random);
    for (std::size_t i = 0; i < length; ++i) {
      if (i > 0) {
        const std::size_t next = draw(kNext[kind], random);
        const double same = next == kind + 1 ? kSameItemForward : kSameItemElse;
        if (!random.chance(same)) item = draw_item(random);
        kind = next;
        second += draw_pause(random);
      }
      const std::uint8_t quantity = kTypes[kind] == kPurchase ? draw_quantity(random) : 0;
      events.push_back({second, user, item, kTypes[kind], quantity});
    }
  }
  const auto begin = events.begin() + static_cast<std::ptrdiff_t>(first);
  std::stable_sort(begin, events.end(), [](const GeneratedEvent& a, const GeneratedEvent& b) {
    return a.second < b.second;
  });
  // Seconds rise strictly and stay below the horizon.
  for (std::size_t i = first + 1; i < events.size(); ++i) {
    events[i].second = std::max(events[i].second, events[i - 1].second + 1);
  }
  std::uint32_t latest = horizon;
  for (std::size_t i = events.size(); i-- > first && events[i].second >= latest;) {
    events[i].second = --latest;
  }
}

std::vector<GeneratedEvent> Generator::by_user(std::size_t threads) const {
  std::vector<GeneratedEvent> events(options_.events);
  constexpr std::size_t kUsersPerRange = 4'096;
  base::parallel_for(threads, options_.users, kUsersPerRange,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       std::vector<GeneratedEvent> part;
                       part.reserve(offsets_[end] - offsets_[begin]);
                       for (std::size_t user = begin; user < end; ++user) {
                         user_events(static_cast<std::uint32_t>(user + 1), part);
                       }
                       std::copy(part.begin(), part.end(),
                                 events.begin() + static_cast<std::ptrdiff_t>(offsets_[begin]));
                     });
  return events;
}

std::vector<GeneratedEvent> Generator::stream(std::size_t threads) const {
  constexpr std::uint32_t kBucketSeconds = 1'800;
  std::vector<GeneratedEvent> unordered = by_user(threads);
  const auto buckets = static_cast<std::size_t>(options_.days) * kDaySeconds / kBucketSeconds;
  std::vector<std::uint64_t> ends(buckets + 1, 0);
  for (const GeneratedEvent& event : unordered) ++ends[event.second / kBucketSeconds + 1];
  for (std::size_t i = 1; i <= buckets; ++i) ends[i] += ends[i - 1];
  const std::vector<std::uint64_t> starts = ends;
  std::vector<GeneratedEvent> events(unordered.size());
  for (const GeneratedEvent& event : unordered) {
    events[ends[event.second / kBucketSeconds]++] = event;
  }
  unordered = {};
  base::parallel_for(threads, buckets, 16, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::sort(events.begin() + static_cast<std::ptrdiff_t>(starts[i]),
                events.begin() + static_cast<std::ptrdiff_t>(starts[i + 1]),
                [](const GeneratedEvent& a, const GeneratedEvent& b) {
                  return std::tie(a.second, a.user) < std::tie(b.second, b.user);
                });
    }
  });
  return events;
}

}  // namespace footfall::events
