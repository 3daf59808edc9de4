#include "footfall/store/segment.h"

#include <algorithm>
#include <utility>

#include "footfall/store/event_columns.h"
#include "footfall/store/segment_parts.h"

namespace footfall::store {
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
std::span<const std::byte> Segment::bytes() const {
  return impl_->columns.bytes();
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
  return impl_->columns.property_names();
}

base::Result<Block> Segment::block(const Columns& wanted) const {
  using C = SegmentColumn;
  const SegmentColumns& columns = impl_->columns;
  FOOTFALL_TRY(const SegmentUsers* const users, impl_->users());
  FOOTFALL_TRY(const SegmentTicks* const ticks, impl_->ticks());
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
  block.may_occur.reset();
  for (const EventCode code : event_codes()) block.may_occur.set(code);
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
  if (wanted.known_delays) {
    FOOTFALL_TRY(block.known_delays, columns.view<std::int64_t>(C::kKnownTimes));
  }
  const bool reads_lines = wanted.lines || !wanted.line_properties.empty();
  if (reads_lines && line_count() > 0) {
    FOOTFALL_TRY(const SegmentGroups* const groups, impl_->groups());
    block.lines.events = groups->events;
    block.lines.starts = groups->starts;
  }
  if (wanted.lines && line_count() > 0) {
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
  for (const std::string& name : wanted.line_properties) {
    if (!columns.has(C::kLineProperty, name)) continue;
    PropertyView property{name, {}};
    FOOTFALL_TRY(property.codes, columns.view<std::uint32_t>(C::kLineProperty, name));
    block.line_properties.push_back(std::move(property));
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
  FOOTFALL_TRY(const SegmentTimelines* const all, impl_->all());
  return impl_->read(*all, user_from, user_to);
}

std::vector<Damage> Segment::verify() const {
  std::vector<Damage> damages = impl_->columns.verify();
  if (!damages.empty()) return damages;
  // Every column is good in itself; what is left is whether they fit each other.
  const base::Result<const SegmentTimelines*> all = impl_->all();
  if (!all.ok()) damages.push_back({path(), all.error().where.column, all.error().message});
  return damages;
}

base::Result<UserIndex> Segment::user_index() const {
  FOOTFALL_TRY(const SegmentUsers* const users, impl_->users());
  return UserIndex{users->users, users->offsets};
}

base::Result<IdentityColumns> Segment::identities() const {
  using C = SegmentColumn;
  const SegmentColumns& columns = impl_->columns;
  IdentityColumns identity;
  FOOTFALL_TRY(identity.index, user_index());
  FOOTFALL_TRY(const SegmentTicks* const ticks, impl_->ticks());
  FOOTFALL_TRY(const SegmentGroups* const groups, impl_->groups());
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
  FOOTFALL_TRY(identity.line_items, columns.view<std::uint32_t>(C::kLineItems));
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
