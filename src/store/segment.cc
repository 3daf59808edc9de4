#include "footfall/store/segment.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "footfall/base/parallel.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/segment_columns.h"

namespace footfall::store {
namespace {

// A value that is made once, or the error that it met.
template <typename T>
class Once {
 public:
  template <typename Make>
  base::Result<const T*> get(Make&& make) {
    std::call_once(flag_, [&] { result_.emplace(make()); });
    if (!result_->ok()) return result_->error();
    return &result_->value();
  }

 private:
  std::once_flag flag_;
  std::optional<base::Result<T>> result_;
};

struct Users {
  std::vector<UserNumber> users;
  std::vector<std::uint64_t> offsets;
};

struct Ticks {
  std::span<const std::uint32_t> low;
  std::vector<std::uint64_t> wide;  // Empty: the low ones are all there is.

  std::uint64_t at(std::size_t event) const { return wide.empty() ? low[event] : wide[event]; }
};

struct Groups {
  std::span<const std::uint32_t> events;
  std::vector<std::uint32_t> starts;  // Empty when there are no lines.
};

// Everything that a merge needs of a segment.
struct AllColumns {
  Users const* users = nullptr;
  Ticks const* ticks = nullptr;
  Groups const* groups = nullptr;
  ColumnView<EventCode> types;
  ColumnView<ItemCode> items;
  ColumnView<std::int64_t> sequences;
  ColumnView<std::uint64_t> keys;
  ColumnView<std::uint64_t> digests;
  ColumnView<std::uint8_t> flags;
  ColumnView<BatchNumber> batches;
  ColumnView<OrderCode> orders;
  ColumnView<std::int64_t> known_times;
  ColumnView<ItemCode> line_items;
  ColumnView<TextCode> line_names;
  ColumnView<std::int64_t> line_quantities;
  ColumnView<std::int64_t> line_prices;
  ColumnView<std::uint32_t> line_numbers;
  ColumnView<std::uint8_t> line_marks;
  ColumnView<std::int64_t> line_times;
  ColumnView<std::int64_t> line_known_times;
  ColumnView<std::uint64_t> line_keys;
  ColumnView<std::uint64_t> line_digests;
  ColumnView<BatchNumber> line_batches;
  struct Property {
    std::string name;
    ColumnView<TextCode> codes;
    bool of_lines = false;
    ColumnView<TextCode> line_codes;
  };
  std::vector<Property> properties;
};

// Values [from, to) of a column, one a row.
template <typename T>
std::vector<T> values_of(const ColumnView<T>& view, std::size_t from, std::size_t to) {
  if (view.is_dense()) {
    const std::span<const T> values = view.values().subspan(from, to - from);
    return {values.begin(), values.end()};
  }
  std::vector<T> result(to - from, view.otherwise());
  const auto positions = view.positions();
  auto at = std::lower_bound(positions.begin(), positions.end(), from);
  for (; at != positions.end() && *at < to; ++at) {
    result[*at - from] = view.values()[static_cast<std::size_t>(at - positions.begin())];
  }
  return result;
}

// As values_of; empty when the column is constantly its default, 0.
template <typename T>
std::vector<T> values_or_none(const ColumnView<T>& view, std::size_t from, std::size_t to) {
  if (view.is_constant() && view.otherwise() == T{}) return {};
  return values_of(view, from, to);
}

// Differences from a file may be anything, so they are added without a sign.
base::TimeMs add_times(base::TimeMs a, base::TimeMs b) {
  return static_cast<base::TimeMs>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

class SegmentImpl {
 public:
  explicit SegmentImpl(SegmentColumns columns_in, std::size_t threads)
      : columns(std::move(columns_in)), threads_(threads) {}

  SegmentColumns columns;

  base::Result<const Users*> users() const {
    return users_.get([&] { return make_users(); });
  }
  base::Result<const Ticks*> ticks() const {
    return ticks_.get([&] { return make_ticks(); });
  }
  base::Result<const Groups*> groups() const {
    return groups_.get([&] { return make_groups(); });
  }
  base::Result<const AllColumns*> all() const {
    return all_.get([&] { return make_all(); });
  }
  TickScale scale() const { return {columns.directory().base_ms, columns.directory().tick_ms}; }

  EventTable read(const AllColumns& all, std::size_t user_from, std::size_t user_to) const;

 private:
  base::Error damaged(SegmentColumn kind, const std::string& what) const {
    SegmentEntry entry;
    entry.kind = kind;
    return columns.damaged(entry, what);
  }

  base::Result<Users> make_users() const {
    const SegmentDirectory& directory = columns.directory();
    FOOTFALL_TRY(const auto gaps, columns.array<std::uint32_t>(SegmentColumn::kUserGaps));
    FOOTFALL_TRY(const auto counts, columns.array<std::uint32_t>(SegmentColumn::kUserEvents));
    Users users;
    users.users.reserve(directory.users);
    users.offsets.reserve(directory.users + 1);
    users.offsets.push_back(0);
    std::uint64_t next = 0;  // The least number that the next user can have.
    for (std::size_t i = 0; i < directory.users; ++i) {
      const std::uint64_t user = next + gaps[i];
      if (user > 0xFFFFFFFFu) {
        return damaged(SegmentColumn::kUserGaps,
                       "a user's number is too large: " + std::to_string(user));
      }
      if (counts[i] == 0) {
        return damaged(SegmentColumn::kUserEvents, "a user has no events: " + std::to_string(user));
      }
      users.users.push_back(static_cast<UserNumber>(user));
      users.offsets.push_back(users.offsets.back() + counts[i]);
      next = user + 1;
    }
    if (users.offsets.back() != directory.events) {
      return damaged(SegmentColumn::kUserEvents, "the users' events are not " +
                                                     std::to_string(directory.events) + " but " +
                                                     std::to_string(users.offsets.back()));
    }
    return users;
  }

  base::Result<Ticks> make_ticks() const {
    const SegmentDirectory& directory = columns.directory();
    Ticks ticks;
    FOOTFALL_TRY(ticks.low, columns.array<std::uint32_t>(SegmentColumn::kTicksLow));
    if (columns.has(SegmentColumn::kTicksHigh)) {
      FOOTFALL_TRY(const auto high, columns.array<std::uint32_t>(SegmentColumn::kTicksHigh));
      ticks.wide.resize(directory.events);
      for (std::size_t i = 0; i < ticks.wide.size(); ++i) {
        ticks.wide[i] = std::uint64_t{high[i]} << 32 | ticks.low[i];
      }
    }
    FOOTFALL_TRY(const Users* const index, users());
    const auto most =
        static_cast<std::uint64_t>((base::kTimeEnd - 1 - directory.base_ms) / directory.tick_ms);
    std::vector<std::uint8_t> bad(std::max<std::size_t>(1, threads_), 0);
    base::parallel_for(threads_, index->users.size(), 8192,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         bool fails = false;
                         for (std::size_t user = begin; user < end; ++user) {
                           std::uint64_t before = 0;
                           for (std::uint64_t i = index->offsets[user];
                                i < index->offsets[user + 1]; ++i) {
                             const std::uint64_t tick = ticks.at(i);
                             fails = fails || tick < before || tick > most;
                             before = tick;
                           }
                         }
                         if (fails) bad[worker] = 1;
                       });
    if (std::find(bad.begin(), bad.end(), 1) != bad.end()) {
      return damaged(SegmentColumn::kTicksLow,
                     "a user's times do not rise, or pass the year " + std::to_string(9999));
    }
    return ticks;
  }

  base::Result<Groups> make_groups() const {
    const SegmentDirectory& directory = columns.directory();
    Groups groups;
    if (directory.lines == 0) return groups;
    FOOTFALL_TRY(groups.events, columns.array<std::uint32_t>(SegmentColumn::kLineEvents));
    FOOTFALL_TRY(const auto counts, columns.array<std::uint32_t>(SegmentColumn::kLineCounts));
    groups.starts.reserve(directory.groups + 1);
    groups.starts.push_back(0);
    std::uint64_t lines = 0;
    for (std::size_t i = 0; i < directory.groups; ++i) {
      const std::uint32_t event = groups.events[i];
      if (event >= directory.events || (i > 0 && event <= groups.events[i - 1])) {
        return damaged(SegmentColumn::kLineEvents,
                       "the events with lines do not rise: " + std::to_string(event));
      }
      lines += counts[i];
      if (counts[i] == 0 || lines > directory.lines) break;
      groups.starts.push_back(static_cast<std::uint32_t>(lines));
    }
    if (groups.starts.size() != directory.groups + 1 || lines != directory.lines) {
      return damaged(SegmentColumn::kLineCounts, "the events' lines are not " +
                                                     std::to_string(directory.lines) + " but " +
                                                     std::to_string(lines));
    }
    return groups;
  }

  base::Result<AllColumns> make_all() const;

  std::size_t threads_;
  mutable Once<Users> users_;
  mutable Once<Ticks> ticks_;
  mutable Once<Groups> groups_;
  mutable Once<AllColumns> all_;
};

base::Result<AllColumns> SegmentImpl::make_all() const {
  using C = SegmentColumn;
  AllColumns all;
  FOOTFALL_TRY(all.users, users());
  FOOTFALL_TRY(all.ticks, ticks());
  FOOTFALL_TRY(all.groups, groups());
  FOOTFALL_TRY(all.types, columns.view<std::uint8_t>(C::kTypes));
  FOOTFALL_TRY(all.items, columns.view<std::uint32_t>(C::kItems));
  FOOTFALL_TRY(all.sequences, columns.view<std::int64_t>(C::kSequences));
  FOOTFALL_TRY(all.keys, columns.view<std::uint64_t>(C::kKeys));
  FOOTFALL_TRY(all.digests, columns.view<std::uint64_t>(C::kDigests));
  FOOTFALL_TRY(all.flags, columns.view<std::uint8_t>(C::kFlags));
  FOOTFALL_TRY(all.batches, columns.view<std::uint32_t>(C::kBatches));
  FOOTFALL_TRY(all.orders, columns.view<std::uint32_t>(C::kOrders));
  FOOTFALL_TRY(all.known_times, columns.view<std::int64_t>(C::kKnownTimes));
  FOOTFALL_TRY(all.line_items, columns.view<std::uint32_t>(C::kLineItems));
  FOOTFALL_TRY(all.line_names, columns.view<std::uint32_t>(C::kLineNames));
  FOOTFALL_TRY(all.line_quantities, columns.view<std::int64_t>(C::kLineQuantities));
  FOOTFALL_TRY(all.line_prices, columns.view<std::int64_t>(C::kLinePrices));
  FOOTFALL_TRY(all.line_numbers, columns.view<std::uint32_t>(C::kLineNumbers));
  FOOTFALL_TRY(all.line_marks, columns.view<std::uint8_t>(C::kLineMarks));
  FOOTFALL_TRY(all.line_times, columns.view<std::int64_t>(C::kLineTimes));
  FOOTFALL_TRY(all.line_known_times, columns.view<std::int64_t>(C::kLineKnownTimes));
  FOOTFALL_TRY(all.line_keys, columns.view<std::uint64_t>(C::kLineKeys));
  FOOTFALL_TRY(all.line_digests, columns.view<std::uint64_t>(C::kLineDigests));
  FOOTFALL_TRY(all.line_batches, columns.view<std::uint32_t>(C::kLineBatches));
  for (const SegmentEntry& entry : columns.directory().entries) {
    if (entry.kind != C::kProperty) continue;
    AllColumns::Property property;
    property.name = entry.name;
    property.of_lines = columns.has(C::kLineProperty, entry.name);
    FOOTFALL_TRY(property.codes, columns.view<std::uint32_t>(C::kProperty, entry.name));
    FOOTFALL_TRY(property.line_codes, columns.view<std::uint32_t>(C::kLineProperty, entry.name));
    all.properties.push_back(std::move(property));
  }
  return all;
}

namespace {

// The lines of events [from, to), and what their parts had of each property.
void read_lines(const AllColumns& all, std::size_t from, std::size_t to, EventTable& table) {
  const Groups& groups = *all.groups;
  if (groups.starts.empty()) return;
  const auto first = static_cast<std::size_t>(
      std::lower_bound(groups.events.begin(), groups.events.end(), from) - groups.events.begin());
  const auto last = static_cast<std::size_t>(
      std::lower_bound(groups.events.begin(), groups.events.end(), to) - groups.events.begin());
  if (first == last) return;
  const std::uint32_t line_from = groups.starts[first];
  const std::uint32_t line_to = groups.starts[last];
  LineTable& lines = table.lines;
  lines.starts.assign(table.size() + 1, 0);
  std::vector<std::uint32_t> line_events(line_to - line_from);
  for (std::size_t group = first; group < last; ++group) {
    const auto event = static_cast<std::uint32_t>(groups.events[group] - from);
    lines.starts[event + 1] = groups.starts[group + 1] - groups.starts[group];
    std::fill(line_events.begin() + (groups.starts[group] - line_from),
              line_events.begin() + (groups.starts[group + 1] - line_from), event);
  }
  for (std::size_t i = 1; i < lines.starts.size(); ++i) lines.starts[i] += lines.starts[i - 1];
  lines.items = values_of(all.line_items, line_from, line_to);
  lines.names = values_of(all.line_names, line_from, line_to);
  lines.quantities = values_of(all.line_quantities, line_from, line_to);
  lines.prices = values_of(all.line_prices, line_from, line_to);
  lines.numbers = values_of(all.line_numbers, line_from, line_to);
  lines.marks = values_of(all.line_marks, line_from, line_to);
  lines.times = values_of(all.line_times, line_from, line_to);
  lines.known_times = values_or_none(all.line_known_times, line_from, line_to);
  lines.keys = values_of(all.line_keys, line_from, line_to);
  lines.digests = values_of(all.line_digests, line_from, line_to);
  lines.batches = values_of(all.line_batches, line_from, line_to);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines.times[i] = add_times(lines.times[i], table.times[line_events[i]]);
    lines.digests[i] ^= lines.keys[i];
    if (!lines.known_times.empty()) {
      lines.known_times[i] = add_times(lines.known_times[i], lines.times[i]);
    }
  }
  for (std::size_t p = 0; p < all.properties.size(); ++p) {
    if (!all.properties[p].of_lines) continue;
    PropertyTable& property = table.properties[p];
    property.line_codes = values_of(all.properties[p].line_codes, line_from, line_to);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (property.line_codes[i] == kSameAsEvent) {
        property.line_codes[i] = property.codes[line_events[i]];
      }
    }
  }
}

}  // namespace

