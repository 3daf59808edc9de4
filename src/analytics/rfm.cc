#include "footfall/analytics/rfm.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "footfall/analytics/last_two.h"
#include "footfall/analytics/sales.h"

namespace footfall::analytics {
namespace {

// Money is counted in stretches that keep its order: each sign, power of two and six further bits
// make one. Small amounts have a stretch each.
constexpr int kStretchBits = 6;
constexpr std::size_t kStretchesASign = (64 - kStretchBits) << kStretchBits;

std::size_t stretch_of_magnitude(std::uint64_t value) {
  const auto width = static_cast<int>(std::bit_width(value));
  if (width <= kStretchBits) return value;
  const int shift = width - kStretchBits - 1;
  const std::uint64_t mantissa = (value >> shift) & ((1u << kStretchBits) - 1);
  return (static_cast<std::size_t>(shift + 1) << kStretchBits) + mantissa;
}

std::size_t stretch_of(base::MoneyMinor money) {
  if (money >= 0) return kStretchesASign + stretch_of_magnitude(static_cast<std::uint64_t>(money));
  return kStretchesASign - 1 - stretch_of_magnitude(~static_cast<std::uint64_t>(money));
}

// Rank of the k-th limit among n persons, 1 = the worst.
std::uint64_t limit_rank(std::uint64_t n, std::uint64_t k) {
  return (k * n + kRfmScores - 1) / kRfmScores;
}

void count_one(std::vector<std::uint32_t>& counts, std::size_t value) {
  if (value >= counts.size()) counts.resize(std::max(value + 1, counts.size() * 2), 0);
  ++counts[value];
}

// Larger numbers of orders are few, and looked for among the persons themselves.
constexpr std::size_t kCountedOrdersMax = 65'536;

std::vector<std::uint64_t> added_counts(
    std::span<const RfmFold> parts,
    const std::vector<std::uint32_t>& (*counts)(const RfmFold& part)) {
  std::vector<std::uint64_t> sums;
  for (const RfmFold& part : parts) {
    const std::vector<std::uint32_t>& more = counts(part);
    if (more.size() > sums.size()) sums.resize(more.size(), 0);
    for (std::size_t value = 0; value < more.size(); ++value) sums[value] += more[value];
  }
  return sums;
}

// The place of rank `rank` (1 = first) in counts read front to back, and how many come before it.
struct Place {
  std::size_t value = 0;
  std::uint64_t before = 0;
};

Place place_of_rank(std::span<const std::uint64_t> counts, std::uint64_t rank) {
  Place place;
  while (place.before + counts[place.value] < rank) place.before += counts[place.value++];
  return place;
}

template <typename Body>
void for_each_person(const RfmFold& part, Body body) {
  for (const std::vector<RfmValues>& piece : part.pieces()) {
    for (const RfmValues& person : piece) body(person);
  }
}

// Values [low, low + width] that lie in one stretch.
struct Stretch {
  std::int64_t low = 0;
  std::uint64_t width = 0;

