#include "footfall/events/batch.h"

#include <algorithm>
#include <numeric>

#include "footfall/base/hash.h"

namespace footfall::events {

StringTable::StringTable() : texts_{""}, hashes_{base::hash64("")} {}

std::size_t StringTable::Hash::operator()(std::string_view text) const {
  return base::hash64(text);
}

StringTable::Code StringTable::intern(std::string_view text) {
  if (text.empty()) return 0;
  const auto found = codes_.find(text);
  if (found != codes_.end()) return found->second;
  const std::string_view kept = arena_.emplace_back(text);
  const auto code = static_cast<Code>(texts_.size());
  texts_.push_back(kept);
  hashes_.push_back(base::hash64(kept));
  codes_.emplace(kept, code);
  return code;
}

StringTable::Code StringTable::find(std::string_view text) const {
  const auto found = codes_.find(text);
  return found == codes_.end() ? 0 : found->second;
}

std::string_view EventBatch::type_name(EventCode code) const {
  if (code < kOwnCodeFirst) return built_in_name(code);
  const std::size_t own = code - kOwnCodeFirst;
  return own < own_names.size() ? std::string_view(own_names[own]) : std::string_view();
}

PropertyColumn& EventBatch::property(std::string_view name) {
  for (PropertyColumn& column : properties) {
    if (column.name == name) return column;
  }
  return properties.emplace_back(
      PropertyColumn{std::string(name), std::vector<StringTable::Code>(size(), 0)});
}

namespace {

using base::hash_combine;

// The part of a payload digest that an event's lines add.
std::uint64_t lines_digest(const EventBatch& batch, std::size_t event) {
  const LineBatch& lines = batch.lines;
  if (lines.starts.empty()) return 0;
  std::uint64_t digest = 0;
  for (std::uint32_t line = lines.starts[event]; line < lines.starts[event + 1]; ++line) {
    digest = hash_combine(digest, batch.items_table.hash(lines.items[line]));
    digest = hash_combine(digest, static_cast<std::uint64_t>(lines.quantities[line]));
    digest = hash_combine(digest, static_cast<std::uint64_t>(lines.prices[line]));
    digest = hash_combine(digest, batch.texts.hash(lines.names[line]));
    // A line number that was only counted off the file says nothing about the line itself.
    if ((batch.flags[event] & kSequenceIsRow) == 0) {
      digest = hash_combine(digest, lines.numbers[line]);
    }
  }
  return digest;
}

}  // namespace

void set_keys(EventBatch& batch, std::span<const std::uint64_t> event_ids) {
  const std::size_t count = batch.size();
  std::vector<std::size_t> by_name(batch.properties.size());
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::sort(by_name.begin(), by_name.end(), [&](std::size_t a, std::size_t b) {
    return batch.properties[a].name < batch.properties[b].name;
  });
  std::vector<std::uint64_t> name_hashes;
  for (const std::size_t i : by_name) name_hashes.push_back(base::hash64(batch.properties[i].name));
  std::vector<std::uint64_t> type_hashes(256);
  for (std::size_t code = 0; code < type_hashes.size(); ++code) {
    type_hashes[code] = base::hash64(batch.type_name(static_cast<EventCode>(code)));
  }

  batch.digests.resize(count);
  batch.keys.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t digest =
        hash_combine(type_hashes[batch.types[i]], static_cast<std::uint64_t>(batch.times[i]));
    if (!batch.sequences.empty() && batch.sequences[i] != 0 &&
        (batch.flags[i] & kSequenceIsRow) == 0) {
      digest = hash_combine(digest, static_cast<std::uint64_t>(batch.sequences[i]));
    }
    digest = hash_combine(digest, batch.items_table.hash(batch.items[i]));
    if (!batch.orders.empty()) {
      digest = hash_combine(digest, batch.orders_table.hash(batch.orders[i]));
    } else {
      digest = hash_combine(digest, batch.orders_table.hash(0));
    }
    digest = hash_combine(digest, lines_digest(batch, i));
    // Absent properties add nothing, so a column that another file lacks changes no digest.
    for (std::size_t p = 0; p < by_name.size(); ++p) {
      const StringTable::Code code = batch.properties[by_name[p]].codes[i];
      if (code == 0) continue;
      digest = hash_combine(digest, hash_combine(name_hashes[p], batch.texts.hash(code)));
    }
    batch.digests[i] = digest;
    const bool has_id = (batch.flags[i] & kHasEventId) != 0 && i < event_ids.size();
    batch.keys[i] = has_id && event_ids[i] != 0 ? event_ids[i] : digest;
  }
}

}  // namespace footfall::events