EventTable SegmentImpl::read(const AllColumns& all, std::size_t user_from,
                             std::size_t user_to) const {
  const std::size_t from = all.users->offsets[user_from];
  const std::size_t to = all.users->offsets[user_to];
  EventTable table;
  table.users.reserve(to - from);
  for (std::size_t user = user_from; user < user_to; ++user) {
    table.users.insert(table.users.end(), all.users->offsets[user + 1] - all.users->offsets[user],
                       all.users->users[user]);
  }
  table.times.resize(to - from);
  for (std::size_t i = from; i < to; ++i) table.times[i - from] = scale().time(all.ticks->at(i));
  table.types = values_of(all.types, from, to);
  table.items = values_of(all.items, from, to);
  table.sequences = values_or_none(all.sequences, from, to);
  table.orders = values_or_none(all.orders, from, to);
  table.keys = values_of(all.keys, from, to);
  table.digests = values_or_none(all.digests, from, to);
  for (std::size_t i = 0; i < table.digests.size(); ++i) table.digests[i] ^= table.keys[i];
  table.known_times = values_or_none(all.known_times, from, to);
  for (std::size_t i = 0; i < table.known_times.size(); ++i) {
    table.known_times[i] = add_times(table.known_times[i], table.times[i]);
  }
  table.flags = values_of(all.flags, from, to);
  table.batches = values_of(all.batches, from, to);
  for (const AllColumns::Property& property : all.properties) {
    table.properties.push_back({property.name, values_of(property.codes, from, to), {}});
  }
  read_lines(all, from, to, table);
  return table;
}