  bool holds(std::int64_t value) const {
    return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(low) <= width;
  }
};

Stretch stretch_at(std::size_t index) {
  const bool negative = index < kStretchesASign;
  const std::size_t magnitude = negative ? kStretchesASign - 1 - index : index - kStretchesASign;
  const std::size_t row = magnitude >> kStretchBits;
  const std::size_t mantissa = magnitude & ((1u << kStretchBits) - 1);
  Stretch stretch{static_cast<std::int64_t>(mantissa), 0};
  if (row > 0) {
    stretch.low = static_cast<std::int64_t>((mantissa | (1u << kStretchBits)) << (row - 1));
    stretch.width = (std::uint64_t{1} << (row - 1)) - 1;
  }
  // The magnitude of a negative value is that of its complement.
  if (negative) stretch.low = ~(stretch.low + static_cast<std::int64_t>(stretch.width));
  return stretch;
}

std::int64_t nth_value(std::vector<std::int64_t> values, std::uint64_t rank) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// The values at four places of the counted stretches, read off the persons in one pass.
std::array<std::int64_t, 4> money_at(std::span<const RfmFold> parts,
                                     const std::array<Place, 4>& places,
                                     const std::array<std::uint64_t, 4>& ranks) {
  std::array<Stretch, 4> stretches;
  for (std::size_t k = 0; k < 4; ++k) stretches[k] = stretch_at(places[k].value);
  std::array<std::vector<std::int64_t>, 4> values;
  for (const RfmFold& part : parts) {
    for_each_person(part, [&](const RfmValues& person) {
      const std::int64_t money = person.money;
      const bool any = stretches[0].holds(money) | stretches[1].holds(money) |
                       stretches[2].holds(money) | stretches[3].holds(money);
      if (!any) return;
      for (std::size_t k = 0; k < 4; ++k) {
        if (stretches[k].holds(money)) values[k].push_back(money);
      }
    });
  }
  std::array<std::int64_t, 4> found{};
  for (std::size_t k = 0; k < 4; ++k) {
    found[k] = nth_value(std::move(values[k]), ranks[k] - places[k].before);
  }
  return found;
}

// The number of orders at a rank among the persons with more than are counted one by one.
std::int64_t many_orders_at(std::span<const RfmFold> parts, std::uint64_t rank) {
  std::vector<std::int64_t> values;
  for (const RfmFold& part : parts) {
    for_each_person(part, [&](const RfmValues& person) {
      if (person.orders >= kCountedOrdersMax) values.push_back(person.orders);
    });
  }
  return nth_value(std::move(values), rank);
}

}  // namespace

/// The block being read, and what is looked up in it once.
struct RfmFold::Reader {
  const store::Block& block;
  std::uint64_t from;  // Ticks of the look-back.
  std::uint64_t to;
  store::ColumnView<store::TextCode> currencies;
  store::ColumnView<store::TextCode> values;
  bool one_currency;
  bool values_stated;
  LineGroups groups;
};

/// What is summed up while one person's orders are read.
struct RfmFold::Person {
  std::size_t user_index = 0;
  std::uint64_t last_tick = 0;
  std::uint32_t orders = 0;
  LastTwo<base::DayNumber> days{std::numeric_limits<base::DayNumber>::min()};
  bool needs_matching = false;  // A refund says its amount otherwise than by its lines.
  ExactSum money = 0;
  ExactSum refunds = 0;
};

void RfmFold::Counts::add(const Counts& other) {
  without_order += other.without_order;
  other_currency += other.other_currency;
  amounts_too_large += other.amounts_too_large;
  money_too_large += other.money_too_large;
  events += other.events;
}

RfmFold::RfmFold(const RfmRule& rule, const LocalDays& days, const TextLookup& text_of)
    : rule_(rule),
      amounts_(rule.currency.decimals),
      days_(&days),
      text_of_(&text_of),
      money_counts_(2 * kStretchesASign, 0),
      marker_({events::kPurchase, events::kRefund}) {}

void RfmFold::fold(const store::Block& block, UserRange users) {
  pieces_.emplace_back().reserve(users.end - users.begin);
  store::with_tick_type(block, [&]<typename Tick>() { fold_ticks<Tick>(block, users); });
  size_ += pieces_.back().size();
}

inline ExactSum RfmFold::line_sum(const store::Block& block, const OrderEvent& order) {
  ExactSum sum = 0;
  for (std::size_t line = order.line_begin; line < order.line_end; ++line) {
    const bool fits = amounts_.add(block.lines.quantities[line], block.lines.prices[line], sum);
    if (!fits) ++counts_.amounts_too_large;
  }
  return sum;
}

inline void RfmFold::add_order(const Reader& reader, Person& person, const OrderEvent& order,
                               std::uint64_t tick) {
  const store::Block& block = reader.block;
  if (!reader.one_currency && !rule_.currency.takes(reader.currencies.at(order.event))) {
    ++counts_.other_currency;
    return;
  }
  if (order.type == events::kRefund) {
    const bool stated = reader.values_stated && reader.values.at(order.event) != 0;
    person.needs_matching = person.needs_matching || stated || lacks_price(block.lines, order);
    person.refunds += line_sum(block, order);
    return;
  }
  const bool counts = !rule_.count_days || person.days.add(days_->day(block.time(order.event)));
  if (counts) ++person.orders;
  person.last_tick = tick;
  person.money += line_sum(block, order);
}

void RfmFold::close(const Reader& reader, const Person& person) {
  if (person.orders == 0) {
    ++counts_.without_order;
    return;
  }
  ExactSum refunds = person.refunds;
  if (person.needs_matching) {
    SalesRule rule;
    rule.range = rule_.range;
    rule.currency = rule_.currency;
    SalesFold sales(rule, *days_, *text_of_);
    sales.fold(reader.block, {person.user_index, person.user_index + 1},
               store::Population::kPeople);
    refunds = sales.total().refunds;
  }
  const base::DayNumber last_day = days_->day(reader.block.scale.time(person.last_tick));
  const auto recency = static_cast<std::uint32_t>(std::max(0, rule_.reference_day - last_day));
  const ExactSum sum = person.money - refunds;
  const base::MoneyMinor money = clamp_sum(sum);
  if (money != sum) {
    ++counts_.money_too_large;
    return;
  }
  pieces_.back().push_back({recency, person.orders, money});
  count_one(recency_counts_, recency);
  count_one(order_counts_, std::min<std::size_t>(person.orders, kCountedOrdersMax));
  ++money_counts_[stretch_of(money)];
}

template <typename Tick>
void RfmFold::fold_ticks(const store::Block& block, UserRange users) {
  const std::span<const Tick> ticks = block.ticks<Tick>();
  Reader reader{block,
                block.scale.first_tick_at(rule_.range.from),
                block.scale.first_tick_at(rule_.range.to),
                block.property("currency"),
                block.property("value"),
                false,
                false,
                LineGroups(block.lines, block.offsets.empty() ? 0 : block.offsets[users.begin])};
  reader.one_currency =
      reader.currencies.is_constant() && rule_.currency.takes(reader.currencies.otherwise());
  reader.values_stated = !reader.values.is_constant() || reader.values.otherwise() != 0;
  for_user_runs(block, users.begin, users.end, kRunEvents, [&](std::size_t begin, std::size_t end) {
    const std::size_t run = block.offsets[begin];
    marker_.mark(block.types.subspan(run, block.offsets[end] - run), marks_);
    for (std::size_t user = begin; user < end; ++user) {
      const std::size_t first = block.offsets[user] - run;
      const std::size_t behind = block.offsets[user + 1] - run;
      Person person;
      person.user_index = user;
      for (std::size_t word = first / 64; word * 64 < behind; ++word) {
        std::uint64_t marks = marks_[word] & bits_inside(word, first, behind);
        for (; marks != 0; marks &= marks - 1) {
          const std::size_t event = run + word * 64 + lowest_bit(marks);
          ++counts_.events;
          const std::uint64_t tick = ticks[event];
          if (tick < reader.from || tick >= reader.to) continue;
          reader.groups.move_to(event);
          add_order(reader, person,
                    {user, event, block.types[event], reader.groups.line_begin(),
                     reader.groups.line_end()},
                    tick);
        }
      }
      close(reader, person);
    }
  });
}

RfmScores::RfmScores(const RfmRule& rule, std::span<const RfmFold> parts) {
  std::vector<std::uint64_t> recencies =
      added_counts(parts, [](const RfmFold& part) -> const std::vector<std::uint32_t>& {
        return part.recency_counts_;
      });
  const std::vector<std::uint64_t> orders = added_counts(
      parts,
      [](const RfmFold& part) -> const std::vector<std::uint32_t>& { return part.order_counts_; });
  const std::vector<std::uint64_t> money = added_counts(
      parts,
      [](const RfmFold& part) -> const std::vector<std::uint32_t>& { return part.money_counts_; });
  // The oldest are the worst.
  const std::size_t oldest = recencies.empty() ? 0 : recencies.size() - 1;
  std::reverse(recencies.begin(), recencies.end());
  std::uint64_t n = 0;
  for (const RfmFold& part : parts) n += part.size();
  std::array<std::uint64_t, 4> ranks{};
  std::array<Place, 4> amounts;
  for (std::size_t k = 0; k < 4 && n > 0; ++k) {
    ranks[k] = limit_rank(n, k + 1);
    recency_limits_[k] =
        static_cast<std::int64_t>(oldest - place_of_rank(recencies, ranks[k]).value);
    const Place place = place_of_rank(orders, ranks[k]);
    order_limits_[k] = place.value < kCountedOrdersMax
                           ? static_cast<std::int64_t>(place.value)
                           : many_orders_at(parts, ranks[k] - place.before);
    amounts[k] = place_of_rank(money, ranks[k]);
  }
  if (n > 0) money_limits_ = money_at(parts, amounts, ranks);
  for (std::size_t k = 0; k < 4; ++k) {
    if (rule.fixed.recency_days) recency_limits_[k] = (*rule.fixed.recency_days)[3 - k] + 1;
    if (rule.fixed.orders) order_limits_[k] = (*rule.fixed.orders)[k] - 1;
    if (rule.fixed.money) money_limits_[k] = (*rule.fixed.money)[k] - 1;
  }
  for (std::size_t days_ago = 0; days_ago < recencies.size(); ++days_ago) {
    const int above = score(static_cast<std::int64_t>(days_ago), 0, 0).recency - 1;
    recency_cells_.push_back(static_cast<std::uint8_t>(kRfmScores * kRfmScores * above));
  }
  for (std::size_t count = 0; count < std::min(orders.size(), kCountedOrdersMax); ++count) {
    const int above = score(0, static_cast<std::int64_t>(count), 0).frequency - 1;
    order_cells_.push_back(static_cast<std::uint8_t>(kRfmScores * above));
  }
}

RfmScore RfmScores::score(std::int64_t recency_days, std::int64_t orders,
                          base::MoneyMinor money) const {
  RfmScore score;
  for (std::size_t k = 0; k < 4; ++k) {
    score.recency += recency_days < recency_limits_[k] ? 1 : 0;
    score.frequency += orders > order_limits_[k] ? 1 : 0;
    score.money += money > money_limits_[k] ? 1 : 0;
  }
  return score;
}

void RfmScores::tally(const RfmFold& part, RfmTable& table) const {
  for_each_person(part, [&](const RfmValues& person) {
    std::size_t cell = recency_cells_[person.recency_days];
    cell += person.orders < order_cells_.size()
                ? order_cells_[person.orders]
                : static_cast<std::size_t>(kRfmScores * (score(0, person.orders, 0).frequency - 1));
    for (const base::MoneyMinor limit : money_limits_) cell += person.money > limit ? 1 : 0;
    ++table.cells[cell].persons;
    table.cells[cell].money += person.money;
  });
}

}  // namespace footfall::analytics
