#include "footfall/store/timeline_builder.h"

#include <charconv>
#include <limits>
#include <numeric>
#include <tuple>

#include "footfall/base/check.h"

namespace footfall::store {
namespace {

struct Memory {
  std::vector<UserNumber> users;
  std::vector<std::uint64_t> offsets{0};
  std::vector<std::uint32_t> ticks32;
  std::vector<std::uint64_t> ticks64;
  std::vector<EventCode> types;
  std::vector<ItemCode> items;
  std::vector<OrderCode> orders;
  std::vector<std::uint8_t> flags;
  std::vector<BatchNumber> batches;
  std::vector<std::uint32_t> line_events;
  std::vector<std::uint32_t> line_starts{0};
  std::vector<ItemCode> line_items;
  std::vector<std::int64_t> line_quantities;
  std::vector<base::PriceMicros> line_prices;
  std::vector<std::uint8_t> line_marks;
  std::vector<std::pair<std::string, std::vector<TextCode>>> properties;
};

TickScale scale_of(const std::vector<BuilderEvent>& events) {
  if (events.empty()) return {};
  base::TimeMs base_ms = events[0].time;
  for (const BuilderEvent& event : events) base_ms = std::min(base_ms, event.time);
  base::TimeMs step = 0;
  for (const BuilderEvent& event : events) step = std::gcd(step, event.time - base_ms);
  return {base_ms, step == 0 ? 1 : step};
}

void add_property(Memory& memory, std::size_t event, const std::string& name, TextCode code,
                  std::size_t count) {
  for (auto& [known, codes] : memory.properties) {
    if (known == name) {
      codes[event] = code;
      return;
    }
  }
  memory.properties.emplace_back(name, std::vector<TextCode>(count, 0));
  memory.properties.back().second[event] = code;
}

void add_lines(Memory& memory, std::size_t event, const std::vector<BuilderLine>& lines) {
  memory.line_events.push_back(static_cast<std::uint32_t>(event));
  for (const BuilderLine& line : lines) {
    memory.line_items.push_back(line.item);
    memory.line_quantities.push_back(line.quantity);
    memory.line_prices.push_back(line.price);
    memory.line_marks.push_back(line.marks);
  }
  memory.line_starts.push_back(static_cast<std::uint32_t>(memory.line_items.size()));
}

LineColumns lines_of(const Memory& memory) {
  LineColumns lines;
  lines.events = memory.line_events;
  lines.starts = memory.line_starts;
  lines.items = memory.line_items;
  lines.quantities = memory.line_quantities;
  lines.prices = memory.line_prices;
  lines.marks = memory.line_marks;
  return lines;
}

}  // namespace

OwnedBlock build_block(std::vector<BuilderEvent> events, bool wide) {
  std::stable_sort(events.begin(), events.end(), [](const BuilderEvent& a, const BuilderEvent& b) {
    return std::tie(a.user, a.time, a.sequence) < std::tie(b.user, b.time, b.sequence);
  });
  auto memory = std::make_shared<Memory>();
  Block block;
  block.scale = scale_of(events);
  for (const BuilderEvent& event : events) {
    const auto tick =
        static_cast<std::uint64_t>((event.time - block.scale.base_ms) / block.scale.tick_ms);
    wide = wide || tick > std::numeric_limits<std::uint32_t>::max();
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    const BuilderEvent& event = events[i];
    if (memory->users.empty() || memory->users.back() != event.user) {
      memory->users.push_back(event.user);
      memory->offsets.push_back(i);
    }
    memory->offsets.back() = i + 1;
    const auto tick =
        static_cast<std::uint64_t>((event.time - block.scale.base_ms) / block.scale.tick_ms);
    if (wide) {
      memory->ticks64.push_back(tick);
    } else {
      memory->ticks32.push_back(static_cast<std::uint32_t>(tick));
    }
    memory->types.push_back(event.type);
    memory->items.push_back(event.item);
    memory->orders.push_back(event.order);
    memory->flags.push_back(event.flags);
    memory->batches.push_back(1);
    if (!event.lines.empty()) add_lines(*memory, i, event.lines);
    for (const auto& [name, code] : event.properties) {
      add_property(*memory, i, name, code, events.size());
    }
  }
  block.users = memory->users;
  block.offsets = memory->offsets;
  block.wide = wide;
  block.ticks32 = memory->ticks32;
  block.ticks64 = memory->ticks64;
  block.types = memory->types;
  block.items = memory->items;
  block.orders = ColumnView<OrderCode>::dense(memory->orders);
  block.flags = ColumnView<std::uint8_t>::dense(memory->flags);
  block.batches = ColumnView<BatchNumber>::dense(memory->batches);
  if (!memory->line_events.empty()) block.lines = lines_of(*memory);
  for (const auto& [name, codes] : memory->properties) {
    block.properties.push_back({name, ColumnView<TextCode>::dense(codes)});
  }
  return {std::move(block), std::move(memory)};
}

std::vector<BuilderEvent> events_from_text(UserNumber user, std::string_view text,
                                           const std::vector<std::pair<char, EventCode>>& letters) {
  std::vector<BuilderEvent> events;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    BuilderEvent event;
    event.user = user;
    for (const auto& [letter, type] : letters) {
      if (letter == *at) event.type = type;
    }
    std::int64_t minutes = 0;
    const auto [after, failure] = std::from_chars(at + 1, end, minutes);
    FOOTFALL_CHECK(failure == std::errc() && event.type != 0);
    at = after;
    event.time = minutes * base::kMinuteMs;
    if (at != end && *at == '/') at = std::from_chars(at + 1, end, event.item).ptr;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace footfall::store