Segment::Segment(std::unique_ptr<SegmentImpl> impl) : impl_(std::move(impl)) {}
Segment::~Segment() = default;

base::Result<std::shared_ptr<const Segment>> Segment::open(const std::string& path,
                                                           const SegmentOptions& options) {
  FOOTFALL_TRY(MappedFile file, MappedFile::open(path));
  FOOTFALL_TRY(SegmentDirectory directory, parse_segment(file.bytes(), path));
  auto impl = std::make_unique<SegmentImpl>(
      SegmentColumns(std::move(file), std::move(directory), path, options), options.threads);
  return std::shared_ptr<const Segment>(new Segment(std::move(impl)));
}

const std::string& Segment::path() const {
  return impl_->columns.path();
}
std::uint64_t Segment::event_count() const {
  return impl_->columns.directory().events;
}
std::uint64_t Segment::user_count() const {
  return impl_->columns.directory().users;
}
std::uint64_t Segment::line_count() const {
  return impl_->columns.directory().lines;
}
std::uint64_t Segment::file_bytes() const {
  return impl_->columns.file_bytes();
}
std::uint64_t Segment::core_bytes() const {
  return impl_->columns.directory().core_bytes();
}
base::TimeMs Segment::min_time() const {
  return impl_->columns.directory().min_time;
}
base::TimeMs Segment::max_time() const {
  return impl_->columns.directory().max_time;
}

