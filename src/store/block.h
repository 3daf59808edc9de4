// Blocks: complete timelines of a set of people, column by column, ready for the kernels.
//
// A snapshot is a list of blocks. Each person of a snapshot stands in exactly one block, with all
// of their events there, in total order (time, sequence, key). Blocks hold views; the snapshot
// that gave them keeps the memory.
//
// Size: the columns of a block and their views are one contract, read together.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "footfall/base/decimal.h"
#include "footfall/base/time.h"
#include "footfall/events/schema.h"

namespace footfall::store {

using events::EventCode;
/// Dense number of a person, in order of arrival: no answer may depend on it.
using UserNumber = std::uint32_t;
/// Code of an item in the shop's dictionary; 0 = none. No answer may depend on the code itself.
using ItemCode = std::uint32_t;
using OrderCode = std::uint32_t;
using TextCode = std::uint32_t;
using BatchNumber = std::uint32_t;
/// In the place of a line's own value of a property: its event's.
inline constexpr TextCode kSameAsEvent = 0xFFFFFFFFu;

/// Guests (an order is all that is known) and things (no person) stand apart from people.
enum class Population : std::uint8_t { kPeople, kGuests, kThings };

/// Times of one block as whole numbers: time = base_ms + tick * tick_ms. Exact for every event.
struct TickScale {
  base::TimeMs base_ms = 0;
  base::TimeMs tick_ms = 1;  // > 0

  base::TimeMs time(std::uint64_t tick) const {
    return base_ms + static_cast<base::TimeMs>(tick) * tick_ms;
  }
  /// A difference d of ticks is at most `length` of time exactly when d <= ticks_within(length).
  std::uint64_t ticks_within(base::TimeMs length) const {
    return static_cast<std::uint64_t>(length / tick_ms);
  }
  /// A difference d of ticks is at least `length` exactly when d >= ticks_at_least(length).
  std::uint64_t ticks_at_least(base::TimeMs length) const {
    return static_cast<std::uint64_t>((length + tick_ms - 1) / tick_ms);
  }
  /// The first tick not before an instant; 0 for instants before the base.
  std::uint64_t first_tick_at(base::TimeMs instant) const {
    return instant <= base_ms ? 0 : ticks_at_least(instant - base_ms);
  }
};

/// One value an event (or line): constant, one array, or only where it differs from a default.
template <typename T>
class ColumnView {
 public:
  ColumnView() = default;
  static ColumnView constant(T value) { return {value, {}, {}}; }
  static ColumnView dense(std::span<const T> values) { return {T{}, values, {}}; }
  /// `positions` rise; events that are not named have the default.
  static ColumnView sparse(std::span<const std::uint32_t> positions, std::span<const T> values,
                           T otherwise) {
    return {otherwise, values, positions};
  }

  T at(std::size_t index) const {
    if (positions_.empty()) return values_.empty() ? default_ : values_[index];
    const auto found = std::lower_bound(positions_.begin(), positions_.end(), index);
    if (found == positions_.end() || *found != index) return default_;
    return values_[static_cast<std::size_t>(found - positions_.begin())];
  }
  bool is_constant() const { return values_.empty(); }
  bool is_dense() const { return positions_.empty() && !values_.empty(); }
  std::span<const T> values() const { return values_; }
  std::span<const std::uint32_t> positions() const { return positions_; }
  T otherwise() const { return default_; }

 private:
  ColumnView(T value, std::span<const T> values, std::span<const std::uint32_t> positions)
      : default_(value), values_(values), positions_(positions) {}
  T default_{};
  std::span<const T> values_;
  std::span<const std::uint32_t> positions_;
};

/// Order lines (items[]) of the events that have any. Group g belongs to event events[g] and holds
/// lines [starts[g], starts[g + 1]). Events rise, so a walk over users walks the groups too.
struct LineColumns {
  std::span<const std::uint32_t> events;
  std::span<const std::uint32_t> starts;  // Size events.size() + 1; empty when there are no lines.
  std::span<const ItemCode> items;
  std::span<const std::int64_t> quantities;   // >= 0; purchase and refund give the direction.
  std::span<const base::PriceMicros> prices;  // Unit price, >= 0.
  std::span<const std::uint8_t> marks;        // events::LineMark bits.
  ColumnView<TextCode> names;                 // Item name on the line.
  ColumnView<BatchNumber> batches;            // The import that brought the line.

