#include "footfall/events/batch.h"

#include <algorithm>
#include <utility>

#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"

namespace footfall::events {

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
      PropertyColumn{std::string(name), base::Column<StringTable::Code>(size(), 0)});
}

namespace {

using base::hash_combine;

// What lines say for themselves under one name, beside what events say.
struct LineValues {
  std::uint64_t name_hash;
  const base::Column<StringTable::Code>* lines;
  const base::Column<StringTable::Code>* events;  // Null: they say nothing.
};

std::vector<LineValues> line_values(const EventBatch& batch) {
  std::vector<LineValues> result;
  for (const PropertyColumn& own : batch.lines.properties) {
    const auto same = std::find_if(batch.properties.begin(), batch.properties.end(),
                                   [&](const auto& column) { return column.name == own.name; });
    result.push_back({base::hash64(own.name), &own.codes,
                      same == batch.properties.end() ? nullptr : &same->codes});
  }
  std::sort(result.begin(), result.end(),
            [](const LineValues& a, const LineValues& b) { return a.name_hash < b.name_hash; });
  return result;
}

// The part of a payload digest that an event's lines add.
std::uint64_t lines_digest(const EventBatch& batch, const std::vector<LineValues>& values,
                           std::size_t event) {
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
    // What a line has from its event adds nothing of its own.
    for (const LineValues& own : values) {
      const StringTable::Code code = (*own.lines)[line];
      if (code == 0 || (own.events != nullptr && code == (*own.events)[event])) continue;
      digest = hash_combine(digest, hash_combine(own.name_hash, batch.texts.hash(code)));
    }
  }
  return digest;
}

// What the digests of all events of a batch have in common.
class Digester {
 public:
  explicit Digester(const EventBatch& batch)
      : batch_(batch), type_hashes_(256), line_values_(line_values(batch)) {
    for (std::size_t code = 0; code < type_hashes_.size(); ++code) {
      type_hashes_[code] = base::hash64(batch.type_name(static_cast<EventCode>(code)));
    }
    for (const PropertyColumn& column : batch.properties) properties_.push_back(&column);
    std::sort(properties_.begin(), properties_.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    for (const auto* column : properties_) name_hashes_.push_back(base::hash64(column->name));
  }

  std::uint64_t digest(std::size_t event) const {
    const EventBatch& batch = batch_;
    std::uint64_t digest = hash_combine(type_hashes_[batch.types[event]],
                                        static_cast<std::uint64_t>(batch.times[event]));
    if (!batch.sequences.empty() && batch.sequences[event] != 0 &&
        (batch.flags[event] & kSequenceIsRow) == 0) {
      digest = hash_combine(digest, static_cast<std::uint64_t>(batch.sequences[event]));
    }
    digest = hash_combine(digest, batch.items_table.hash(batch.items[event]));
    const StringTable::Code order = batch.orders.empty() ? 0 : batch.orders[event];
    digest = hash_combine(digest, batch.orders_table.hash(order));
    digest = hash_combine(digest, lines_digest(batch, line_values_, event));
    // Absent properties add nothing, so a column that another file lacks changes no digest.
    for (std::size_t p = 0; p < properties_.size(); ++p) {
      const StringTable::Code code = properties_[p]->codes[event];
      if (code == 0) continue;
      digest = hash_combine(digest, hash_combine(name_hashes_[p], batch.texts.hash(code)));
    }
    return digest;
  }

 private:
  const EventBatch& batch_;
  std::vector<std::uint64_t> type_hashes_;
  std::vector<LineValues> line_values_;
  std::vector<const PropertyColumn*> properties_;  // By name.
  std::vector<std::uint64_t> name_hashes_;
};

}  // namespace

void set_keys(EventBatch& batch, base::Column<std::uint64_t> event_ids, std::size_t threads) {
  constexpr std::size_t kGrain = 65'536;
  const Digester digester(batch);
  const std::size_t count = batch.size();
  batch.keys = std::move(event_ids);
  batch.keys.resize(count, 0);
  batch.digests.resize(count);
  base::parallel_for(threads, count, kGrain, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t event = begin; event < end; ++event) {
      batch.digests[event] = digester.digest(event);
      const bool has_id = (batch.flags[event] & kHasEventId) != 0 && batch.keys[event] != 0;
      if (!has_id) batch.keys[event] = batch.digests[event];
    }
  });
}

}  // namespace footfall::events