std::vector<EventCode> Segment::event_codes() const {
  std::vector<EventCode> codes;
  for (std::size_t code = 0; code < 256; ++code) {
    if ((impl_->columns.directory().event_codes[code / 8] >> (code % 8) & 1) != 0) {
      codes.push_back(static_cast<EventCode>(code));
    }
  }
  return codes;
}

std::vector<std::string> Segment::property_names() const {
  std::vector<std::string> names;
  for (const SegmentEntry& entry : impl_->columns.directory().entries) {
    if (entry.kind == SegmentColumn::kProperty) names.push_back(entry.name);
  }
  return names;
}

base::Result<Block> Segment::block(const Columns& wanted) const {
  using C = SegmentColumn;
  const SegmentColumns& columns = impl_->columns;
  FOOTFALL_TRY(const Users* const users, impl_->users());
  FOOTFALL_TRY(const Ticks* const ticks, impl_->ticks());
  Block block;
  block.scale = impl_->scale();
  block.users = users->users;
  block.offsets = users->offsets;
  block.wide = !ticks->wide.empty();
  if (block.wide) {
    block.ticks64 = ticks->wide;
  } else {
    block.ticks32 = ticks->low;
  }
  FOOTFALL_TRY(block.types, columns.array<std::uint8_t>(C::kTypes));
  FOOTFALL_TRY(block.items, columns.array<std::uint32_t>(C::kItems));
  if (wanted.orders) {
    FOOTFALL_TRY(block.orders, columns.view<std::uint32_t>(C::kOrders));
  }
  if (wanted.flags) {
    FOOTFALL_TRY(block.flags, columns.view<std::uint8_t>(C::kFlags));
  }
  if (wanted.batches) {
    FOOTFALL_TRY(block.batches, columns.view<std::uint32_t>(C::kBatches));
  }
  if (wanted.lines && line_count() > 0) {
    FOOTFALL_TRY(const Groups* const groups, impl_->groups());
    block.lines.events = groups->events;
    block.lines.starts = groups->starts;
    FOOTFALL_TRY(block.lines.items, columns.array<std::uint32_t>(C::kLineItems));
    FOOTFALL_TRY(block.lines.quantities, columns.array<std::int64_t>(C::kLineQuantities));
    FOOTFALL_TRY(block.lines.prices, columns.array<std::int64_t>(C::kLinePrices));
    FOOTFALL_TRY(block.lines.marks, columns.array<std::uint8_t>(C::kLineMarks));
    FOOTFALL_TRY(block.lines.names, columns.view<std::uint32_t>(C::kLineNames));
    FOOTFALL_TRY(block.lines.batches, columns.view<std::uint32_t>(C::kLineBatches));
  }
  for (const std::string& name : wanted.properties) {
    if (!columns.has(C::kProperty, name)) continue;
    PropertyView property{name, {}};
    FOOTFALL_TRY(property.codes, columns.view<std::uint32_t>(C::kProperty, name));
    block.properties.push_back(std::move(property));
  }
  return block;
}