  /// First group whose event is not before `event`.
  std::size_t first_group(std::uint64_t event) const {
    return static_cast<std::size_t>(std::lower_bound(events.begin(), events.end(), event) -
                                    events.begin());
  }
};

/// One person's events in total order. `first` is the index of the first one in the block, with
/// which further columns are read.
template <typename Tick>
struct UserEvents {
  std::span<const Tick> ticks;
  std::span<const EventCode> types;
  std::span<const ItemCode> items;
  std::size_t first = 0;

  std::size_t size() const { return ticks.size(); }
};

struct PropertyView {
  std::string name;
  ColumnView<TextCode> codes;  // 0 = absent.
};

/// Ticks are 32 bits wide unless a block's times do not fit: exactly one of the arrays is used.
struct Block {
  TickScale scale;
  std::span<const UserNumber> users;       // Rising.
  std::span<const std::uint64_t> offsets;  // Size users.size() + 1; user u has [u], [u + 1).
  bool wide = false;                       // ticks64 instead of ticks32.
  std::span<const std::uint32_t> ticks32;
  std::span<const std::uint64_t> ticks64;
  std::span<const EventCode> types;
  // No other codes occur in `types`: a kernel need not look for what cannot be there.
  std::bitset<256> may_occur = ~std::bitset<256>();
  std::span<const ItemCode> items;  // First item of each event; 0 = none.
  // Present only when asked for (Columns):
  ColumnView<OrderCode> orders;
  ColumnView<std::uint8_t> flags;  // events::EventFlag bits.
  ColumnView<BatchNumber> batches;
  ColumnView<std::int64_t> known_delays;  // Known time minus time, ms.
  LineColumns lines;
  std::vector<PropertyView> properties;
  std::vector<PropertyView> line_properties;  // One value a line: its own, or kSameAsEvent.

  std::size_t user_count() const { return users.size(); }
  std::size_t event_count() const { return types.size(); }

  template <typename Tick>
  std::span<const Tick> ticks() const {
    if constexpr (sizeof(Tick) == 4) {
      return ticks32;
    } else {
      return ticks64;
    }
  }
  template <typename Tick>
  UserEvents<Tick> events_of(std::size_t user_index) const {
    const std::size_t from = offsets[user_index];
    const std::size_t count = offsets[user_index + 1] - from;
    return {ticks<Tick>().subspan(from, count), types.subspan(from, count),
            items.subspan(from, count), from};
  }
  base::TimeMs time(std::size_t event) const {
    return scale.time(wide ? ticks64[event] : ticks32[event]);
  }
  /// The property's column; all absent when the block does not have it.
  ColumnView<TextCode> property(std::string_view name) const { return find(properties, name, 0); }
  /// What each line of an event has of a property; kSameAsEvent in all lines when they do not
  /// differ.
  ColumnView<TextCode> line_property(std::string_view name) const {
    return find(line_properties, name, kSameAsEvent);
  }

 private:
  static ColumnView<TextCode> find(const std::vector<PropertyView>& views, std::string_view name,
                                   TextCode otherwise) {
    for (const PropertyView& view : views) {
      if (view.name == name) return view.codes;
    }
    return ColumnView<TextCode>::constant(otherwise);
  }
};

/// Calls body.template operator()<Tick>() with the tick type of the block.
template <typename Body>
decltype(auto) with_tick_type(const Block& block, Body&& body) {
  if (block.wide) return std::forward<Body>(body).template operator()<std::uint64_t>();
  return std::forward<Body>(body).template operator()<std::uint32_t>();
}

}  // namespace footfall::store
