// Random timelines: seeded event tables for the store's tests, with their slow, plain twin.
// Size: one place for the timelines that all tests of the data half draw.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/base/random.h"
#include "footfall/events/batch.h"
#include "footfall/store/event_table.h"

namespace footfall::store {

/// One event as a test thinks of it.
struct PlainEvent {
  UserNumber user = 0;
  base::TimeMs time = 0;
  base::TimeMs known_time = 0;
  std::int64_t sequence = 0;
  EventCode type = 1;
  ItemCode item = 0;
  OrderCode order = 0;
  std::uint64_t key = 0;
  std::uint64_t digest = 0;
  std::uint8_t flags = 0;
  BatchNumber batch = 1;
  struct Line {
    ItemCode item = 0;
    TextCode name = 0;
    std::int64_t quantity = 1;
    base::PriceMicros price = 0;
    std::uint32_t number = 0;
    std::uint8_t marks = 0;
  };
  std::vector<Line> lines = {};
  std::map<std::string, TextCode> properties = {};
};

inline EventTable table_of(const std::vector<PlainEvent>& events) {
  EventTable table;
  table.lines.starts.push_back(0);
  std::map<std::string, std::vector<TextCode>> properties;
  for (const PlainEvent& event : events) {
    for (const auto& [name, code] : event.properties) properties[name].resize(events.size(), 0);
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    const PlainEvent& event = events[i];
    table.users.push_back(event.user);
    table.times.push_back(event.time);
    table.known_times.push_back(event.known_time);
    table.sequences.push_back(event.sequence);
    table.types.push_back(event.type);
    table.items.push_back(event.item);
    table.orders.push_back(event.order);
    table.keys.push_back(event.key);
    table.digests.push_back(event.digest);
    table.flags.push_back(event.flags);
    table.batches.push_back(event.batch);
    for (const PlainEvent::Line& line : event.lines) {
      table.lines.items.push_back(line.item);
      table.lines.names.push_back(line.name);
      table.lines.quantities.push_back(line.quantity);
      table.lines.prices.push_back(line.price);
      table.lines.numbers.push_back(line.number);
      table.lines.marks.push_back(line.marks);
    }
    table.lines.starts.push_back(static_cast<std::uint32_t>(table.lines.items.size()));
    for (const auto& [name, code] : event.properties) properties[name][i] = code;
  }
  for (auto& [name, codes] : properties)
    table.properties.push_back({name, {codes.begin(), codes.end()}, {}});
  return table;
}

struct RandomShape {
  std::uint64_t users = 4;
  std::uint64_t instants = 6;  // Few, so that times tie.
  std::uint64_t contents = 12;
  std::uint64_t batches = 3;
  bool free_lines = false;       // Lines that make a free issue when they are alone.
  bool id_times_differ = false;  // Events with an id may come with two times.
};

/// An event drawn from a small world, so that the same one comes up again and again. Its key and
/// digest follow from its content as events::set_keys has them.
inline PlainEvent random_event(base::Random& random, const RandomShape& shape) {
  using base::hash_combine;
  PlainEvent event;
  event.user = static_cast<UserNumber>(random.below(shape.users) * 3);
  event.time = static_cast<base::TimeMs>(random.below(shape.instants)) * 1000 + 5000;
  const std::uint64_t content = random.below(shape.contents);
  const std::uint64_t kind = content % 4;
  event.batch = static_cast<BatchNumber>(1 + random.below(shape.batches));
  event.type = static_cast<EventCode>(kind == 2 || kind == 3 ? 13 : 1 + content % 5);
  event.item = static_cast<ItemCode>(base::mix64(content) % 50);
  // A sequence that only counts rows may differ between copies of an event.
  event.sequence =
      static_cast<std::int64_t>(kind == 0 || kind == 3 ? random.below(3) : content % 3);
  event.known_time = event.time + static_cast<base::TimeMs>(random.below(2)) * 500;
  if (content % 3 == 0) event.properties["country"] = static_cast<TextCode>(1 + content % 7);
  if (content % 5 == 0) event.properties["device"] = static_cast<TextCode>(1 + content % 2);
  event.digest = base::mix64(content * 977 + static_cast<std::uint64_t>(event.time));
  event.key = event.digest;
  if (kind == 0) event.flags = events::kSequenceIsRow;
  if (kind == 1) {
    event.flags = events::kHasEventId;
    event.key = base::mix64(content) + event.user;
    if (!shape.id_times_differ) event.time = 5000 + static_cast<base::TimeMs>(content) * 100;
    event.known_time = event.time;
    event.digest = base::mix64(event.key ^ static_cast<std::uint64_t>(event.time));
  }
  if (kind == 1 && content % 8 == 5) {
    event.lines.push_back({event.item, 3, 2, 1'000'000, 1, 0});
    event.lines.push_back({event.item + 1, 4, 1, 2'000'000, 2, 1});
  }
  if (kind >= 2) {
    const std::uint64_t order = content % 2 + 1;
    event.flags = events::kHasEventId | events::kOrderPart;
    if (kind == 3) event.flags |= events::kSequenceIsRow;
    event.order = static_cast<OrderCode>(order + 10 * kind + 100 * event.user);
    event.key = hash_combine(event.order, 99);
    PlainEvent::Line line{event.item,
                          static_cast<TextCode>(content),
                          1 + event.time % 3,
                          static_cast<base::PriceMicros>(content) * 10'000,
                          0,
                          0};
    // Explicit numbers name one content; rows are counted as they come.
    line.number = kind == 2 ? static_cast<std::uint32_t>(content * 100 + event.time / 1000)
                            : static_cast<std::uint32_t>(random.below(5));
    // A free line alone may come as the free issue that it was stored as.
    if (shape.free_lines && content % 3 == 0) line.marks = events::kFreeLine | events::kIssued;
    if (shape.free_lines && content % 6 == 0) event.type = events::kFreeIssue;
    event.lines.push_back(line);
  }
  return event;
}

inline std::vector<PlainEvent> random_events(base::Random& random, std::size_t count,
                                             const RandomShape& shape) {
  std::vector<PlainEvent> events;
  for (std::size_t i = 0; i < count; ++i) events.push_back(random_event(random, shape));
  return events;
}

/// How many random histories a test tries. The full test's million is for the kernels: a history
/// here is a table that is sorted, settled, judged and merged, about a millisecond each.
inline std::uint64_t test_histories() {
  constexpr std::uint64_t kMost = 100'000;
  const char* const text = std::getenv("FOOTFALL_TEST_HISTORIES");
  return text == nullptr ? 10'000
                         : std::min<std::uint64_t>(kMost, std::strtoull(text, nullptr, 10));
}

/// The first column in which two tables differ; "" when they are equal.
inline std::string difference(const EventTable& a, const EventTable& b) {
  const auto names = [](const EventTable& t) {
    std::string text;
    for (const PropertyTable& property : t.properties) text += property.name + " ";
    return text;
  };
  if (a.users != b.users) return "users";
  if (a.times != b.times) return "times";
  if (a.known_times != b.known_times) return "known_times";
  if (a.sequences != b.sequences) return "sequences";
  if (a.types != b.types) return "types";
  if (a.items != b.items) return "items";
  if (a.orders != b.orders) return "orders";
  if (a.keys != b.keys) return "keys";
  if (a.digests != b.digests) return "digests";
  if (a.flags != b.flags) return "flags";
  if (a.batches != b.batches) return "batches";
  const LineTable& x = a.lines;
  const LineTable& y = b.lines;
  if (x.starts != y.starts) return "line starts";
  if (x.items != y.items) return "line items";
  if (x.names != y.names) return "line names";
  if (x.quantities != y.quantities) return "line quantities";
  if (x.prices != y.prices) return "line prices";
  if (x.numbers != y.numbers) return "line numbers";
  if (x.marks != y.marks) return "line marks";
  if (x.times != y.times) return "line times";
  if (x.known_times != y.known_times) return "line known_times";
  if (x.keys != y.keys) return "line keys";
  if (x.digests != y.digests) return "line digests";
  if (x.batches != y.batches) return "line batches";
  if (names(a) != names(b)) return "properties: " + names(a) + "/ " + names(b);
  for (std::size_t p = 0; p < a.properties.size(); ++p) {
    if (a.properties[p].codes != b.properties[p].codes) return a.properties[p].name;
    if (a.properties[p].line_codes != b.properties[p].line_codes) {
      return a.properties[p].name + " of lines";
    }
  }
  return "";
}

}  // namespace footfall::store