base::Result<std::optional<std::size_t>> Segment::find_user(UserNumber user) const {
  FOOTFALL_TRY(const UserIndex index, user_index());
  const std::size_t at = index.lower_bound(user);
  if (at == index.users.size() || index.users[at] != user) return std::optional<std::size_t>{};
  return std::optional<std::size_t>{at};
}

base::Result<EventTable> Segment::read(std::size_t user_from, std::size_t user_to) const {
  FOOTFALL_TRY(const AllColumns* const all, impl_->all());
  return impl_->read(*all, user_from, user_to);
}

std::vector<Damage> Segment::verify() const {
  std::vector<Damage> damages = impl_->columns.verify();
  if (!damages.empty()) return damages;
  // Every column is good in itself; what is left is whether they fit each other.
  const base::Result<const AllColumns*> all = impl_->all();
  if (!all.ok()) damages.push_back({path(), all.error().where.column, all.error().message});
  return damages;
}

base::Result<UserIndex> Segment::user_index() const {
  FOOTFALL_TRY(const Users* const users, impl_->users());
  return UserIndex{users->users, users->offsets};
}

base::Result<IdentityColumns> Segment::identities() const {
  using C = SegmentColumn;
  const SegmentColumns& columns = impl_->columns;
  IdentityColumns identity;
  FOOTFALL_TRY(identity.index, user_index());
  FOOTFALL_TRY(const Ticks* const ticks, impl_->ticks());
  FOOTFALL_TRY(const Groups* const groups, impl_->groups());
  identity.scale = impl_->scale();
  identity.ticks32 = ticks->low;
  identity.ticks64 = ticks->wide;
  FOOTFALL_TRY(identity.keys, columns.view<std::uint64_t>(C::kKeys));
  FOOTFALL_TRY(identity.digest_xor_keys, columns.view<std::uint64_t>(C::kDigests));
  FOOTFALL_TRY(identity.flags, columns.view<std::uint8_t>(C::kFlags));
  FOOTFALL_TRY(identity.sequences, columns.view<std::int64_t>(C::kSequences));
  identity.line_events = groups->events;
  identity.line_starts = groups->starts;
  FOOTFALL_TRY(identity.line_keys, columns.view<std::uint64_t>(C::kLineKeys));
  FOOTFALL_TRY(identity.line_digest_xor_keys, columns.view<std::uint64_t>(C::kLineDigests));
  FOOTFALL_TRY(identity.line_numbers, columns.view<std::uint32_t>(C::kLineNumbers));
  return identity;
}

base::Status Segment::append_to(EventTable& table, std::size_t user_from,
                                std::size_t user_to) const {
  FOOTFALL_TRY(EventTable part, read(user_from, user_to));
  if (table.size() == 0) {
    table = std::move(part);
  } else {
    append_events(table, part, 0, part.size());
  }
  return base::Ok{};
}

}  // namespace footfall::store
